"""Calls that the helpline promised: a case of their own with an owner, a clock, tries and a named end."""

from __future__ import annotations

import pytest

from chalicelib.calls.words import UNRESPONSIVE
from chalicelib.console import timeline
from chalicelib.domain import calendar
from chalicelib.domain.errors import Invalid
from chalicelib.domain.roles import EVERYWHERE
from chalicelib.mail import letter_rows
from chalicelib.mail.delivery_reports import record
from chalicelib.services.helpline import contacts, figures, prefill, promises
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.model import CALL_BACK, FOLLOW_UP, NAME, TELL, PromisedCall
from chalicelib.workflow import tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.reconciler import reconcile
from chalicelib.workflow.storage import store
from tests import promised_calls

from .lifecycle import LifecycleHarness

pytestmark = pytest.mark.promise("helpline-promised-calls")
DAY = 86400


def promised(harness: LifecycleHarness, purpose: str = CALL_BACK) -> str:
    """Somebody was promised a call for tomorrow at ten."""
    reference = promised_calls.promised(harness.world.at, purpose)
    harness.settle()
    return reference


def state_of(reference: str) -> PromisedCall:
    state = store.load(reference, PromisedCall, consistent=True)
    assert same_story(fold(PromisedCall, reference, store.log(state)), state)
    return state


def says(harness: LifecycleHarness, reference: str, **values: str | list[str]) -> None:
    """The specialist answers the open task."""
    state = state_of(reference)
    assert state.task is not None
    kind = kind_of(state.task.kind)
    given = values or kind.example(state, harness.world.at)
    actor = f"specialist:{state.task.assignee}"
    command = f"c:{state.version}:{harness.world.at}"
    tasks.answer(reference, state.task.number, given, actor, command, harness.world.at)
    harness.settle()


def waits(harness: LifecycleHarness, until: int) -> None:
    harness.world.at = until
    harness.run_scheduler()


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [(CALL_BACK, "helpline_call_back"), (FOLLOW_UP, "helpline_follow_up"), (TELL, "helpline_tell")],
)
def test_it_is_asked_of_its_owner_is_due_at_its_time_and_ends_with_what_came_of_it(
    harness: LifecycleHarness, purpose: str, kind: str
) -> None:
    reference = promised(harness, purpose)
    state = state_of(reference)
    assert state.purpose == purpose and state.specialist
    assert state.task is not None and state.task.kind == kind
    assert state.task.due == state.promised and state.task.assignee == state.specialist
    assert [line.reference for line in figures.promised(harness.world.at, EVERYWHERE)] == [
        reference
    ]
    harness.world.at = state.promised + 60
    says(harness, reference)
    state = state_of(reference)
    assert (state.status, state.closure) == ("call_made", "resolved_on_contact")
    talked = contacts.of_day(calendar.pacific_date(harness.world.at))
    logged = [] if purpose == TELL else [("called_back", reference)]
    assert [(one.channel, one.case) for one in talked] == logged
    assert harness.engine.runs[NAME, f"{reference}-{NAME}-1"].status == "SUCCEEDED"
    lines = timeline.lines(store.log(state), [], harness.world.at, "es")
    assert all(line.text and "Recorded" not in line.text for line in lines)


def test_a_try_moves_its_clock_and_after_the_standards_tries_it_may_end(
    harness: LifecycleHarness,
) -> None:
    reference, tried = promised(harness), []
    for way in ("no_answer", "voicemail_es", "sent_text"):
        state = state_of(reference)
        assert state.task is not None
        harness.world.at = max(state.task.due, harness.world.at) + 60
        tried.append(harness.world.at)
        says(harness, reference, talked=way)
    task = state_of(reference).task
    assert task is not None and task.due == tried[0] + 10 * DAY, (
        "what is missing are days, and all tries count"
    )
    with pytest.raises(Invalid):
        says(harness, reference, talked=UNRESPONSIVE)
    harness.world.at = state_of(reference).submitted + 12 * DAY
    says(harness, reference, talked=UNRESPONSIVE)
    state = state_of(reference)
    assert (state.status, state.closure) == ("caller_unreached", "unresponsive_after_3_attempts")
    assert harness.engine.runs[NAME, f"{reference}-{NAME}-1"].status == "SUCCEEDED"


def test_they_may_ask_for_another_time(harness: LifecycleHarness) -> None:
    reference = promised(harness)
    day = calendar.local(harness.world.at + 2 * DAY).date().isoformat()
    says(harness, reference, talked="call_later", call_day=day, call_time="14:00")
    task = state_of(reference).task
    assert task is not None and calendar.local(task.due).hour == 14


