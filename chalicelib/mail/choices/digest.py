"""One letter for all that could wait for the same morning: each of them whole, and counted as sent by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.aws import send_gate, ses
from chalicelib.aws.errors import AwsError
from chalicelib.directory import mail_choices
from chalicelib.domain.json_values import Json
from chalicelib.mail import letter_rows
from chalicelib.mail.addressees import address
from chalicelib.mail.bounce_counts import BOUNCED
from chalicelib.mail.choices import links
from chalicelib.mail.letters import compose
from chalicelib.mail.mail_priority import LANES
from chalicelib.mail.send_letter import attachments, context, entry_told
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import SendLetter

_LANE = LANES.index("task")


class Waiting(NamedTuple):
    """A letter that waited for its reader's morning, and that the caller holds (``letter_rows.claim``)."""

    state: Case
    entry: Entry
    number: int
    effect: SendLetter


def sent_together(letters: Sequence[Waiting], at: int) -> bool:
    """Send letters to one reader as one, if that is what they want; False when each is to leave by itself:
    so it is, too, while SES takes none, because each knows how to wait.

    Raises what is wrong with one of them.
    """
    if len(letters) < 2 or not all(":" in one.effect.to for one in letters):
        return False
    to = address(letters[0].state, letters[0].effect.to)
    chosen, bounced = mail_choices.before_a_letter(mail_choices.mark_of(to["email"]))
    if not chosen.digest or to["bad"] or send_gate.waits(_LANE, at):
        return False
    lang = chosen.language or to["language"]
    parts, files = list[Json](), list[ses.Attachment]()
    for one in letters:
        told = entry_told(one.state, one.entry, one.effect)
        facts = context(one.state, told, one.effect, lang)
        parts.append(compose(one.effect.letter, lang, **facts).facts)
        files += attachments(one.state, told, one.effect, to | {"language": lang})
    frame = {name: facts[name] for name in ("for_staff", "mine")}
    foot = links.address(to["email"], lang)
    letter = compose(
        "mail/digest", lang, reference="", link=None, due=None, foot=foot, parts=parts, **frame
    )
    first = letters[0]
    tags = {"ref": first.state.reference, "v": str(first.entry.version), "i": str(first.number)}
    tags |= {letter_rows.GATHERED: "1"} | ({BOUNCED: "1"} if bounced else {})
    whole = (letter.text, letter.html, tags, files, letter.sender, letter.headers)
    try:
        message_id = ses.send(to["email"], letter.subject, *whole)
    except (ses.PostBusy, ses.BadAddress, AwsError):
        return False
    _note(letters, message_id, at)
    return True


def _note(letters: Sequence[Waiting], message_id: str, at: int) -> None:
    """Write down that each of them left; the first knows the others, of which SES will report nothing."""
    names = [_name(one) for one in letters]
    for one in letters:
        row = {"at": at, "letter": one.effect.letter, "to": one.effect.to, "message_id": message_id}
        row |= {letter_rows.GATHERED: names[1:]} if one is letters[0] else {}
        letter_rows.note_left(one.state.reference, one.entry.version, one.number, row)


def _name(one: Waiting) -> str:
    return f"{one.state.reference} {one.entry.version} {one.number}"
