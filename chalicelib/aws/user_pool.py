"""The users who may sign in to the console: made, kept in a group, and taken away.

Each call may come again. What AWS refuses for good is noted, as it is of letters (``refusals``).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from chalicelib.aws import refusals
from chalicelib.aws.clients import client
from chalicelib.aws.errors import AwsError
from chalicelib.aws.settings import settings

_THERE, _GONE = "UsernameExistsException", "UserNotFoundException"


def _of(email: str) -> dict[str, str]:
    return {"UserPoolId": settings().user_pool_id, "Username": email}


def let_in(email: str, group: str, groups: Collection[str]) -> bool:
    """Let an address sign in as one of ``group``, and of no other of ``groups``. Whether its user is new:
    then AWS has mailed a password that is good for three days. Raises AwsError.
    """
    new = _make(email)
    refusals.call(client("cognito-idp").admin_add_user_to_group, **_of(email), GroupName=group)
    for other in sorted(set(groups) - {group}) if not new else []:
        refusals.call(
            client("cognito-idp").admin_remove_user_from_group, **_of(email), GroupName=other
        )
    return new


def _make(email: str) -> bool:
    known = {"email": email, "email_verified": "true"}
    # Nobody sees it but whoever reads the mail; its beginning keeps the pool's rules.
    password = f"Aa1-{secrets.token_urlsafe(15)}"
    try:
        refusals.call(
            client("cognito-idp").admin_create_user,
            **_of(email),
            TemporaryPassword=password,
            UserAttributes=[{"Name": name, "Value": value} for name, value in known.items()],
            DesiredDeliveryMediums=["EMAIL"],  # Cognito's own choice is a text message
        )
    except AwsError as error:
        if error.code != _THERE:
            raise
        return False
    return True


def let_out(email: str) -> None:
    """Take the user of an address away; one that is gone stays gone. Raises AwsError."""
    try:
        refusals.call(client("cognito-idp").admin_delete_user, **_of(email))
    except AwsError as error:
        if error.code != _GONE:
            raise
