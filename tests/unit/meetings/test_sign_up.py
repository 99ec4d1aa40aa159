"""Who signs up has a place, once; never more than there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.aws import dynamodb
from chalicelib.meetings import changing, rows, sign_up
from chalicelib.meetings.model import Meeting
from tests.conftest import fake_aws
from tests.faults.fault_injector import FaultInjector
from tests.meetings import entered, now, sign
from tests.world import World

pytestmark = pytest.mark.promise("meetings-places")


def test_who_signs_up_twice_has_one_place(world: World) -> None:
    meeting = entered(world)
    sign(world, meeting)
    again = sign_up.guest(meeting, world.at, "self", email=" Rosa@Example.org ")
    assert sign_up.sign_up(again, world.at) == "before"
    assert (now(meeting).taken, len(rows.guests(meeting.id))) == (1, 1)


def test_the_last_place_goes_to_one_of_two_who_press_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = entered(world, capacity=1)
    real = dynamodb.transact
    first = sign_up.guest(meeting, world.at, "self", email="rosa@example.org")

    def in_between(members: object) -> None:
        monkeypatch.setattr(dynamodb, "transact", real)
        assert sign_up.sign_up(first, world.at) == "signed_up"
        real(members)  # type: ignore[arg-type]

    monkeypatch.setattr(dynamodb, "transact", in_between)
    late = sign_up.guest(meeting, world.at, "self", email="luis@example.org")
    assert sign_up.sign_up(late, world.at) == "full"
    assert now(meeting).taken == 1


def test_a_meeting_that_is_off_or_over_takes_nobody(world: World) -> None:
    meeting = entered(world, days=1)
    off = changing.cancel(meeting, "staff:ada-admin", world.at)
    assert (
        sign_up.sign_up(sign_up.guest(off, world.at, "self", email="a@example.org"), world.at)
        == "closed"
    )
    over = entered(world, days=1)
    later = sign_up.guest(over, over.ends, "self", email="a@example.org")
    assert sign_up.sign_up(later, over.ends) == "closed"
    assert sign_up.sign_up(later, over.ends - 1) == "signed_up"


class Places(RuleBasedStateMachine):
    """People sign up, say that they cannot come and come back, in any order; staff change the places."""

    EMAILS = st.sampled_from([f"p{n}@example.org" for n in range(6)])
    aws: FaultInjector
    meeting: Meeting

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.world = World(fake_aws(self.patch), self.patch)
        self.meeting = entered(self.world, capacity=3)
        self.coming: set[str] = set()

    def teardown(self) -> None:
        self.patch.undo()

    @rule(email=EMAILS)
    def signs_up(self, email: str) -> None:
        who = sign_up.guest(self.meeting, self.world.at, "self", email=email)
        expected = "before" if email in self.coming else "full" if self.full else "signed_up"
        assert sign_up.sign_up(who, self.world.at) == expected
        self.coming |= {email} if expected == "signed_up" else set()

    @rule(email=EMAILS)
    def cannot_come(self, email: str) -> None:
        found = rows.guest(self.meeting.id, rows.key_for(self.meeting.id, email))
        if found is not None:
            assert sign_up.decline(self.meeting, found, self.world.at) is (email in self.coming)
            self.coming -= {email}

    @rule(capacity=st.integers(1, 5))
    def staff_change_the_places(self, capacity: int) -> None:
        before = now(self.meeting)
        if capacity >= before.taken:
            changing.change(before, replace(before, capacity=capacity), "staff:a", self.world.at)

    @property
    def full(self) -> bool:
        return len(self.coming) >= (now(self.meeting).capacity or 99)

    @precondition(lambda self: hasattr(self, "meeting"))
    @invariant()
    def as_many_places_are_taken_as_people_come(self) -> None:
        stands = now(self.meeting)
        come = [one for one in rows.guests(stands.id) if one.coming]
        assert stands.taken == len(come) == len(self.coming) <= (stands.capacity or 99)


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=12, stateful_step_count=14, deadline=None)
