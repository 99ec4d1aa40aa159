"""Letters that waited leave: for an address that works again, or for a post that takes them.

Each waiting letter is its own row (``mail/letter_rows.py``). It leaves by the key of its effect, so it
leaves once; one that nobody wants any more is skipped, and of reminders that piled up only one
goes out.
"""

from __future__ import annotations

import time

from chalicelib.aws import send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.settings import settings
from chalicelib.domain.errors import NotFound
from chalicelib.mail import letter_rows
from chalicelib.mail.choices import digest
from chalicelib.mail.send_letter import deliver, still_needed
from chalicelib.mail.send_now import count_closed
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import TEXT, SendLetter
from chalicelib.workflow.storage import indexes, keys, store
from chalicelib.workflow.sweep import ask_to_mend

# How many letters are read at once, and how long a minute's sending may take, in seconds.
BATCH, SECONDS = 150, 42
# Seconds for which less urgent letters queue behind those that are left over.
BEHIND = 70


def look(pk: str, sk: str, at: int) -> None:
    """The turn of a letter that waits for its address, or for its reader's morning: it leaves if it may
    now, or waits on. In the morning all that waited for the reader leave, in their order."""
    reference = keys.reference_of(pk)
    v, number = letter_rows.numbers(sk)
    row = letter_rows.find(reference, v, number, consistent=True)
    if row is not None and row.get("status") == letter_rows.HELD:
        _morning(letter_rows.held_with(row, at), at)
    elif row is not None and row.get("status") in (*letter_rows.WAITING, letter_rows.SENDING):
        send(row | {"reference": reference, "v": v, "number": number}, at)
    elif row is not None:
        indexes.sleep(pk, sk)


def drain(at: int, known: Item | None = None, channel: str = "") -> int:
    """Send what the post did not take of a channel, by lane and age, until the time is over; how many left
    or were skipped.

    Stops at the first letter that it does not take again.
    """
    state = send_gate.read(channel) if known is None else known
    if not state.get("since") or int(state.get("until", 0)) > at:
        return 0
    send_gate.forget()
    until, done, more = time.monotonic() + SECONDS, 0, True
    post = letter_rows.post_of(channel)
    while more and time.monotonic() <= until:
        batch = letter_rows.listed(post, BATCH)
        left, taken = _sent(batch, at, until)
        done += left
        if not taken:
            return done  # the post itself has said until when
        more = left > 0
    rest = letter_rows.listed(post, 1)
    if rest:
        send_gate.hold(int(rest[0]["gsi1sk"].partition("#")[0]), at + BEHIND, at, channel)
    else:
        send_gate.reopened(channel)
    return done


def _sent(batch: list[letter_rows.LetterRow], at: int, until: float) -> tuple[int, bool]:
    """How many of a batch left or were skipped, and whether the post still takes letters."""
    done = 0
    for row in batch:
        if time.monotonic() > until:
            break
        try:
            if send(row, at) == letter_rows.QUEUED:
                return done, False
        except Exception:
            # One that fails must not hold up the rest; it is the first again in a minute.
            logger().exception("a waiting letter", extra={"referral": row["reference"]})
            continue
        done += 1
    return done, True


def send(row: letter_rows.LetterRow, at: int) -> str:
    """Send one letter that waited; the status that its row has then."""
    found = _taken(row, at)
    return found if isinstance(found, str) else deliver(*found, waited=True)


def _taken(row: letter_rows.LetterRow, at: int) -> digest.Waiting | str:
    """Take a letter that waited, to send it; the status that its row has, where nobody is to send it."""
    reference, v, number = row["reference"], row["v"], row["number"]
    try:
        state = store.load(reference, consistent=True)
    except NotFound:
        return letter_rows.SKIPPED
    entry = store.entry_of(state, v)
    effect = store.effect(state, v, number)
    if not letter_rows.claim(reference, v, number, at):
        return letter_rows.SENDING
    if (
        entry is None
        or not isinstance(effect, SendLetter)
        or not _makes_sense(state, entry, effect)
    ):
        letter_rows.note_skipped(reference, v, number)
        return letter_rows.SKIPPED
    return digest.Waiting(state, entry, number, effect)


def _morning(rows: list[letter_rows.LetterRow], at: int) -> None:
    """Send what waited for one reader, in order; of what asks for the same task, only the newest."""
    found = [one for row in rows if not isinstance(one := _taken(row, at), str)]
    newest: dict[tuple[str, int], digest.Waiting] = {}
    for one in sorted(found, key=lambda one: one.entry.version):
        if one.effect.task is not None:
            newest[one.state.reference, one.effect.task] = one
    for one in found:
        if one.effect.task and newest[one.state.reference, one.effect.task] is not one:
            letter_rows.note_skipped(one.state.reference, one.entry.version, one.number)
            found = [other for other in found if other is not one]
    try:
        if digest.sent_together(found, at):
            return
    except Exception:
        # One that is broken holds up no other: each leaves by itself.
        logger().exception("a digest")
    for one in found:
        try:
            deliver(*one, waited=True)
        except Exception:
            logger().exception("a held letter", extra={"referral": one.state.reference})


def _makes_sense(state: Case, entry: Entry, effect: SendLetter) -> bool:
    """False when nobody wants it anymore, or its task was written to the same person since."""
    if not still_needed(state, entry, effect):
        return False
    if effect.task is None:
        return True
    mine = [r for r in letter_rows.of(state.reference) if r.get("to") == effect.to]
    return not any(
        row.get("letter") == effect.letter
        and row.get("channel", "") == effect.channel
        and row["v"] != entry.version
        and row.get("status")
        not in (*letter_rows.WAITING, letter_rows.SENDING, letter_rows.SKIPPED)
        and int(row.get("at", 0)) >= entry.at
        for row in mine
    )


def each_minute(at: int) -> None:
    """The clock's look at the queues."""
    for channel in ("", TEXT) if settings().sends_texts else ("",):
        state = send_gate.read(channel)
        if not drain(at, state, channel) and state.get("closed_since"):
            # Still: its alarm goes on ringing.
            count_closed(channel)
            _ask_to_mend(at, channel)


def _ask_to_mend(at: int, channel: str) -> None:
    """The post is closed for long, and letters wait: one person is asked, in the case that waits first."""
    for row in letter_rows.listed(letter_rows.post_of(channel), 1):
        ask_to_mend(row["reference"], at)
