"""What the engine calls by itself stands where the table of contents says, and takes what it hands over."""

from __future__ import annotations

import inspect
from itertools import permutations

import pytest

from chalicelib import rooms
from chalicelib.domain import vocabulary
from chalicelib.workflow.registry import load

TAKES = {
    **dict.fromkeys(rooms.WAKES.values(), 3),  # pk, sk, now
    **dict.fromkeys(rooms.EACH_MINUTE.values(), 1),  # now
    rooms.SEND_LETTER: 4,
    rooms.UNREACHABLE: 3,
    **dict.fromkeys(rooms.HOME_PANELS.values(), 0),
    **dict.fromkeys(rooms.DESK.values(), 3),  # id, row, now
    **{answers: 1 for answers, _ in rooms.PREFILLED.values()},  # key
    **{opened: 3 for _, opened in rooms.PREFILLED.values()},  # key, reference, actor
    **dict.fromkeys(rooms.TOLD.values(), 3),  # state, version, effect
    rooms.REPORT_SAFETY: 3,  # state, role, path
    **dict.fromkeys(rooms.CONTACTS.values(), 2),  # ids, language
}


@pytest.mark.parametrize("address", TAKES)
def test_a_hook_is_there_and_takes_what_it_is_called_with(address: str) -> None:
    inspect.signature(load(address)).bind(*range(TAKES[address]))


def test_a_row_wakes_one_room_only() -> None:
    assert not [
        (one, other) for one, other in permutations(rooms.WAKES, 2) if one.startswith(other)
    ]


def test_only_services_of_the_network_tell_of_contacts() -> None:
    assert rooms.CONTACTS.keys() <= vocabulary.SERVICES.keys()
