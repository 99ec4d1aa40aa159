"""Every form that the demo's people sent, sent again: nothing new is recorded, and all get a page."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from chalicelib.aws.attribute_values import row_of
from infra.demo import FAST, SLOW, Stack, every_life, on_the_training_stack
from infra.training_program.life import IN_HOURS

pytestmark = pytest.mark.long
# Who acts by themselves, while the forms come again: time goes on.
NOBODY = ("system", "clock", "reconciler")
# What the front door says when a function takes too long: the machine is busy, so once more.
TOO_LATE = 504
Sent = list[requests.PreparedRequest]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """Every form that any browser of this process sends."""
    found: Sent = []
    real = requests.Session.send

    def heard(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> Any:
        if request.method == "POST":
            found.append(request.copy())
        return real(session, request, **more)

    with monkeypatch.context() as patch:
        patch.setattr(requests.Session, "send", heard)
        yield found


def recorded(stack: Stack) -> Counter[str]:
    """What people did: the log of a case has each entry, or its row does; a meeting has what was done to it."""
    run = json.loads((stack.folder / "run.json").read_text())
    client = boto3.client(
        "dynamodb",
        endpoint_url=run["endpoint"],
        region_name=run["region"],
        aws_access_key_id=run["account"],
        aws_secret_access_key="local",
    )
    found: Counter[str] = Counter()
    pages = client.get_paginator("scan").paginate(TableName=run["table"], ConsistentRead=True)
    for row in (row_of(item) for page in pages for item in page["Items"]):
        entry = row.get("pending_entry", row)
        if "event" in entry and entry.get("actor", entry.get("by")) not in NOBODY:
            found[f"{row['pk']} {entry.get('version', row['sk'])} {entry['event']}"] = 1
    return found


def send_again(posts: Sent) -> Counter[int]:
    """Send them as they were, one after the other; what they were answered with."""
    answered: Counter[int] = Counter()
    with requests.Session() as session:
        for post in posts:
            for _ in range(3):
                answer = session.send(post, allow_redirects=False, timeout=60)
                if answer.status_code != TOO_LATE:
                    break
            answered[answer.status_code] += 1
            assert answer.status_code < 500, (post.url, answer.text[:400])
    return answered


def good_once(stack: Stack, sent: Sent) -> None:
    """Nothing new is recorded when all forms of a stack come again, in order and in another one."""
    posts = [post for post in sent if str(post.url).startswith(stack.facts["base_url"])]
    before = recorded(stack)
    shuffled = random.Random(1).sample(posts, len(posts))
    for order in (posts, shuffled):
        print(f"{len(order)} forms sent again: {dict(send_again(order))}")
        new = recorded(stack) - before
        assert not new, sorted(new)


def test_every_form_of_every_life_is_good_once(tmp_path: Path, sent: Sent) -> None:
    fast, slow = Stack(tmp_path / "fast", FAST), Stack(tmp_path / "slow", SLOW)
    try:
        every_life(fast, slow)  # how they end is for `make demo` to judge
        for stack in (fast, slow):
            good_once(stack, sent)
    finally:
        fast.stop()
        slow.stop()


def test_every_form_of_the_training_program_is_good_once(tmp_path: Path, sent: Sent) -> None:
    stack = Stack(tmp_path / "training", IN_HOURS)
    try:
        on_the_training_stack(stack)
        good_once(stack, sent)
    finally:
        stack.stop()
