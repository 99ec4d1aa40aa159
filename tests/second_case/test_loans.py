"""The engine works on a case that is no referral: with the real table, relay, scheduler and pages."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.console import timeline
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.mail import bad_addresses
from chalicelib.referral.model import Referral
from chalicelib.workflow import board, tasks, undo
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.pause import pause
from chalicelib.workflow.reconciler import reconcile
from chalicelib.workflow.side_tasks import seen_from
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.storage.indexes import listed
from tests.second_case.loans import DAY, LENDER, Loan
from tests.web.conftest import Browser
from tests.workflow.lifecycle import LifecycleHarness

LENDERS = f"{LENDER}@example.org"
BORROWERS = "bo@example.org"


def loan(reference: str) -> Loan:
    state = store.load(reference, Loan, consistent=True)
    # What the log tells is the state, at any time.
    assert same_story(fold(Loan, reference, store.log(state)), state)
    return state


def asks(reference: str) -> str:
    task = loan(reference).task
    return task.kind if task is not None else ""


def says(harness: LifecycleHarness, reference: str, decision: str, command: str = "") -> None:
    task = loan(reference).task
    assert task is not None
    actor = f"coordinator:{LENDER}" if task.role == "coordinator" else task.role
    said = command or f"says:{task.number}"
    tasks.answer(reference, task.number, {"decision": decision}, actor, said, harness.world.at)
    harness.settle()


def to(harness: LifecycleHarness, address: str) -> list[str]:
    return [mail.subject for mail in harness.world.mails if mail.to == address]


def passes(harness: LifecycleHarness, seconds: int) -> None:
    harness.world.at += seconds
    harness.run_scheduler()


def events(reference: str) -> list[str]:
    return [entry.event for entry in store.log(loan(reference))]


def test_a_loan_is_lent_and_comes_back(harness: LifecycleHarness, reference: str) -> None:
    assert asks(reference) == "lending" and loan(reference).status == "wanted"
    says(harness, reference, "lent")
    assert asks(reference) == "bringing_back" and loan(reference).status == "lent"
    says(harness, reference, "brought_back")
    state = loan(reference)
    assert (state.status, state.closure, state.open) == ("returned", "brought_back", False)
    assert harness.engine.runs["loan", f"{reference}-loan-1"].status == "SUCCEEDED"


def test_each_party_is_written_to_in_their_own_language(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    (asked,) = to(harness, LENDERS)
    assert asked.startswith("Somebody wants to borrow equipment")
    (lent,) = to(harness, BORROWERS)
    assert lent.startswith("Usted tiene prestado: Weighted blanket")
    assert not harness.world.broken


def test_whoever_is_silent_is_reminded_then_a_supervisor_hears_then_it_expires(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    passes(harness, DAY + 60)
    assert len(to(harness, BORROWERS)) == 2
    passes(harness, DAY)
    assert "escalated" in events(reference) and len(to(harness, "sam-lead@example.org")) == 1
    passes(harness, 2 * DAY)
    assert events(reference)[-1] == "bringing_back_expired"
    assert (loan(reference).closure, loan(reference).task) == ("lost", None)
    assert harness.engine.runs["loan", f"{reference}-loan-1"].status == "SUCCEEDED"


def test_the_mailed_link_answers_once(
    harness: LifecycleHarness, reference: str, client: Any
) -> None:
    says(harness, reference, "lent")
    link = harness.world.mails[-1].link
    browser = Browser(client)
    page = browser.get(f"/t/{link}")
    assert page.status == 200 and "Bring it back" in page.text
    assert loan(reference).open, "looking never answers"
    answered = browser.post(f"/t/{link}", {**page.hidden, "decision": "brought_back"})
    assert answered.status == 200, answered.text
    harness.settle()
    assert loan(reference).closure == "brought_back"
    with pytest.raises(AlreadyDone):
        tasks.answer(reference, 2, {"decision": "brought_back"}, "borrower", "x", harness.world.at)


def test_an_answer_is_taken_back_while_nobody_has_acted_on_it(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    assert undo.take_back(reference, 1, f"coordinator:{LENDER}", harness.world.at + 60, "back")
    harness.settle()
    assert asks(reference) == "lending" and loan(reference).status == "wanted"
    assert len(to(harness, BORROWERS)) == 2, "the borrower hears that it was taken back"
    says(harness, reference, "refused", "second thoughts")
    assert loan(reference).closure == "refused"


def test_a_pause_stops_the_reminders_and_ends_by_itself(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    at = harness.world.at

    def decide(state: Loan) -> tuple[Entry, tuple[()]]:
        changes = pause(state, "lent", "away", at, at + 3 * DAY)
        return Entry(event="paused", at=at, actor="borrower", command="p", changes=changes), ()

    store.change(reference, decide)
    harness.settle()
    due = loan(reference).task
    assert due is not None
    passes(harness, 2 * DAY)
    assert len(to(harness, BORROWERS)) == 1
    passes(harness, DAY + 60)
    task = loan(reference).task
    assert loan(reference).pause is None and events(reference)[-1] == "resumed"
    assert task is not None and task.due >= due.due + 3 * DAY


def test_a_run_that_is_gone_is_started_again_and_the_same_person_is_asked(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    harness.engine.stop(harness.engine.runs["loan", f"{reference}-loan-1"])
    harness.world.at += 3600
    found = reconcile.reconcile({}, None)
    harness.settle()
    assert [one["repair"] for one in found["findings"]] == ["restarted"]
    assert loan(reference).generation == 2 and asks(reference) == "bringing_back"
    assert len(to(harness, BORROWERS)) == 1, "nobody is asked twice"
    says(harness, reference, "brought_back")
    assert harness.engine.runs["loan", f"{reference}-loan-2"].status == "SUCCEEDED"


def test_an_address_that_fails_is_looked_for_and_the_task_rests_meanwhile(
    harness: LifecycleHarness, reference: str
) -> None:
    says(harness, reference, "lent")
    assert bad_addresses.flag(reference, "borrower", BORROWERS, harness.world.at, "bounced")
    harness.settle()
    state = loan(reference)
    assert state.contact.blocked and state.side_tasks
    assert state.pause is not None and state.status == "unreachable"
    fix = side_task_rows.get(reference, state.side_tasks[0])
    assert fix is not None
    facts = dict(kind_of(fix.kind).page.facts(seen_from(state, fix)))
    assert (facts["Stage"], facts["Status"]) == (["The loan"], ["Unreachable"])


def test_it_stands_on_a_board_of_its_own(harness: LifecycleHarness, reference: str) -> None:
    harness.submit()
    (line,), _ = board.page("open", "", harness.world.at, case_type="loan")
    assert line.reference == reference and line.waiting is not None
    assert (line.waiting.kind, line.waiting.role) == ("lending", "coordinator")
    assert reference not in [one.reference for one in board.page("open", "", harness.world.at)[0]]
    says(harness, reference, "refused")
    assert listed(loan(reference)) == "loan:closed"
    assert not board.page("open", "", harness.world.at, case_type="loan")[0]


def test_its_log_reads_as_a_timeline(harness: LifecycleHarness, reference: str) -> None:
    says(harness, reference, "lent")
    entries = store.log(loan(reference))
    lines = timeline.lines(entries, [], harness.world.at, "en")
    assert len(lines) == len(entries) and all(line.text for line in lines)


def test_a_page_of_referrals_does_not_find_a_loan(reference: str) -> None:
    with pytest.raises(NotFound):
        store.load(reference, Referral)
