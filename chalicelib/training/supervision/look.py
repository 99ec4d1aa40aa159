"""How somebody stands is worked out when something is logged of them, and of everybody once a day: then letters
leave as well."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Key, delete, put, update
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.training.supervision import rows, rule, telling
from chalicelib.training.supervision.rule import Standing, Threshold

DAY: Final = 86_400
AGAIN: Final = 900
# Seconds of one look; who is left is looked at in the next.
SECONDS: Final = 30.0


def each_minute(at: int) -> None:
    """Look whether the day is over, or somebody's morning has come. What fails is tried again."""
    row = dynamodb.get(rows.NOW)
    if row is None or at >= int(row["again"]):
        look(at)


def soon(at: int) -> None:
    """Let the next minute look at everybody: what is asked for has changed."""
    dynamodb.write(update(rows.NOW).set(again=at))


def look(at: int) -> None:
    """Work out how everybody stands, and send what is due."""
    entered, until, left = rows.thresholds(), time.monotonic() + SECONDS, False
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    lapsed: dict[str, list[str]] = defaultdict(list)
    known = rows.standings()
    for row in people.consultants():
        if not row.get("active"):
            _forget(str(row["id"]), known)
            continue
        try:
            one = keep(row, entered, at, known)
            for key in _looked_after_by(row, []):
                groups[key][one.state if one else rule.NOTHING] += 1
            theirs = lapsed[lead] if (lead := str(row.get("supervisor") or "")) else []
            theirs += [str(row["id"])] if one and one.state == rule.LAPSED else []
            left |= time.monotonic() > until or not telling.tell(row, one, at)
        except Exception:
            # One person whose rows cannot be read holds up no other.
            logger().exception("supervision", extra={"consultant": row["id"]})
            left = True
    for lead, whose in lapsed.items():
        left |= not telling.tell_supervisor(lead, whose, at)
    again = at + AGAIN if left else scaled(at, at + DAY)
    told = {key: dict(counts) for key, counts in groups.items()}
    dynamodb.write(put(rows.NOW, {"at": at, "again": again, "groups": told}))


def standing_of(row: Person, met: Sequence[rows.Meeting], entered: Sequence[Threshold], at: int,
                since: str = "") -> Standing | None:  # fmt: skip
    """How somebody stands; None where nothing is asked of them."""
    today = pacific_date(at)
    who = rule.TRAINEES if row.get("trainee") else rule.CONSULTANTS
    threshold = rule.in_force(entered, who, today)
    if threshold is None:
        return None
    hours = [one.met for one in met if one.said == rows.COUNTS]
    return rule.standing(hours, threshold, date.fromisoformat(since) if since else today, today)


def standing_now(row: Person, at: int) -> Standing | None:
    """How somebody stands this moment."""
    who = str(row["id"])
    own = dynamodb.get(rows.person(who)) or {}
    return standing_of(
        row, rows.meetings(who, at), rows.thresholds(), at, str(own.get("since", ""))
    )


def instant(day: str) -> int:
    """The beginning of an ISO day of California."""
    return midnight(date.fromisoformat(day))


def keep(
    row: Person,
    entered: Sequence[Threshold],
    at: int,
    known: dict[str, tuple[str, str]] | None = None,
) -> Standing | None:
    """Work out how somebody stands, and keep it where it is read: with who looks after them, and for the
    directory. ``known``: what the directory has, where it was read before."""
    who, own = str(row["id"]), dynamodb.get(rows.person(str(row["id"])), consistent=True) or {}
    met = rows.meetings(who, at)
    since = str(own.get("since") or pacific_date(at))
    one = standing_of(row, met, entered, at, since)
    keys = sorted(_looked_after_by(row, met))
    shown = _shown(row, one, met)
    if own.get("shown") != shown or own.get("keys") != keys:
        _show(who, shown, keys, set(own.get("keys", [])) - set(keys))
        dynamodb.write(update(rows.person(who)).set(since=since, keys=keys, shown=shown))
    said = (one.state, one.until) if one else None
    if (rows.standings() if known is None else known).get(who) != said:
        _keep_standing(who, said)
    return one


def _forget(who: str, known: dict[str, tuple[str, str]]) -> None:
    """Who has left is on nobody's page anymore."""
    own = dynamodb.get(rows.person(who)) or {}
    if keys := own.get("keys"):
        _show(who, {}, [], keys)
        dynamodb.write(update(rows.person(who)).remove("keys", "shown"))
    if who in known:
        _keep_standing(who, None)


def _shown(row: Person, one: Standing | None, met: Sequence[rows.Meeting]) -> Item:
    """What whoever looks after somebody sees of them."""
    return {
        "name": str(row.get("name") or row["id"]),
        "counties": list(row.get("counties", [])),
        "last": next((each.day for each in met if each.said == rows.COUNTS), ""),
        "state": one.state if one else "",
        "until": one.until if one else "",
        "minutes": one.minutes if one else 0,
        "alone": one.alone if one else 0,
        "need": one.threshold.minutes if one else 0,
    }


def _show(who: str, shown: Item, keys: Sequence[str], gone: Collection[str]) -> None:
    for key in keys:
        dynamodb.write(put(Key(rows.of(key), f"{rows.PERSON}#{who}"), shown))
    for key in gone:
        dynamodb.write(delete(Key(rows.of(key), f"{rows.PERSON}#{who}")))


def _keep_standing(who: str, said: tuple[str, str] | None) -> None:
    dynamodb.write(update(rows.STANDING).set_default("people", {}))
    changed = update(rows.STANDING)
    path = ("people", who)
    dynamodb.write(changed.set_at(path, " ".join(said)) if said else changed.remove(path))


def _looked_after_by(row: Person, met: Sequence[rows.Meeting]) -> set[str]:
    """Their facilitator and their supervisor, and with whom they met."""
    found = {str(row.get("facilitator") or ""), *(one.facilitator for one in met)} - {""}
    return found | ({f"staff:{row['supervisor']}"} if row.get("supervisor") else set())
