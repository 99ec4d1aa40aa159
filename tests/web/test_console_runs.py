"""A run drawn with where it stands, what broke, and started again for a reason."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.aws import stepfunctions
from chalicelib.directory import people
from chalicelib.workflow.machines import titles
from chalicelib.workflow.storage import store
from infra.machines import machine_id
from tests.episode import STAGES
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.world import MACHINES, World

pytestmark = pytest.mark.promise("run-restarted-from-console")

PREFIX = "arn:aws:states:us-west-2:123456789012:stateMachine:test-"
TOKEN = "AQCkAAAAKgAAAAMAAAAAAAAAAQ-the-engines-own-token"


@cache
def definition(machine: str) -> dict[str, Any]:
    """A machine as the template deploys it; nobody changes what is in it."""
    text = json.dumps(MACHINES[machine])
    for name in titles():
        text = text.replace(f"${{{machine_id(name)}}}", PREFIX + name)
    found: dict[str, Any] = json.loads(text)
    return found


class Engine:
    """Knows the runs that a test tells it."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.runs: dict[str, tuple[str, list[dict[str, Any]]]] = {}

    def run(self, machine: str, name: str, states: list[str], status: str = "RUNNING") -> None:
        """A run that passed these states and stands in the last (or ended after it)."""
        kinds, events = definition(machine)["States"], [self.event("ExecutionStarted", 0)]
        for number, state in enumerate(states):
            kind = kinds[state]["Type"]
            entered = {"stateEnteredEventDetails": {"name": state, "input": "{}"}}
            events.append(self.event(f"{kind}StateEntered", number, **entered))
            if kind == "Task":
                details = {"parameters": json.dumps({"Payload": {"token": TOKEN}})}
                events.append(
                    self.event("TaskScheduled", number, taskScheduledEventDetails=details)
                )
            if number < len(states) - 1 or status == "SUCCEEDED":
                left = {"stateExitedEventDetails": {"name": state, "output": "{}"}}
                events.append(self.event(f"{kind}StateExited", number + 1, **left))
        self.runs[name] = (status, events)

    def event(self, kind: str, minute: int, **details: Any) -> dict[str, Any]:
        moment = datetime.fromtimestamp(self.at - 6000 + 60 * minute, UTC)
        return {"id": minute + 1, "timestamp": moment, "type": kind, **details}

    def describe(self, machine: str, name: str) -> dict[str, Any] | None:
        if name not in self.runs:
            return None
        status, events = self.runs[name]
        found: dict[str, Any] = {
            "status": status,
            "startDate": events[0]["timestamp"],
            "input": json.dumps({"referral": name[:11], "generation": 1, "token": TOKEN}),
        }
        if status != "RUNNING":
            found["stopDate"] = events[-1]["timestamp"]
            found["output"] = '{"verdict": "eligible"}'
        return found

    def history(self, machine: str, name: str) -> list[dict[str, Any]]:
        return self.runs.get(name, ("", []))[1]


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose definitions are the repository's own."""
    people.forget()
    made = Engine(world.at)
    monkeypatch.setattr(stepfunctions, "describe", made.describe)
    monkeypatch.setattr(stepfunctions, "history", made.history)
    monkeypatch.setattr(stepfunctions, "definition", definition)
    return made


@pytest.fixture
def sam(world: World, client: Client, engine: Engine) -> Browser:
    """A supervisor's browser."""
    return signed_in(world, client, "supervisor")


OFFERED = [
    "Where does it stand?",
    "Check eligibility",
    "Is it eligible?",
    "Assign tier",
    "Which tier is it?",
    "Match consultant",
]


def boxes(body: str) -> dict[str, str]:
    """State -> its mark on the drawing."""
    found = re.findall(r'<g class="box \w+ (\w*)"><title>(.*?): ', body)
    return {name.replace("&#39;", "'"): mark for mark, name in found}


