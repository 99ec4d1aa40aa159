"""moto by the short way: a call to DynamoDB goes straight to moto's handler, and back.

The long way makes an HTTP request of each call, signs it, reads it again and writes an HTTP answer,
which takes five times as long as the answer itself. What is refused goes the long way, so that the
error is botocore's own. The product keeps no binary values, and none pass here. ``tests/unit/house/test_moto_speed.py`` holds both ways against each other.
"""

from __future__ import annotations

import copy
import json
import os
from typing import Any

import botocore.handlers
import botocore.session
import moto.dynamodb.responses as responses
from moto.core.models import botocore_stubber
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

ACCOUNT, REGION = "123456789012", "us-west-2"
CALLS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem",
         "BatchWriteItem", "TransactGetItems", "TransactWriteItems")  # fmt: skip


class _Heard:
    """The HTTP answer, of which botocore reads the status alone."""

    status_code = 200


def answer(model: Any, params: Any, **_: Any) -> Any:
    """moto's answer as botocore reads it from the wire; None sends the call the long way."""
    if (
        not botocore_stubber.enabled
        or model.name not in CALLS
        or ".amazonaws.com" not in params["url"]
    ):
        return None
    handler = responses.DynamoHandler()
    handler.body = handler.params = json.loads(params["body"])
    handler.region, handler.current_account = REGION, ACCOUNT
    try:
        said = getattr(handler, camelcase_to_underscores(model.name))().result
    except Exception:  # it is refused again, and properly
        return None
    about = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
    known = model.output_shape.members
    told = {name: value for name, value in said.items() if name in known}
    return _Heard, {**told, "ResponseMetadata": about}


def to_wire(what: Any) -> Any:
    """moto's values in wire form, which nothing else holds on to."""
    if type(what) is DynamoType:
        return plain(what)
    if isinstance(what, dict):
        return {name: to_wire(value) for name, value in what.items()}
    if isinstance(what, list):
        return [to_wire(value) for value in what]
    if hasattr(what, "to_json"):
        return to_wire(what.to_json())
    return what


def plain(value: DynamoType) -> dict[str, Any]:
    """A value in wire form, without moto's copy of the whole at each of its storeys."""
    match value.type, value.value:
        case "M", fields:
            return {"M": {name: plain(field) for name, field in fields.items()}}
        case "L", members:
            return {"L": [plain(member) for member in members]}
        case ("SS" | "NS" | "BS") as name, members:
            return {name: list(members)}
        case name, one:
            return {name: one}


def copied(value: DynamoType, memo: dict[int, Any]) -> DynamoType:
    """A value of its own; text, numbers and truths are shared, for they never change."""
    made = DynamoType.__new__(DynamoType)
    made.type = value.type
    match value.type:
        case "M":
            made.value = {name: copied(field, memo) for name, field in value.value.items()}
        case "L":
            made.value = [copied(member, memo) for member in value.value]
        case "SS" | "NS" | "BS":
            made.value = list(value.value)
        case _:
            made.value = value.value
    return made


_query = Table.query
_create = botocore.session.Session.create_client
_clients: dict[Any, Any] = {}


def _client(self: Any, service_name: str, *more: Any, **named: Any) -> Any:
    """A client such as this one was made before: every test asks for its own."""
    config = named.get("config")
    set_by = None if config is None else repr(sorted(config._user_provided_options.items()))
    key = repr((service_name, more, {**named, "config": set_by}))
    if not botocore_stubber.enabled or "AWS_ENDPOINT_URL" in os.environ:
        return _create(self, service_name, *more, **named)
    if key not in _clients:
        _clients[key] = _create(self, service_name, *more, **named)
    return _clients[key]


def _query_partition(self: Table, hash_key: Any, *more: Any, **named: Any) -> Any:
    """Look at the rows of one partition, where moto sorts and compares the whole table."""
    index = more[6] if len(more) > 6 else named.get("index_name")
    if index or hash_key is None:
        return _query(self, hash_key, *more, **named)
    view = copy.copy(self)
    view.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}  # type: ignore[assignment]
    return _query(view, hash_key, *more, **named)


def shorten() -> None:
    """Take the short way from here on; before the first client is made."""
    botocore.handlers.BUILTIN_HANDLERS.append(("before-call.dynamodb", answer))
    botocore.session.Session.create_client = _client
    responses.dynamo_to_dict = to_wire
    DynamoType.to_regular_json = plain  # type: ignore[method-assign]
    DynamoType.__deepcopy__ = copied  # type: ignore[method-assign]
    Table.query = _query_partition  # type: ignore[method-assign]
    # moto weighs every row of an answer; ours stay far below a page of 1 MB.
    Item.size = lambda _: 0  # type: ignore[method-assign, assignment]
