"""The row behind a mailed code: its MAC, its end, how often it was tried; never the code."""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, delete, field, put, update
from chalicelib.web import links

SK = "CODE"
PURPOSE = "status-code"


def _key(reference: str) -> Key:
    return Key(f"CODE#{reference}", SK)


def _mac(reference: str, code: str) -> str:
    # Keyed: six digits behind a plain hash would be found in a second by who holds the table.
    return links.sign(PURPOSE, f"{reference}:{code}").partition(".")[2]


def keep(reference: str, code: str, expires: int) -> None:
    """Keep a code until ``expires`` (UTC seconds) in place of an earlier one. Raises TryAgain."""
    row = {"mac": _mac(reference, code), "tries": 0, "expires_at": expires}
    dynamodb.write(put(_key(reference), row))


def spend(reference: str, code: str, tries: int, now: int) -> bool:
    """True when ``code`` is the kept one, which then is spent. Each call is one of ``tries``.

    A wrong code, a late one, a spent one and one that was never there all give False.
    """
    tried = update(_key(reference)).add("tries", 1)
    row = dynamodb.updated(
        tried.only_if(field("expires_at").more_than(now), field("tries").less_than(tries))
    )
    kept = str(row["mac"]) if row else ""
    if links.unsign(PURPOSE, f"{reference}:{code}.{kept}") is None:
        return False
    return dynamodb.write(delete(_key(reference)).only_if(field("mac").equals(kept)))
