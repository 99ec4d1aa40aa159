"""The drawing of a machine: every state once, nothing overlaps, every way is drawn."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.console.drawings.edge_routing import HIGH, WIDE, Drawing
from chalicelib.console.drawings.graph import draw, edges_of, label_lines, shape_of
from chalicelib.web.languages import translator
from chalicelib.workflow.machines import titles
from infra.machines import definitions

MACHINES = definitions()
STATES = sorted({name for machine in MACHINES.values() for name in machine["States"]})


def apart(drawing: Drawing) -> bool:
    places = [(node.x, node.y) for node in drawing.nodes.values()]
    return all(
        abs(x - other_x) >= WIDE or abs(y - other_y) >= HIGH
        for number, (x, y) in enumerate(places)
        for other_x, other_y in places[number + 1 :]
    )


def inside(drawing: Drawing) -> bool:
    numbers = [
        [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", line.path)] for line in drawing.lines
    ]
    return all(
        0 <= n <= max(drawing.width, drawing.height) for line in numbers for n in line
    ) and all(
        node.x >= 0 and node.x + WIDE <= drawing.width and node.y + HIGH <= drawing.height
        for node in drawing.nodes.values()
    )


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_stands_once_apart_from_the_others_and_inside(machine: str) -> None:
    drawing = draw(MACHINES[machine])
    assert set(drawing.nodes) == set(MACHINES[machine]["States"])
    assert apart(drawing) and inside(drawing)
    assert drawing.width < 720


@pytest.mark.parametrize("machine", MACHINES)
def test_every_way_is_drawn_once(machine: str) -> None:
    edges = edges_of(MACHINES[machine])
    drawn = [line.edge for line in draw(MACHINES[machine]).lines]
    assert sorted(drawn, key=str) == sorted(edges, key=str)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_same_definition_gives_the_same_drawing(machine: str) -> None:
    assert draw(MACHINES[machine]) == draw(json.loads(json.dumps(MACHINES[machine])))


def test_the_lifecycle_reads_from_top_to_bottom_in_one_column() -> None:
    nodes = draw(MACHINES["referral"]).nodes
    spine = [n.name for n in nodes.values() if n.column == 0]
    stages = ["Check eligibility", "Assign tier", "Match consultant", "Deliver service",
              "Close referral", "Check in on the support"]  # fmt: skip
    assert [name for name in spine if name in stages] == stages
    assert nodes["Closed"].column == 1
    assert nodes["Needs attention"].column == 1


def test_a_way_that_only_an_error_takes_is_known_as_such() -> None:
    edges = {(e.source, e.target): e for e in edges_of(MACHINES["match"])}
    assert edges["Offer to the next consultant", "Something is broken"].trouble
    said = edges["What did the consultant say?", "Offer to the next consultant"]
    assert said.words == ("declined", "expired") and not said.trouble


def test_states_are_drawn_by_what_they_are() -> None:
    states = MACHINES["referral"]["States"]
    assert shape_of(states["Check eligibility"]) == "run"
    assert shape_of(states["Is it eligible?"]) == "choice"
    assert shape_of(states["Needs attention"]) == "ask"
    assert shape_of(states["Closed"]) == "end"
    assert shape_of(states["Left for the reconciler"]) == "fail"
    assert shape_of(MACHINES["follow_up"]["States"]["Wait until 30 days after the end"]) == "rest"
    assert shape_of(MACHINES["closure"]["States"]["Close the referral"]) == "task"


def test_every_machine_has_a_name_to_translate() -> None:
    assert set(MACHINES) == set(titles())


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", STATES)
def test_every_label_fits_its_box(name: str, lang: str) -> None:
    lines = label_lines(translator(lang)(name))
    assert len(lines) <= 2 and not any("…" in line for line in lines)


@given(st.text(max_size=200))
def test_any_label_is_cut_to_two_lines(name: str) -> None:
    assert 1 <= len(label_lines(name)) <= 2


@st.composite
def machines(pick: st.DrawFn) -> dict[str, Any]:
    """Any machine of up to nine states, ways back and unreached states included."""
    count = pick(st.integers(1, 9))
    names = [f"S{n}" for n in range(count)]
    states: dict[str, Any] = {}
    for name in names:
        kind = pick(st.sampled_from(["Task", "Choice", "Succeed"]))
        state: dict[str, Any] = {"Type": kind}
        if kind == "Task":
            state["Next"] = pick(st.sampled_from(names))
            if pick(st.booleans()):
                state["Catch"] = [
                    {"ErrorEquals": ["States.ALL"], "Next": pick(st.sampled_from(names))}
                ]
        elif kind == "Choice":
            state["Default"] = pick(st.sampled_from(names))
            targets = pick(st.lists(st.sampled_from(names), min_size=1, max_size=4))
            state["Choices"] = [{"StringEquals": t.lower(), "Next": t} for t in targets]
        states[name] = state
    return {"StartAt": "S0", "States": states}


@settings(max_examples=150, deadline=None)
@given(machines())
def test_any_machine_can_be_drawn(definition: dict[str, Any]) -> None:
    drawing = draw(definition)
    assert set(drawing.nodes) == set(definition["States"])
    assert apart(drawing)
    assert len(drawing.lines) == len(edges_of(definition))
