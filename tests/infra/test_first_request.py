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


# What the first sign-in of the first admin sets in place of the mailed password.
PASSWORD = "Demo-first-admin-2026"
# Steps that are done in the console; and who is there once they are.
IN_THE_CONSOLE = ("6", "7")
TEAM = {"specialist": "Jo", "coordinator": "Sam", "supervisor": "Lee"}


def signs_in(stack: LocalStack, email: str) -> Person:
    """The first admin, who has chosen a password of their own: the local sign-in asks for no app."""
    pool = stack.outputs["StaffPoolId"]
    stack.client("cognito-idp").admin_set_user_password(
        UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True
    )
    return Person(stack.base_url).sign_in(email, PASSWORD)


def adds_the_team(admin: Person) -> None:
    """One of each role, each shown first and then added."""
    for role, name in TEAM.items():
        told = {"name": f"{name} Doe", "email": f"{name.lower()}@iecmhc.example", "role": role}
        told |= {"where": "all", "letters_language": "en"}
        admin.open("/console/staff/new").fill("#staff", told).press()
        assert "This is what it does" in admin.text, admin.text[:300]
        admin.fill("#staff", {}).press()
        assert admin.status == 200 and f"{name} Doe" in admin.text, admin.text[:300]


def test_the_runbook_leads_from_the_clone_to_the_first_request(stack: LocalStack) -> None:
    section = RUNBOOK.partition("## From clone to first request")[2].partition("\n## ")[0]
    steps = blocks(section)
    numbers = re.findall(r"^\*\*(\d)\. ", section, re.M)
    assert len(steps) == len([one for one in numbers if one not in IN_THE_CONSOLE])
    *first, last = steps
    done = played(stack, "\n".join(first))
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    adds_the_team(signs_in(stack, "me@iecmhc.example"))
    done = played(stack, "\n".join((steps[0], last)))
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
