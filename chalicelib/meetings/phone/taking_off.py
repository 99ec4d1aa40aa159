"""Staff take somebody off a meeting who said so on the phone; each who has email is told, calendar included."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.meetings import attendance, desk, rows, sign_up
from chalicelib.meetings.model import GUEST, Meeting
from chalicelib.meetings.owners import Owner
from chalicelib.web.forms import Form, Values, checkboxes, several
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show


def off_page(owner: Owner, meeting: Meeting) -> Response:
    """Who cannot come; the places are free again at once."""
    at = now()
    people = [who for who in rows.guests(meeting.id) if who.coming and who.part == GUEST]
    attendance.looked(meeting, current_staff().actor)
    asked = Form(
        checkboxes(
            "off",
            N_("Who cannot come?"),
            *((who.key, f"{attendance.shown(who)} {who.phone}".strip()) for who in people),
            missing=N_("Choose who cannot come."),
        )
    )

    def act(values: Values, command: str) -> str:
        if not meeting.open_at(at):
            raise Hindered(desk.DONE_WITH)
        for who in people:
            if who.key in several(values, "off"):
                sign_up.decline(meeting, who, at)
        return owner.console(meeting)

    return FormPage(
        "meetings/desk_off.html",
        asked,
        once=True,
        facts=lambda: {"owner": owner, "meeting": meeting, "people": people},
        draw=show,
    ).answer(act)
