"""Send a letter that a command asks for, or let it wait.

It is sent once per effect key (reference, version, number): its row is written after the send, so
only a crash between the two can repeat it. A letter that cannot leave now waits as its own row, and
holds up nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chalicelib.aws import send_gate, ses
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import AwsError, is_transient
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.now import now, scaled
from chalicelib.aws.settings import settings
from chalicelib.directory import mail_choices
from chalicelib.domain.errors import TryAgain
from chalicelib.mail import letter_rows, status_link, task_list_link
from chalicelib.mail.addressees import Address, address, holder
from chalicelib.mail.bad_addresses import flag
from chalicelib.mail.bounce_counts import BOUNCED
from chalicelib.mail.calendar_file import calendar_files
from chalicelib.mail.choices import holding
from chalicelib.mail.choices import links as choices
from chalicelib.mail.letters import compose, may_be_left
from chalicelib.mail.mail_priority import lane
from chalicelib.mail.phone.gathering import gather, is_called
from chalicelib.mail.send_now import hold_back
from chalicelib.mail.texts import compose as compose_text
from chalicelib.mail.texts import send_text, whom
from chalicelib.web import links
from chalicelib.web.languages import N_, date_words, time_words
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import Case, Entry, Task
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import asked_by, open_rows
from chalicelib.workflow.storage import store

LINK_SECONDS = 14 * 86400
# Seconds after which stream and clock may both be at a letter: then one of them takes it first.
LATE = 45
# Seconds within which the stream comes to an entry for the first time.
FIRST = 2
# Seconds until a letter to an address that does not work is looked at again, should nobody tell.
LOOK_AGAIN = 6 * 3600


def _may_have_left(entry: Entry) -> bool:
    """True when somebody may have tried this entry a moment ago: then its letters' rows are read as
    they are, or one that just left would leave twice. Later, a letter is taken before it is sent."""
    return FIRST <= now() - entry.at < LATE


def still_needed(state: Case, entry: Entry, effect: SendLetter) -> bool:
    """False when the letter has lost its reason: its task is over, the referral ended since, or it
    would name a consultant who has it no more."""
    if names_another(state, effect) or (
        effect.channel and not compose_text.has_line(effect.letter)
    ):
        return False
    if effect.always:
        return True
    if effect.task is not None:
        return asked_by(state, effect.task) is not None
    return state.closed is None or entry_told(state, entry, effect).at >= state.closed


def names_another(state: Case, effect: SendLetter) -> bool:
    """Whether the letter introduces a consultant (``names``) who does not have this case anymore."""
    return effect.names not in (None, state.in_role("consultant"))


def send_letter(state: Case, entry: Entry, number: int, effect: SendLetter) -> None:
    """Send a letter that its entry asks for, unless it left or waits already."""
    if not still_needed(state, entry, effect):
        return
    row = letter_rows.find(state.reference, entry.version, number, consistent=_may_have_left(entry))
    if row is not None and row.get("status") != letter_rows.SENDING:
        return
    late = row is not None or now() - entry.at >= LATE
    if late and not letter_rows.claim(state.reference, entry.version, number, now()):
        raise TryAgain("this letter is being sent")
    try:
        deliver(state, entry, number, effect, waited=late)
    except Exception as error:
        if late and not is_transient(error):
            # It is the letter that is broken: whoever mends it need not wait for the claim to end.
            letter_rows.release(state.reference, entry.version, number)
        raise


def deliver(
    state: Case, entry: Entry, number: int, effect: SendLetter, *, waited: bool = False
) -> str:
    """Send a letter, or let it wait; the status that its row has then.

    ``waited``: it has a row already, and the caller holds it (``mails.claim``).
    """
    told = entry_told(state, entry, effect)
    if effect.channel:
        facts = partial(context, state, told, effect, whom.reader(state, effect.to).language)
        return send_text.deliver(state, entry, number, effect, facts, waited=waited)
    at, v = now(), entry.version
    to = address(state, effect.to, entry.payload)
    row: Item = {"at": at, "letter": effect.letter, "to": effect.to}
    about = row | ({"task": effect.task} if effect.task is not None else {})
    if is_called(state, effect.to):
        return _called(state, entry, number, effect, about, waited=waited)
    if not to.get("email") or to["bad"]:
        # It leaves when the address is mended; until then nobody tries.
        logger().warning("not sent: address", extra={"referral": state.reference, "v": v})
        place = letter_rows.parked(at, at + max(60, scaled(0, LOOK_AGAIN)))
        letter_rows.wait(state.reference, v, number, about, place)
        return letter_rows.PARKED
    urgency = lane(effect, state.priority, first=v == 1)
    place = letter_rows.queued(urgency, entry.at)
    try:
        reader = mail_choices.mark_of(to["email"])
    except AwsError as error:  # the key under which choices are found
        hold_back(error, urgency, at)
        return letter_rows.queue(state.reference, v, number, about, place)
    chosen, bounced = mail_choices.before_a_letter(reader)
    if may_be_left(effect.letter) in chosen.left:
        letter_rows.note_skipped(state.reference, v, number, row)
        return letter_rows.SKIPPED
    to["language"] = chosen.language or to["language"]
    until = holding.of_effect(state, entry, effect, chosen, urgency, at)
    if until is not None:
        held = letter_rows.held(reader, urgency, entry.at, until)
        letter_rows.wait(state.reference, v, number, about, held)
        return letter_rows.HELD
    if send_gate.waits(urgency, at):
        return letter_rows.queue(state.reference, v, number, about, place)
    try:
        row["message_id"] = _send(state, told, v, number, effect, to, bounced)
    except (ses.PostBusy, AwsError) as error:
        hold_back(error, urgency, at)
        return letter_rows.queue(state.reference, v, number, about, place)
    except ses.BadAddress:
        return _rejected(state.reference, v, number, row, str(to["email"]), at)
    noted = letter_rows.note_left if waited else letter_rows.note_sent
    noted(state.reference, v, number, row)
    return "sent"


def _called(
    state: Case, entry: Entry, number: int, effect: SendLetter, about: Item, *, waited: bool
) -> str:
    """What is said on the phone waits for the next call, unless a text says it."""
    if not send_text.sent_instead(state, entry, effect):
        return gather(state.reference, entry.version, number, about)
    if waited:
        letter_rows.note_skipped(state.reference, entry.version, number)
    return letter_rows.SKIPPED


def _rejected(reference: str, v: int, number: int, row: Item, email: str, at: int) -> str:
    """No letter can ever leave to this address: somebody is asked for another."""
    count(Metric.LETTERS_REFUSED)
    flag(reference, str(row["to"]), email, at, "refused")
    letter_rows.note_sent(reference, v, number, row)
    letter_rows.move(reference, v, number, "rejected", at)
    return "rejected"


def _send(
    state: Case,
    told: Entry,
    v: int,
    number: int,
    effect: SendLetter,
    to: Address,
    bounced: bool,
) -> str:
    lang, email = to["language"], to["email"]
    own = state.reference if effect.to == applicant_of(state) else ""
    foot = choices.address(email, lang, own)
    letter = compose(effect.letter, lang, foot=foot, **context(state, told, effect, lang))
    tags = {"ref": state.reference, "v": str(v), "i": str(number)}
    tags |= {BOUNCED: "1"} if bounced else {}
    files = attachments(state, told, effect, to)
    whole = (letter.subject, letter.text, letter.html, tags, files, letter.sender, letter.headers)
    return ses.send(email, *whole)


def attachments(
    state: Case, told: Entry, effect: SendLetter, to: Address
) -> Sequence[ses.Attachment]:
    """The calendar files of a letter that brings meetings."""
    when, email = effect.appointment, str(to["email"])
    if when is None:
        own = type_of(state).files
        brings = registry.load(own)(state, told, effect, email, to["language"]) if own else ()
        return list(brings)
    meeting = registry.load(type_of(state).meeting)(state, effect.to, when, to["language"])
    return calendar_files(state.reference, when, meeting, email, now())


def entry_told(state: Case, entry: Entry, effect: SendLetter) -> Entry:
    """The entry that a letter speaks of: another one, when it is sent again."""
    v = entry.version if effect.of is None else effect.of
    return entry if v == entry.version else store.entry_of(state, v) or entry


def context(state: Case, entry: Entry, effect: SendLetter, lang: str) -> TemplateValues:
    """What every letter may speak of: reference, link, due date, the state and the entry's data."""
    waits = partial(_asked, state, effect.to)
    if effect.task is not None:
        state = asked_by(state, effect.task) or state
    task = state.task if effect.task is not None else None
    link = _link(state, task, effect) if task is not None else None
    role, _, who = effect.to.partition(":")
    return {
        "for_staff": role == "staff",
        "mine": task_list_link.address(who) if role == "consultant" else "",
        "reference": state.reference,
        "link": link,
        "due": date_words(task.due, lang) if task else None,
        "due_time": time_words(task.due, lang) if task else None,
        "status_link": status_link.address(state.reference, entry.at),
        "state": state,
        "data": entry.payload,
        "reminder": effect.reminder,
        "again": effect.again,
        "asked": waits,
        "recorded": _recorded(entry),
        "when": effect.appointment,
        "console_link": f"{settings().base_url}/console/referrals/{state.reference}",
        **type_of(state).letter_facts(state, entry, lang),
        "overdue": lambda: _overdue(str(entry.payload.get("kind"))),
    }


