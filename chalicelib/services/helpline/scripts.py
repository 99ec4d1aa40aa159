"""What call-takers say, topic by topic, in the words of the Network's staff: every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Key, create, put
from chalicelib.services.helpline.form import TOPICS
from chalicelib.web.languages import N_, languages, translator

OPENING: Final = "opening"
SCRIPT_TOPICS: Final = {
    OPENING: N_("How a call begins"),
    "closing": N_("How a call ends"),
    **TOPICS,
}
_PK: Final = "HELPLINE-SCRIPTS"
_NEWEST: Final = "NEWEST#"
CRISIS: Final = (
    N_("If someone is in danger now: “Please hang up and call 911 now.”"),
    N_(
        "Thoughts of suicide, or a crisis: “I will stay on the line with you while we call 988.” Text works too."
    ),
)
"""Said in both languages on every page of a call: nobody edits it."""


@dataclass(frozen=True)
class Script:
    """A version of what is said about a topic: language -> words. ``by``: an actor; 0 is of none."""

    topic: str
    version: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    at: int = 0


def in_a_crisis() -> dict[str, list[str]]:
    """The crisis words, language by language."""
    return {lang: [translator(lang)(one) for one in CRISIS] for lang in languages()}


def every() -> list[Script]:
    """The newest version for each topic that has one, in the order of the topics."""
    found = {one.topic: one for one in map(_of, dynamodb.query(_PK, _NEWEST))}
    return [found[topic] for topic in SCRIPT_TOPICS if topic in found]


def newest(topic: str) -> Script:
    """The newest version; version 0 without words where nobody wrote any."""
    row = dynamodb.get(Key(_PK, _NEWEST + topic), consistent=True)
    return _of(row) if row else Script(topic)


def versions(topic: str) -> list[Script]:
    """Every version, the newest first."""
    return [_of(row) for row in dynamodb.query(_PK, f"{topic}#")][::-1]


def write(topic: str, words: Mapping[str, str], after: int, by: str, at: int) -> bool:
    """Write the version after ``after``; False when somebody else wrote one meanwhile."""
    row: Item = {"topic": topic, "version": after + 1, "words": dict(words), "by": by, "at": at}
    kept = create(Key(_PK, f"{topic}#{after + 1:06d}"), row)
    try:
        dynamodb.transact([kept, put(Key(_PK, _NEWEST + topic), row)])
    except ConditionFailed:
        return False
    return True


def _of(row: Item) -> Script:
    return Script(
        str(row["topic"]), int(row["version"]), dict(row["words"]), str(row["by"]), int(row["at"])
    )
