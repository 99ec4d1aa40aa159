"""What somebody hears on the phone about a meeting, in their language: when it is, how to call in, what changed."""

from __future__ import annotations

from typing import Final

from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.owners import owner_of
from chalicelib.meetings.phone.calls import found
from chalicelib.web.languages import N_, moment_words, translator
from chalicelib.web.render import TemplateValues

OFF: Final = N_("%(what)s: it does not take place on %(when)s. We are sorry.")
MOVED: Final = N_("%(what)s: it moves to another time. It was planned for %(was)s.")
IS_ON: Final = N_("It is on %(when)s, Pacific time, and takes about %(n)s minutes: %(title)s.")
DIAL: Final = N_("You can call in from any phone: %(dial)s")
ONLINE: Final = N_("It is online. On a phone or a computer you open this address: %(join)s")
TO_US: Final = N_("If you cannot come after all, please tell me now.")


def facts(about: str, lang: str) -> TemplateValues:
    """What the page of a call shows: the sentences, and the meeting's page for staff; nothing is said where
    the meeting is gone or they are off its list."""
    pair = found(about)
    if pair is None or not pair[1].coming:
        return {"sentences": [], "meeting": ""}
    meeting, who = pair
    return {
        "sentences": sentences(meeting, who, lang),
        "meeting": owner_of(meeting).console(meeting),
    }


def sentences(meeting: Meeting, who: SignUp, lang: str) -> list[str]:
    """What to say, sentence by sentence."""
    _ = translator(lang)
    what, when = _(owner_of(meeting).what), moment_words(meeting.at, lang)
    why = [meeting.why_in(lang)] if meeting.why else []
    if not meeting.on:
        return [_(OFF, what=what, when=when), *why]
    said = []
    if who.told_at not in (None, meeting.at):
        said.append(_(MOVED, what=what, was=moment_words(who.told_at, lang)))
        said += why
    title = meeting.title_in(lang)
    said.append(_(IS_ON, when=when, n=meeting.minutes, title=title))
    if meeting.dial:
        said.append(_(DIAL, dial=meeting.dial))
    if meeting.join:
        said.append(_(ONLINE, join=meeting.join))
    return [*said, _(TO_US)]
