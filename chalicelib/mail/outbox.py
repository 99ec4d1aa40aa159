"""Let the effects of a command leave the house: mail, start of a run, answer to a run.

The stream calls this at once and the clock makes it certain (rule 3). Starts and answers are
idempotent by nature. A mail is sent once per effect key (reference, v, number): its row is written
after the send, so only a crash between the two can repeat it (I5). A mail that cannot leave now
waits as its own row, and holds up nothing else (I16).
"""

from __future__ import annotations

from typing import Any

from chalicelib.aws import send_gate, ses, stepfunctions
from chalicelib.aws.errors import is_transient
from chalicelib.aws.log import logger
from chalicelib.aws.now import now, scaled
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain import service_standards
from chalicelib.domain.alternatives import ALTERNATIVES
from chalicelib.domain.errors import TryAgain
from chalicelib.mail import letter_rows, task_list_link
from chalicelib.mail.addressees import address
from chalicelib.mail.bad_addresses import flag
from chalicelib.mail.calendar_file import calendar_file
from chalicelib.mail.letters import compose
from chalicelib.mail.mail_priority import lane
from chalicelib.web import links
from chalicelib.web.languages import date_words, time_words
from chalicelib.workflow import store, task_tokens
from chalicelib.workflow.cases import Entry, Referral, Sessions
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.tasks import kind_of, meanwhile

Item = dict[str, Any]
LINK_SECONDS = 14 * 86400
# Seconds after which stream and clock may both be at a letter: then one of them takes it first.
LATE = 45
# Seconds within which the stream comes to an entry for the first time.
FIRST = 2
# Seconds until a letter to an address that does not work is looked at again, should nobody tell.
LOOK_AGAIN = 6 * 3600


class NotLeft(Exception):
    """Some effects of an entry could not leave; ``failures``: (number, effect, error) of each."""

    def __init__(self, failures: list[tuple[int, Item, Exception]]) -> None:
        super().__init__(", ".join(f"{n}: {type(e).__name__}" for n, _, e in failures))
        self.failures = failures

    @property
    def broken(self) -> bool:
        """True when trying again soon cannot help: it is not AWS that is away."""
        return not any(is_transient(error) for _, _, error in self.failures)

    @property
    def kinds(self) -> list[str]:
        """What could not leave: ``mail``, ``start``, ``answer``, ``stop``."""
        found = [effect.get("do") for _, effect, _ in self.failures]
        of = [
            d for _, e, _ in self.failures if e.get("do") == "redrive" for d in e.get("kinds", [])
        ]
        return list(dict.fromkeys(str(do) for do in [*found, *of] if do != "redrive"))

    @property
    def why(self) -> str:
        """The names of the errors, without their words: those may be personal."""
        return ", ".join(dict.fromkeys(type(error).__name__ for _, _, error in self.failures))


def leave(reference: str, entry: Entry, known: Referral | None = None) -> None:
    """Perform every effect of an entry, in order. Raises NotLeft when some failed.

    One that is broken does not hold up the others (F5); while AWS is away the rest is not tried.
    ``known`` is a state of this very moment, if the caller has one. A mail must not be judged by a
    state that is older than its entry, so such a one is read again.
    """
    if not entry.effects:
        return
    failures: list[tuple[int, Item, Exception]] = []
    state = known
    for number, effect in enumerate(entry.effects):
        try:
            state = _fresh_enough(reference, entry, state)
            _perform(state, entry, number, effect)
        except Exception as error:
            failures.append((number, effect, error))
            if is_transient(error):
                break
    if failures:
        raise NotLeft(failures) from failures[0][2]


def _again(entry: Entry) -> bool:
    """True when somebody may have tried this entry a moment ago: then its letters' rows are read as
    they are, or one that just left would leave twice (I5)."""
    return now() - entry.at >= FIRST


def _fresh_enough(reference: str, entry: Entry, state: Referral | None) -> Referral:
    if state is None:
        state = store.load(reference)
    return state if state.version >= entry.version else store.load(reference, consistent=True)


