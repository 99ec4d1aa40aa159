"""Information Sessions in the console: entered, moved, canceled, and who came. Whoever came is asked to
register."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.meetings import desk, rows
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.phone import taking_off
from chalicelib.services.communities.room import OWNER, ROOM


def show_list() -> Response:
    """All sessions."""
    return desk.list_page(OWNER)


def enter() -> Response:
    """New sessions."""
    return desk.enter_page(OWNER)


def show_one(meeting: str) -> Response:
    """One session."""
    return desk.one_page(OWNER, _load(meeting))


def change(meeting: str) -> Response:
    """Move or change one."""
    return desk.change_page(OWNER, _load(meeting))


def cancel(meeting: str) -> Response:
    """Cancel one."""
    return desk.cancel_page(OWNER, _load(meeting))


def add(meeting: str) -> Response:
    """Sign somebody up."""
    return desk.add_page(OWNER, _load(meeting))


def take_off(meeting: str) -> Response:
    """Take off who cannot come."""
    return taking_off.off_page(OWNER, _load(meeting))


def record(meeting: str) -> Response:
    """Who came."""
    return desk.attendance_page(OWNER, _load(meeting))


def called(meeting: str) -> Response:
    """Who was called."""
    return desk.called_page(OWNER, _load(meeting))


def _load(meeting: str) -> Meeting:
    return rows.load(meeting, ROOM)
