"""The meetings of the groups in the console: moved, canceled, who came, and who is called."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.meetings import desk, rows
from chalicelib.meetings.model import Meeting
from chalicelib.services.communities.season.owner import OWNER


def show_list() -> Response:
    """Those of all groups."""
    return desk.list_page(OWNER)


def show_one(meeting: str) -> Response:
    """One of them."""
    return desk.one_page(OWNER, _load(meeting))


def change(meeting: str) -> Response:
    """Move or change it; everybody who has a seat is told."""
    return desk.change_page(OWNER, _load(meeting))


def cancel(meeting: str) -> Response:
    """Cancel it; everybody who has a seat is told."""
    return desk.cancel_page(OWNER, _load(meeting))


def record(meeting: str) -> Response:
    """Who came."""
    return desk.attendance_page(OWNER, _load(meeting))


def called(meeting: str) -> Response:
    """Who was called."""
    return desk.called_page(OWNER, _load(meeting))


def _load(meeting: str) -> Meeting:
    return rows.load(meeting, OWNER.name)
