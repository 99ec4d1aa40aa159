"""A kill at any moment costs nothing that was acknowledged: of the files, and of the whole stack."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.answers import ACCEPTED, TRIAGED
from infra.build import ROOT
from infra.case import Case
from infra.emulator import end_group, free_port, leftover
from infra.journal import Journal
from infra.lines import Damaged, Lines, line, parse
from infra.mailbox import Mailbox

pytestmark = pytest.mark.promise("restart-from-table")

ROWS = [{"pk": {"S": f"R#{n}"}, "sk": {"S": "REFERRAL"}, "v": {"N": str(n)}} for n in range(5)]
BODY = {
    "Destination": {"ToAddresses": ["ana@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
}


def said_and_read(path: Path) -> tuple[list[str], list[Any]]:
    said: list[str] = []
    return said, Lines(path, said.append).read()


def test_a_line_says_its_number_and_a_check_sum() -> None:
    raw = line(7, ["a", {"b": b"\x00"}]).rstrip(b"\n")
    assert parse(raw, 7) == ["a", {"b": b"\x00"}]
    with pytest.raises(ValueError, match="line 7 stands there"):
        parse(raw, 8)
    for i in range(len(raw)):
        damaged = raw[:i] + bytes([raw[i] ^ 1]) + raw[i + 1 :]
        with pytest.raises(ValueError):  # noqa: PT011
            parse(damaged, 7)


def test_a_file_cut_at_any_byte_keeps_every_whole_line_and_says_what_it_drops(
    tmp_path: Path,
) -> None:
    whole = b"".join(line(n, {"n": n}) for n in (1, 2, 3))
    ends = [i for i in range(len(whole) + 1) if whole[:i].endswith(b"\n") or i == 0]
    for cut in range(len(whole) + 1):
        path = tmp_path / "f.jsonl"
        path.write_bytes(whole[:cut])
        said, values = said_and_read(path)
        complete = max(i for i, end in enumerate(ends) if end <= cut)
        assert values == [{"n": n + 1} for n in range(complete)]
        assert bool(said) == (cut not in ends), cut
        # What is written next stands on a line of its own.
        lines = Lines(path, said.append)
        lines.read()
        lines.append(["next"])
        assert said_and_read(path)[1] == [*values, "next"]


def test_a_damaged_or_missing_line_in_the_middle_is_named_and_nothing_is_skipped(
    tmp_path: Path,
) -> None:
    path = tmp_path / "f.jsonl"
    rows = [line(n, {"n": n}) for n in (1, 2, 3)]
    for damaged in (
        rows[0] + rows[1].replace(b'"n":2', b'"n":5') + rows[2],
        rows[0] + rows[1][:9] + rows[2],
        rows[0] + b"\n" + rows[1] + rows[2],
        rows[0] + rows[2],
        rows[0] + rows[1] + rows[1],
        rows[0] + rows[1] + rows[2].replace(b'"n":3', b'"n":5'),
    ):
        path.write_bytes(damaged)
        with pytest.raises(Damaged, match=r"f\.jsonl: line [23] of "):
            Lines(path).read()
        assert path.read_bytes() == damaged


def test_lines_of_before_there_were_check_sums_are_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(json.dumps(["R#0", "REFERRAL", ROWS[0]]) + "\n" + '["R#1", "REF')
    said: list[str] = []
    journal = Journal(path, said.append)
    assert journal.rows() == ROWS[:1] and len(said) == 1


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace", "sync"])
def test_a_compaction_killed_at_any_call_leaves_the_old_or_the_new_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    from infra import lines

    path = tmp_path / "journal.jsonl"
    Journal(path).compact(ROWS)

    class Killed(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        match call:
            case "open":
                patch.setattr(lines, "_own", dies)
            case "write":
                real, left = lines.line, [1]

                def written(number: int, value: Any) -> bytes:
                    left[0] -= 1
                    if left[0] < 0:
                        raise Killed
                    return real(number, value)

                patch.setattr(lines, "line", written)
            case "fsync":
                patch.setattr(lines.os, "fsync", dies)
            case "replace":
                patch.setattr(Path, "replace", dies)
            case "sync":
                patch.setattr(lines, "_sync", dies)
        with pytest.raises(Killed):
            Journal(path).compact(ROWS[:2])
    expected = ROWS[:2] if call == "sync" else ROWS
    assert Journal(path).rows() == expected
    assert not path.with_suffix(".draft").exists()


class Stream:
    """A stream of the table, whose reader may fail."""

    def __init__(self) -> None:
        self.records: list[Any] = []
        self.fails = 0

    def change(self, row: Any, image: bool = True) -> None:
        change = {
            "Keys": {k: row[k] for k in ("pk", "sk")},
            "SequenceNumber": f"{len(self.records):021d}",
        }
        self.records.append({"dynamodb": change | ({"NewImage": row} if image else {})})

    def describe_stream(self, **_: Any) -> Any:
        return {"StreamDescription": {"Shards": [{"ShardId": "s"}]}}

    def get_shard_iterator(self, *, ShardIteratorType: str, **more: Any) -> Any:  # noqa: N803
        begin = {
            "LATEST": len(self.records),
            "TRIM_HORIZON": 0,
            "AFTER_SEQUENCE_NUMBER": int(more.get("SequenceNumber") or 0) + 1,
        }[ShardIteratorType]
        return {"ShardIterator": str(begin)}

    def get_records(self, *, ShardIterator: str, **_: Any) -> Any:  # noqa: N803
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the emulator is busy")
        begin = int(ShardIterator)
        page = self.records[begin : begin + 2]
        return {"Records": page, "NextShardIterator": str(begin + len(page))}


def wait_for(what: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_look_at_the_stream_that_failed_loses_no_change(tmp_path: Path) -> None:
    stream, path = Stream(), tmp_path / "journal.jsonl"
    journal = Journal(path, lambda line: None)
    journal.compact([])
    journal.follow(stream, "arn")
    stream.change(ROWS[0])
    wait_for(lambda: path.read_bytes().count(b"\n") == 1)
    stream.fails = 1
    for row in ROWS[1:]:
        stream.change(row)
    wait_for(lambda: path.read_bytes().count(b"\n") == 5)
    stream.change(ROWS[0], image=False)
    journal.stop()
    assert Journal(path).rows() == ROWS[1:]


def test_what_an_orphaned_emulator_still_has_is_written_once(tmp_path: Path) -> None:
    stream, path = Stream(), tmp_path / "journal.jsonl"
    first = Journal(path, lambda line: None)
    first.follow(stream, "arn")
    for row in ROWS[:2]:
        stream.change(row)
    first.stop()
    for row in ROWS[2:]:
        stream.change(row)  # its runner is dead, its clock is not
    second = Journal(path)
    assert second.rows() == ROWS[:2]
    assert second.drain(stream, "arn") == 3
    assert second.drain(stream, "arn") == 0
    assert Journal(path).rows() == ROWS


def test_a_letter_is_on_the_disk_before_it_counts_and_a_torn_one_is_said(tmp_path: Path) -> None:
    path, said = tmp_path / "mails.jsonl", list[str]()
    box = Mailbox(path)
    box.take(BODY, "m-1")
    box.take(BODY, "m-2")
    path.write_bytes(path.read_bytes()[:-5])
    again = Mailbox(path, said.append)
    assert [mail.message_id for mail in again.all()] == ["m-1"] and "cut off" in said[0]
    again.take(BODY, "m-3")
    assert [mail.message_id for mail in Mailbox(path).all()] == ["m-1", "m-3"]


# -- the whole stack ----------------------------------------------------------------------------------
class Running:
    """``make run`` as a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        (folder / "run.json").unlink(missing_ok=True)  # of a run that was killed
        self.log = (folder / "run.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "infra.local"],
            cwd=ROOT,
            env={**os.environ, "LOCAL_DIR": str(folder), "PORT": str(port)},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.ready()

    def ready(self) -> None:
        def served() -> bool:
            assert self.process.poll() is None, self.said()[-2000:]
            return (self.folder / "run.json").exists()

        wait_for(served, 180)
        self.facts = json.loads((self.folder / "run.json").read_text())

    def said(self) -> str:
        return (self.folder / "run.log").read_text()

    @property
    def emulator(self) -> int:
        return int((self.folder / "stack.pid").read_text())

    def rows(self) -> dict[tuple[str, str], Any]:
        import boto3

        dynamodb = boto3.client(
            "dynamodb", endpoint_url=self.facts["endpoint"], region_name=self.facts["region"],
            aws_access_key_id=self.facts["account"], aws_secret_access_key="local",
        )  # fmt: skip
        pages = dynamodb.get_paginator("scan").paginate(TableName=self.facts["table"])
        return {(r["pk"]["S"], r["sk"]["S"]): r for p in pages for r in p["Items"]}

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError, ValueError):
            if leftover(self.emulator):
                end_group(self.emulator)
        self.log.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    with contextlib.suppress(OSError, ValueError):
        if leftover(pid := int((tmp_path / "stack.pid").read_text())):
            end_group(pid)


