"""The targeted support of a request places its provider in a Community, and steps up under the same number."""

from __future__ import annotations

import pytest

from chalicelib.services.communities import groups, one_seat
from chalicelib.services.communities.events import NEWS
from chalicelib.services.communities.model import Seat
from chalicelib.workflow import board
from chalicelib.workflow.storage import store
from tests.communities.script import DAY, begins, leaves, season
from tests.communities.test_seats import says
from tests.workflow.lifecycle import LifecycleHarness, Story

HOME = {
    "setting": "ffn",
    "language": "es",
    "letters_language": "es",
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "concerns": ["staff_stress_turnover"],
    "support_wanted": ["peers"],
}


def seats(harness: LifecycleHarness) -> list[Seat]:
    lines, _ = board.page("open", "", harness.world.at, case_type="seat")
    return [store.load(line.reference, Seat, consistent=True) for line in lines]


def targeted(harness: LifecycleHarness, **answers: str) -> Story:
    if not groups.groups():
        season(harness.world)
    return harness.submit(**{**HOME, **answers}).triaged()


@pytest.mark.promise("targeted-leads-to-a-seat", "step-up-and-down")
def test_the_provider_is_led_to_a_seat_and_steps_up_inside_the_same_request(
    harness: LifecycleHarness,
) -> None:
    story = targeted(harness)
    assert (story.state.tier, story.asks) == ("targeted", "check_in_rest")
    (seat,) = seats(harness)
    assert (seat.referral, seat.languages) == (story.reference, ["es"])
    assert seat.task is not None and seat.task.kind == "information_session"
    asked = [m for m in harness.world.mails if m.tags.get("ref") == seat.reference]
    assert len(asked) == 1 and "Sesión Informativa" in asked[0].subject
    records = harness.world.records(every=True)
    harness.world.relay(records)
    assert len(seats(harness)) == 1, "told again, nothing begins again"
    story.falls_silent()
    assert story.asks == "check_in_rest", "nobody asks whether it helped before it has begun"
    leaves(seat.reference, "leave", harness.world.at)
    harness.settle()
    story.falls_silent().says(decision="not_helped", note="It was not enough")
    assert story.asks == "triage"


@pytest.mark.promise("check-in-waits-for-a-group", "step-up-and-down")
def test_who_has_a_seat_is_asked_two_weeks_later_whether_it_helped_and_steps_up(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    theirs = begins(harness.world, email="rosa@example.org")
    harness.settle()
    story = targeted(harness, contact_email="rosa@example.org")
    harness.world.at += 10 * DAY
    says(harness, theirs, decision="register", groups=["martes"])
    since = harness.world.at
    story.falls_silent()
    assert story.asks == "check_in_rest"
    story.falls_silent()
    assert story.asks == "check_in" and harness.world.at == since + 14 * DAY
    story.says(decision="not_helped", note="It was not enough")
    assert story.asks == "triage" and store.load(theirs, Seat).seated


@pytest.mark.promise("seat-one-each")
def test_whoever_has_a_seat_keeps_it_and_its_end_frees_no_seat_but_itself(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    theirs = begins(harness.world, email="rosa@example.org")
    harness.settle()
    story = targeted(harness, contact_email="Rosa@example.org")
    (seat,) = seats(harness)
    assert (seat.reference, seat.referral) == (theirs, story.reference)
    leaves(theirs, "leave", harness.world.at)
    harness.settle()
    told = [e for e in store.log(store.load(story.reference, consistent=True)) if e.event == NEWS]
    assert [e.payload["verdict"] for e in told] == ["withdrawn"]
    second = begins(harness.world, email="rosa@example.org")
    assert one_seat.held("rosa@example.org") == second
    with pytest.raises(store.Refused):
        begins(harness.world, email="ROSA@example.org")


@pytest.mark.promise("seat-language", "targeted-leads-to-a-seat")
def test_who_can_follow_no_group_is_told_so_and_led_to_no_seat(harness: LifecycleHarness) -> None:
    story = targeted(harness, language="vi", language_required="yes")
    assert story.state.tier == "targeted" and not seats(harness)
    told = [m.text for m in harness.world.mails if m.tags.get("ref") == story.reference]
    assert any("ningún grupo se reúne en su idioma" in text for text in told)
