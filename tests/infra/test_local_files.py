"""What people wrote is on this machine's disk for its owner alone, and not longer than staff keep it."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from chalicelib.workflow.storage.free_text import TAKEN_OUT
from infra import journal as journals
from infra.emulator import remove_orphans
from infra.journal import Journal
from infra.lines import Lines
from infra.mailbox import Mailbox

Change = dict[str, Any]
NAME = "Lena"


def image(sk: str, text: str) -> Change:
    return {"pk": {"S": "R#1"}, "sk": {"S": sk}, "note": {"S": text}}


class Streams:
    """A stream that shows what was put on it, once."""

    def __init__(self) -> None:
        self.records: list[Change] = []
        self.shown = 0

    def put(self, new: Change | None, old: Change | None = None) -> None:
        told = {"Keys": {k: (new or old or {})[k] for k in ("pk", "sk")}}
        told |= {"SequenceNumber": str(len(self.records) + 1)}
        told |= {"NewImage": new} if new else {}
        told |= {"OldImage": old} if old else {}
        self.records.append({"dynamodb": told})

    def describe_stream(self, **_: Any) -> Change:
        return {"StreamDescription": {"Shards": [{"ShardId": "one"}]}}

    def get_shard_iterator(self, **_: Any) -> Change:
        return {"ShardIterator": "here"}

    def get_records(self, **_: Any) -> Change:
        news, self.shown = self.records[self.shown :], len(self.records)
        return {"Records": news, "NextShardIterator": "here"}


def until(true: Any) -> bool:
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(true())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask() -> Any:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.promise("local-files-private")
def test_a_file_of_what_people_wrote_is_its_owners_alone_whoever_made_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("")
    path.chmod(0o644)  # of before
    lines = Lines(path)
    lines.read()
    lines.append([1])
    assert mode(path) == 0o600
    lines.replace([1, 2])
    assert mode(path) == 0o600
    lines.close()
    mailbox = Mailbox(tmp_path / "mails.jsonl")
    mailbox.take({"Content": {"Simple": {}}}, "m-1")
    assert mode(mailbox.path) == 0o600


@pytest.mark.promise("local-files-private")
@pytest.mark.parametrize("how", ["while it runs", "as it stops"])
def test_words_that_staff_take_out_are_in_no_line_of_the_journal_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(journals, "SETTLE_SECONDS", 0.05 if how == "while it runs" else 60)
    streams, journal = Streams(), Journal(tmp_path / "journal.jsonl")
    journal.compact([image("LOG#1", f"{NAME} bites"), image("REQUEST", f"About {NAME}")])
    journal.follow(streams, "stream")
    try:
        streams.put(image("REFERRAL", "redacted"))
        for sk in ("LOG#1", "REQUEST"):
            streams.put(image(sk, f"{TAKEN_OUT} bites"), image(sk, f"{NAME} bites"))
        if how == "while it runs":
            assert until(lambda: NAME not in journal.path.read_text())
        streams.put(image("LOG#2", "after"))
    finally:
        journal.stop()
    assert NAME not in journal.path.read_text()
    again = Journal(journal.path)
    rows = {row["sk"]["S"]: row["note"]["S"] for row in again.rows()}
    assert rows == {
        "LOG#1": f"{TAKEN_OUT} bites", "REQUEST": f"{TAKEN_OUT} bites",
        "REFERRAL": "redacted", "LOG#2": "after",
    }  # fmt: skip
    assert again._place == "4", "a later start goes on behind the last change"


def test_a_start_frees_the_memory_of_stacks_that_were_killed(tmp_path: Path) -> None:
    left, used, young = (tmp_path / f"iecmhc-{name}" for name in ("left", "used", "young"))
    for folder in (left, used, young, tmp_path / "somebody-elses"):
        folder.mkdir()
    for folder in (left, used, tmp_path / "somebody-elses"):
        os.utime(folder, (time.time() - 3600, time.time() - 3600))
    told = {"PATH": os.environ["PATH"], "TMPDIR": str(used)}
    with subprocess.Popen(["sleep", "60"], env=told) as running:
        try:
            assert remove_orphans(tmp_path) == [left]
        finally:
            running.kill()
    assert not left.exists() and used.exists() and young.exists()
