"""Anonymous contacts with universal support: that somebody was shown where to turn, and why."""

from __future__ import annotations

import secrets

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put


def record(reason: str, county: str, lang: str, now: int) -> None:
    """Count one contact. Nothing in it says who: a reason, a county, a language, an instant.

    Raises TryAgain.
    """
    key = Key(f"CONTACT#{secrets.token_hex(8)}", "CONTACT")
    row = {"reason": reason, "county": county, "language": lang, "at": now}
    dynamodb.write(put(key, row))
