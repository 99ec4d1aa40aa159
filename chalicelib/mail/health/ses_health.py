"""What AWS says of our post, as plain facts for the mail doctor. Nothing here judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.aws import refusals, send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.clients import call, client
from chalicelib.aws.errors import AwsError
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.web import links

# Pages of the suppression list that are looked through, a thousand addresses each.
PAGES = 5


@dataclass(frozen=True)
class Facts:
    """What was found. A fact that could not be had is None, and ``unknown`` says why (a code)."""

    sender: str
    stage: str
    identity: Item | None = None
    account: Item | None = None
    destinations: list[Item] | None = None
    subscriptions: list[Item] | None = None
    suppressed: list[str] | None = None
    rates: Item | None = None
    keys: bool | None = None
    post: Item = field(default_factory=dict)
    refused: list[refusals.Refusal] = field(default_factory=list)
    at: int = 0
    unknown: dict[str, str] = field(default_factory=dict)


def facts() -> Facts:
    """Ask SES, SNS, CloudWatch and Secrets Manager; one that does not answer hides only itself."""
    sender, unknown = settings().sender_email, {}

    def ask(name: str, look: Callable[[], Any]) -> Any:
        try:
            return look()
        except Exception as error:
            unknown[name] = error.code if isinstance(error, AwsError) else type(error).__name__
            return None

    found = {
        "identity": ask("identity", lambda: _identity(sender)),
        "account": ask("account", lambda: call(client("sesv2").get_account)),
        "destinations": ask("destinations", _destinations),
        "subscriptions": ask("subscriptions", _subscriptions),
        "suppressed": ask("suppressed", _suppressed),
        "rates": ask("rates", _rates),
        "keys": ask("keys", _keys),
    }
    post, at = send_gate.read(), now()
    refused = refusals.standing(post, at)
    stage = settings().stage
    return Facts(sender, stage, **found, post=post, refused=refused, at=at, unknown=unknown)


def _identity(sender: str) -> Item:
    """The identity that lets us send: the address itself or its domain. Empty when SES knows none."""
    for name in (sender, sender.rpartition("@")[2]):
        try:
            return {**call(client("sesv2").get_email_identity, EmailIdentity=name), "name": name}
        except AwsError as error:
            if error.code != "NotFoundException":
                raise
    return {}


def _destinations() -> list[Item]:
    answer = call(
        client("sesv2").get_configuration_set_event_destinations,
        ConfigurationSetName=settings().configuration_set,
    )
    return list(answer.get("EventDestinations") or [])


def _subscriptions() -> list[Item]:
    answer = call(client("sns").list_subscriptions_by_topic, TopicArn=settings().mail_topic)
    return list(answer.get("Subscriptions") or [])


def _suppressed() -> list[str]:
    """Ids of our own people to whom SES sends nothing anymore."""
    ours = {
        str(row.get("email", "")).casefold(): str(row["id"])
        for row in [*people.staff(), *people.consultants()]
        if row.get("email")
    }
    found: list[str] = []
    more: Item = {}
    for _ in range(PAGES):
        page = call(client("sesv2").list_suppressed_destinations, PageSize=1000, **more)
        listed = page.get("SuppressedDestinationSummaries") or []
        found += [
            ours[one["EmailAddress"].casefold()]
            for one in listed
            if one["EmailAddress"].casefold() in ours
        ]
        if not page.get("NextToken"):
            break
        more = {"NextToken": page["NextToken"]}
    return sorted(set(found))


def _rates() -> Item:
    """The newest bounce and complaint rate (0 to 1) of the last two days, where SES counted any."""
    end = datetime.now(UTC)
    rates: Item = {}
    for name in ("BounceRate", "ComplaintRate"):
        answer = call(
            client("cloudwatch").get_metric_statistics,
            Namespace="AWS/SES",
            MetricName=f"Reputation.{name}",
            StartTime=end - timedelta(days=2),
            EndTime=end,
            Period=3600,
            Statistics=["Average"],
        )
        points = sorted(answer.get("Datapoints") or [], key=lambda point: point["Timestamp"])
        if points:
            rates[name] = float(points[-1]["Average"])
    return rates


def _keys() -> bool:
    """Whether a link can be made and read again with the key that Secrets Manager keeps."""
    links.forget_keys()
    return links.unsign("doctor", links.sign("doctor", "x")) == "x"