def test_the_drawing_shows_the_states_passed_and_the_one_where_it_stands(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    page = sam.get(f"/console/runs/referral/{reference}-referral-1")
    marks = boxes(page.body)
    assert set(marks) == set(definition("referral")["States"])
    assert [n for n, mark in marks.items() if mark == "passed"] == OFFERED[:-1]
    assert [n for n, mark in marks.items() if mark == "current"] == ["Match consultant"]
    assert page.body.count('class="way walked"') == 5
    assert "<title id=" in page.body and "It stands at “Match consultant”" in page.text
    assert "Waiting for the consultant to accept since today at" in page.text
    assert "Moves to the next consultant" in page.text


def test_parent_and_children_lead_to_each_other(world: World, sam: Browser, engine: Engine) -> None:
    reference = world.offered()
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    engine.run("match", f"{reference}-match-1", ["Offer to the next consultant"])
    page = sam.get(f"/console/runs/referral/{reference}-referral-1")
    child = f"/console/runs/match/{reference}-match-1"
    assert child in page.links
    assert not any("delivery" in link for link in page.links)  # not reached: no run yet
    page = sam.get(child)
    assert f"/console/runs/referral/{reference}-referral-1" in page.links
    assert f"/console/referrals/{reference}" in page.links
    assert boxes(page.body)["Offer to the next consultant"] == "current"


def test_the_table_of_states_and_the_events_say_the_same(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    page = sam.get(f"/console/runs/referral/{reference}-referral-1")
    rows = re.findall(r'<th scope="row">(.*?)<small>', page.body)
    assert rows == OFFERED
    assert page.body.count("✓") == 0  # marks are words, drawn by the stylesheet
    assert page.body.count('class="tag done">passed') == 5
    assert "ChoiceStateEntered" in page.text and "TaskScheduled" in page.text


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("stage", STAGES)
def test_the_parent_run_renders_at_every_stage_in_both_languages(
    world: World, client: Client, engine: Engine, stage: str, lang: str
) -> None:
    reference = STAGES[stage](world)
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    browser = signed_in(world, client, "admin", lang)
    page = browser.get(f"/console/runs/referral/{reference}-referral-1")
    assert page.status == 200 and page.lang == lang
    assert len(re.findall(r'class="sentence [\w-]+">[^<]{30,}', page.body)) == 1
    assert ("¿En qué etapa está?" in page.text) == (lang == "es")


@pytest.mark.promise("engine-token-never-leaves")
def test_the_engines_token_and_contact_data_are_on_no_run_page(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    engine.run("match", f"{reference}-match-1", ["Offer to the next consultant"])
    page = sam.get(f"/console/runs/match/{reference}-match-1")
    assert TOKEN not in page.body and "token" not in page.text.lower()
    assert "&#34;referral&#34;: &#34;" + reference in page.body  # the ids of the input are there
    assert "ana@example.org" not in page.body and "Ana Demo" not in page.body


def test_a_run_that_broke_says_where_and_why(world: World, sam: Browser, engine: Engine) -> None:
    reference = world.offered()
    name = f"{reference}-match-1"
    engine.run("match", name, ["Offer to the next consultant"], "FAILED")
    cause = '{"errorMessage": "no such table <x>"}'
    error = {"error": "States.TaskFailed", "cause": cause}
    engine.runs[name][1].extend(
        [
            engine.event("TaskFailed", 2, taskFailedEventDetails=error),
            engine.event("ExecutionFailed", 2, executionFailedEventDetails=error),
        ]
    )
    page = sam.get(f"/console/runs/match/{name}")
    assert boxes(page.body)["Offer to the next consultant"] == "failed"
    assert "It broke in “Offer to the next consultant”" in page.text
    assert "A step failed and could not be tried again." in page.text
    assert "no such table &lt;x&gt;" in page.body
    assert "The run went on by its own path" not in page.text
    assert "This run has stopped" in page.text


def test_an_error_that_was_caught_is_told_as_such(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    name = f"{reference}-match-1"
    states = ["Offer to the next consultant", "Something is broken"]
    engine.run("match", name, states, "SUCCEEDED")
    error = {"error": "States.Timeout", "cause": ""}
    engine.runs[name][1].insert(3, engine.event("TaskTimedOut", 0, taskTimedOutEventDetails=error))
    page = sam.get(f"/console/runs/match/{name}")
    assert "A step took longer than it may. The run went on by its own path." in page.text
    assert "It broke in “Offer to the next consultant”" in page.text
    assert boxes(page.body)["Offer to the next consultant"] == "failed"


def test_a_stage_that_is_over_says_so(world: World, sam: Browser, engine: Engine) -> None:
    reference = world.offered()
    states = ["Decide eligibility", "Must a person confirm?", "Decided by rule"]
    engine.run("eligibility", f"{reference}-eligibility-1", states, "SUCCEEDED")
    page = sam.get(f"/console/runs/eligibility/{reference}-eligibility-1")
    assert "This stage is over since today at" in page.text
    assert "Start it again" not in page.text and "data-live" not in page.body


def test_a_run_whose_history_is_gone_says_where_the_story_is(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = STAGES["in_service"](world)
    page = sam.get(f"/console/runs/eligibility/{reference}-eligibility-1")
    assert page.status == 200
    # Generation 1 is today's: the engine may simply not have it yet.
    assert "does not know this run yet" in page.text
    changes = {"generation": 2}
    store.change(reference, lambda s: (entry_of(world, changes), ()))
    page = sam.get(f"/console/runs/eligibility/{reference}-eligibility-1")
    assert "no longer keeps the history" in page.text and "A newer run took over" in page.text
    assert f"/console/referrals/{reference}" in page.links


def entry_of(world: World, changes: dict[str, Any]) -> Any:
    from chalicelib.workflow.cases import Entry

    return Entry(
        event="run_restarted", at=world.at, actor="reconciler", command="x", changes=changes
    )


@pytest.mark.promise("dependency-down")
def test_an_engine_that_does_not_answer_leaves_what_the_table_says(
    world: World, sam: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise TimeoutError("Ana Demo")

    for name in ("describe", "history", "definition"):
        monkeypatch.setattr(stepfunctions, name, broken)
    reference = world.offered()
    page = sam.get(f"/console/runs/match/{reference}-match-1")
    assert page.status == 200 and "The engine does not answer right now" in page.text
    assert "Waiting for the consultant to accept" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "match/{r}-tiers-1",
        "nothing/{r}-nothing-1",
        "match/{r}-match",
        "match/{r}-match-1x",
        "match/0123-4567-8-match-1",
        "match/7K3M-9QXA-5-match-1",
        "match/{r}%2F..-match-1",
        "matching/x",
        "referral/{r}-referral-9999999",
    ],
)
def test_what_is_no_run_of_ours_is_not_found(world: World, sam: Browser, path: str) -> None:
    reference = world.submit()
    assert sam.get(f"/console/runs/{path.format(r=reference)}").status == 404


# -- restart -------------------------------------------------------------------------------------


@pytest.mark.promise("run-restarted-from-console")
def test_a_run_is_started_again_for_a_reason_and_the_old_one_shows_the_way(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    old = f"/console/runs/referral/{reference}-referral-1"
    sam.get(old)
    page = press(sam, f"{old}/restart", follow=False, reason="It hung after the deploy.")
    new = f"/console/runs/referral/{reference}-referral-2"
    assert (page.status, page.headers["Location"]) == (303, new)
    state = world.state(reference)
    assert state.generation == 2 and state.task is not None and state.task.token == ""
    entry = store.log(state)[-1]
    assert (entry.event, entry.actor) == ("run_restarted", "staff:sam-lead")
    assert entry.reason == "It hung after the deploy."
    assert "does not know this run yet" in sam.get(new).text
    page = sam.get(old)
    assert "There is a newer run" in page.text and new in page.links
    assert "Start it again" not in page.text
    page = sam.get(f"/console/referrals/{reference}?kind=runs")
    assert "It hung after the deploy." in page.text and "Sam Lead (Staff)" in page.text
    world.relay()
    assert ("referral", reference, 2, "match") in world.started


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x00b"])
def test_no_restart_without_a_reason(
    world: World, sam: Browser, engine: Engine, reason: str
) -> None:
    reference = world.offered()
    old = f"/console/runs/referral/{reference}-referral-1"
    sam.get(old)
    page = press(sam, f"{old}/restart", follow=False, reason=reason)
    assert page.status == 422 and page.errors == ["reason"]
    assert "<title>Error:" in page.body and world.state(reference).generation == 1


def test_two_presses_are_one_restart(world: World, sam: Browser, engine: Engine) -> None:
    reference = world.offered()
    old = f"/console/runs/referral/{reference}-referral-1"
    fields = {"_nonce": sam.get(old).hidden["_nonce"], "reason": "twice"}
    for _ in range(3):
        sam.post(f"{old}/restart", fields, follow=False)
    assert world.state(reference).generation == 2


def test_what_has_ended_is_not_started_again(world: World, sam: Browser, engine: Engine) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = world.offered()
    withdraw(reference, "not_needed", "press")
    old = f"/console/runs/referral/{reference}-referral-1"
    page = sam.get(old)
    assert "Start it again" not in page.text and "Closed today at" in page.text
    press(sam, f"{old}/restart", follow=False, reason="again")
    assert world.state(reference).generation == 1


def test_who_may_not_restart_does_not_see_the_button(
    world: World, client: Client, engine: Engine
) -> None:
    reference = world.offered()
    browser = signed_in(world, client, "specialist")
    page = browser.get(f"/console/runs/referral/{reference}-referral-1")
    assert page.status == 200 and "Start it again" not in page.text


def test_the_page_refreshes_by_a_script_of_ours_only_while_the_run_lives(
    world: World, sam: Browser, engine: Engine
) -> None:
    reference = world.offered()
    engine.run("referral", f"{reference}-referral-1", OFFERED)
    page = sam.get(f"/console/runs/referral/{reference}-referral-1")
    (script,) = re.findall(
        r'<script src="(/static/run\.[0-9a-f]{12}\.js)" defer></script>', page.body
    )
    assert 'id="run" data-live' in page.body and "<style" not in page.body
    assert not re.search(r' style="|javascript:| on\w+="', page.body)
    answer = sam.get(script)
    assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"]
