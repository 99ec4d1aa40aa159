"""Places given out in one pass go to whom the whole ranking puts first, one after the other."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest

from chalicelib.referral.matching.allotment import Allotment
from chalicelib.referral.matching.match_request import Consultant, MatchRequest
from chalicelib.referral.matching.rules import need_from, rank
from chalicelib.referral.request import Request
from infra.bench.stack import directory

pytestmark = pytest.mark.promise("waitlist-in-order")

NOW = 1_777_900_000
COUNTIES = ("los_angeles", "fresno", "alpine", "san_diego", "humboldt")


def asked(dice: random.Random, people: list[Consultant]) -> MatchRequest:
    request = Request.from_answers({
        "county": dice.choice(COUNTIES),
        "setting": dice.choice(["center", "fcch_small", "ffn"]),
        "modality": dice.choice(["onsite", "virtual", "hybrid", "phone"]),
        "language": dice.choice(["en", "es", "hmn", "vi"]),
        "language_required": dice.choice(["yes", "no"]),
        "exclude_consultant": dice.choice(["", "", dice.choice(people).name]),
        "trainee_welcome": dice.choice(["yes", "no", ""]),
    })  # fmt: skip
    return need_from(
        request,
        dice.choice(["intensive", "emergency", "triage"]),
        "routine",
        decliners=[one.id for one in dice.sample(people, 3)],
        previous_consultant=dice.choice([None, dice.choice(people).id]),
        interpreter=dice.random() < 0.2,
        statewide_virtual=dice.random() < 0.2,
    )


@pytest.mark.parametrize("seed", range(4))
def test_each_in_turn_gets_the_first_of_their_own_ranking(seed: int) -> None:
    dice = random.Random(seed)
    people = [Consultant.read({**one, "load": 0}) for one in directory()[:60]]
    for one in people:
        one.load = max(0, one.cap - dice.randint(0, 1))
        one.on_leave_until = NOW + 86400 if dice.random() < 0.1 else None
        one.trainee = dice.random() < 0.3
        one.facilitator = dice.choice([None, "f"])
    slow = deepcopy(people)
    places = Allotment(people, NOW)
    served = 0
    for _ in range(60):
        wanted = asked(dice, people)
        first = next((one.id for one in rank(wanted, slow, NOW).candidates), None)
        found = places.serve(wanted)
        assert (found.id if found else None) == first
        for one in slow:
            one.load += one.id == first
        served += first is not None
    assert served > 5
    assert [one.load for one in people] == [one.load for one in slow]


def test_it_is_over_when_no_place_is_left() -> None:
    people = [Consultant.read({**one, "load": one["cap"]}) for one in directory()[:5]]
    assert Allotment(people, NOW).over()
    people[0].load -= 1
    places = Allotment(people, NOW)
    assert not places.over()
    near = Request(county=str(next(iter(people[0].counties))), modality="virtual")
    assert places.serve(need_from(near, "intensive", "routine")) is people[0]
    assert places.over()
