"""A machine drawn from its definition: where each state stands, and the lines between them.

The longest way from the start is the spine, top down in one column. What leads off it stands in a
second column; lines to the same state share one lane, as on a map of trains. Nothing is measured by
a browser, so the same definition always gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.console.drawings.edge_routing import WIDE, Drawing, Edge, Node, route
from chalicelib.domain.json_values import Json

LETTER = 7.1  # width of an average letter at 13 px


def shape_of(state: Json) -> str:
    """How a state is drawn."""
    kind = state.get("Type")
    if kind == "Task":
        resource = str(state.get("Resource", ""))
        if "startExecution" in resource:
            return "run"
        if not resource.endswith(".waitForTaskToken"):
            return "task"
        # A rest waits like a person's task, but for the calendar.
        asked = str(state.get("Parameters", {}).get("Payload", {}).get("step", ""))
        return "rest" if asked.endswith("_rest") else "ask"
    if kind == "Fail":
        return "fail"
    if kind == "Choice":
        return "choice"
    return "end" if kind == "Succeed" or state.get("End") else "task"


def edges_of(definition: Json) -> list[Edge]:
    """Every way of a machine, one for each pair of states."""
    found: dict[tuple[str, str], list[str]] = {}
    trouble: dict[tuple[str, str], bool] = {}

    def note(source: str, target: str, words: Iterable[str], bad: bool) -> None:
        found.setdefault((source, target), []).extend(words)
        trouble[source, target] = trouble.get((source, target), True) and bad

    for name, state in definition["States"].items():
        if "Next" in state:
            note(name, state["Next"], (), False)
        for rule in state.get("Choices", []):
            note(name, rule["Next"], _verdicts(rule), False)
        if "Default" in state:
            note(name, state["Default"], (), False)
        for catch in state.get("Catch", []):
            note(name, catch["Next"], (), True)
    return [
        Edge(source, target, tuple(dict.fromkeys(words)), trouble[source, target])
        for (source, target), words in found.items()
    ]


def _verdicts(rule: Json) -> list[str]:
    own = [str(rule["StringEquals"])] if "StringEquals" in rule else []
    nested = [*rule.get("And", []), *rule.get("Or", [])]
    return [*own, *(word for part in nested for word in _verdicts(part))]


def draw(definition: Json) -> Drawing:
    """Place every state and route every way."""
    edges = edges_of(definition)
    spine = _spine(definition["StartAt"], edges)
    nodes = {name: Node(name, "", 0, row) for row, name in enumerate(spine)}
    _place_beside(list(definition["States"]), edges, nodes)
    for name, node in nodes.items():
        node.shape = shape_of(definition["States"].get(name, {}))
    drawing = Drawing(nodes)
    route(drawing, edges)
    return drawing


def _spine(start: str, edges: list[Edge]) -> list[str]:
    """The longest way from the start that no error takes; ways back are not followed."""
    broken = {e.target for e in edges if e.trouble}
    ahead: dict[str, list[str]] = {}
    for edge in edges:
        if not edge.trouble and edge.target not in broken:
            ahead.setdefault(edge.source, []).append(edge.target)
    known: dict[str, list[str]] = {}

    def longest(name: str, above: tuple[str, ...]) -> list[str]:
        if name in known:
            return known[name]
        rest: list[str] = []
        for target in ahead.get(name, []):
            if target not in above:
                way = longest(target, (*above, target))
                if len(way) > len(rest):
                    rest = way
        known[name] = [name, *rest]
        return known[name]

    return longest(start, (start,))


def _place_beside(names: list[str], edges: list[Edge], nodes: dict[str, Node]) -> None:
    """The second column: what one state leads to beside it, shared ends and repair below."""
    spine = dict(nodes)
    taken: set[int] = set()

    def put(name: str, row: int) -> None:
        while row in taken:
            row += 1
        taken.add(row)
        nodes[name] = Node(name, "", 1, row)
        for edge in edges:
            if edge.source == name and edge.target not in nodes and edge.target in followers:
                put(edge.target, row + 1)

    rest = [n for n in names if n not in spine]
    sources = {n: [e for e in edges if e.target == n and e.source in spine] for n in rest}
    followers = {n for n in rest if not sources[n]}

    def order(name: str) -> tuple[bool, bool, int, int]:
        mine = sources[name]
        rows = [spine[e.source].row for e in mine]
        return any(e.trouble for e in mine), len(mine) > 1, max(rows, default=99), names.index(name)

    for name in sorted((n for n in rest if n not in followers), key=order):
        put(name, max((spine[e.source].row for e in sources[name]), default=0))
    for name in rest:
        if name not in nodes:
            put(name, len(spine))


def label_lines(name: str, most: int = 2) -> list[str]:
    """A state's name in lines that fit its box."""
    width = int((WIDE - 46) / LETTER)
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        if len(lines[-1]) > width:
            lines[-1] = lines[-1][: width - 1].rstrip() + "…"
    return lines
