"""moto, faster: the same answers without its guessing of attribute names.

For each of the ten members of each DynamoDB value moto tries five spellings of its name. A value in
wire form (``{"S": "x"}``) is the answer already. This halves the time of tests that use the table.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import boto3.session
import botocore.session
from moto.core.serialize import BaseJSONSerializer

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


def hurry() -> None:
    """Apply it, and read the service models only once for all tests."""
    BaseJSONSerializer._serialize_type_structure = _serialize
    boto3.session.Session._setup_loader = _setup_loader
    botocore.session.create_loader = lru_cache(botocore.session.create_loader)
