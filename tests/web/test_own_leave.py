"""A consultant plans a leave on their own page: what they have is shown, offers stop, and staff hear of it."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.referral.matching import consultant_leave
from chalicelib.referral.matching.constraints import LEAVE_SOON, ON_LEAVE, obstacles
from chalicelib.referral.matching.consultant_leave import Departure
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.own_leave import rows
from tests.unit.matching.test_matching_rules import need
from tests.workflow.lifecycle import LifecycleHarness, Story, at

from .conftest import Browser
from .staff import signed_in
from .test_my_tasks import link_of, opened

DAY = 86_400
pytestmark = pytest.mark.promise("own-leave")


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    """A consultant who has accepted, and must contact the provider."""
    return at(harness, "first_contact")


def day(moment: int) -> str:
    return pacific_date(moment).isoformat()


def told(harness: LifecycleHarness) -> list[tuple[str, str]]:
    return [(m.to, m.subject) for m in harness.world.mails if "leave" in m.subject]


def test_a_leave_is_planned_staff_hear_of_it_once_and_it_is_undone(
    harness: LifecycleHarness, client: Client, story: Story
) -> None:
    who, moment = story.state.consultant, harness.world.at
    browser = Browser(client)
    assert "Plan a leave" in opened(browser, link_of(harness)).text
    page = browser.get("/mine/leave")
    assert "stays with you until the team decides" in page.text and "Demo" in page.text
    field = "wish_" + story.reference.replace("-", "_")
    first, last = moment + 3 * DAY, moment + 10 * DAY
    said = {"first": day(first), "last": day(last), field: "other"}
    wrong = browser.answer({**said, "last": day(moment + DAY)})
    assert wrong.status == 422 and "before the first day" in wrong.text
    browser.answer(said)
    row = people.consultant_now(who)
    assert row["on_leave_from"] == midnight(pacific_date(first))
    assert row["on_leave_until"] == midnight(pacific_date(last)) + DAY
    one = Consultant.read(row | {"load": 0})
    assert ("H9", ON_LEAVE) in obstacles(need(), one, first + DAY)
    assert ("H9", ON_LEAVE) not in obstacles(need(), one, last + 2 * DAY)
    assert ("H9", LEAVE_SOON) not in obstacles(need(), one, last + 2 * DAY)
    for _ in range(2):
        harness.run_scheduler()
    heard = told(harness)
    assert [subject for _to, subject in heard] == ["A consultant plans a leave"] * len(heard)
    assert len({to for to, _subject in heard}) == len(heard) == 2
    seen = signed_in(harness.world, client, "coordinator").get(f"/console/consultants/{who}")
    assert "They wish that somebody else goes on with it." in seen.text

    browser.get("/mine/leave")
    browser.answer({"leave": "none"})
    assert "on_leave_until" not in people.consultant_now(who) and not rows.wishes_of(who)
    harness.run_scheduler()
    assert told(harness)[-1][1] == "A consultant goes on no leave"


def test_a_referral_that_waits_for_the_leave_goes_on_when_the_consultant_undoes_it(
    harness: LifecycleHarness, client: Client, story: Story
) -> None:
    who, moment = story.state.consultant, harness.world.at
    browser = Browser(client)
    opened(browser, link_of(harness))
    until = moment + 20 * DAY
    consultant_leave.begin(who, consultant_leave.LEAVE, moment, until)
    away = Departure(who, consultant_leave.LEAVE, until, "", "staff:cora-match", moment, "away")
    consultant_leave.move_all(away, {story.reference: consultant_leave.HOLD})
    assert story.state.pause is not None
    browser.get("/mine/leave")
    browser.answer({"leave": "none"})
    assert story.state.pause is None and "on_leave_until" not in people.consultant_now(who)
