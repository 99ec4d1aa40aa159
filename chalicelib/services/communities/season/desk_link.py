"""The link to a group's desk, mailed to who leads it: only the newest one is good."""

from __future__ import annotations

from typing import Final

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.mail.addressees import person
from chalicelib.mail.calendar_file import invitation
from chalicelib.mail.send_now import send_now
from chalicelib.meetings import letter
from chalicelib.meetings.owners import owner_of
from chalicelib.services.communities import groups
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.season import plan
from chalicelib.services.communities.words import group_words
from chalicelib.web import links

PURPOSE: Final = "desk"
AFTER: Final = 60 * 86400


def address(group: Group) -> str:
    """The whole address of a group's desk."""
    ticket = links.ticket(PURPOSE, f"{group.id}n{group.links}", max(group.over, now()) + AFTER)
    return f"{settings().base_url}/desk/{ticket}"


def group_of(link: str) -> Group | None:
    """The group whose desk a link opens, if it is the newest one."""
    subject, _, number = (links.read_ticket(PURPOSE, link, now()) or "").partition("n")
    group = groups.group(subject) if number else None
    return group if group is not None and int(number) == group.links else None


def mail(key: str, at: int) -> bool:
    """Mail a new link to who leads the group, with its meetings as a calendar file; those of before end.
    False when no letter left."""
    to = person(groups.group(key).facilitator)
    email, lang = str(to.get("email", "")), str(to.get("letters_language", "en"))
    if not email or not rate_limits.mail_to("desk", email, at, own=key):
        return False
    groups.count_link(key)
    group, ahead = groups.group(key), plan.ahead(key, at)
    events = [letter.event(one, lang, owner_of(one), one.sequence) for one in ahead]
    return send_now(
        "communities/desk",
        email,
        lang,
        link=address(group),
        files=[invitation(events, email, at)] if events else [],
        group=group_words(group),
        days=[one.at for one in ahead],
    )


def not_theirs_anymore(group: Group, at: int, *, closed: bool = False) -> None:
    """Tell whoever led a group that somebody else does, or that it does not go on (``closed``)."""
    to = person(group.facilitator)
    email, lang = str(to.get("email", "")), str(to.get("letters_language", "en"))
    if email and rate_limits.mail_to("desk", email, at, own=group.id):
        send_now("communities/desk_over", email, lang, group=group_words(group), closed=closed)
