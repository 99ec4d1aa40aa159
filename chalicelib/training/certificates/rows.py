"""A certificate as a row. It is found by its code alone: the row's key is a digest of the code, so a code that
was never given and a text that is none take the same path.

80 random bits print as sixteen characters that can be typed. The code opens nothing but what is printed
beside it, so it may stand in the row.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, Write, create, field, update
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import ALPHABET, spelled
from chalicelib.workflow.storage import keys

PARTITION: Final = "CERTIFICATES"
SK: Final = "CERTIFICATE#"
LENGTH: Final = 16
# Hexadecimal digits of the digest that names a certificate in addresses of the console.
_DIGITS: Final = 32
# Longer than any way to write a code; the rest is not looked at.
LONGEST: Final = 64


@dataclass(frozen=True)
class Certificate:
    """``name``, ``program``, ``on`` (ISO) and ``hours`` as printed; ``credits``: of the hours, those that
    count as continuing education, and ``credited_by`` whom. ``email``: where it is mailed, "" for nowhere.
    ``trainee``: the case of the training. ``revoked``: since when (UTC seconds), 0 for one that is valid;
    ``why`` and ``by`` say more of that. ``replaces``: the id of the one that this was printed in place of.
    ``spelled``: the name in letters that the paper can print, as its owner wrote it once."""

    id: str
    code: str
    name: str
    on: str
    program: str
    at: int
    issued_by: str
    hours: tuple[tuple[str, str], ...] = ()
    credits: str = ""
    credited_by: str = ""
    cohort: str = ""
    email: str = ""
    language: str = "en"
    trainee: str = ""
    replaces: str = ""
    revoked: int = 0
    why: str = ""
    by: str = ""
    mailed: int = 0
    spelled: str = ""

    @property
    def printed(self) -> str:
        """The name as the paper has it."""
        return self.spelled or self.name

    @property
    def valid(self) -> bool:
        """Whether it still counts."""
        return not self.revoked


def new_code() -> str:
    """A code in its printed form, ``XXXX-XXXX-XXXX-XXXX``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[n : n + 4] for n in range(0, LENGTH, 4))


def id_of(typed: str) -> str:
    """The id that belongs to a typed code, whatever was typed."""
    plain = spelled(typed[:LONGEST])
    return hashlib.sha256(f"certificate|{plain}".encode()).hexdigest()[:_DIGITS]


def key(id_: str) -> Key:
    """The row's key."""
    return Key(PARTITION, SK + id_)


def issue(new: Certificate, at: int, *same_transaction: Write) -> None:
    """Write a new one; the clock mails it. Raises ConditionFailed where a row of the transaction refuses."""
    row: Item = {name: value for name, value in asdict(new).items() if value not in ("", 0, ())}
    due = {"wpk": keys.WAKE_PARTITION, "wake_at": at} if new.email else {}
    rows = [create(key(new.id), {**row, "hours": [list(one) for one in new.hours], **due})]
    dynamodb.transact([*rows, *same_transaction])


def by_code(typed: str) -> Certificate | None:
    """The one whose code was typed. One read, whatever was typed."""
    return _find(id_of(typed))


def one_of(id_: str) -> Certificate:
    """A certificate as it stands. Raises NotFound."""
    found = _find(id_, consistent=True)
    if found is None:
        raise NotFound(id_)
    return found


def every() -> list[Certificate]:
    """All of them, the newest first."""
    found = [_of(row) for row in dynamodb.query(PARTITION, SK)]
    return sorted(found, key=lambda one: (-one.at, one.id))


def revoking(one: Certificate, why: str, by: str, at: int) -> Write:
    """It counts no more; refuses where it is revoked already."""
    revoked = (
        update(key(one.id)).set(revoked=at, why=why, by=by).append("history", _note(why, by, at))
    )
    return revoked.only_if(field("pk").exists(), field("revoked").absent())


def revoke(one: Certificate, why: str, by: str, at: int) -> bool:
    """It counts no more; False where it was revoked already."""
    return dynamodb.write(revoking(one, why, by, at))


def spell(one: Certificate, spelled: str) -> bool:
    """Print the name so from now on; False where that was said before."""
    row = update(key(one.id)).set(spelled=spelled)
    return dynamodb.write(row.only_if(field("pk").exists(), field("spelled").absent()))


def restore(one: Certificate, by: str, at: int) -> bool:
    """It counts again; False where it did already."""
    row = (
        update(key(one.id))
        .remove("revoked", "why", "by")
        .append("history", _note("restored", by, at))
    )
    return dynamodb.write(row.only_if(field("revoked").equals(one.revoked)))


def history(id_: str) -> Sequence[tuple[int, str, str]]:
    """What became of it: when, what, by whom."""
    row = dynamodb.get(key(id_)) or {}
    return [(int(at), str(what), str(by)) for at, what, by in row.get("history", ())]


def _note(what: str, by: str, at: int) -> list[object]:
    return [at, what, by]


def _find(id_: str, *, consistent: bool = False) -> Certificate | None:
    row = dynamodb.get(key(id_), consistent=consistent)
    return _of(row) if row is not None else None


def _of(row: Item) -> Certificate:
    known = {one.name: row[one.name] for one in fields(Certificate) if one.name in row}
    made = Certificate(**{**known, "id": str(row["sk"]).removeprefix(SK)})
    hours = tuple((str(what), str(many)) for what, many in made.hours)
    return replace(made, hours=hours, at=int(made.at), revoked=int(made.revoked))
