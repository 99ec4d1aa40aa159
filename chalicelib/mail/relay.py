"""The table's stream: every new log entry lets its effects leave the house at once."""

from __future__ import annotations

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item, row_of
from chalicelib.aws.errors import is_transient
from chalicelib.aws.log import logger
from chalicelib.aws.metrics import Metric, count
from chalicelib.aws.now import now
from chalicelib.aws.writes import put
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.outbox import NotLeft, dispatch
from chalicelib.workflow.registry import case_types, load
from chalicelib.workflow.storage import keys
from chalicelib.workflow.storage.store import state_of

# The row that asks for a test letter, as a record names it.
TEST_LETTER = {"pk": {"S": "POST"}, "sk": {"S": "TEST"}}
# Seconds for which the batch itself tells where a referral stands; an older record is looked up.
FRESH = 5


def relay(event: Item, context: object) -> Item:
    """Handle a batch. What AWS refuses comes again, with all after it; what is broken in itself
    must not block the rest: the clock tries it again and parks it.

    Raises when that is the whole batch: an event source that knows no partial failures repeats it too.
    """
    records = event["Records"]
    newest = states(records)
    for place, record in enumerate(records):
        number = record["dynamodb"]["SequenceNumber"]
        try:
            _note_lost(record)
            _test_letter(record)
            for reference, entry in entries(record["dynamodb"], record["eventName"]):
                known = newest.get(reference)
                dispatch(reference, entry, known if known and now() - entry.at <= FRESH else None)
                if entry.version == 1 and (not known or known.case_type == case_types()[0]):
                    count(Metric.REQUESTS_RECEIVED)
        except Exception as error:
            logger().exception("effects did not leave", extra={"sequence": number})
            if is_transient(error) or (isinstance(error, NotLeft) and not error.broken):
                if place == 0:
                    raise
                return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def _note_lost(record: Item) -> None:
    """No task beside is ever taken out of the table by us: one that is gone is looked for by the clock."""
    key = row_of(record["dynamodb"]["Keys"])
    if record["eventName"] == "REMOVE" and str(key["sk"]).startswith(keys.TASK):
        wake = {"wpk": keys.WAKE_URGENT, "wake_at": now()}
        dynamodb.write(put(keys.look(keys.reference_of(str(key["pk"]))), wake))


def _test_letter(record: Item) -> None:
    """The mail doctor wants a letter to leave from here."""
    if record["eventName"] != "REMOVE" and record["dynamodb"].get("Keys") == TEST_LETTER:
        # Once a day: no batch before needs its module.
        load("chalicelib.mail.health.test_letter:leave")(row_of(record["dynamodb"]["NewImage"]))


def states(records: list[Item]) -> dict[str, Case]:
    """The newest state of each referral that a batch shows."""
    found: dict[str, Case] = {}
    for record in records:
        try:
            new = row_of(record["dynamodb"].get("NewImage", {}))
            if new.get("sk") == keys.STATE:
                reference = keys.reference_of(new["pk"])
                found[reference] = state_of(reference, new)
        except Exception:  # a poisoned record: its turn comes, and it stands in nobody's way
            logger().exception("a record that cannot be read")
    return found


def entries(change: Item, event_name: str) -> list[tuple[str, Entry]]:
    """The log entries that a stream record shows for the first time, with their reference."""
    new = row_of(change.get("NewImage", {}))
    if event_name == "REMOVE" or not str(new.get("pk", "")).startswith("R#"):
        return []
    reference = keys.reference_of(new["pk"])
    if new["sk"] == keys.STATE:
        tail, before = (
            new.get("pending_entry"),
            row_of(change.get("OldImage", {})).get("pending_entry"),
        )
        if not tail or (before and before["version"] == tail["version"]):
            return []
        return [(reference, Entry.model_validate({**tail, "changes": {}}))]
    if event_name != "INSERT" or not str(new["sk"]).startswith(keys.LOG) or not new.get("alone"):
        return []
    return [(reference, Entry.model_validate(new))]
