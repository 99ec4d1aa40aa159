"""Certificates and licenses of consultants that others gave: recorded with where the evidence is and until when
they are good. The first of them to end stands on the consultant's row, where the match reads it.

| what                       | pk                       | sk   |
|----------------------------|--------------------------|------|
| a consultant's credential  | CREDENTIALS#{consultant} | {id} |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import known_fields
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Key, Update, Write, field, put, update
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound, TryAgain

PARTITION: Final = "CREDENTIALS#"
# On the consultant's row: how often one of theirs was recorded.
COUNT: Final = "credentials_recorded"
TRIES: Final = 4


@dataclass(frozen=True)
class Credential:
    """``title`` and ``issuer`` as on the paper; ``evidence``: an address of the web; ``ends``: the instant at
    which its last day is over, 0 for one without an end. ``dropped``: it does not count any more."""

    id: str
    consultant: str
    title: str
    issuer: str
    evidence: str
    ends: int = 0
    at: int = 0
    by: str = ""
    dropped: bool = False


def of(consultant: str) -> list[Credential]:
    """All of a consultant, in the order in which they were recorded."""
    rows = dynamodb.query(PARTITION + consultant, consistent=True)
    found = [Credential(**known_fields(Credential, row)) for row in rows]
    return sorted(found, key=lambda one: (one.at, one.id))


def one_of(consultant: str, id_: str) -> Credential:
    """One of them. Raises NotFound."""
    found = next((one for one in of(consultant) if one.id == id_), None)
    if found is None:
        raise NotFound(id_)
    return found


def first_end(every: Sequence[Credential]) -> tuple[int, str]:
    """When the first of them that counts ends, and its id; (0, "") where none has an end."""
    return min(
        ((one.ends, one.id) for one in every if one.ends and not one.dropped), default=(0, "")
    )


def record(one: Credential) -> None:
    """Record it. Raises NotFound where nobody has that id, TryAgain where others record theirs all the time."""
    for _ in range(TRIES):
        try:
            return dynamodb.transact(recording(one))
        except ConditionFailed:
            continue
    raise TryAgain(one.consultant)


def recording(one: Credential) -> list[Write]:
    """Record it, or write it over what was recorded, and say on the consultant's row what ends first. The rows
    say no where another was recorded meanwhile: what ends first may be that one. Raises NotFound."""
    row: dict[str, object] = dict(people.consultant_now(one.consultant))
    if not row:
        raise NotFound(one.consultant)
    others = [other for other in of(one.consultant) if other.id != one.id]
    ends, id_ = first_end([*others, one])
    count = int(str(row.get(COUNT, 0)))
    new: Update = update(Key(people.CONSULTANTS, one.consultant)).set({COUNT: count + 1})
    new = new.set_or_remove({"credential_until": ends or None, "credential": id_ or None})
    same = field(COUNT).equals(count) if count else field(COUNT).absent()
    return [
        put(Key(PARTITION + one.consultant, one.id), asdict(one)),
        new.only_if(field("pk").exists() & same),
    ]