def _asked(state: Case, to: str) -> bool:
    """Whether a case asks its reader something at this moment: a letter that leaves late, or is said with others,
    would tell them that there is nothing to do."""
    main = [state.task] if state.task is not None and state.pause is None else []
    # To call the applicant, or to find an address of theirs, is asked of staff.
    of_staff = (state.contact.call, state.contact.fix)
    beside = [n for n in state.side_tasks if n not in of_staff]
    rows = open_rows(state.model_copy(update={"side_tasks": beside}))
    return any(holder(state, one) == to for one in (*main, *rows))


def _link(state: Case, task: Task, effect: SendLetter) -> str:
    """The link of a task in a letter that leaves now. What is answered again and again, for weeks, is
    opened until its end by the letter that asked for it."""
    expires = now() + max(60, scaled(0, LINK_SECONDS))
    if kind_of(task.kind).policy.many:
        expires = max(expires, task.expires)
    # A hold stops the task's clock.
    ends = state.pause is None or task.number in state.side_tasks
    if ends and not effect.leads_on:
        expires = min(task.expires, expires)
    mint = links.mint_short if effect.channel else links.mint
    text = mint(state.reference, task.number, task.link_number, expires)
    return f"{settings().base_url}/t/{text}"


def _overdue(kind: str) -> str:
    """What should have been done, as a msgid; a kind of a newer release is told in general."""
    try:
        return kind_of(kind).words.overdue
    except KeyError:
        return N_("Somebody should answer a question about it.")


def _recorded(entry: Entry) -> dict[str, str]:
    """What was asked and what was answered, as msgids in neutral words, for whom it was recorded."""
    if not entry.payload.get("for") or "kind" not in entry.payload:
        return {"title": "", "said": ""}
    kind = kind_of(entry.payload["kind"])
    return {
        "title": kind.words.title,
        "said": kind.words.said.get(str(entry.payload.get("verdict")), ""),
    }
