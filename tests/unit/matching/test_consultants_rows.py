"""What a consultant's row says about new offers, and that the rules hear it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, create
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound
from chalicelib.referral.matching import constraints as why
from chalicelib.referral.matching.rules import rank
from tests.unit.matching.test_matching_rules import DAY, NOW, against, need, person


@pytest.mark.promise("never-over-the-cap")
def test_a_consultant_can_pause_new_offers_and_take_them_again(world: Any) -> None:
    people.pause_offers("ben-okafor", True)
    people.pause_offers("ben-okafor", True)
    assert people.consultant("ben-okafor")["paused_offers"] is True
    reference = world.offered()
    assert world.state(reference).consultant != "ben-okafor"
    people.pause_offers("ben-okafor", False)
    assert "paused_offers" not in people.consultant("ben-okafor")


@pytest.mark.promise("never-over-the-cap")
def test_an_unknown_consultant_is_not_made_up_by_a_pause(world: Any) -> None:
    with pytest.raises(NotFound):
        people.pause_offers("nobody", True)
    assert people.consultant("nobody") == {}


@pytest.mark.parametrize("listed", [False, True])
def test_who_becomes_a_consultant_is_known_at_once(world: Any, listed: bool) -> None:
    if listed:
        people.consultants()
    assert people.consultant("new-one") == {}
    dynamodb.write(create(Key(people.CONSULTANTS, "new-one"), {"email": "new@example.org"}))
    assert people.consultant("new-one")["email"] == "new@example.org"


def test_who_becomes_a_member_of_staff_is_known_at_once(world: Any) -> None:
    assert people.staff_member("new-one") == {} == people.staff_member("")
    dynamodb.write(create(Key(people.STAFF, "new-one"), {"email": "new@example.org"}))
    assert people.staff_member("new-one")["email"] == "new@example.org"


@pytest.mark.promise("places-match-work")
def test_capacity_is_never_set_by_hand(world: Any) -> None:
    with pytest.raises(ValueError, match="capacity"):
        people.set_fields("ben-okafor", {"held": {"A"}})


@pytest.mark.promise("never-over-the-cap")
def test_a_pause_has_a_reason_of_its_own() -> None:
    assert against(need(), paused_offers=True) == [("H9", why.PAUSED)]


@pytest.mark.promise("leave-needs-destinations")
@pytest.mark.parametrize(
    ("begins", "reason"),
    [(None, why.ON_LEAVE), (NOW - 1, why.ON_LEAVE), (NOW + 14 * DAY, why.LEAVE_SOON)],
)
def test_offers_skip_people_on_leave_and_those_who_go_soon(begins: int | None, reason: str) -> None:
    leave = {"on_leave_from": begins, "on_leave_until": NOW + 60 * DAY}
    assert against(need(), **leave) == [("H9", reason)]


@pytest.mark.promise("leave-needs-destinations")
@pytest.mark.parametrize(
    "leave",
    [
        {"on_leave_from": NOW + 14 * DAY + 1, "on_leave_until": NOW + 60 * DAY},
        {"on_leave_from": NOW - 60 * DAY, "on_leave_until": NOW},
        {"on_leave_from": NOW - 60 * DAY},
    ],
)
def test_a_leave_far_ahead_or_over_is_not_in_the_way(leave: dict[str, int]) -> None:
    assert against(need(), **leave) == []


@pytest.mark.promise("bounce-repaired", "consultant-leaves")
def test_whose_email_does_not_work_gets_no_offer_until_it_is_mended() -> None:
    bad = {"email_bad": "a@example.org"}
    assert against(need(), **bad) == [("H9", why.UNREACHABLE)]
    assert against(need(), **bad, email="a.new@example.org") == [], "another address is free of it"
    assert against(need(), email_bad="") == []
    found = rank(need(), [person(**bad)], NOW)
    assert found.flags == ("no_capacity",), "it is worth waiting for"
