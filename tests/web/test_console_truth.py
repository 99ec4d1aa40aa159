"""A calm sentence is earned: what broke, stopped or is gone shows as that, with its cause.

The real steps and machines of a case are broken in this process, and the screens are read. The same is
done to a running stack in ``tests/infra/test_truth_on_a_stack.py``.
"""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import people
from chalicelib.mail.bad_addresses import flag
from chalicelib.rooms import WISHED
from chalicelib.workflow.reconciler.reconcile import reconcile
from chalicelib.workflow.reconciler.repairs import QUIET
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import keys
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, act, at
from tests.world import World

pytestmark = pytest.mark.promise("calm-is-earned")

CALM = ("Nobody has to do anything", "On time", "Ended as planned", "Everything fits")


@pytest.fixture
def harness(world: World) -> LifecycleHarness:
    people.forget()
    return LifecycleHarness(world)


class Screens:
    """What a supervisor sees of one case."""

    def __init__(self, harness: LifecycleHarness, client: Client, story: Story) -> None:
        self.harness, self.client, self.story = harness, client, story

    def browser(self) -> Browser:
        return signed_in(self.harness.world, self.client, "supervisor")

    def case(self) -> Page:
        return self.browser().get(f"/console/referrals/{self.story.reference}")

    def line(self, query: str = "") -> str:
        """What the list says of it."""
        body = self.browser().get(f"/console{query}").body
        rows = re.findall(r"<tr>.*?</tr>", body, re.S)
        mine = next((row for row in rows if self.story.reference in row), "")
        return " ".join(re.sub(r"<[^>]+>", " ", mine).split())

    def run(self, machine: str = "referral") -> Page:
        run = self.story.run(machine)
        return self.browser().get(f"/console/runs/{machine}/{run.name}")


def screens(harness: LifecycleHarness, client: Client, moment: str) -> Screens:
    return Screens(harness, client, at(harness, moment))


def its_minute(harness: LifecycleHarness) -> None:
    """The minute in which a look that somebody asked for is made."""
    reconcile({"detail": {"duty": WISHED}}, None)
    harness.settle()


def sentence(page: Page) -> tuple[str, str]:
    """Mark and words of the page's sentence."""
    (found,) = re.findall(r'class="sentence ([\w-]+)">([^<]+)<', page.body)
    return found


def marked(page: Page) -> dict[str, str]:
    """State -> its mark on the drawing."""
    found = re.findall(r'<g class="box \w+ (\w*)"><title>(.*?): ', page.body)
    return {name.replace("&#39;", "'"): mark for mark, name in found}


def calm(page: Page) -> list[str]:
    return [words for words in CALM if words in page.text]


@pytest.mark.promise("fails-before-its-wait")
def test_a_step_that_fails_before_its_wait_is_said_with_its_cause(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "triage")
    harness.fail_step("ask_offer", times=99)
    harness.fail_step("ask_repair", times=99)
    act(seen.story)
    harness.world.at += 41
    page = seen.case()
    mark, words = sentence(page)
    assert mark == "attention" and "stands still in the stage" in words and calm(page) == []
    assert "Why it needs attention" in page.text
    assert "A step broke with an error. In the state “Offer to the next consultant”" in page.text
    assert "RuntimeError it does not work" in page.text, "the raw words"
    run = seen.run()
    assert sentence(run)[0] == "attention" and calm(run) == []
    harness.world.at += 20
    harness.run_scheduler()
    assert "The process stands still" in seen.line() and "Needs attention" in seen.line()
    assert seen.line("?mark=attention") and not seen.line("?mark=late")


@pytest.mark.promise("fails-before-its-wait")
def test_a_step_says_itself_that_it_fails_where_the_engine_says_nothing(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "triage")
    row = {"pk": "CONSULTANTS", "sk": "zoe-broken", "active": True, "cap": "many"}
    harness.world.table.put_item(Item=row)
    harness.fail_step("ask_repair", times=99)
    act(seen.story)
    harness.engine.runs.clear()  # an engine that tells nothing
    page = seen.case()
    mark, words = sentence(page)
    assert mark == "attention" and "stands still" in words and calm(page) == [], "at once"
    assert "A step failed before anybody was asked." in page.text
    assert "ask_offer: TypeError" in page.text
    assert "The process stands still" in seen.line() and "Needs attention" in seen.line()
    harness.world.table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
    restart(seen.story.state, harness.world.at, "staff:sam-lead", "mended")
    harness.settle()
    assert seen.story.asks == "offer" and seen.story.state.failing is None


