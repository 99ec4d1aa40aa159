"""Let the effects of a command leave the house: mail, start of a run, answer to a run.

The stream calls this at once and the clock makes it certain (rule 3). Starts and answers are
idempotent by nature. A mail is sent once per effect key (reference, v, number): its row is written
after the send, so only a crash between the two can repeat it (I5).
"""

from __future__ import annotations

from typing import Any

from chalicelib.aws import links, mail, mails, people, runs, store
from chalicelib.aws.settings import settings
from chalicelib.kit.appointments import calendar_file
from chalicelib.kit.beside import find
from chalicelib.kit.letters import compose
from chalicelib.kit.log import logger
from chalicelib.kit.now import now, scaled
from chalicelib.kit.words import date_words, time_words
from chalicelib.referral import clocks
from chalicelib.referral.alternatives import ALTERNATIVES
from chalicelib.referral.model import Entry, Referral, Sessions

Item = dict[str, Any]
LINK_SECONDS = 14 * 86400


def leave(reference: str, entry: Entry, known: Referral | None = None) -> None:
    """Perform every effect of an entry, in order. Raises what AWS raised: the caller tries again.

    ``known`` is a state of this very moment, if the caller has one. A mail must not be judged by a
    state that is older than its entry, so such a one is read again.
    """
    if not entry.effects:
        return
    state = known if known is not None else store.load(reference)
    if state.v < entry.v:
        state = store.load(reference, consistent=True)
    for number, effect in enumerate(entry.effects):
        match effect["do"]:
            case "mail":
                _post(state, entry, number, effect)
            case "start":
                # An old entry replayed later must not wake a run that a newer one replaced (F3).
                if int(effect["generation"]) == state.generation:
                    runs.start(
                        effect["machine"], reference, int(effect["generation"]), effect["stage"]
                    )
            case "answer":
                heard = runs.answer(effect["token"], effect["verdict"])
                if not heard:
                    logger().info("nobody waits", extra={"referral": reference, "v": entry.v})
            case "stop":
                runs.stop(effect["machine"], effect["name"], "a newer run took over")
            case other:
                raise ValueError(f"unknown effect {other}")


def asked_by(state: Referral, n: int) -> Referral | None:
    """The referral as open task ``n`` sees it, the lifecycle's own or one beside; None when over."""
    if state.task is not None and state.task.n == n:
        return state
    if n not in state.beside:
        return None
    return find(state, n)


def wanted(state: Referral, entry: Entry, effect: Item) -> bool:
    """False when the letter has lost its reason: its task is over, or the referral ended since (I5)."""
    if "task" in effect and not effect.get("always"):
        return asked_by(state, effect["task"]) is not None
    ended = state.closed is not None and entry.at < state.closed
    return bool(effect.get("always")) or not ended


def _post(state: Referral, entry: Entry, number: int, effect: Item) -> None:
    if not wanted(state, entry, effect) or mails.left(state.reference, entry.v, number):
        return
    to = address(state, effect["to"])
    if not to.get("email"):
        logger().error("no address", extra={"referral": state.reference, "to": effect["to"]})
        return
    lang = str(to.get("language", "en"))
    letter = compose(effect["letter"], lang, **context(state, entry, effect, lang))
    tags = {"ref": state.reference, "v": str(entry.v), "i": str(number)}
    when = appointment(state, effect)
    file = calendar_file(state.reference, when, lang) if when else None
    message_id = mail.send(str(to["email"]), letter.subject, letter.text, letter.html, tags, file)
    row = {"at": now(), "letter": effect["letter"], "to": effect["to"], "message_id": message_id}
    mails.note_sent(state.reference, entry.v, number, row)


def appointment(state: Referral, effect: Item) -> Item | None:
    """The session that a letter speaks of, with length and mode as the sessions have them."""
    if "appointment" not in effect:
        return None
    sessions = state.sessions or Sessions()
    known = {"minutes": sessions.minutes, "mode": sessions.mode, "sequence": 0}
    return known | dict(effect["appointment"])


def address(state: Referral, to: str) -> Item:
    """Name, email and letters' language behind ``provider``, ``consultant:id`` or ``staff:id``."""
    role, _, who = to.partition(":")
    if role == "provider":
        contact = state.contact
        return {"name": contact.name, "email": contact.email, "language": state.language}
    row = people.consultant(who) if role == "consultant" else people.staff_member(who)
    return {
        "name": row.get("name", ""),
        "email": row.get("email", ""),
        "language": row.get("letters_language", "en"),
    }


def context(state: Referral, entry: Entry, effect: Item, lang: str) -> Item:
    """What every letter may speak of: reference, link, due date, the state and the entry's data."""
    if "task" in effect:
        state = asked_by(state, effect["task"]) or state
    task = state.task if "task" in effect else None
    link = None
    if task is not None:
        expires = min(task.expires, now() + max(60, scaled(0, LINK_SECONDS)))
        text = links.mint(state.reference, task.n, task.link, expires)
        link = f"{settings().base_url}/t/{text}"
    consultant = people.consultant(state.consultant) if state.consultant else {}
    return {
        "reference": state.reference,
        "link": link,
        "due": date_words(task.due, lang) if task else None,
        "due_time": time_words(task.due, lang) if task else None,
        "status_link": f"{settings().base_url}/status?reference={state.reference}",
        "state": state,
        "data": entry.data,
        "reminder": bool(effect.get("reminder")),
        "consultant": consultant,
        "when": appointment(state, effect),
        "console_link": f"{settings().base_url}/console/referrals/{state.reference}",
        "alternatives": [
            ALTERNATIVES[key] for key in entry.data.get("alternatives", []) if key in ALTERNATIVES
        ],
        "by_when": lambda clock: date_words(
            scaled(entry.at, clocks.due(clock, state.priority, entry.at)), lang
        ),
    }
