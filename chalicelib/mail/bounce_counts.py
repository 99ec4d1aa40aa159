"""On which days an address bounced for now: one small row an address, whoever it was written for.

It lies beside what its reader chose, so that whoever sends a letter reads both at once, and a letter to an
address that bounced says so in its report (``BOUNCED``): only then is the row looked for when it arrived.
"""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import update
from chalicelib.directory.mail_choices import bounces

# The tag of a letter to an address that bounced for now since a letter arrived there.
BOUNCED = "bounced"
# What happened longer ago than this says nothing of an address.
KEEP_DAYS = 30


def note(address: str, day: date) -> int:
    """Note a bounce that may pass by itself; on how many days since a letter last arrived.

    Once or twice on one day is the same. Raises TryAgain.
    """
    oldest = day - timedelta(days=KEEP_DAYS)
    end = day + timedelta(days=KEEP_DAYS)
    noted = update(bounces(address)).add("days", {day.isoformat()})
    row = dynamodb.updated(noted.set(expires_at=(end - date(1970, 1, 1)).days * 86400)) or {}
    # Expired rows stay visible for up to two days: the days are compared here.
    return sum(str(one) >= oldest.isoformat() for one in row["days"])


def forget(address: str) -> None:
    """A letter arrived, or somebody is asked about the address: it starts from zero again.

    A row is only written where there is one, for almost every letter arrives.
    """
    key = bounces(address)
    if (dynamodb.get(key) or {}).get("days"):
        dynamodb.write(update(key).remove("days"))
