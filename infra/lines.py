"""A file of JSON lines that survives any kill: each line has its number and a check sum, and is on the
disk before the next thing happens. What people wrote stands in it: it is its owner's alone to read.

A last line that a crash cut off was never acknowledged: it is dropped, and said. Anything else that
does not fit (a damaged line, a missing one) is an error that names the line: nothing is skipped.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


class Damaged(Exception):
    """A line in the middle of a file is not what was written; the message names file and line."""


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)


def _decode(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["__bytes__"]) if "__bytes__" in value else value


def line(number: int, value: Any) -> bytes:
    """Line ``number`` (from 1) as it stands in the file: number, check sum, JSON."""
    text = json.dumps(value, separators=(",", ":"), default=_encode)
    body = f"{number} {text}"
    return f"{zlib.crc32(body.encode()):08x} {body}\n".encode()


def parse(raw: bytes, number: int) -> Any:
    """The value of line ``number``. Raises ValueError for anything that was not written so.

    Lines of before there were check sums are plain JSON.
    """
    if raw[:1] in (b"[", b"{"):
        return json.loads(raw, object_hook=_decode)
    found, _, body = raw.decode().partition(" ")
    if int(found, 16) != zlib.crc32(body.encode()):
        raise ValueError("its check sum is wrong")
    said, _, text = body.partition(" ")
    if int(said) != number:
        raise ValueError(f"line {said} stands there")
    return json.loads(text, object_hook=_decode)


class Lines:
    """The file ``path``; ``say`` hears of a torn line. One process writes it, from many threads."""

    def __init__(self, path: Path, say: Callable[[str], None] = print) -> None:
        self.path, self._say = path, say
        self._lock = threading.Lock()
        self._count = 0
        self._file: int | None = None

    def read(self) -> list[Any]:
        """Every value, in order. Cuts a torn last line off the file; raises Damaged."""
        self.path.with_suffix(".draft").unlink(missing_ok=True)  # a compaction that never came true
        if not self.path.exists():
            self._count = 0
            return []
        raw = self.path.read_bytes()
        whole, _, torn = raw.rpartition(b"\n")
        rows = whole.split(b"\n") if whole else []
        values = []
        for number, row in enumerate(rows, start=1):
            try:
                values.append(parse(row, number))
            except ValueError as error:
                why = " ".join(str(error).split())[:80]
                raise Damaged(
                    f"{self.path}: line {number} of {len(rows)} is damaged ({why}). "
                    "Mend it, or move the file away to begin anew"
                ) from None
        if torn:
            self._say(f"{self.path.name}: its last line was cut off by a crash and is dropped")
            with self.path.open("r+b") as file:
                file.truncate(len(raw) - len(torn))
                os.fsync(file.fileno())
        self._count = len(values)
        return values

    def append(self, values: Iterable[Any]) -> None:
        """Write lines behind the last one; they are on the disk when this returns."""
        with self._lock:
            self._write([*values])

    def _write(self, values: list[Any]) -> None:
        if not values:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _own(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        data = b"".join(line(self._count + i, value) for i, value in enumerate(values, start=1))
        begin = os.lseek(self._file, 0, os.SEEK_END)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError:
            # A full disk must not leave half a line before the next one.
            os.ftruncate(self._file, begin)
            raise
        self._count += len(values)

    def replace(self, values: Iterable[Any]) -> None:
        """Put these lines in the place of all others, all or nothing whenever it is killed."""
        with self._lock:
            self._close()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.path.with_suffix(".draft")
            count = 0
            with os.fdopen(_own(draft, os.O_WRONLY | os.O_TRUNC | os.O_CREAT), "wb") as file:
                for count, value in enumerate(values, start=1):
                    file.write(line(count, value))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
            _sync(self.path.parent)
            self._count = count

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _own(path: Path, flags: int) -> int:
    """The file, opened; nobody else may read it, whoever made it."""
    file = os.open(path, flags, 0o600)
    os.fchmod(file, 0o600)
    return file


def _sync(folder: Path) -> None:
    """Make a rename in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
