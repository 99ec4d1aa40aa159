"""Open-Door sessions in the console: entered, moved, canceled, and who came."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.meetings import desk, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.phone import taking_off
from chalicelib.services.open_door.room import NAME, ROOM


def show_list() -> Response:
    """All sessions."""
    return desk.list_page(ROOM)


def enter() -> Response:
    """New sessions."""
    return desk.enter_page(ROOM)


def show_one(meeting: str) -> Response:
    """One session."""
    return desk.one_page(ROOM, _load(meeting))


def change(meeting: str) -> Response:
    """Move or change one."""
    return desk.change_page(ROOM, _load(meeting))


def cancel(meeting: str) -> Response:
    """Cancel one."""
    return desk.cancel_page(ROOM, _load(meeting))


def add(meeting: str) -> Response:
    """Sign somebody up."""
    return desk.add_page(ROOM, _load(meeting))


def take_off(meeting: str) -> Response:
    """Take off who cannot come."""
    return taking_off.off_page(ROOM, _load(meeting))


def record(meeting: str) -> Response:
    """Who came."""
    return desk.attendance_page(ROOM, _load(meeting))


def called(meeting: str) -> Response:
    """Who was called."""
    return desk.called_page(ROOM, _load(meeting))


def _load(meeting: str) -> Meeting:
    return rows.load(meeting, NAME)
