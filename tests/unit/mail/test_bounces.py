"""A letter comes back: the address is flagged, one task asks for a better one, and all goes on."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.domain.errors import Invalid
from chalicelib.mail import letter_rows
from chalicelib.mail.delivery_reports import record
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.tasks.link_status import standing
from chalicelib.workflow import scheduler, side_tasks, tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.effects import SendLetter, letters
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import side_task_rows, store
from infra import answers
from tests.workflow.lifecycle import LifecycleHarness, at
from tests.world import World

DAY = 86400
ANA = "ana@example.org"
GOOD = "ana.new@example.org"


def report(
    reference: str, v: int, i: int, to: str, kind: str = "Permanent", event: str = "Bounce"
) -> dict[str, Any]:
    tags = {"ref": [reference], "v": [str(v)], "i": [str(i)]}
    # A mail system says with a code why it did not deliver.
    status = "5.1.1" if kind == "Permanent" else "4.2.2"
    failed = {"emailAddress": to, "action": "failed", "status": status}
    told: dict[str, Any] = {
        "Bounce": {"bounce": {"bounceType": kind, "bouncedRecipients": [failed]}},
        "Complaint": {"complaint": {"complainedRecipients": [{"emailAddress": to}]}},
    }.get(event, {})
    return {"eventType": event, "mail": {"tags": tags, "destination": [to]}, **told}


def bounce(world: World, reference: str, letter: str, to: str = ANA, **more: Any) -> None:
    row = [r for r in letter_rows.of(reference) if r["letter"] == letter][-1]
    assert record(report(reference, row["v"], row["number"], to, **more))


def the_fix(world: World, reference: str) -> side_task_rows.SideTask:
    (found,) = [t for t in side_task_rows.of(reference) if t.kind.startswith("fix_") and not t.over]
    return found


def fixed(world: World, reference: str, email: str = GOOD) -> Referral:
    task = the_fix(world, reference)
    values = {"decision": "new", "email": email}
    return tasks.answer(
        reference, task.number, values, "specialist:s", f"fix:{task.number}", world.at
    )[0]


def whole(world: World, reference: str) -> None:
    state = world.state(reference)
    assert same_story(fold(Referral, reference, store.log(state)), state)


def to_ana(world: World) -> list[str]:
    return [m.subject for m in world.mails if m.to == ANA]


@pytest.mark.promise("bounce-repaired", "address-bounced")
def test_a_hard_bounce_of_a_task_stops_its_clock_and_asks_the_specialist_once(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    before = story.state
    assert before.task is not None
    bounce(world, story.reference, "delivery/agreement")
    bounce(world, story.reference, "delivery/agreement")  # reported twice
    state = story.state
    assert state.contact.blocked and state.contact.bad == ANA
    assert (state.status, state.reason) == ("awaiting_provider", "address_not_working")
    assert state.pause is not None and state.pause.status == before.status
    task = the_fix(world, story.reference)
    assert (task.kind, task.role, task.assignee) == ("fix_contact", "specialist", state.specialist)
    harness.settle()
    assert world.mails[-1].to == f"{state.specialist}@example.org"
    assert ANA not in world.mails[-1].text + world.mails[-1].subject
    row = world.table.get_item(Key={"pk": f"R#{story.reference}", "sk": "REFERRAL"})["Item"]
    assert row["waits"].endswith(":blocked")
    whole(world, story.reference)


@pytest.mark.promise("bounce-repaired")
def test_the_clock_reminds_nobody_while_the_address_does_not_work(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    before = len(to_ana(world))
    task = story.state.task
    assert task is not None
    world.at = task.remind[0] + 60
    harness.run_scheduler()
    assert len(to_ana(world)) == before
    assert story.state.task == task


@pytest.mark.promise("bounce-repaired")
def test_a_fix_gives_the_time_back_and_mails_a_new_link_to_the_new_address(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    before = story.state
    assert before.task is not None
    old = next(m.link for m in reversed(world.mails) if m.to == ANA and m.link)
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    world.at += DAY
    fixed(world, story.reference)
    harness.settle()
    state = story.state
    assert state.contact.email == GOOD and not state.contact.bad and not state.contact.fix
    assert (state.status, state.pause, state.paused) == (before.status, None, DAY)
    assert state.task is not None and state.task.due == before.task.due + DAY
    letters = [m for m in world.mails if m.to == GOOD and m.link]
    assert len(letters) == 1
    assert standing(letters[0].link, world.at).stand == "open"
    assert standing(old, world.at).stand == "superseded"
    assert state.side_tasks == []
    whole(world, story.reference)


@pytest.mark.promise("address-bounced")
def test_no_letter_goes_to_a_flagged_address_and_it_leaves_after_the_fix(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "triage")
    bounce(world, story.reference, "intake/receipt")
    harness.settle()
    assert story.state.pause is None  # the specialist is waited for, not the provider
    before = len(to_ana(world))
    story.triaged()
    assert len(to_ana(world)) == before
    (parked,) = [r for r in letter_rows.of(story.reference) if r["status"] == "parked"]
    assert (parked["letter"], parked["to"]) == ("tiers/decided", "provider")
    for _ in range(3):  # nobody tries again and again
        world.at += 60
        harness.run_scheduler()
    assert len(to_ana(world)) == before
    fixed(world, story.reference)
    harness.settle()
    world.at += 60
    harness.run_scheduler()
    arrived = [m.subject for m in world.mails if m.to == GOOD]
    assert len(arrived) == 2  # the receipt that came back, and what was parked
    assert {r["status"] for r in letter_rows.of(story.reference)} & {"parked", "queued"} == set()
    assert letter_rows.listed(letter_rows.UNDELIVERED, 10) == []
    world.at += DAY
    harness.run_scheduler()
    assert len([m for m in world.mails if m.to == GOOD]) == 2
    whole(world, story.reference)


@pytest.mark.promise("bounce-repaired")
def test_a_task_opened_while_the_address_is_sought_does_not_run(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "first_contact")
    bounce(world, story.reference, "matching/found")
    harness.settle()
    assert story.state.pause is None

    story.says(**(answers.TALKED | {"day": answers.day(world.at, 0)}))
    state = story.state
    assert story.asks == "agreement"
    assert state.pause is not None and state.reason == "address_not_working"
    stood = state.pause.status
    world.at += 2 * DAY
    fixed(world, story.reference)
    harness.settle()
    assert story.state.status == stood
    assert [m.subject for m in world.mails if m.to == GOOD and m.link]
    parked = [r for r in letter_rows.of(story.reference) if r["letter"] == "delivery/agreement"]
    assert [r["status"] for r in parked] == ["skipped", "sent"]


@pytest.mark.promise("one-letter-per-reason")
def test_a_parked_letter_that_lost_its_reason_is_not_sent(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "triage")
    bounce(world, story.reference, "intake/receipt")
    story.triaged()
    world.at += 30
    story.withdraws()
    before = len(world.mails)
    fixed(world, story.reference)
    harness.settle()
    world.at += 60
    harness.run_scheduler()
    kinds = {r["letter"]: r["status"] for r in letter_rows.of(story.reference)}
    assert kinds["tiers/decided"] == "skipped"
    assert {m.to for m in world.mails[before:]} == {GOOD}  # that it was withdrawn, and no more
    assert len(world.mails) == before + 1


@pytest.mark.promise("bounce-repaired")
def test_nobody_has_an_address_they_are_called_and_the_clock_goes_on(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    task = the_fix(world, story.reference)
    values = {"decision": "call", "note": "Sofia calls on Monday"}
    tasks.answer(story.reference, task.number, values, "specialist:s", "call", world.at)
    state = story.state
    assert state.pause is None and state.contact.by == "phone" and state.contact.blocked
    send_fresh(story.reference, state.task.number if state.task else 0)
    harness.settle()
    to_them = [r["status"] for r in letter_rows.of(story.reference) if r["to"] == "provider"]
    assert letter_rows.TO_SAY in to_them and letter_rows.PARKED not in to_them
    bounce(world, story.reference, "matching/found")
    # Asked once for a contact, not once for a letter: what is open is the call.
    assert story.state.side_tasks == [story.state.contact.call]


@pytest.mark.promise("bounce-repaired")
def test_the_address_that_failed_is_not_taken_again(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    with pytest.raises(Invalid):
        fixed(world, story.reference, "ANA@example.org")


@pytest.mark.promise("report-before-sent")
def test_a_late_report_about_the_old_address_flags_nothing(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    fixed(world, story.reference)
    harness.settle()
    before = story.state
    bounce(world, story.reference, "intake/receipt")  # that one went to the old address
    assert story.state == before


@pytest.mark.promise("report-before-sent")
def test_a_report_before_the_send_is_marked_acts_all_the_same(world: World) -> None:
    reference = world.submit()
    assert record(report(reference, 1, 1, ANA))
    assert world.state(reference).contact.blocked
    world.relay()
    row = next(r for r in letter_rows.of(reference) if (r["v"], r["number"]) == (1, 1))
    assert row["status"] == "bounced"
    assert to_ana(world) == []  # what was reported was sent


@pytest.mark.promise("address-bounced")
def test_a_complaint_flags_and_is_not_answered_with_the_same_letter(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "triage")
    bounce(world, story.reference, "intake/receipt", event="Complaint")
    assert story.state.contact.blocked
    fixed(world, story.reference)
    harness.settle()
    assert not [m for m in world.mails if m.to == GOOD]


def soft(world: World, reference: str, to: str = ANA, role: str = "provider", v: int = 0) -> None:
    """A letter of its own to ``to`` that bounced for now."""
    number = v or 100 + len(letter_rows.of(reference))
    letter_rows.note_sent(reference, number, 1, {"at": world.at, "letter": "x/y", "to": role})
    assert record(report(reference, number, 1, to, kind="Transient"))


@pytest.mark.promise("bounce-repaired")
def test_soft_bounces_are_recorded_and_tasked_on_the_third_day_in_a_row(world: World) -> None:
    reference = world.submit()
    world.relay()
    for day in (1, 2, 3):
        soft(world, reference)
        assert world.state(reference).contact.blocked == (day == 3)
        soft(world, reference)  # the same day counts once
        assert world.state(reference).contact.blocked == (day == 3)
        world.at += DAY


def out_of_office(reference: str, v: int, i: int, to: str, kind: str) -> dict[str, Any]:
    """What SES publishes of an automatic reply: a bounce without a word of any mail system."""
    answer = report(reference, v, i, to)
    answer["bounce"] = {
        "bounceType": kind,
        "bounceSubType": "General" if kind == "Transient" else kind,
        "bouncedRecipients": [{"emailAddress": to}],
    }
    return answer


@pytest.mark.promise("out-of-office-no-bounce")
@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
@pytest.mark.parametrize("took", [900, 90_000])  # at once, and after it was delayed
@pytest.mark.parametrize("first", ["delivery", "reply"])
def test_an_out_of_office_reply_is_no_bounce_in_whichever_order_the_reports_come(
    world: World, kind: str, took: int, first: str
) -> None:
    reference = world.submit()
    world.relay()
    (row,) = [r for r in letter_rows.of(reference) if r["to"] == "provider"]
    arrived = report(reference, row["v"], row["number"], ANA, event="Delivery")
    arrived["delivery"] = {"processingTimeMillis": took}
    reply = out_of_office(reference, row["v"], row["number"], ANA, kind)
    for _ in range(4):  # on more days in a row than an address may bounce for now
        for one in [arrived, reply] if first == "delivery" else [reply, arrived]:
            assert record(one)
        assert record(reply)
        world.at += DAY
    state = world.state(reference)
    assert not state.contact.blocked and state.side_tasks == []
    (row,) = [r for r in letter_rows.of(reference) if r["to"] == "provider"]
    assert row["status"] == ("sent" if took == 900 else "delivered") and "bounce" not in row
    assert letter_rows.listed(letter_rows.UNDELIVERED, 10) == []


@pytest.mark.promise("bounce-repaired")
@pytest.mark.parametrize("event", ["Bounce", "Complaint"])
def test_the_address_is_right_is_an_answer_and_all_goes_on(
    harness: LifecycleHarness, event: str
) -> None:
    world, story = harness.world, at(harness, "agreement")
    before = story.state
    assert before.task is not None
    bounce(world, story.reference, "delivery/agreement", event=event)
    harness.settle()
    world.at += DAY
    task = the_fix(world, story.reference)
    tasks.answer(
        story.reference, task.number, {"decision": "right"}, "specialist:s", "right", world.at
    )
    harness.settle()
    state = story.state
    assert (state.contact.email, state.contact.bad, state.contact.fix) == (ANA, "", 0)
    assert (state.status, state.pause, state.paused) == (before.status, None, DAY)
    assert state.task is not None and state.task.due == before.task.due + DAY
    newest = [m for m in world.mails if m.to == ANA][-1]
    assert standing(newest.link, world.at).stand == "open"
    assert world.freed == [ANA]  # SES's own list would have let no letter leave
    assert letter_rows.listed(letter_rows.UNDELIVERED, 10) == []
    bounce(world, story.reference, "delivery/agreement", event=event)  # it does not work after all
    assert story.state.contact.blocked
    whole(world, story.reference)


@pytest.mark.promise("bounce-repaired")
def test_a_consultants_address_may_be_right_too(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "plan")
    who = story.state.consultant
    bounce(world, story.reference, "delivery/plan", f"{who}@example.org")
    harness.settle()
    task = the_fix(world, story.reference)
    assert task.kind == "fix_person"
    tasks.answer(
        story.reference, task.number, {"decision": "right"}, "coordinator:c", "right", world.at
    )
    harness.settle()
    row = people.consultant(who)
    assert row["email"] == f"{who}@example.org" and "email_bad" not in row
    assert world.freed == [f"{who}@example.org"]
    assert world.mails[-1].to == f"{who}@example.org" and world.mails[-1].link


@pytest.mark.promise("bounce-repaired")
def test_soft_bounces_of_one_address_count_together_whatever_they_are_about(
    world: World,
) -> None:
    about = [world.submit() for _ in range(3)]
    for reference in about:
        assert not people.consultant("alma-reyes").get("email_bad")
        soft(world, reference, "alma-reyes@example.org", "consultant:alma-reyes")
        world.at += DAY
    assert people.consultant("alma-reyes")["email_bad"] == "alma-reyes@example.org"
    assert the_fix(world, about[-1]).kind == "fix_person"
    assert [world.state(reference).side_tasks for reference in about[:2]] == [[], []]


@pytest.mark.promise("bounce-repaired")
def test_soft_bounces_of_another_address_of_the_same_person_do_not_count(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "triage")
    for _ in range(2):
        soft(world, story.reference)
        world.at += DAY
    bounce(world, story.reference, "intake/receipt")
    fixed(world, story.reference)
    soft(world, story.reference, GOOD)
    assert not story.state.contact.blocked


@pytest.mark.promise("bounce-repaired")
def test_an_address_that_was_repaired_starts_from_zero(world: World) -> None:
    reference = world.submit()
    for _ in range(3):
        soft(world, reference)
        world.at += DAY
    fixed(world, reference)
    bounce_of_the_new = report(reference, 1, 1, GOOD)
    assert record(bounce_of_the_new)
    fixed(world, reference, ANA)  # the mailbox was full, and is empty again
    for day in (1, 2, 3):
        soft(world, reference)
        assert world.state(reference).contact.blocked == (day == 3)
        world.at += DAY


@pytest.mark.promise("bounce-repaired")
def test_soft_bounces_of_long_ago_do_not_count(world: World) -> None:
    reference = world.submit()
    for days in (1, 31, 1):
        soft(world, reference)
        world.at += days * DAY
    assert not world.state(reference).contact.blocked


@pytest.mark.promise("bounce-repaired")
def test_a_soft_bounce_that_is_reported_again_on_other_days_counts_once(world: World) -> None:
    reference = world.submit()
    for _ in range(3):
        soft(world, reference, v=7)
        world.at += DAY
    assert not world.state(reference).contact.blocked


@pytest.mark.promise("bounce-repaired")
def test_a_letter_that_arrived_ends_the_row_of_soft_bounces(world: World) -> None:
    reference, other = world.submit(), world.submit()
    for _ in range(2):
        soft(world, reference)
        world.at += DAY
    # The same mailbox, written in another way, about another request.
    assert record(report(other, 1, 1, ANA.upper(), event="Delivery"))
    soft(world, reference)
    assert not world.state(reference).contact.blocked


def on_time(reference: str, v: int, i: int, tags: dict[str, str]) -> dict[str, Any]:
    """What SES publishes of almost every letter."""
    arrived = report(reference, v, i, ANA, event="Delivery")
    arrived["mail"]["tags"] |= {name: [value] for name, value in tags.items()}
    return arrived | {"delivery": {"processingTimeMillis": 900}}


@pytest.mark.promise("bounce-repaired")
def test_a_letter_to_an_address_that_bounced_says_so_and_its_arrival_ends_the_row(
    world: World,
) -> None:
    reference = world.submit()
    world.relay()
    usual = next(mail for mail in world.mails if mail.to == ANA)
    for _ in range(2):
        soft(world, reference)
        world.at += DAY
    # One that left before it bounced says nothing, and another number of days after it counts on.
    assert record(on_time(reference, 1, 1, usual.tags))
    world.submit(contact_email=ANA)
    world.relay()
    told = [mail for mail in world.mails if mail.to == ANA][-1]
    assert told.tags.keys() - usual.tags.keys() == {"bounced"}
    assert record(on_time(told.tags["ref"], 1, 1, told.tags))
    soft(world, reference)
    assert not world.state(reference).contact.blocked


@pytest.mark.promise("bounce-repaired")
def test_the_arrival_of_a_letter_reads_and_writes_nothing(world: World) -> None:
    reference = world.submit()
    world.relay()
    world.aws.begin()
    assert record(on_time(reference, 1, 1, {}))
    assert world.aws.calls == []


@pytest.mark.promise("bounce-repaired")
def test_a_delay_is_only_recorded(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "triage")
    bounce(world, story.reference, "intake/receipt", event="DeliveryDelay")
    assert not story.state.contact.blocked
    assert [r["status"] for r in letter_rows.of(story.reference) if r["v"] == 1] == ["delayed"]


@pytest.mark.promise("bounce-repaired")
def test_a_consultants_address_goes_to_the_coordinator_and_the_offer_runs_on(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "plan")
    who = story.state.consultant
    other = world.submit()
    bounce(world, story.reference, "delivery/plan", f"{who}@example.org")
    harness.settle()
    task = the_fix(world, story.reference)
    assert (task.kind, task.assignee) == ("fix_person", "cora-match")
    state = story.state
    assert (
        state.pause is None
        and state.task is not None
        and state.task.about["blocked"] == task.number
    )
    row = people.consultant(who)
    assert row["email_bad"] == f"{who}@example.org"
    before = [m for m in world.mails if m.to == row["email"]]
    world.at += DAY
    bounce(world, story.reference, "matching/offer", f"{who}@example.org")
    assert the_fix(world, story.reference).number == task.number
    due = state.task.due
    fixed(world, story.reference, "new@example.org")
    harness.settle()
    after = story.state.task
    assert after is not None and not after.about and after.due == due + DAY
    assert people.consultant(who)["email"] == "new@example.org"
    assert "email_bad" not in people.consultant(who)
    assert [m for m in world.mails if m.to == row["email"]] == before
    assert len([m for m in world.mails if m.to == "new@example.org" and m.link]) == 1
    assert world.state(other).side_tasks == []
    whole(world, story.reference)


@pytest.mark.promise("bounce-repaired")
def test_a_persons_fix_frees_their_letters_of_every_referral(world: World) -> None:
    one = world.offered()
    world.relay()
    who = world.state(one).task
    assert who is not None
    consultant = who.assignee
    bounce(world, one, "matching/offer", f"{consultant}@example.org")
    two = world.submit()
    store.change(two, lambda s: _letter_to(s, f"consultant:{consultant}", world.at))
    world.relay()
    assert [r["status"] for r in letter_rows.of(two)][-1] == "parked"
    fixed(world, one, "new@example.org")
    world.at += 60
    event = dict.fromkeys(("time", "source", "account", "region", "version", "id"), "") | {
        "detail-type": ""
    }
    scheduler.clock({**event, "detail": {}, "resources": []}, None)
    assert [r["status"] for r in letter_rows.of(two)][-1] == "sent"
    assert "new@example.org" in [m.to for m in world.mails]


def _letter_to(state: Referral, to: str, now: int) -> Any:
    from chalicelib.workflow.cases import Entry

    if state.command == "told":
        return None
    mail = SendLetter(letter="workflow/escalation", to=to)
    data = {"task": 1, "kind": "offer"}
    return Entry(
        event="told", at=now, actor="system", command="told", payload=data, effects=[mail]
    ), ()


@pytest.mark.promise("bounce-repaired")
def test_an_address_of_the_specialist_is_asked_of_somebody_else(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "triage")
    who = story.state.specialist
    bounce(world, story.reference, "tiers/triage", f"{who}@example.org")
    assert the_fix(world, story.reference).assignee == "cora-match"


@pytest.mark.promise("always-wakes-up")
def test_nobody_finds_an_address_it_is_asked_again_and_the_pause_lasts(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    first = the_fix(world, story.reference)
    world.at = first.expires
    harness.run_scheduler()
    second = the_fix(world, story.reference)
    assert second.number != first.number and story.state.contact.fix == second.number
    assert story.state.pause is not None and story.state.pause.until > second.expires
    fixed(world, story.reference)
    assert story.state.pause is None
    whole(world, story.reference)


def test_a_pause_for_an_address_ends_with_the_referral(harness: LifecycleHarness) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    story.withdraws()
    assert story.state.pause is None and story.state.status == "withdrawn"
    world.at += 60 * DAY
    harness.run_scheduler()
    assert story.state.status == "withdrawn"


@pytest.mark.promise("consultant-leaves")
def test_a_consultant_whose_letters_come_back_is_passed_over_and_the_list_says_why(
    harness: LifecycleHarness,
) -> None:
    from chalicelib.referral.matching.constraints import UNREACHABLE
    from chalicelib.referral.matching.ranking import ranking

    world, story = harness.world, at(harness, "offer")
    who = story.state.consultant
    bounce(world, story.reference, "matching/offer", f"{who}@example.org")
    assert UNREACHABLE in {one.id: one.reasons for one in ranking(story.state).excluded}[who]
    other = harness.submit()
    other.triaged()
    assert other.asks == "offer" and other.state.consultant != who
    fixed(world, story.reference, f"{who}.new@example.org")
    reasons = {one.id: one.reasons for one in ranking(other.state).excluded}.get(who, ())
    assert UNREACHABLE not in reasons


def tried(world: World, reference: str, how: str) -> Referral:
    """The specialist called about the address, and says how it went."""
    task = the_fix(world, reference)
    command = f"try:{task.number}:{world.at}"
    return tasks.answer(reference, task.number, {"talked": how}, "specialist:s", command, world.at)[
        0
    ]


@pytest.mark.promise("calls-as-they-went", "bounce-repaired")
def test_tries_for_an_address_count_and_the_case_rests_as_long_as_they_go_on(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    before, sent = the_fix(world, story.reference), len(world.mails)
    world.at += DAY
    state = tried(world, story.reference, "voicemail_es")
    harness.settle()
    after = the_fix(world, story.reference)
    assert after.number == before.number and after.due > before.due, "its standard begins again"
    assert state.pause is not None and state.pause.until > after.expires
    written = letters(store.log(state)[-1].effects)
    assert not written and len(world.mails) == sent, (
        "nothing is written to an address that does not work"
    )
    view = side_tasks.find(state, after.number)
    assert view is not None
    told = kind_of("fix_contact").page.details(view)
    assert [one.voicemail for one in told["tries"]] == ["es"] and told["lacking"].tries == 2
    fixed(world, story.reference)
    harness.settle()
    assert story.state.pause is None and story.asks == "agreement"
    whole(world, story.reference)


@pytest.mark.promise("attempts-then-named-end", "calls-as-they-went")
def test_after_the_tries_for_an_address_the_request_ends_by_its_name(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "agreement")
    bounce(world, story.reference, "delivery/agreement")
    harness.settle()
    for how in ("no_answer", "sent_text", "no_answer"):
        with pytest.raises(Invalid):
            tried(world, story.reference, "unresponsive")
        tried(world, story.reference, how)
        world.at += int(5.5 * DAY)
        harness.run_scheduler()
    state = tried(world, story.reference, "unresponsive")
    harness.settle()
    assert (state.status, state.closure) == ("unresponsive", "unresponsive_after_3_attempts")
    assert not state.open and not state.side_tasks and state.pause is None
    assert story.run().where == "Provider could not be reached" and not harness.engine.waiting()
    whole(world, story.reference)
