"""The meetings of a group: who has a seat is on their lists, hears of what changes, and is counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import is_business_day, local
from chalicelib.meetings import changing, owed, rows
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.services.communities import groups
from chalicelib.services.communities.season import changing as group_changing
from chalicelib.services.communities.season import closing, completion, members, plan
from tests.communities.script import DAY, JOIN, begins, leaves, met_once, season
from tests.communities.test_seats import asks, passes, says, seat
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import Mail


def seated(harness: LifecycleHarness) -> str:
    reference = begins(harness.world)
    harness.settle()
    says(harness, reference, decision="register", groups=["martes"])
    harness.world.at += 60
    return reference


def guest(meeting: Meeting, reference: str) -> SignUp:
    found = rows.guest(meeting.id, members.key_of(reference))
    assert found is not None
    return found


def since(harness: LifecycleHarness, before: int) -> list[Mail]:
    return [m for m in harness.world.mails[before:] if m.to.startswith("rosa")]


@pytest.mark.promise("group-meetings")
def test_one_letter_brings_all_meetings_and_each_is_reminded_of_with_its_link(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    first, second = met_once(harness.world, "martes", 3, 10)
    reference = seated(harness)
    letter = harness.world.mails[-1]
    (file,) = letter.files
    assert file.content.count("BEGIN:VEVENT") == 2 and f"{first.id}@" in file.content
    assert JOIN not in letter.text + file.content
    before = len(harness.world.mails)
    for at in (first.day_before, first.hour_before):
        passes(harness, at - harness.world.at)
    reminders = since(harness, before)
    assert len(reminders) == 2 and all(JOIN in one.text for one in reminders)
    assert guest(second, reference).reminded == ""


@pytest.mark.promise("group-meetings")
def test_a_meeting_that_moves_or_is_canceled_or_is_added_is_told_to_everybody_once(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    first, second = met_once(harness.world, "martes", 3, 10)
    seated(harness)
    before = len(harness.world.mails)
    later = local(first.at + DAY).strftime("%Y-%m-%dT%H:%M")
    changing.move(first, later, "staff:cora-match", harness.world.at)
    passes(harness, 60)
    changing.cancel(second, "staff:cora-match", harness.world.at)
    passes(harness, 60)
    extra = local(second.at + 7 * DAY).strftime("%Y-%m-%dT%H:%M")
    group_changing.add_meeting(
        groups.group("martes"), extra, "staff:cora-match", harness.world.at, "one more"
    )
    passes(harness, 60)
    told = since(harness, before)
    assert [one.subject.partition(":")[0] for one in told] == [
        "Nueva hora",
        "Cancelada",
        "Una reunión más",
    ]
    assert [f"{second.id}@" in one.files[0].content for one in told] == [False, True, False]
    group = groups.group("martes")
    last = plan.meetings("martes")[-1]
    assert (group.last_day, group.over) == (
        rows.load(first.id).begins,
        last.ends + plan.RECORDED_WITHIN,
    )


def test_a_meeting_behind_the_planned_end_makes_the_season_longer(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    met_once(harness.world, "martes", 3)
    reference = seated(harness)
    ended = groups.group("martes").over
    extra = local(harness.world.at + 9 * DAY).strftime("%Y-%m-%dT%H:%M")
    group_changing.add_meeting(
        groups.group("martes"), extra, "staff:cora-match", harness.world.at, "one more"
    )
    passes(harness, ended - harness.world.at)
    assert asks(reference) == "season"
    passes(harness, groups.group("martes").over - harness.world.at)
    assert seat(reference).closure == "attended_in_part"


def test_who_leaves_is_off_the_lists_without_a_letter_for_each_and_may_come_back(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    (first, second) = met_once(harness.world, "martes", 3, 10)
    reference = seated(harness)
    before = len(harness.world.mails)
    leaves(reference, "leave", harness.world.at)
    harness.settle()
    passes(harness, 60)
    (letter,) = since(harness, before)
    assert "METHOD:CANCEL" in letter.files[0].content and f"{second.id}@" in letter.files[0].content
    assert not guest(first, reference).coming and rows.load(first.id).taken == 0


@pytest.mark.promise("group-closed")
def test_a_group_that_closes_offers_its_people_another_seat_or_the_line_and_tells_each_once(
    harness: LifecycleHarness,
) -> None:
    season(harness.world, martes=2, jueves=1)
    (meeting,) = met_once(harness.world)
    first, second = seated(harness), seated(harness)
    third = begins(harness.world)
    harness.settle()
    says(harness, third, decision="register", groups=["martes"])
    before, at = len(harness.world.mails), harness.world.at
    assert closing.close(groups.group("martes"), {"es": "Faltan personas."}, "staff:a", at)
    assert not closing.close(groups.group("martes"), {}, "staff:a", at)
    harness.settle()
    passes(harness, 60)
    assert (seat(first).status, seat(first).group) == ("offered", "jueves")
    assert (asks(second), asks(third)) == ("seat_wait", "seat_wait")
    assert not rows.load(meeting.id).on and groups.group("martes").held == []
    told = since(harness, before)
    closed = [m for m in told if "el grupo no sigue" in m.subject]
    assert len(closed) == 2 and "Faltan personas." in closed[0].text
    assert all("METHOD:CANCEL" in m.files[0].content for m in closed)
    assert not [m for m in harness.world.mails[before:] if "Cancel" in m.subject]
    assert closing.reopen("martes") and groups.group("martes").free == 2


def test_a_seat_that_is_held_while_its_group_closes_is_lost_and_the_line_goes_on(
    harness: LifecycleHarness,
) -> None:
    season(harness.world, martes=1, jueves=1)
    first = seated(harness)
    second = begins(harness.world)
    harness.settle()
    says(harness, second, decision="register", groups=["martes"])
    leaves(first, "leave", harness.world.at)
    passes(harness, 60)
    assert (asks(second), seat(second).group) == ("seat_offer", "martes")
    closing.close(groups.group("martes"), {}, "staff:a", harness.world.at)
    harness.settle()
    passes(harness, 60)
    assert (asks(second), seat(second).group) == ("seat_offer", "jueves")


@pytest.mark.promise("group-completion")
@pytest.mark.parametrize(
    ("met", "needed", "held", "done"),
    [(4, 4, 10, True), (3, 4, 10, False), (3, 4, 3, True), (0, 4, 0, False), (0, 0, 5, False)],
)
def test_enough_meetings_complete_it_and_a_canceled_one_is_nobodys_absence(
    met: int, needed: int, held: int, done: bool
) -> None:
    assert completion.completed(met, needed, held) is done


@given(
    st.dates(date(2026, 1, 1), date(2029, 1, 1)),
    st.integers(1, 8),
    st.integers(1, 40),
    st.sampled_from(["skip", "next", "keep"]),
)
def test_a_plan_has_as_many_meetings_as_were_asked_for(
    first: date, every: int, times: int, rule: str
) -> None:
    days = plan.planned(first, every, times, rule)  # type: ignore[arg-type]
    assert len(days) == len(set(days)) == times and days == sorted(days)
    if rule == "skip" and first.weekday() < 5:
        assert all(is_business_day(day) for day in days)


def test_a_link_that_nobody_was_mailed_yet_changes_without_a_letter(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    (first,) = met_once(harness.world)
    reference = seated(harness)
    group = groups.group("martes")
    new = groups.Group(**{**group.__dict__, "join": "https://example.org/new", "name": "Tarde"})
    assert group_changing.change(group, new, "staff:cora-match", harness.world.at)
    meeting = rows.load(first.id)
    assert (meeting.join, meeting.title["es"]) == ("https://example.org/new", "Tarde")
    assert owed.owed(meeting, guest(meeting, reference), harness.world.at) is None