def _perform(state: Referral, entry: Entry, number: int, effect: Item) -> None:
    match effect["do"]:
        case "mail":
            _post(state, entry, number, effect)
        case "start":
            # An old entry replayed later must not wake a run that a newer one replaced (F3).
            if int(effect["generation"]) == state.generation:
                stepfunctions.start(
                    effect["machine"], state.reference, int(effect["generation"]), effect["stage"]
                )
        case "answer":
            token = task_tokens.find(state.reference, str(effect["token"]))
            heard = bool(token) and stepfunctions.answer(token, effect["verdict"])
            if not heard:
                logger().info(
                    "nobody waits", extra={"referral": state.reference, "v": entry.version}
                )
        case "stop":
            stepfunctions.stop(effect["machine"], effect["name"], "a newer run took over")
        case "redrive":
            _redrive(state, int(effect["v"]), [int(n) for n in effect["numbers"]])
        case other:
            raise ValueError(f"unknown effect {other}")


def _redrive(state: Referral, v: int, numbers: list[int]) -> None:
    """Try parked effects of an earlier entry again, under their own keys: what left stays left."""
    entry = next(e for e in store.log(state, consistent=True) if e.version == v)
    errors: list[Exception] = []
    for number in numbers:
        try:
            _perform(state, entry, number, entry.effects[number])
        except Exception as error:
            errors.append(error)
    if errors:
        raise next((e for e in errors if is_transient(e)), errors[0])


def asked_by(state: Referral, n: int) -> Referral | None:
    """The referral as open task ``n`` sees it, the lifecycle's own or one beside; None when over."""
    if state.task is not None and state.task.number == n:
        return state
    if n not in state.side_tasks:
        return None
    return find(state, n)


def wanted(state: Referral, entry: Entry, effect: Item) -> bool:
    """False when the letter has lost its reason: its task is over, the referral ended since, or it
    would name a consultant who has it no more (I5)."""
    if names_another(state, effect):
        return False
    if "task" in effect and not effect.get("always"):
        return asked_by(state, effect["task"]) is not None
    if effect.get("always"):
        return True
    return state.closed is None or entry_told(state, entry, effect).at >= state.closed


def names_another(state: Referral, effect: Item) -> bool:
    """Whether the letter introduces a consultant (``names``) who is not this referral's any more."""
    return bool(effect.get("names", state.consultant) != state.consultant)


def _post(state: Referral, entry: Entry, number: int, effect: Item) -> None:
    """Send a letter that its entry asks for, unless it left or waits already."""
    if not wanted(state, entry, effect):
        return
    row = letter_rows.find(state.reference, entry.version, number, consistent=_again(entry))
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
    state: Referral, entry: Entry, number: int, effect: Item, *, waited: bool = False
) -> str:
    """Send a letter, or let it wait; the status that its row has then.

    ``waited``: it has a row already, and the caller holds it (``mails.claim``).
    """
    at, v = now(), entry.version
    to = address(state, effect["to"], entry.payload)
    row: Item = {"at": at, "letter": effect["letter"], "to": effect["to"]}
    about = row | ({"task": effect["task"]} if "task" in effect else {})
    if not to.get("email") or to["bad"]:
        # It leaves when the address is mended (L3); until then nobody tries.
        logger().warning("not sent: address", extra={"referral": state.reference, "v": v})
        place = letter_rows.parked(at, at + max(60, scaled(0, LOOK_AGAIN)))
        letter_rows.wait(state.reference, v, number, about, place)
        return letter_rows.PARKED
    told = entry_told(state, entry, effect)
    urgency = lane(effect, state.priority)
    if send_gate.waits(urgency, at):
        letter_rows.wait(state.reference, v, number, about, letter_rows.queued(urgency, entry.at))
        return letter_rows.QUEUED
    try:
        row["message_id"] = _send(state, told, v, number, effect, to)
    except ses.PostBusy as refused:
        _shut(refused, urgency, at)
        letter_rows.wait(state.reference, v, number, about, letter_rows.queued(urgency, entry.at))
        return letter_rows.QUEUED
    except ses.BadAddress:
        flag(state.reference, effect["to"], str(to["email"]), at, "refused")
        letter_rows.note_sent(state.reference, v, number, row)
        letter_rows.move(state.reference, v, number, "rejected", at)
        return "rejected"
    if waited:
        letter_rows.note_left(state.reference, v, number, row)
    else:
        letter_rows.note_sent(state.reference, v, number, row)
    return "sent"


