"""The runbook from clone to first request, followed word by word against the local stack, and a stage
that is tried, changed and taken down by its own commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.build import ROOT
from infra.case import REQUEST
from infra.player import Mailbox, Person
from infra.stack import LocalStack
from tests.infra.test_runbook import RUNBOOK, blocks

pytestmark = [pytest.mark.long, pytest.mark.promise("deploy-trusted")]
# In place of the AWS CLI and of a network that lets pip out: the environments stand already.
PRELUDE = """set -euo pipefail
aws() { "$PYTHON" -m tests.infra.aws_cli "$@"; }
stamps=$(ls .venv/stamp-* .venv-stack/stamp-* 2>/dev/null | sed 's/^/-o /')
make() { command make $stamps "$@"; }
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack without anybody of the demo network."""
    with LocalStack(tmp_path_factory.mktemp("first"), seeded=False) as running:
        yield running


def played(stack: LocalStack, script: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Bash in the repository, as somebody whose AWS is the local stack."""
    run = stack.run
    aws = {
        "AWS_ENDPOINT_URL": run["endpoint"],
        "AWS_ENDPOINT_URL_SESV2": run["mail_endpoint"],
        "AWS_ACCESS_KEY_ID": run["account"],
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    who = {"STAGE": "local", "YOURS": "iecmhc.example", "ME": "me@iecmhc.example"}
    return subprocess.run(
        ["bash", "-c", PRELUDE + script],
        cwd=ROOT,
        env={**os.environ, **aws, **who, "PYTHON": sys.executable},
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_runbook_leads_from_the_clone_to_the_first_request(stack: LocalStack) -> None:
    section = RUNBOOK.partition("## From clone to first request")[2].partition("\n## ")[0]
    steps = blocks(section)
    assert len(steps) == len(re.findall(r"^\*\*\d\. ", section, re.M))
    done = played(stack, "\n".join(steps))
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    said = done.stdout.strip().splitlines()
    assert said[-2:] == ["local: all is well", f"{stack.base_url}/request"], said
    assert "look at what failed" not in done.stdout
    # Somebody asks for help at that address, and the specialist of their county is asked.
    mailbox, provider = Mailbox(stack.run["messages"]), Person(stack.base_url)
    reference = provider.request({**REQUEST, "county": "fresno", "city": "Fresno", "zip": "93701"})
    asked = mailbox.wait("the specialist's task", 60, lambda m: m["to"] == ["jo@iecmhc.example"])
    assert reference in asked["subject"] + asked["text"]


def test_the_smoke_test_sees_that_letters_do_not_leave(stack: LocalStack) -> None:
    functions = stack.client("lambda")
    (mapping,) = functions.list_event_source_mappings(FunctionName=stack.outputs["RelayName"])[
        "EventSourceMappings"
    ]
    functions.delete_event_source_mapping(UUID=mapping["UUID"])
    done = played(stack, "make smoke STAGE=local")
    assert done.returncode != 0
    assert "FAILS  letter" in done.stdout and "ok     home" in done.stdout


def test_a_stage_is_taken_down_after_two_answers_and_its_table_stays(stack: LocalStack) -> None:
    refused = played(stack, "make teardown STAGE=local", "iecmhc-local\nno\n")
    assert refused.returncode != 0 and "nothing was done" in refused.stderr
    done = played(stack, "make teardown STAGE=local", "iecmhc-local\nDELETE\n")
    assert done.returncode == 0, done.stderr
    assert f"aws dynamodb delete-table --table-name {stack.table}" in done.stdout
    assert stack.client("dynamodb").describe_table(TableName=stack.table)["Table"]
    gone = played(stack, "make smoke STAGE=local")
    assert gone.returncode != 0 and "there is no stack iecmhc-local" in gone.stderr
