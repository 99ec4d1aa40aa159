"""Who asked for text messages, by number: the words that they agreed to, when and how, and when they said STOP.

The newest choice of a number is one row; each choice is kept beside it, because somebody may ask us to
prove it. No key holds a number: it holds what the number becomes under a key of this deployment.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.writes import Condition, Key, Write, field, put, update
from chalicelib.directory.contacts import hashed

ROW: Final = "TEXTS"
_NEWEST: Final = "CHOICE"
_WANTS, _ENDED = field("wants").equals(True), field("wants").equals(False)


def of(number: str) -> Item:
    """The newest choice about a number (E.164): ``wants``, ``at``, ``how``, ``words``, ``language``, the
    ``cases`` that it is about; empty for a number that nobody ever asked texts for. Raises TryAgain."""
    return dynamodb.get(_key(number), consistent=True) or {}


def wanted(number: str) -> bool:
    """Whether texts may be sent to a number. Raises TryAgain."""
    return bool(number) and of(number).get("wants") is True


def asked_for(
    number: str, reference: str, *, language: str, how: str, words: str, at: int
) -> list[Write]:
    """The rows of who asks for texts about a case: ``words``: what they agreed to, as it was shown; ``how``:
    on which page, and who typed it."""
    told = {"wants": True, "at": at, "how": how, "words": words, "language": language}
    newest = update(_key(number)).set(told).remove("confirmed").add("cases", {reference})
    return [newest, put(_kept(number, reference, at), told | {"reference": reference})]


def moved(number: str, about: str) -> list[Write]:
    """The rows of who has another number: what the next holder of this one texts changes nothing ``about`` a
    case, or a consultant. Raises TryAgain."""
    theirs = about in of(number).get("cases", ()) if number else False
    return [update(_key(number)).discard("cases", {about})] if theirs else []


def stop(number: str, how: str, at: int) -> bool:
    """No texts to a number from now on; False if that was so before. Raises TryAgain."""
    return _chosen(number, False, how, at, field("wants").absent() | _WANTS)


def start(number: str, how: str, at: int) -> bool:
    """Texts again, for who asked for them before and stopped; False for any other. Raises TryAgain."""
    return _chosen(number, True, how, at, _ENDED)


def confirmed(number: str, at: int) -> None:
    """Whoever stopped was told that it is so."""
    dynamodb.write(update(_key(number)).set(confirmed=at).only_if(_ENDED))


def greeted(number: str, at: int) -> None:
    """Whoever wants texts got the first one."""
    dynamodb.write(update(_key(number)).set(greeted=at).only_if(_WANTS))


def _chosen(number: str, wants: bool, how: str, at: int, only: Condition) -> bool:
    told = {"wants": wants, "at": at, "how": how}
    newest = update(_key(number)).set(told).remove("confirmed").only_if(only)
    try:
        dynamodb.transact([newest, put(_kept(number, how, at), told)])
    except ConditionFailed:
        return False
    return True


def _key(number: str) -> Key:
    return Key(f"{ROW}#{hashed(f'text|{number}')}", _NEWEST)


def _kept(number: str, what: str, at: int) -> Key:
    return Key(_key(number).pk, f"LOG#{at:011d}#{what}")
