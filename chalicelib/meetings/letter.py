"""One letter of a meeting: what it may speak of, and the calendar file that it brings."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.ses import Attachment
from chalicelib.aws.settings import settings
from chalicelib.mail.calendar_file import CalendarEvent, invitation, uid
from chalicelib.meetings import links
from chalicelib.meetings.model import HOST, Meeting, SignUp
from chalicelib.meetings.owed import Letter, near
from chalicelib.meetings.owners import Owner, owner_of
from chalicelib.web.languages import N_, translator
from chalicelib.web.render import TemplateValues

# Letters that bring the meeting into a calendar, and those that take it out.
BRING: Final = ("signed_up", "changed")
TAKE: Final = ("cancelled", "taken_off")


def lane(kind: Letter) -> str:
    """What answers a press leaves first, then what must be heard before it is too late."""
    if kind in ("signed_up", "taken_off"):
        return "receipt"
    return "task" if kind in ("reminder", "cancelled", "changed") else "notice"


def too_late(kind: Letter, meeting: Meeting, who: SignUp) -> int | None:
    """When a letter would come too late: once somebody may be on their way; None where it can wait."""
    if kind in ("thanks", "attendance"):
        return None
    return meeting.at if who.told_at is None else min(meeting.at, who.told_at)


def name_of(kind: Letter, who: SignUp) -> str:
    """The file of a letter: a host has their own."""
    both = kind in TAKE or kind == "attendance"
    return f"meetings/{kind}" if both or who.part != HOST else f"meetings/host_{kind}"


def facts(kind: Letter, meeting: Meeting, who: SignUp, now: int) -> TemplateValues:
    """What a letter may speak of."""
    owner = owner_of(meeting)
    soon = bool(near(meeting, now))
    return {
        "owner": owner,
        "meeting": meeting,
        "who": who,
        "title": meeting.title_in(who.lang),
        "why": meeting.why_in(who.lang),
        "moved": who.told_at not in (None, meeting.at),
        "was": who.told_at,
        # The link to join is told when the meeting is near, and not before.
        "join": meeting.join if soon else "",
        "dial": meeting.dial if soon else "",
        "no_link": links.address(links.CANNOT_COME, meeting, who),
        "page": _whole(owner.page(meeting)),
        "calendar": _whole(owner.calendar),
        "for_staff": who.part == HOST,
        "link": _link(kind, meeting, who, now),
    }


def _whole(path: str) -> str:
    """The whole address of one of our pages; "" for none."""
    return f"{settings().base_url}{path}" if path else ""


def _link(kind: Letter, meeting: Meeting, who: SignUp, now: int) -> str | None:
    """What the letter's button opens; None where the letter itself says so, or has none."""
    if kind in TAKE:
        return None
    if who.part == HOST:
        return owner_of(meeting).host_page(meeting, who) or links.address(links.HOST, meeting, who)
    if kind == "thanks":
        return links.address(links.THANKS, meeting, who)
    return (
        meeting.join
        if near(meeting, now) and meeting.join
        else _whole(owner_of(meeting).page(meeting))
    )


def files(kind: Letter, meeting: Meeting, who: SignUp, now: int) -> list[Attachment]:
    """The calendar file that goes with a letter."""
    if kind not in (*BRING, *TAKE):
        return []
    made = event(meeting, who.lang, owner_of(meeting), who.letters + 1, off=kind in TAKE)
    return [invitation([made], who.email, now)]


def event(
    meeting: Meeting, lang: str, owner: Owner, sequence: int, off: bool = False
) -> CalendarEvent:
    """A meeting as a calendar shows it: under one name for life, and without its link, which is mailed."""
    _ = translator(lang)
    text = N_("Online. We mail you the link to join the day before, and again an hour before.")
    return CalendarEvent(
        uid=uid(meeting.id),
        start=meeting.at,
        minutes=meeting.minutes,
        sequence=sequence,
        title=f"{_(owner.what)}: {meeting.title_in(lang)}",
        place=_("Online"),
        text=_(text),
        link=_whole(owner.page(meeting)) or settings().base_url,
        off=off or not meeting.on,
    )