@pytest.mark.parametrize("purpose", [CALL_BACK, FOLLOW_UP])
def test_a_promise_that_nobody_keeps_is_told_to_the_supervisor_and_asked_again(
    harness: LifecycleHarness, purpose: str
) -> None:
    reference = promised(harness, purpose)
    task = state_of(reference).task
    assert task is not None and task.escalate is not None
    assert figures.today(harness.world.at, EVERYWHERE).late == 0
    waits(harness, task.due)
    assert figures.today(harness.world.at, EVERYWHERE).late == 1
    waits(harness, task.escalate)
    assert "escalated" in [entry.event for entry in store.log(state_of(reference))]
    waits(harness, task.expires)
    again = state_of(reference).task
    assert again is not None and (again.kind, again.number) == (task.kind, task.number + 1)


def test_a_run_that_is_gone_is_started_again_and_the_same_call_is_asked_for(
    harness: LifecycleHarness,
) -> None:
    reference = promised(harness)
    harness.engine.stop(harness.engine.runs[NAME, f"{reference}-{NAME}-1"])
    harness.world.at += 3600
    found = reconcile.reconcile({}, None)
    harness.settle()
    assert [one["repair"] for one in found["findings"]] == ["restarted"]
    state = state_of(reference)
    assert state.generation == 2 and state.task is not None
    says(harness, reference)
    assert harness.engine.runs[NAME, f"{reference}-{NAME}-2"].status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("step", "purpose"),
    [
        ("which_call", CALL_BACK),
        ("ask_helpline_call_back", CALL_BACK),
        ("ask_helpline_follow_up", FOLLOW_UP),
        ("ask_helpline_tell", TELL),
    ],
)
def test_a_step_that_keeps_failing_ends_its_run_and_the_case_is_taken_up_again(
    harness: LifecycleHarness, step: str, purpose: str
) -> None:
    harness.fail_step(step)
    reference = promised(harness, purpose)
    run = harness.engine.runs[NAME, f"{reference}-{NAME}-1"]
    assert run.where == "Something is broken"
    harness.world.at += 3600
    reconcile.reconcile({}, None)
    harness.settle()
    assert state_of(reference).task is not None


def test_a_run_of_a_case_that_is_over_asks_nobody(harness: LifecycleHarness) -> None:
    reference = promised(harness)
    says(harness, reference)
    harness.engine.start(
        NAME, f"{reference}-{NAME}-9", {"referral": reference, "generation": 9, "stage": NAME}
    )
    assert harness.engine.runs[NAME, f"{reference}-{NAME}-9"].status == "SUCCEEDED"
    assert state_of(reference).task is None


def test_a_call_that_became_a_request_before_its_run_began_asks_nobody(
    harness: LifecycleHarness,
) -> None:
    reference = promised_calls.promised(harness.world.at)

    def becomes_a_request() -> None:
        store.change(
            reference,
            lambda state: prefill.ended(state, "7K3M-9QXA-5", "staff:x", harness.world.at),
        )

    harness.during_step("which_call", becomes_a_request)
    harness.settle()
    state = state_of(reference)
    assert (state.closure, state.task) == ("converted_to_request", None)
    assert harness.engine.runs[NAME, f"{reference}-{NAME}-1"].status == "SUCCEEDED"


def test_no_call_is_promised_while_the_helpline_is_closed(harness: LifecycleHarness) -> None:
    made = HelplineContact(at=harness.world.at, id="0" * 16, disposition="callback_scheduled")
    for day, time in (("2026-11-26", "10:00"), ("2026-11-28", "10:00"), ("2026-12-01", "19:00")):
        with pytest.raises(Invalid) as refused:
            promises.promise(made, day, time, harness.world.at)
        assert set(refused.value.errors) == {"call_time"}


def test_who_left_an_address_reads_when_we_aim_to_call_and_a_letter_that_comes_back_stops_no_call(
    harness: LifecycleHarness,
) -> None:
    reference = promised_calls.promised(harness.world.at, email="ana@example.org")
    harness.settle()
    (mail,) = [one for one in harness.world.mails if one.to == "ana@example.org"]
    assert "las 10:00" in mail.text and "1-877-524-2422" in mail.text
    (row,) = [one for one in letter_rows.of(reference) if one["letter"] == "helpline/promised"]
    tags = {"ref": [reference], "v": [str(row["v"])], "i": [str(row["number"])]}
    back = {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": "ana@example.org"}],
    }
    sent = {"tags": tags, "destination": ["ana@example.org"]}
    assert record({"eventType": "Bounce", "mail": sent, "bounce": back})
    harness.settle()
    state = state_of(reference)
    assert state.pause is None and state.task is not None and state.task.due == state.promised
    harness.world.at = state.promised + 60
    says(harness, reference)
    assert state_of(reference).status == "call_made"
