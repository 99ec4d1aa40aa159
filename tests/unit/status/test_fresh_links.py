"""A task's link anew: to the address on file, three times an hour, and silent about the rest."""

from __future__ import annotations

import pytest

from chalicelib.aws import rate_limits
from chalicelib.aws.rate_limits import HOUR
from chalicelib.mail.fresh_links import SAME_PRESS, send_fresh
from chalicelib.tasks.link_status import standing
from chalicelib.workflow.storage import store
from tests.episode import STAGES
from tests.world import World

pytestmark = pytest.mark.promise("link-expires-to-the-second", "fresh-link")


def test_a_fresh_link_goes_to_the_one_who_was_asked_and_both_links_open_the_task(
    world: World,
) -> None:
    reference = world.offered()
    world.relay()
    old, who = world.mails[-1].link, world.mails[-1].to
    send_fresh(reference, world.state(reference).tasks)
    world.relay()
    new = world.mails[-1].link
    assert world.mails[-1].to == who
    assert old != new
    assert [standing(text, world.at).stand for text in (old, new)] == ["open", "open"]


@pytest.mark.promise("superseded-link")
def test_older_links_can_be_voided(world: World) -> None:
    reference = world.offered()
    world.relay()
    old = world.mails[-1].link
    send_fresh(reference, world.state(reference).tasks, void_older=True)
    world.relay()
    assert standing(old, world.at).stand == "superseded"
    assert standing(world.mails[-1].link, world.at).stand == "open"


@pytest.mark.promise("known-and-unknown-alike")
def test_nothing_happens_for_what_is_unknown_over_or_asked_of_nobody(world: World) -> None:
    reference = world.offered()
    world.relay()
    sent, version = len(world.mails), world.state(reference).version
    n = world.state(reference).tasks
    for ref, number in (("0000-0000-0", 1), (reference, n - 1), (reference, n + 1)):
        send_fresh(ref, number)
    world.relay()
    assert (len(world.mails), world.state(reference).version) == (sent, version)


def test_a_task_that_has_expired_gets_no_fresh_link(world: World) -> None:
    reference = world.offered()
    task = world.state(reference).task
    assert task is not None
    world.at = task.expires
    send_fresh(reference, task.number)
    assert world.state(reference).task == task


@pytest.mark.promise("double-press")
def test_two_presses_at_once_are_one_mail_and_three_an_hour_is_the_limit(
    world: World,
) -> None:
    reference = STAGES["waits_for_agreement"](world)
    world.relay()
    n, sent = world.state(reference).tasks, len(world.mails)
    for _ in range(5):
        send_fresh(reference, n)
        send_fresh(reference, n)
        world.relay()
        world.at += SAME_PRESS
    assert len(world.mails) - sent == 3
    world.at += HOUR
    send_fresh(reference, n)
    world.relay()
    assert len(world.mails) - sent == 4


@pytest.mark.promise("every-change-recorded")
def test_the_log_says_that_a_link_was_renewed_and_the_task_waits_as_before(
    world: World,
) -> None:
    reference = world.offered()
    before = world.state(reference).task
    assert before is not None
    send_fresh(reference, before.number)
    after = world.state(reference)
    assert after.task == before.model_copy(update={"link_number": 2})
    entry = store.log(after)[-1]
    assert (entry.event, entry.payload["kind"], entry.payload["task"]) == (
        "link_renewed", "offer", before.number,
    )  # fmt: skip


def test_a_limit_counts_each_use_and_begins_anew_after_its_window(world: World) -> None:
    at = world.at
    assert [rate_limits.allow("k", "a", 2, 60, at) for _ in range(3)] == [True, True, False]
    assert rate_limits.allow("k", "b", 2, 60, at)
    assert rate_limits.allow("other", "a", 2, 60, at)
    assert not rate_limits.allow("k", "a", 2, 60, at + 59)
    # The old row is still there; its end is compared, not its presence.
    assert [rate_limits.allow("k", "a", 2, 60, at + 60) for _ in range(3)] == [True, True, False]


@pytest.mark.promise("no-personal-data-in-logs")
def test_a_limit_does_not_hold_what_it_counts(world: World) -> None:
    rate_limits.allow("code-address", "ana@example.org", 3, 60, world.at)
    rows = [row for row in world.table.scan()["Items"] if row["pk"].startswith("LIMIT#")]
    assert rows
    assert "ana@example.org" not in str(rows)
