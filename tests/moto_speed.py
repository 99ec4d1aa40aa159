"""moto, faster: the same answers without its detours. Tests that use the table take a third.

For each of the ten members of each DynamoDB value moto tries five spellings of its name: a value in
wire form (``{"S": "x"}``) is the answer already. For each member of a transaction it copies the
whole table with all its stream: once is enough, and records of a stream never change.
"""

from __future__ import annotations

import copy
import gc
import json
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import boto3.session
import botocore.session
import moto.dynamodb.models
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.dynamo_type import LimitedSizeDict
from moto.dynamodb.models.table import Table

from tests.moto_short import shorten

_structure = BaseJSONSerializer._serialize_type_structure


def _serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    if shape.name == "AttributeValue" and type(value) is dict:
        serialized[key] = value
        return
    _structure(self, serialized, value, shape, key)


def _setup_loader(self: Any) -> None:
    loader = self._loader = self._session.get_component("data_loader")
    path = os.path.join(os.path.dirname(boto3.__file__), "data")
    if path not in loader.search_paths:  # boto3 appends it for every session
        loader.search_paths.append(path)


class _Copy:
    """Stands for the module ``copy`` where moto keeps a table aside for a rollback."""

    kept: tuple[Any, int, Any] = (None, 0, None)

    def deepcopy(self, what: Any) -> Any:
        if not isinstance(what, Table) or what.stream_shard is None:
            return copy.deepcopy(what)
        writes = len(what.stream_shard.items)
        if self.kept[:2] != (what, writes):
            aside = copy.copy(what)
            aside.items = copy.deepcopy(what.items)
            aside.stream_shard = copy.copy(what.stream_shard)
            aside.stream_shard.items = list(what.stream_shard.items)
            aside.stream_shard.table = aside
            self.kept = (what, writes, aside)
        return self.kept[2]


_aside = _Copy()


def hurry() -> None:
    """Apply it, read the service models only once for all tests, and collect garbage rarely."""
    gc.set_threshold(200_000, 20, 50)
    shorten()
    BaseJSONSerializer._serialize_type_structure = _serialize
    moto.dynamodb.models.copy = _aside
    # moto weighs the whole item at each attribute that is set; our items stay far below 400 KB.
    LimitedSizeDict.__setitem__ = dict.__setitem__  # type: ignore[method-assign]
    boto3.session.Session._setup_loader = _setup_loader
    botocore.session.create_loader = lru_cache(botocore.session.create_loader)


# One moto for all tests of a process: making a table and its client anew takes longer than most tests.
_running: list[Any] = []
_clients: list[Any] = []
_seeds: dict[str, dict[str, dict[str, Any]]] = {}


def emptied() -> Any:
    """The table as it was made, with nothing in it, and the link keys as they were."""
    import boto3
    from moto import mock_aws

    from tests.conftest import ENVIRONMENT, LINK_KEYS, create_table

    if not _running:
        # The session is the same for all tests: making one reads every endpoint of AWS.
        mock = mock_aws(config={"core": {"reset_boto3_session": False}})
        mock.start()
        _running.append(mock)
        _clients[:] = [boto3.client("secretsmanager"), boto3.resource("dynamodb")]
    secrets, dynamodb = _clients
    name, secret = ENVIRONMENT["TABLE_NAME"], ENVIRONMENT["LINK_KEYS_SECRET"]
    known = moto_table(name)
    if known is None:
        create_table()
        secrets.create_secret(Name=secret, SecretString="{}")
    else:
        known.items.clear()
        known.stream_shard.items.clear()
        _aside.kept = (None, 0, None)
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(LINK_KEYS))
    return dynamodb.Table(name)


def moto_table(name: str) -> Any:
    """moto's own table of that name; None when it has none."""
    tables = moto.dynamodb.models.dynamodb_backends["123456789012"]["us-west-2"].tables
    return tables.get(name)


def seeded(name: str, table: Any, fill: Callable[[], None]) -> None:
    """Fill the empty table, or put in what ``fill`` put in the last time under that name."""
    known = moto_table(table.name) if _running else None
    if known is None:
        fill()
        return
    if name not in _seeds:
        fill()
        _seeds[name] = _copied(known.items)
        return
    known.items.update(_copied(_seeds[name]))
    _aside.kept = (None, 0, None)


def _copied(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows with attributes of their own; what an attribute holds is replaced, never changed."""
    found: dict[str, dict[str, Any]] = {}
    for pk, rows in items.items():
        found[pk] = {}
        for sk, row in rows.items():
            mine = found[pk][sk] = copy.copy(row)
            mine.attrs = type(row.attrs)()
            mine.attrs.update(row.attrs)
    return found


def real_network() -> None:
    """Stop moto: what follows talks to a stack on this machine."""
    while _running:
        _running.pop().stop()
