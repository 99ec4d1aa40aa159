"""The lines of a drawn machine: straight where they can be, else along a lane that they share.

A lane belongs to the state that its lines lead to (or from, where one state leads to many), so
lines that overlap always mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDE, HIGH = 214, 50
ROW = 72
LANE = 15
MARGIN = 18
CORNER = 8


@dataclass(frozen=True)
class Edge:
    """A way from one state to another. ``words``: the verdicts that take it. ``trouble``: only an
    error goes there."""

    source: str
    target: str
    words: tuple[str, ...] = ()
    trouble: bool = False


@dataclass
class Node:
    """A state in its place (px, top left). ``shape``: task, ask, run, choice, end, rest, fail."""

    name: str
    shape: str
    column: int
    row: int
    x: float = 0
    y: float = 0

    @property
    def middle(self) -> float:
        """Its vertical middle."""
        return self.y + HIGH / 2

    @property
    def center(self) -> float:
        """Its horizontal middle."""
        return self.x + WIDE / 2


@dataclass(frozen=True)
class Line:
    """One way as an SVG path."""

    edge: Edge
    path: str


@dataclass
class Drawing:
    """Everything to draw, in px."""

    nodes: dict[str, Node] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    width: float = 0
    height: float = 0


def route(drawing: Drawing, edges: list[Edge]) -> None:
    """Give each group of ways its lane, then the columns their place, then draw the paths."""
    nodes = drawing.nodes
    straight, groups = _grouped(edges, nodes)
    # Each group has a lane of its own: lines that cross are read, lines that overlap are not.
    count = {"left": 0, "middle": 0, "right": 0}
    lane_of: dict[str, int] = {}
    for key in sorted(groups, key=lambda key: _lowest(groups[key], nodes)):
        side = key.split(":", 1)[0]
        lane_of[key] = count[side]
        count[side] += 1
    first = MARGIN + count["left"] * LANE + (10 if count["left"] else 0)
    second = first + WIDE + 2 * MARGIN + count["middle"] * LANE
    for node in nodes.values():
        node.x = first if node.column == 0 else second
        node.y = MARGIN + node.row * ROW
    drawing.height = max(node.y for node in nodes.values()) + HIGH + MARGIN
    two = any(node.column for node in nodes.values())
    end = (second if two else first) + WIDE
    drawing.width = end + MARGIN + count["right"] * LANE + (10 if count["right"] else 0)
    for edge in straight:
        drawing.lines.append(Line(edge, _straight(nodes[edge.source], nodes[edge.target])))
    for key, members in groups.items():
        side, number = key.split(":", 1)[0], lane_of[key]
        x = {
            "left": first - 20 - number * LANE,
            "middle": first + WIDE + MARGIN + 6 + number * LANE,
            "right": end + 20 + number * LANE,
        }[side]
        drawing.lines += [_by_lane(edge, nodes, x) for edge in members]


def _grouped(edges: list[Edge], nodes: dict[str, Node]) -> tuple[list[Edge], dict[str, list[Edge]]]:
    """Ways that go straight, and the others by the lane that they share."""
    straight: list[Edge] = []
    groups: dict[str, list[Edge]] = {}
    fan = {e.source for e in edges if sum(_jumps(o, e.source, nodes) for o in edges) >= 3}
    for edge in edges:
        source, target = nodes[edge.source], nodes[edge.target]
        down = target.row - source.row
        alone = sum(e.target == edge.target for e in edges) == 1
        beside = source.column < target.column and down == 0 and alone
        if beside or (source.column == target.column and down == 1):
            straight.append(edge)
        elif source.column == target.column == 0:
            whose = f"from {edge.source}" if edge.source in fan and down > 0 else edge.target
            groups.setdefault(f"left:{whose}", []).append(edge)
        else:
            side = "right" if source.column == target.column else "middle"
            groups.setdefault(f"{side}:{edge.target}", []).append(edge)
    return straight, groups


def _jumps(edge: Edge, source: str, nodes: dict[str, Node]) -> bool:
    """Whether a way leads from ``source`` down the spine past the next state."""
    one, other = nodes[edge.source], nodes[edge.target]
    return edge.source == source and one.column == other.column == 0 and other.row - one.row > 1


def _lowest(members: list[Edge], nodes: dict[str, Node]) -> int:
    return max(nodes[name].row for edge in members for name in (edge.source, edge.target))


def _straight(source: Node, target: Node) -> str:
    if source.column == target.column:
        return f"M{source.center:g} {source.y + HIGH:g}V{target.y - 2:g}"
    return f"M{source.x + WIDE:g} {source.middle:g}H{target.x - 2:g}"


def _by_lane(edge: Edge, nodes: dict[str, Node], x: float) -> Line:
    """Out of the side of one state, along the lane, into the side of the other."""
    source, target = nodes[edge.source], nodes[edge.target]
    out = source.x if x < source.x else source.x + WIDE
    gap = 2 if target.x > x else -2
    goal = target.x - gap if x < target.x else target.x + WIDE - gap
    begin, finish = source.middle, target.middle
    if source.column == target.column:  # room for a way in and a way out on the same side
        begin, finish = begin + 9, finish - 9
    if abs(finish - begin) < 1:
        return Line(edge, f"M{out:g} {begin:g}H{goal:g}")
    down = 1 if finish > begin else -1
    aside = 1 if x > out else -1
    inward = 1 if goal > x else -1
    r = min(CORNER, abs(finish - begin) / 2)
    path = (
        f"M{out:g} {begin:g}H{x - aside * r:g}Q{x:g} {begin:g} {x:g} {begin + down * r:g}"
        f"V{finish - down * r:g}Q{x:g} {finish:g} {x + inward * r:g} {finish:g}H{goal:g}"
    )
    return Line(edge, path)