def open_tasks(running: Running) -> dict[str, tuple[str, str, str]]:
    """Reference -> kind, person and link number of the task that it waits for."""
    return {
        pk.removeprefix("R#"): (
            row["task"]["M"]["kind"]["S"],
            row["task"]["M"].get("assignee", {"S": ""})["S"],
            row["task"]["M"]["number"]["N"],
        )
        for (pk, sk), row in running.rows().items()
        if sk == "REFERRAL" and "task" in row
    }


def tokens(running: Running) -> dict[str, str]:
    return {
        pk.removeprefix("R#"): row["task"]["M"].get("token", {"S": ""})["S"]
        for (pk, sk), row in running.rows().items()
        if sk == "REFERRAL" and "task" in row
    }


def newest_letter(running: Running, reference: str) -> tuple[str, str] | None:
    """The key of the row which says that the letter of the newest entry left; None before that."""
    rows = running.rows()
    version = int(rows[f"R#{reference}", "REFERRAL"]["version"]["N"])
    found = [
        k for k in rows if k[0] == f"R#{reference}" and k[1].startswith(f"MAIL#{version:06d}.")
    ]
    return found[0] if found else None


@pytest.mark.long
def test_neither_a_dead_emulator_nor_a_dead_runner_loses_anything(folder: Path) -> None:
    port = free_port()
    running = Running(folder, port)
    try:
        cases = [
            Case(str(n), running.facts["base_url"], running.facts["messages"], lambda line: None)
            for n in range(3)
        ]
        for who, answers in zip(cases, ([], [TRIAGED], [TRIAGED, ACCEPTED]), strict=True):
            who.request(site_name=f"Site {who.name}")
            for answer in answers:
                who.task("answered", answer)
        references = [who.reference for who in cases]
        cases[2].next_is_asked()  # the page of the offer leads on to it: its letter waits
        links = [who.box.link(who.reference, who.n + 1) for who in cases[:2]]
        before = open_tasks(running)
        assert {before[r][0] for r in references} == {"triage", "offer", "first_contact"}
        time.sleep(1)

        # The emulator dies under a living runner: it comes back by itself, at the same addresses.
        old, facts = running.emulator, running.facts
        os.kill(old, signal.SIGKILL)
        wait_for(lambda: "it is back" in running.said(), 180)
        running.ready()
        assert running.emulator != old and running.facts["base_url"] == facts["base_url"]
        assert "died (signal 9)" in running.said()
        wait_for(lambda: all(tokens(running).get(r) for r in references), 60)
        assert open_tasks(running) == before

        # The runner dies: the next start takes over, from what the orphan still knew.
        running.process.kill()
        running.process.wait()
        assert leftover(running.emulator)
        orphan = running.emulator
        with (folder / "journal.jsonl").open("ab") as file:
            file.write(b'1234abcd 99999 ["R#torn')
        running = Running(folder, port)
        assert not leftover(orphan)
        assert "an earlier run was killed" in running.said()
        assert "cut off by a crash" in running.said()
        wait_for(lambda: all(tokens(running).get(r) for r in references), 60)
        assert open_tasks(running) == before

        # Same people, same links: the mail of before opens the task, and the run goes on.
        assert [who.box.link(who.reference, who.n + 1) for who in cases[:2]] == links
        cases[0].task("tier confirmed", TRIAGED)
        wait_for(lambda: open_tasks(running).get(references[0], ("",))[0] == "offer", 60)

        # All die between a command and its letter: it leaves with the start, not after the sweep's
        # minute.
        link, _ = cases[0].box.link(references[0], cases[0].n + 1)
        same_task = "-".join(
            link.split("-")[:3]
        )  # its end, which follows, is counted from the sending
        wait_for(lambda: newest_letter(running, references[0]) is not None, 10)
        lost = newest_letter(running, references[0])
        time.sleep(1)
        running.end()
        lines = Lines(folder / "journal.jsonl")
        lines.read()
        lines.append([[*lost, None]])
        lines.close()
        running = Running(folder, port)
        wait_for(lambda: sum(same_task in m["text"] for m in cases[0].box.all()) == 2, 15)
    finally:
        running.end()
