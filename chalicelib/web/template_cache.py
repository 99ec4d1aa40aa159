"""Keeps compiled templates beside their sources, as Python keeps its own bytecode.

Compiling the three templates of a page takes longer than drawing it, and a cold start would do it
each time. A build fills the cache: Lambda's file system is read-only.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class TemplateCache(BytecodeCache):
    """``root`` is where the file names of templates begin. What is stale by its source is not used."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A template is known by its file."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read it, if it was ever compiled by this Python."""
        with suppress(OSError):
            bucket.bytecode_from_string(self._path(bucket).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write it, where that is possible."""
        path = self._path(bucket)
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.write_bytes(bucket.bytecode_to_string())
            draft.replace(path)

    def _path(self, bucket: Bucket) -> Path:
        source = self.root / bucket.key
        escaped = "escaped" if bucket.environment.autoescape else "plain"
        name = f"{source.name}.{sys.implementation.cache_tag}.{escaped}"
        return source.parent / "__pycache__" / name
