"""Send a letter's short line as a text message, or let it wait: by the rules of letters, in a queue of its own.

Who texted STOP since, or whose number takes no texts, gets none; what was asked reaches them another way.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.aws import send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.now import now
from chalicelib.aws.ses import BadAddress, PostBusy
from chalicelib.aws.settings import settings
from chalicelib.aws.texts import text_messages
from chalicelib.directory import mail_choices, text_choices
from chalicelib.mail import letter_rows
from chalicelib.mail.choices import holding
from chalicelib.mail.mail_priority import lane
from chalicelib.mail.send_now import hold_back
from chalicelib.mail.texts import compose, whom
from chalicelib.mail.texts.ending import REFUSED, STOPPED, WELCOME
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import TEXT, SendLetter


def sent_instead(state: Case, entry: Entry, effect: SendLetter) -> bool:
    """Whether a letter to somebody without email leaves as a text message, so that nobody calls: the first
    time that something is asked. If no answer comes, its reminder is said on the phone."""
    beside = effect.as_text in entry.effects and not effect.reminder and settings().sends_texts
    return beside and state.contact.texted and compose.has_line(effect.letter)


def deliver(
    state: Case,
    entry: Entry,
    number: int,
    effect: SendLetter,
    facts: Callable[[], TemplateValues],
    *,
    waited: bool,
) -> str:
    """Send a text message, or let it wait; the status that its row has then. ``facts``: what it speaks of."""
    at, v = now(), entry.version
    one = whom.reader(state, effect.to)
    choice = text_choices.of(one.number) if one.number and settings().sends_texts else {}
    if choice.get("wants") is not True:
        whom.leave(state, one, at, STOPPED)
        if waited:
            letter_rows.note_skipped(state.reference, v, number)
        return letter_rows.SKIPPED
    row: Item = {"at": at, "letter": effect.letter, "to": effect.to, "channel": TEXT}
    about = row | ({"task": effect.task} if effect.task is not None else {})
    urgency = lane(effect, state.priority)
    place = letter_rows.queued(urgency, entry.at, TEXT)
    if (morning := holding.of_effect(state, entry, effect, _chosen(one), urgency, at)) is not None:
        return letter_rows.queue(state.reference, v, number, about, letter_rows.until(morning))
    if send_gate.waits(urgency, at, TEXT):
        return letter_rows.queue(state.reference, v, number, about, place)
    text = compose.compose(effect.letter, one.language, **facts())
    try:
        _greet(one, choice, at)
        tags = {"ref": state.reference, "v": str(v), "i": str(number)}
        row["message_id"] = text_messages.send(one.number, text, tags)
    except (PostBusy, AwsError) as error:
        hold_back(error, urgency, at, TEXT)
        return letter_rows.queue(state.reference, v, number, about, place)
    except BadAddress as error:
        letter_rows.note_sent(state.reference, v, number, row)
        letter_rows.move(state.reference, v, number, "rejected", at)
        _refused(state, one, error, at)
        return "rejected"
    noted = letter_rows.note_left if waited else letter_rows.note_sent
    noted(state.reference, v, number, row)
    return "sent"


def _chosen(one: whom.Reader) -> mail_choices.Choices:
    """When they want messages; what is usual for who has no email to choose by."""
    return (
        mail_choices.of(mail_choices.mark_of(one.email))
        if one.email
        else mail_choices.NOTHING_CHOSEN
    )


def _greet(one: whom.Reader, choice: Item, at: int) -> None:
    """A case has its own first text; a consultant's leaves before the first that asks something."""
    if one.consultant and not choice.get("greeted"):
        first = compose.compose(WELCOME, one.language, reference="", link=None)
        text_messages.send(one.number, first, {"kind": "first"})
        text_choices.greeted(one.number, at)


def _refused(state: Case, one: whom.Reader, error: BadAddress, at: int) -> None:
    """No text leaves to this number: who said STOP to a carrier said it to us."""
    count(Metric.LETTERS_REFUSED)
    stopped = isinstance(error, text_messages.OptedOut)
    if stopped:
        text_choices.stop(one.number, "refused", at)
    whom.leave(state, one, at, STOPPED if stopped else REFUSED)
