"""Every text that people typed about a referral, wherever its rows keep it, and taking words out.

A text is rewritten in place, and only if it still is what was read: a command that changes the same
row meanwhile wins, and the text is read again. The newest entry rides in the state row; it is in the
log, and can be rewritten there, as soon as another command was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, field, update
from chalicelib.domain.errors import TryAgain
from chalicelib.workflow.storage import indexes, keys, store, task_drafts

Path = tuple[str | int, ...]
TAKEN_OUT: Final = "[taken out]"
# A choice is kept by its id, in the same field that another form lets people type in.
CHOSEN: Final = re.compile(r"[a-z]+(?:_[a-z]+)+")
# Always a person's own words, also when it is one word.
FREE: Final = frozenset(
    [
        "note",
        "unmet_note",
        "why",
        "wish",
        "question",
        "words",
        "helped",
        "next_steps",
        "doing",
        "comment",
        "comments",
        "message",
        "handover",
    ]
)
# Long, but ours: sentences of the rules, ids, addresses, and the names of grown people.
OURS: Final = frozenset(
    [
        "reason",
        "reasons",
        "conditions",
        "inputs",
        "signed_name",
        "name",
        "email",
        "phone",
        "subject",
        "letter",
        "changes",
        "pk",
        "sk",
        "found_by",
        "waits",
        "actor",
        "command",
        "effects",
    ]
)


@dataclass(frozen=True)
class Text:
    """A text: the sort key of its row, the way to it inside the row, and its words."""

    sk: str
    path: Path
    words: str

    @property
    def id(self) -> str:
        """What a form calls it."""
        return f"{self.sk}|{'.'.join(str(step) for step in self.path)}"

    @property
    def field(self) -> str:
        """The innermost name on the way to it."""
        return next(str(step) for step in reversed(self.path) if isinstance(step, str))


def of(reference: str, free: Collection[str], ours: Collection[str]) -> list[Text]:
    """Every text of a referral, in the order of its rows. Raises NotFound.

    ``free`` and ``ours``: names of fields that count as FREE and as OURS in this kind of case.
    """
    rows = {row["sk"]: row for row in dynamodb.query(keys.case_pk(reference), consistent=True)}
    state = store.state_of(reference, rows.pop(keys.STATE))
    riding = store.pending_entry(state)
    if riding is not None:
        rows.setdefault(keys.log_sk(riding.version), riding.model_dump())
    every = (text for sk in sorted(rows) for text in _in(sk, rows[sk], ()))
    return [t for t in every if not {*t.path} & {*ours} and _own_words(t, FREE.union(free))]


def of_row(key: Key) -> list[Text]:
    """Every text that somebody typed in a row beside the case."""
    row = dynamodb.get(key, consistent=True)
    found = _in(key.sk, row, ()) if row else ()
    return [text for text in found if _own_words(text, FREE)]


def _own_words(text: Text, free: Collection[str]) -> bool:
    """Whether somebody typed this, as far as its place and its look tell."""
    # Of a half-written form nobody knows any more which words were chosen and which typed.
    if text.sk.startswith(task_drafts.PREFIX) and any(c.isalpha() for c in text.words):
        return True
    if " " in text.words or "goals" in text.path:
        return True
    return text.field in free and not (text.field == "why" and CHOSEN.fullmatch(text.words))


def _in(sk: str, value: Any, path: Path) -> Iterator[Text]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in OURS or (name == "reason" and _typed_reason(sk, path)):
                yield from _in(sk, inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _in(sk, inner, (*path, number))
    elif isinstance(value, str) and value and path:
        yield Text(sk, path, value)


def _typed_reason(sk: str, path: Path) -> bool:
    """Whether ``reason`` is somebody's own words there: a staff member's, or for more sessions."""
    return sk.startswith(keys.LOG) and path in ((), ("payload", "more"))


def pattern(words: Sequence[str]) -> re.Pattern[str]:
    """What finds these words, whole and in any case, the longest first."""
    longest = sorted((w for w in words if w), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w) for w in longest) + r")(?!\w)", re.I)


def take_out(reference: str, chosen: Iterable[str], words: Sequence[str]) -> int:
    """Rewrite the chosen texts (their ids) without these words; returns how many places changed.

    Again is harmless: what is out is out. Raises TryAgain while others keep changing a row.
    """
    wanted, find = set(chosen), pattern(words)
    changed = 0
    for sk in sorted({one.partition("|")[0] for one in wanted}):
        changed += _rewrite(Key(keys.case_pk(reference), sk), wanted, find)
    return changed


def take_out_of_row(key: Key, chosen: Iterable[str], words: Sequence[str]) -> int:
    """The same in a row beside the case."""
    return _rewrite(key, set(chosen), pattern(words))


def _rewrite(key: Key, wanted: set[str], find: re.Pattern[str]) -> int:
    for _ in range(dynamodb.TRIES):
        row = dynamodb.get(key, consistent=True)
        if row is None:
            return 0
        found = [t for t in _in(key.sk, row, ()) if t.id in wanted and find.search(t.words)]
        if not found:
            return 0
        if _written(row, found, find):
            return sum(len(find.findall(t.words)) for t in found)
    raise TryAgain("changed by others")


def _written(row: Item, found: list[Text], find: re.Pattern[str]) -> bool:
    changed = update(keys.key_of(row))
    for text in found:
        changed = changed.set_at(text.path, find.sub(TAKEN_OUT, text.words))
    if "found_by" in row:
        changed = changed.set(_found_by(row, found, find))
    return dynamodb.write(changed.only_if(*(field(text.path).equals(text.words) for text in found)))


def _found_by(row: Item, found: list[Text], find: re.Pattern[str]) -> Item:
    """What the case is found by, where one of these texts is among it, without the words."""
    before = indexes.found_by(row["found_by"])
    out = {text.words: find.sub("", text.words) for text in found}
    after = indexes.FoundBy(*(out.get(one, one) for one in before))
    reference = keys.reference_of(row["pk"])
    return {} if after == before else indexes.findable(reference, after, now())
