"""A host's own page, by a mailed link and without an account: who signed up, and who came."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import attendance, links
from chalicelib.meetings.model import HOST, Meeting
from chalicelib.meetings.owners import owner_of
from chalicelib.web.forms import Values
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, render
from chalicelib.web.press import FormPage, Hindered, heard_before, nonce, shown_by_us
from chalicelib.web.render import TemplateValues

CHANGED = N_(
    "Somebody changed this meeting meanwhile. Please look at it as it is now, then press again."
)


def show(link: str) -> Response:
    """The meeting, without a name of anybody until the host presses."""
    found = _hosted(link)
    return _door(found, link) if found else render("meetings/gone.html", 410)


def open_list(link: str) -> Response:
    """Who signed up, and the form for who came."""
    meeting = _hosted(link)
    if meeting is None:
        return render("meetings/gone.html", 410)
    if not shown_by_us(_subject(meeting)) or current().switching:
        return _door(meeting, link)
    return attendance_page(meeting, link).show()


def record(link: str) -> Response:
    """Keep who came."""
    meeting = _hosted(link)
    if meeting is None:
        return render("meetings/gone.html", 410)

    def act(values: Values, command: str) -> str:
        if heard_before(command):
            return f"/meeting/host/{link}/recorded"
        if now() < meeting.begins or not meeting.on:
            raise Hindered(N_("You can say who came once the meeting has begun."))
        try:
            attendance.record(meeting, values, meeting.host, now())
        except AlreadyDone:
            raise Hindered(CHANGED) from None
        return f"/meeting/host/{link}/recorded"

    return attendance_page(meeting, link).press(act)


def recorded(link: str) -> Response:
    """How many came, for the host who has just said so."""
    meeting = _hosted(link)
    if meeting is None:
        return render("meetings/gone.html", 410)
    counted = attendance.counted(meeting)
    return render("meetings/recorded.html", **_words(meeting, link), counted=counted)


def attendance_page(meeting: Meeting, link: str) -> FormPage:
    """The list of those who signed up, as a form for who came."""
    people = attendance.listed(meeting)
    attendance.looked(meeting, meeting.host)
    return FormPage(
        "meetings/attendance.html",
        attendance.attendance_form(people, of_group=bool(meeting.group)),
        subject=f"{_subject(meeting)}|came",
        known=attendance.known(meeting, people),
        facts=lambda: {
            **_words(meeting, link),
            "people": people,
            "action": f"/meeting/host/{link}",
        },
    )


def _door(meeting: Meeting, link: str) -> Response:
    return render("meetings/host.html", **_words(meeting, link), nonce=nonce(_subject(meeting)))


def _hosted(link: str) -> Meeting | None:
    """The meeting whose host holds the link: another host's opens nothing any more."""
    found = links.read(links.HOST, link, now())
    return found[0] if found and found[1].part == HOST and found[1].coming else None


def _subject(meeting: Meeting) -> str:
    return f"host|{meeting.id}"


def _words(meeting: Meeting, link: str) -> TemplateValues:
    return {
        "meeting": meeting,
        "link": link,
        "owner": owner_of(meeting),
        "begun": now() >= meeting.begins,
        "name_of": attendance.shown,
    }
