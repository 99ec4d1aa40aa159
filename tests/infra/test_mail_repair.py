"""Bounce, repair, continue: on the whole stack, through real pages, mails and reports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.build import ROOT
from infra.case import REQUEST
from infra.player import Mailbox, Person
from infra.stack import LocalStack

pytestmark = pytest.mark.promise("bounce-repaired")

DEAD, GOOD = "bounce+ana@simulator.amazonses.com", "ana.right@example.org"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("post")) as running:
        yield running


@pytest.mark.promise("bounce-repaired")
@pytest.mark.long
def test_a_dead_address_is_found_out_mended_and_the_letter_sent_to_the_right_one(
    stack: LocalStack,
) -> None:
    mailbox, provider = Mailbox(stack.run["messages"]), Person(stack.base_url)
    reference = provider.request({**REQUEST, "contact_email": DEAD})
    asked = mailbox.wait(
        "the task to find an address", 40, lambda m: "find an address" in m["subject"]
    )
    assert reference in asked["subject"] and DEAD not in asked["text"]
    link = next(line for line in asked["text"].splitlines() if "/t/" in line).strip()
    (to,) = asked["to"]
    specialist = Person(stack.base_url)
    specialist.open_task(link, lambda: mailbox.newer_code(to, 0, reference))
    assert DEAD in specialist.text
    specialist.fill("#task", {"talked": "phone", "decision": "new", "email": GOOD}).press()
    assert specialist.status == 200, specialist.text[:300]
    again = mailbox.wait("the receipt at the right address", 40, lambda m: m["to"] == [GOOD])
    assert reference in again["subject"]
    assert [m["to"] for m in mailbox.all()].count([DEAD]) == 1


@pytest.mark.promise("mail-doctor")
@pytest.mark.long
def test_the_doctor_is_not_red_here_and_its_test_letter_arrives(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_DIR", str(stack.folder))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    done = subprocess.run(
        [sys.executable, "-m", "infra.doctor", "--stage", "local", "--to", "me@example.org"],
        cwd=Path(ROOT),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test letter: delivered" in done.stdout
    assert "MEND" not in done.stdout
