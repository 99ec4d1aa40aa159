"""Anonymous contacts with universal support: that somebody was shown where to turn, and why (A2)."""

from __future__ import annotations

import secrets

from chalicelib.aws.clients import table
from chalicelib.aws.dynamodb import retrying


def record(reason: str, county: str, lang: str, now: int) -> None:
    """Count one contact. Nothing in it says who: a reason, a county, a language, an instant.

    Raises TryAgain.
    """
    row = {
        "pk": f"CONTACT#{secrets.token_hex(8)}",
        "sk": "CONTACT",
        "reason": reason,
        "county": county,
        "language": lang,
        "at": now,
    }
    retrying(lambda: table().put_item(Item=row))
