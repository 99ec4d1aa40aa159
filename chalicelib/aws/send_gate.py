"""Whether the post takes letters now: one small row, read only after a refusal. Text messages have a row
of their own (``channel``): neither stops the other.

``until`` and ``lane``: letters of this lane and of every later one wait until then. The letters' row
keeps what the mail doctor last found, what AWS refuses (``aws/refusals.py``), and whether somebody was
asked to mend it. Nothing of it is read or written while all is well.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, field, update

ROW = Key("POST", "STATE")


def row_of(channel: str) -> Key:
    """The row of a channel: "" is letters."""
    return Key("POST", f"STATE#{channel}") if channel else ROW


# Since when somebody is asked to mend what holds letters or runs up.
ASKED = "asked"
# Before the name of an operation that AWS refuses; and those without which no letter leaves.
REFUSED = "refused_"
LETTERS = ("SendEmail", "GetSecretValue")
# Seconds for which a process trusts what it knows of a closed post, or of a healthy one.
REREAD = 60
# Seconds for which the doctor's verdict counts; he comes every hour.
GOOD_FOR = 3 * 3600


@dataclass
class _Known:
    until: int = 0
    lane: int = 0
    read_at: int = 0


_known: dict[str, _Known] = {}


def read(channel: str = "") -> Item:
    """The row as it stands; empty when nothing was ever wrong."""
    return dynamodb.get(row_of(channel)) or {}


def waits(lane: int, now: int, channel: str = "") -> bool:
    """Whether a letter of this lane must not be tried now, as far as this process knows."""
    known = _known.get(channel, _Known())
    if known.until <= now:
        return False
    if now - known.read_at >= REREAD:
        known = _learn(read(channel), now, channel)
    return known.until > now and lane >= known.lane


def shut(lane: int, until: int, why: str, closed: bool, now: int, channel: str = "") -> bool:
    """Remember that letters from ``lane`` on wait until ``until``. True when that is news.

    ``closed``: for long (a quota, a paused account), so a person has to know.
    """
    row = read(channel)
    begins = not row.get("since")
    still = int(row.get("until", 0)) > now
    first = min(lane, int(row.get("lane", lane))) if still else lane
    later = max(until, int(row.get("until", 0))) if still else until
    news = closed and not row.get("closed_since")
    sets = {"until": later, "lane": first, "why": why}
    sets |= {"since": now} if begins else {}
    sets |= {"closed_since": now} if news else {}
    dynamodb.write(update(row_of(channel)).set(sets))
    _learn(row | sets, now, channel)
    return news


def hold(lane: int, until: int, now: int, channel: str = "") -> None:
    """What waits is not gone yet: letters of the same lanes queue behind it until ``until``."""
    sets = {"until": until, "lane": lane}
    dynamodb.write(update(row_of(channel)).set(sets))
    _learn(sets, now, channel)


def reopened(channel: str = "") -> None:
    """Everything left: the row forgets that the post was shut."""
    mended = [] if channel else [REFUSED + operation for operation in LETTERS]
    shut = ("until", "lane", "why", "since", "closed_since")
    dynamodb.write(update(row_of(channel)).remove(*shut, ASKED, *mended))
    forget()


def keep(name: str, value: object) -> None:
    """Give a field of the row a value."""
    dynamodb.write(update(ROW).set({name: value}))
    forget()


def drop(*names: str) -> None:
    """Take fields of the row away."""
    dynamodb.write(update(ROW).remove(*names))
    forget()


def diagnosed(verdict: str, findings: list[Item], at: int, shut: bool | None = None) -> None:
    """Keep what the doctor found; an older look never replaces a newer one. ``shut``: whether nobody
    would hear from us, if that is not what the verdict says."""
    closes = verdict == "red" if shut is None else shut
    found = update(ROW).set(doctor=verdict, findings=findings, doctor_at=at, shut=closes)
    dynamodb.write(found.only_if(field("doctor_at").absent() | field("doctor_at").at_most(at)))


def begin_test(number: str, status: str, at: int) -> None:
    """A test letter is wanted; ``number`` is in its tags."""
    dynamodb.write(update(ROW).set(test=number, test_status=status, test_at=at))


def move_test(number: str, status: str, at: int, after: str = "") -> bool:
    """What became of the test letter ``number``; an older one changes nothing (False), nor one that is
    not where ``after`` says."""
    newest = field("test").equals(number)
    stands = newest & field("test_status").equals(after) if after else newest
    return dynamodb.write(update(ROW).set(test_status=status, test_at=at).only_if(stands))


@dataclass
class _Health:
    row: Item
    read_at: int = 0


_health = _Health({})


def health(now: int) -> Item:
    """The row as this process saw it a minute ago at most: for pages that only ask how it is."""
    if now - _health.read_at >= REREAD or now < _health.read_at:
        _health.row, _health.read_at = read(), now
    return _health.row


def closed(row: Item, now: int) -> bool:
    """Whether nobody would hear from us: the post is closed, or the doctor says so. An old verdict says
    nothing."""
    fresh = now - int(row.get("doctor_at", 0)) < GOOD_FOR
    return bool(row.get("closed_since") or (fresh and row.get("shut")))


def takes_requests(now: int) -> bool:
    """False while nobody would hear from us."""
    return not closed(health(now), now)


def forget() -> None:
    """Know nothing, as a fresh process."""
    _known.clear()
    _health.row, _health.read_at = {}, 0


def _learn(row: Item, now: int, channel: str) -> _Known:
    known = _Known(int(row.get("until", 0)), int(row.get("lane", 0)), now)
    _known[channel] = known
    return known
