"""The whole stack on this machine: it starts, it remembers, it says in a line why it cannot."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.build import ROOT
from infra.deploy import DeployError, deploy
from infra.emulator import StackError, free_port
from infra.stack import LocalStack

pytestmark = pytest.mark.promise("local-is-production")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[LocalStack]:
    """Started, stopped and started again in the same folder: the second life is what is tested."""
    with LocalStack(folder) as first:
        dynamodb = first.client("dynamodb")
        kept: dict[str, Any] = {"pk": {"S": "DRAFT#1"}, "sk": {"S": "DRAFT"}, "n": {"N": "7"}}
        dynamodb.put_item(TableName=first.table, Item=kept)
        dynamodb.put_item(TableName=first.table, Item={**kept, "sk": {"S": "GONE"}})
        dynamodb.delete_item(TableName=first.table, Key={"pk": kept["pk"], "sk": {"S": "GONE"}})
        secret = _link_keys(first)
        assert json.loads(secret)["current"] == "a"
    with LocalStack(folder) as second:
        assert _link_keys(second) == secret
        yield second


def _link_keys(stack: LocalStack) -> str:
    secrets = stack.client("secretsmanager")
    return str(secrets.get_secret_value(SecretId=stack.outputs["LinkKeysArn"])["SecretString"])


def test_the_table_is_as_it_was(stack: LocalStack) -> None:
    rows = stack.client("dynamodb").scan(TableName=stack.table)["Items"]
    found = {(row["pk"]["S"], row["sk"]["S"]): row for row in rows}
    assert found["DRAFT#1", "DRAFT"]["n"] == {"N": "7"}
    assert ("DRAFT#1", "GONE") not in found
    assert len([key for key in found if key[0] == "CONSULTANTS"]) > 20


def test_the_relay_does_not_see_rows_again_that_were_put_back(stack: LocalStack) -> None:
    mappings = stack.client("lambda").list_event_source_mappings(
        FunctionName=stack.outputs["RelayName"]
    )["EventSourceMappings"]
    assert [m["StartingPosition"] for m in mappings] == ["LATEST"]
    assert mappings[0]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mappings[0]["FilterCriteria"]["Filters"]


def test_the_first_page_is_served_and_the_facts_are_written(stack: LocalStack) -> None:
    facts = json.loads((stack.folder / "run.json").read_text())
    for name in ("base_url", "mailbox", "messages", "request_form"):
        with urllib.request.urlopen(facts[name], timeout=20) as answer:
            assert answer.status == 200, name
    assert set(facts["machines"]) >= {"referral", "match", "follow_up"}
    assert {who["group"] for who in facts["logins"].values()} >= {"specialist", "admin"}
    assert facts["table"] == stack.table


@pytest.mark.promise("local-files-private")
def test_nobody_else_looks_into_the_folder_of_a_stack(stack: LocalStack) -> None:
    assert stack.folder.stat().st_mode & 0o077 == 0
    for name in ("journal.jsonl", "link-keys.json", "mails.jsonl"):
        path = stack.folder / name
        assert not path.exists() or path.stat().st_mode & 0o077 == 0, name


def test_the_clock_and_the_reconciler_run(stack: LocalStack) -> None:
    assert stack.tick()["failed"] == 0
    assert stack.reconcile("test")["started"] == 0


def test_a_letter_is_kept_with_its_tags_before_ses_says_yes(stack: LocalStack) -> None:
    import boto3

    office = stack.emulator._extra["AWS_ENDPOINT_URL_SESV2"]
    ses = boto3.client(
        "sesv2",
        endpoint_url=office,
        region_name="us-west-2",
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",
    )
    sent = ses.send_email(
        FromEmailAddress="no-reply@iecmhc.example",
        Destination={"ToAddresses": ["somebody@example.org"]},
        EmailTags=[{"Name": "ref", "Value": "X"}],
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    )
    assert stack.mails()[-1].message_id == sent["MessageId"]
    assert stack.mails()[-1].tags == {"ref": "X"}


def test_the_same_template_again_changes_nothing(stack: LocalStack) -> None:
    said: list[str] = []
    outputs = deploy("local", stack.out, stack.client, {}, said.append)
    assert "nothing to change" in said
    assert outputs["TableName"] == stack.table


def test_a_parameter_that_is_none_is_a_line(stack: LocalStack) -> None:
    with pytest.raises(DeployError, match="no parameter Nonsense"):
        deploy("local", stack.out, stack.client, {"Nonsense": "1"}, lambda line: None)


def test_a_second_stack_in_the_same_folder_or_on_the_same_port_is_a_line(
    stack: LocalStack, tmp_path: Path
) -> None:
    with pytest.raises(StackError, match="another stack runs in"), LocalStack(stack.folder):
        pass
    taken = pytest.raises(StackError, match=f"port {stack.port} is in use")
    with taken, LocalStack(tmp_path, stack.port):
        pass


def make_run(folder: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env={**os.environ, "LOCAL_DIR": str(folder), "PORT": str(free_port()), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "http"}, "PORT=http is not a port"),
        ({"PORT": "70000"}, "PORT=70000 is not a port"),
        ({"TIME_SCALE": "0"}, "TIME_SCALE=0 is not a number from 1 up"),
        ({"MINISTACK_PYTHON": "/nowhere/python"}, "run `make install` first"),
    ],
)
def test_what_stops_make_run_is_one_line_and_exit_1(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    run = make_run(tmp_path, **environment)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 1
    assert words in told
    assert len(told.strip().splitlines()) == 1


def living(group: int) -> list[str]:
    """Processes of a group that still run; what is dead and not yet reaped does not count."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state parent group ...; the name may hold spaces
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if its_group == str(group) and state not in "ZX":
                found.append(stat.parent.name)
    return found


@pytest.mark.long
def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    try:
        end = time.monotonic() + 90
        while not (tmp_path / "run.json").exists():
            assert run.poll() is None, run.stderr.read() if run.stderr else ""
            assert time.monotonic() < end
            time.sleep(0.1)
        stack = int((tmp_path / "stack.pid").read_text())
        assert living(stack)
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=30)
        assert run.returncode == 0
        assert not (tmp_path / "run.json").exists()
        end = time.monotonic() + 20
        while (left := living(stack)) and time.monotonic() < end:
            time.sleep(0.1)
        assert left == []
    finally:
        run.kill()
