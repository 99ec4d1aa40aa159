"""A run on its machine's drawing: what each state is called, how it is marked, where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.console.drawings.edge_routing import HIGH, WIDE, Node
from chalicelib.console.drawings.graph import draw, label_lines
from chalicelib.console.execution_history import Story
from chalicelib.domain.json_values import Json
from chalicelib.web.languages import N_, Translate

MARK_WORDS = {
    "passed": N_("passed"),
    "current": N_("here now"),
    "failed": N_("failed"),
    "": N_("not reached"),
}
SHAPE_WORDS = {
    "task": N_("a step of the system"),
    "ask": N_("a person is asked"),
    "rest": N_("the system waits for a day to come"),
    "run": N_("a stage with a run of its own"),
    "choice": N_("a decision by the last answer"),
    "end": N_("an end"),
    "fail": N_("an end with an error"),
}


@dataclass(frozen=True)
class Box:
    """A state to draw: outline as SVG points or a rounded box, label lines with their baselines."""

    state: str
    name: str
    shape: str
    mark: str
    mark_word: str
    shape_word: str
    x: float
    y: float
    round: float
    points: str
    lines: list[tuple[float, str]]
    center: float
    link: str
    times: int


@dataclass(frozen=True)
class Way:
    """A line to draw; ``kind``: walked, trouble or ""."""

    path: str
    kind: str


@dataclass(frozen=True)
class Picture:
    """The whole drawing. ``boxes`` are in reading order, for the table too."""

    width: float
    height: float
    boxes: list[Box] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def picture(
    definition: Json,
    story: Story,
    child: Callable[[Json], str],
    _: Translate,
) -> Picture:
    """Draw a run. ``child`` gives the path of the run that a state starts, "" for none."""
    drawn = draw(definition)
    walked = story.walked
    order = {"trouble": 0, "": 1, "walked": 2}  # what was walked lies on top
    ways = [
        Way(
            line.path,
            "walked"
            if (line.edge.source, line.edge.target) in walked
            else "trouble"
            if line.edge.trouble
            else "",
        )
        for line in drawn.lines
    ]
    boxes = [
        _box(node, story, child(definition["States"][name]), _)
        for name, node in drawn.nodes.items()
    ]
    return Picture(
        drawn.width,
        drawn.height,
        sorted(boxes, key=lambda box: (box.x, box.y)),
        sorted(ways, key=lambda way: order[way.kind]),
    )


def _box(node: Node, story: Story, link: str, _: Translate) -> Box:
    mark = story.mark_of(node.name)
    label = label_lines(_(node.name))
    first = node.middle + 4.5 - (len(label) - 1) * 8.5
    return Box(
        state=node.name,
        name=_(node.name),
        shape=node.shape,
        mark=mark,
        mark_word=_(MARK_WORDS[mark]),
        shape_word=_(SHAPE_WORDS[node.shape]),
        x=node.x,
        y=node.y,
        round=HIGH / 2 if node.shape in ("end", "fail") else 10,
        points=_hexagon(node) if node.shape == "choice" else "",
        lines=[(first + 17 * number, text) for number, text in enumerate(label)],
        center=node.center,
        link=link if mark else "",
        times=sum(visit.state == node.name for visit in story.visits),
    )


def _hexagon(node: Node) -> str:
    left, right, slope = node.x, node.x + WIDE, 16
    corners = (
        (left, node.middle),
        (left + slope, node.y),
        (right - slope, node.y),
        (right, node.middle),
        (right - slope, node.y + HIGH),
        (left + slope, node.y + HIGH),
    )
    return " ".join(f"{x:g},{y:g}" for x, y in corners)
