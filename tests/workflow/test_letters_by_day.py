"""Letters wait for their reader's morning, and leave then: once, in order, or as one digest."""

from __future__ import annotations

import pytest

from chalicelib.directory import mail_choices, people
from chalicelib.directory.mail_choices import Choices
from chalicelib.domain import calendar
from chalicelib.domain.calendar import typed
from chalicelib.mail import delivery_reports, letter_rows, queue
from chalicelib.workflow.kinds import asked_at, kind_of
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.world import Mail

pytestmark = pytest.mark.promise("letters-by-day")
NIGHT, MORNING = (
    typed("2026-10-23", "21:00"),
    typed("2026-10-26", "07:00"),
)  # a Friday, and a Monday


def since(harness: LifecycleHarness, count: int) -> list[Mail]:
    return harness.world.mails[count:]


def until(harness: LifecycleHarness, instant: int) -> list[Mail]:
    """What leaves by then, as the clock looks."""
    before = len(harness.world.mails)
    harness.world.at = instant
    harness.run_scheduler()
    return since(harness, before)


def rows(story: Story) -> dict[str, str]:
    return {row.get("letter", ""): row.get("status", "") for row in letter_rows.of(story.reference)}


@pytest.fixture
def night(harness: LifecycleHarness) -> Story:
    """A request that was sent on a Friday night."""
    harness.world.at = NIGHT
    return harness.submit()


def test_at_night_a_receipt_leaves_and_a_task_waits_for_the_next_business_day(
    harness: LifecycleHarness, night: Story
) -> None:
    assert rows(night) == {"intake/receipt": "sent", "tiers/triage": "held"}
    assert until(harness, MORNING - 60) == []
    (letter,) = until(harness, MORNING + 60)
    assert letter.tags["ref"] == night.reference and letter.link
    assert rows(night)["tiers/triage"] == "sent"
    assert until(harness, MORNING + 120) == [], "once"


def test_the_time_to_answer_begins_after_the_letter_came(
    harness: LifecycleHarness, night: Story
) -> None:
    task = night.state.task
    assert task is not None
    by_day = asked_at(kind_of(task.kind), night.state.priority, calendar.into_business_time(NIGHT))
    assert (task.due, task.expires) == (by_day.due, by_day.expires)
    assert min([*task.remind, task.due]) > MORNING, "nobody is reminded of what they could not read"


def test_a_letter_that_lost_its_reason_at_night_does_not_leave(
    harness: LifecycleHarness, night: Story
) -> None:
    harness.world.at += 3600
    night.withdraws()
    left = until(harness, MORNING + 60)
    assert [m.subject for m in left if m.link] == []
    assert rows(night)["tiers/triage"] == "skipped"


def test_a_stream_that_shows_a_held_letter_again_and_a_look_that_fails_lose_and_double_nothing(
    harness: LifecycleHarness, night: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    for record in harness.world.records(every=True):
        harness.world.relay([record])
    assert rows(night)["tiers/triage"] == "held"
    with monkeypatch.context() as broken:
        broken.setattr(queue, "deliver", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("x")))
        assert until(harness, MORNING + 60) == []
    assert until(harness, MORNING + 120) == [], "somebody may be at it still"
    assert len(until(harness, MORNING + 60 + letter_rows.STUCK + 60)) == 1


def test_letters_that_waited_leave_in_the_order_of_their_urgency_and_age(
    harness: LifecycleHarness, night: Story
) -> None:
    harness.world.at += 60
    second = harness.submit()
    left = [m.tags["ref"] for m in until(harness, MORNING + 60) if m.link]
    assert left == [night.reference, second.reference]


def test_who_wants_letters_at_any_time_gets_them_at_night(harness: LifecycleHarness) -> None:
    specialist = people.staff_member(at(harness, "triage").state.in_role("specialist"))
    reader = mail_choices.mark_of(specialist["email"])
    mail_choices.keep(reader, Choices(hours=mail_choices.ANY_TIME), NIGHT)
    harness.world.at = NIGHT
    assert rows(harness.submit())["tiers/triage"] == "sent"


@pytest.mark.promise("one-digest")
def test_a_digest_brings_what_can_wait_as_one_letter_and_each_counts_as_sent(
    harness: LifecycleHarness,
) -> None:
    first = at(harness, "triage")
    specialist = people.staff_member(first.state.in_role("specialist"))
    mail_choices.keep(
        mail_choices.mark_of(specialist["email"]), Choices("es", digest=True), harness.world.at
    )
    urgent = harness.submit()
    assert rows(urgent)["tiers/triage"] == "sent", "what is urgent waits for no morning"
    calm = {"suspension_expulsion_status": "none", "behavior_serious": ["none"]}
    stories = [harness.submit(**calm) for _ in range(2)]
    assert {one.state.priority for one in stories} == {"routine"}
    assert [rows(one)["tiers/triage"] for one in stories] == ["held", "held"]
    day = calendar.morning_after(harness.world.at, business_days=True)
    (letter,) = [m for m in until(harness, day + 60) if "gathered" in m.tags]
    assert letter.to == specialist["email"]
    assert letter.subject == "Esta mañana: 2 mensajes"
    assert all(one.reference in letter.text and one.reference in letter.html for one in stories)
    assert letter.text.count("/t/") == 2
    assert [rows(one)["tiers/triage"] for one in stories] == ["sent", "sent"]
    tags = {name: [value] for name, value in letter.tags.items()}
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": letter.to}]}
    mail = {"tags": tags, "destination": [letter.to]}
    delivery_reports.record({"eventType": "Bounce", "mail": mail, "bounce": bounce})
    assert [rows(one)["tiers/triage"] for one in stories] == ["bounced", "bounced"]


@pytest.mark.promise("one-digest")
def test_a_digest_of_one_is_the_letter_itself_and_none_comes_without_any(
    harness: LifecycleHarness,
) -> None:
    first = at(harness, "triage")
    specialist = people.staff_member(first.state.in_role("specialist"))
    reader = mail_choices.mark_of(specialist["email"])
    mail_choices.keep(reader, Choices(digest=True), harness.world.at)
    story = harness.submit(suspension_expulsion_status="none", behavior_serious=["none"])
    day = calendar.morning_after(harness.world.at, business_days=True)
    left = until(harness, day + 60)
    (letter,) = [m for m in left if m.tags["ref"] == story.reference]
    assert letter.link and story.reference in letter.subject
    assert [m for m in until(harness, day + 86400) if "morning" in m.subject] == []
