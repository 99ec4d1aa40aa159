"""The first person who can sign in to a stage's console: `make first-admin STAGE= EMAIL=`.

    python -m infra.operations.first_admin --stage prod --email jo@example.org [--name "Jo Doe"]

An admin is a row of the directory and a user of the pool, in the group of the role, by the same address.
What is there already is kept, so that it can be said again after half of it failed.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sys
from typing import Any

from infra.deploy import stack_name
from infra.target import aim, outputs_of

ROLE = "admin"
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def key_of(email: str) -> str:
    """The id of a member of staff: jo.doe@example.org is jo-doe."""
    return re.sub(r"[^a-z0-9]+", "-", email.partition("@")[0].casefold()).strip("-") or ROLE


def row_of(email: str, name: str) -> dict[str, Any]:
    """The row of the directory, as DynamoDB takes it."""
    key = key_of(email)
    words = {"pk": "STAFF", "sk": key, "id": key, "name": name or email, "email": email}
    words |= {"role": ROLE, "counties": "all", "letters_language": "en"}
    return {**{word: {"S": text} for word, text in words.items()}, "active": {"BOOL": True}}


def make(outputs: dict[str, str], dynamodb: Any, cognito: Any, email: str, name: str) -> list[str]:
    """Make row and user; returns what was made. Raises LookupError where the id is somebody else's."""
    made, row = [], row_of(email, name)
    table, key = outputs["TableName"], {word: row[word] for word in ("pk", "sk")}
    there = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    if there is None:
        free = "attribute_not_exists(pk)"
        dynamodb.put_item(TableName=table, Item=row, ConditionExpression=free)
        made.append(f"the row of {row['id']['S']} in the directory")
    elif there["email"]["S"].casefold() != email.casefold() or there["role"]["S"] != ROLE:
        raise LookupError(f"{row['id']['S']} is somebody else in the directory, or no {ROLE}")
    user = {"UserPoolId": outputs["StaffPoolId"], "Username": email}
    known = {"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}
    try:
        # Nobody sees it but whoever reads the mail; its beginning keeps the pool's rules.
        password = f"Aa1-{secrets.token_urlsafe(15)}"
        cognito.admin_create_user(
            **user,
            TemporaryPassword=password,
            UserAttributes=list(known),
            DesiredDeliveryMediums=["EMAIL"],  # Cognito's own choice is a text message
        )
        made.append("a user of the sign-in: AWS mails a password that is good for three days")
    except cognito.exceptions.UsernameExistsException:
        pass
    cognito.admin_add_user_to_group(**user, GroupName=ROLE)
    return made


def main() -> int:
    """Command line: make the first admin of a stage."""
    import boto3

    parser = argparse.ArgumentParser(description="Let the first admin in.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", default="")
    args = parser.parse_args()
    try:
        if not ADDRESS.fullmatch(args.email):
            raise LookupError("EMAIL= wants one plain address")
        aim(args.stage)
        outputs = outputs_of(stack_name(args.stage))
        clients = boto3.client("dynamodb"), boto3.client("cognito-idp")
        for what in make(outputs, *clients, args.email, args.name) or ["nothing: all was there"]:
            print(f"made {what}")
    except Exception as error:
        print(f"first-admin: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
