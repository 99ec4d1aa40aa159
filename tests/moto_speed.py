"""moto, faster: the same answers without its detours. Tests that use the table take a third.

For each of the ten members of each DynamoDB value moto tries five spellings of its name: a value in
wire form (``{"S": "x"}``) is the answer already. For each member of a transaction it copies the
whole table with all its stream: once is enough, and records of a stream never change.
"""

from __future__ import annotations

import copy
import gc
import os
from functools import lru_cache
from typing import Any

import boto3.session
import botocore.session
import moto.dynamodb.models
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models.table import Table

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


def hurry() -> None:
    """Apply it, read the service models only once for all tests, and collect garbage rarely."""
    gc.set_threshold(200_000, 20, 50)
    BaseJSONSerializer._serialize_type_structure = _serialize
    moto.dynamodb.models.copy = _Copy()
    boto3.session.Session._setup_loader = _setup_loader
    botocore.session.create_loader = lru_cache(botocore.session.create_loader)