@pytest.mark.promise("fails-before-its-wait")
def test_it_is_still_said_after_the_reconciler_gave_up_and_asked_a_person(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "triage")
    harness.fail_step("ask_offer", times=9999)
    harness.fail_step("ask_repair", times=9999)
    act(seen.story)
    for _ in range(25):
        harness.world.at += 61
        harness.run_scheduler()
    assert [task.kind for task in open_rows(seen.story.state)] == ["attention"]
    page = seen.case()
    mark, words = sentence(page)
    assert mark == "attention" and calm(page) == []
    assert "Something does not work by itself. Waiting for the coordinator to look at it" in words
    assert "It is started again by itself" not in words
    assert "An open request has no run." in page.text and "no_run" in page.text
    assert "Needs attention" in seen.line() and "Coordinator" in seen.line()


@pytest.mark.promise("fails-before-its-wait")
def test_a_failed_stage_is_not_green_and_its_broken_step_has_no_tick(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "triage")
    harness.fail_step("ask_offer", times=99)
    act(seen.story)
    page = seen.run("match")
    assert "Ended because a step broke" in page.text and calm(page) == []
    assert marked(page)["Offer to the next consultant"] == "failed"
    assert 'class="tag done">passed' not in page.body
    assert "It broke in “Offer to the next consultant”" in page.text
    assert "it does not work" in page.text and sentence(page)[0] == "attention"
    assert "The request has moved on" not in page.text
    whole = seen.run()
    assert marked(whole)["Match consultant"] == "failed"
    assert marked(whole)["Assign tier"] == "passed"
    assert marked(whole)["Needs attention"] == "current"
    assert "It broke in “Match consultant”" in whole.text
    assert "The run of this stage ended because a step of it broke." in whole.text
    assert f"/console/runs/match/{seen.story.run('match').name}" in seen.case().links
    assert sentence(seen.case())[0] == "attention" and "it does not work" in seen.case().text
    assert "Needs attention" in seen.line() and "On time" not in seen.line()


def test_a_step_that_worked_at_its_second_try_is_a_healthy_one(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "triage")
    harness.fail_step("ask_offer", times=2)
    act(seen.story)
    page = seen.run("match")
    assert marked(page)["Offer to the next consultant"] == "current"
    assert "It was tried again." in page.text and "It broke" not in page.text
    assert sentence(page)[0] == "on-time" and sentence(seen.case())[0] == "on-time"


def test_letters_that_come_back_are_said_while_somebody_else_is_waited_for(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "plan")
    address = seen.story.state.contact.email
    assert flag(seen.story.reference, "provider", address, harness.world.at, "Permanent")
    harness.settle()
    page = seen.case()
    mark, words = sentence(page)
    assert mark == "blocked"
    assert (
        "Waiting for the consultant" in words and "Our letters to the provider come back." in words
    )
    assert "Waiting for an email address of the provider that works" in words
    assert "Blocked by contact" in seen.line() and "to find an address that works" in seen.line()


def test_an_address_of_whoever_is_asked_that_failed_in_another_case_is_said_too(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "plan")
    who = seen.story.state.consultant
    dynamodb.write(people.flag_email(f"consultant:{who}", str(people.consultant(who)["email"])))
    people.forget()
    mark, words = sentence(seen.case())
    assert mark == "blocked" and "Our letters to the person who is asked come back." in words


def test_what_should_have_happened_long_ago_says_that_our_clock_is_late(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "offer")
    task = seen.story.state.task
    assert task is not None
    harness.world.at = task.expires + 301
    mark, words = sentence(seen.case())
    assert mark == "attention" and "our clock did nothing yet" in words


@pytest.mark.promise("run-stopped-by-hand")
def test_compare_now_does_not_say_that_all_fits_of_what_it_could_not_judge(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "plan")
    stage = seen.story.run("delivery")
    stage.parent = None  # of an engine whose whole run does not notice
    harness.engine.stop(stage)
    browser = seen.browser()
    browser.get("/console/reconcile")
    press(browser, "/console/reconcile")
    its_minute(harness)
    page = browser.get("/console/reconcile")
    assert "nothing can be said of them yet: 1." in page.text and calm(page) == []
    assert "They are looked at again on" in page.text
    harness.world.at += QUIET + 1
    its_minute(harness)
    page = seen.browser().get("/console/reconcile")
    assert "Started again" in page.text and "They are looked at again on" not in page.text


@pytest.mark.promise("side-task-lost")
def test_a_side_task_that_is_gone_shows_on_the_case_until_it_is_asked_again(
    harness: LifecycleHarness, client: Client
) -> None:
    seen = screens(harness, client, "plan")
    address = seen.story.state.contact.email
    flag(seen.story.reference, "provider", address, harness.world.at, "Permanent")
    (n,) = seen.story.state.side_tasks
    gone = keys.task(seen.story.reference, n)._asdict()
    harness.settle()
    harness.world.table.delete_item(Key=gone)
    mark, words = sentence(seen.case())
    assert mark == "attention" and "is gone from our record" in words
    assert "Needs attention" in seen.line()
    harness.settle()
    harness.world.at += 60
    harness.run_scheduler()
    mark, words = sentence(seen.case())
    assert mark == "blocked" and "is gone from our record" not in words