def _send(state: Referral, told: Entry, v: int, number: int, effect: Item, to: Item) -> str:
    lang = str(to.get("language", "en"))
    letter = compose(effect["letter"], lang, **context(state, told, effect, lang))
    tags = {"ref": state.reference, "v": str(v), "i": str(number)}
    when = appointment(state, effect)
    file = calendar_file(state.reference, when, lang) if when else None
    return ses.send(str(to["email"]), letter.subject, letter.text, letter.html, tags, file)


def _shut(refused: ses.PostBusy, urgency: int, at: int) -> None:
    """Let less urgent letters wait. A post that is closed for long is said aloud, once."""
    closed = isinstance(refused, ses.PostClosed)
    news = send_gate.shut(urgency, at + refused.seconds, refused.why, closed, at)
    if news:
        # infra/template/alarms.yaml watches for these very words.
        logger().error("post closed", extra={"why": refused.why, "until": at + refused.seconds})


def entry_told(state: Referral, entry: Entry, effect: Item) -> Entry:
    """The entry that a letter speaks of: another one, when it is sent again (L5)."""
    v = int(effect.get("of", entry.version))
    return entry if v == entry.version else store.entry_of(state, v) or entry


def appointment(state: Referral, effect: Item) -> Item | None:
    """The session that a letter speaks of, with length and mode as the sessions have them."""
    if "appointment" not in effect:
        return None
    sessions = state.sessions or Sessions()
    known = {"minutes": sessions.minutes, "mode": sessions.mode, "sequence": 0}
    return known | dict(effect["appointment"])


def context(state: Referral, entry: Entry, effect: Item, lang: str) -> Item:
    """What every letter may speak of: reference, link, due date, the state and the entry's data."""
    if "task" in effect:
        state = asked_by(state, effect["task"]) or state
    task = state.task if "task" in effect else None
    link = None
    if task is not None:
        expires = now() + max(60, scaled(0, LINK_SECONDS))
        if state.pause is None or task.number in state.side_tasks:  # a hold stops the task's clock
            expires = min(task.expires, expires)
        text = links.mint(state.reference, task.number, task.link_number, expires)
        link = f"{settings().base_url}/t/{text}"
    consultant = people.consultant(state.consultant) if state.consultant else {}
    role, _, who = str(effect.get("to", "")).partition(":")
    return {
        "mine": task_list_link.address(who) if role == "consultant" else "",
        "reference": state.reference,
        "link": link,
        "due": date_words(task.due, lang) if task else None,
        "due_time": time_words(task.due, lang) if task else None,
        "status_link": f"{settings().base_url}/status?reference={state.reference}",
        "state": state,
        "data": entry.payload,
        "reminder": bool(effect.get("reminder")),
        "again": bool(effect.get("again")),
        "recorded": _recorded(entry),
        "consultant": consultant,
        "when": appointment(state, effect),
        "console_link": f"{settings().base_url}/console/referrals/{state.reference}",
        "meanwhile": lambda: meanwhile(state),
        "alternatives": [
            ALTERNATIVES[key]
            for key in entry.payload.get("alternatives", [])
            if key in ALTERNATIVES
        ],
        "by_when": lambda clock: date_words(
            scaled(entry.at, service_standards.due(clock, state.priority, entry.at)), lang
        ),
    }


def _recorded(entry: Entry) -> dict[str, str]:
    """What was asked and what was answered, as msgids in neutral words, for whom it was recorded."""
    if not entry.payload.get("for"):
        return {"title": "", "said": ""}
    kind = kind_of(str(entry.payload.get("kind")))
    return {"title": kind.title, "said": kind.said.get(str(entry.payload.get("verdict")), "")}
