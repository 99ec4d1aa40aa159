"""All who wait are assigned at once: shown first, then offered, one command each."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.referral.matching import waitlist
from chalicelib.referral.matching.assignment import hold, together
from chalicelib.referral.rows import waitlist_rows
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.workflow import registry
from chalicelib.workflow.storage import store
from tests.call_ups.test_call_up import says
from tests.web.conftest import Browser
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.workflow.test_waitlist import fill, promoted, served, waiting

LINE = "/console/assign"


@pytest.fixture
def coordinator(harness: LifecycleHarness, client: Any) -> Browser:
    return signed_in(harness.world, client, "coordinator")


def two_who_wait(harness: LifecycleHarness) -> tuple[Story, Story]:
    fill(harness.world)
    return waiting(harness, language_required="no"), waiting(harness, at=60, language_required="no")


def press(browser: Browser, path: str, decision: str) -> Any:
    page = browser.get(path)
    return browser.post(path, {**page.hidden, "decision": decision})


@pytest.mark.promise("best-assignment-offered")
def test_it_is_shown_and_then_offered_to_each_as_shown(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    first, second = two_who_wait(harness)
    fill(harness.world, "ben-okafor")
    page = coordinator.get(LINE)
    assert first.reference in page.text and second.reference in page.text
    assert "First choice." in page.text and "have no place left" in page.text
    assert served("ben-okafor") == [], "looking offers nothing"
    page = press(coordinator, LINE, "offer")
    assert page.status == 200 and "Offers sent: 1." in page.text, page.text
    harness.settle()
    assert served("ben-okafor") == [first.reference] and first.asks == "offer"
    assert promoted(first)["consultant"] == "ben-okafor"
    assert (second.asks, waitlist_rows.line()[0].reference) == ("waitlist", second.reference)


def test_what_changed_since_it_was_shown_is_shown_again(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    first, _ = two_who_wait(harness)
    fill(harness.world, "ben-okafor")
    page = coordinator.get(LINE)
    fill(harness.world)
    page = coordinator.post(LINE, {**page.hidden, "decision": "offer"})
    assert page.status == 422 and "Something changed" in page.text and first.asks == "waitlist"


def test_a_press_that_was_cut_off_goes_on_where_it_stopped(
    harness: LifecycleHarness, coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = two_who_wait(harness)
    fill(harness.world, "ben-okafor", "ana-reyes", "hugo-mendez")
    monkeypatch.setattr(together, "SECONDS", -1)
    assert "Offers sent: 0." in press(coordinator, LINE, "offer").text
    monkeypatch.setattr(together, "SECONDS", 18)
    shown = coordinator.get(LINE).text.count("First choice.")
    assert f"Offers sent: {shown}." in press(coordinator, LINE, "offer").text
    harness.settle()
    assert sum(story.asks == "offer" for story in stories) == shown > 0
    assert "Nobody who waits" in coordinator.get(LINE).text or shown < 2


def declared(harness: LifecycleHarness) -> Emergency:
    world = harness.world
    fire = Emergency(("los_angeles",), world.at - 60, "2099-01-01", "disaster", "staff:ada-admin")
    emergencies.declare(fire)
    return fire


@pytest.mark.promise("requests-collected")
def test_collected_requests_wait_for_the_assignment_and_no_longer_than_the_emergency(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    fire = declared(harness)
    path = f"/console/emergencies/{fire.id}/assign"
    assert "collected" in press(coordinator, path, "collect").text
    assert hold.held(harness.world.at) == {fire.id}
    story = harness.submit(language_required="no").triaged()
    assert story.state.incident == fire.id and story.asks == "waitlist", story.asks
    waitlist.promote(harness.world.at + 600)
    assert story.asks == "waitlist", "the line passes over what is collected"
    assert story.reference in coordinator.get(path).text
    press(coordinator, path, "offer")
    harness.settle()
    assert story.asks == "offer"
    emergencies.end(fire.id, harness.world.at, "staff:ada-admin", "over")
    harness.world.at += 60
    assert hold.held(harness.world.at) == frozenset()
    assert store.load(story.reference).open


def test_released_requests_are_offered_by_the_line_within_the_minute(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    fire = declared(harness)
    path = f"/console/emergencies/{fire.id}/assign"
    press(coordinator, path, "collect")
    story = harness.submit(language_required="no").triaged()
    assert story.asks == "waitlist"
    press(coordinator, path, "release")
    waitlist.promote(harness.world.at)
    harness.settle()
    assert story.asks == "offer"


@pytest.mark.promise("best-assignment-offered")
def test_who_joins_the_line_after_the_look_holds_up_nobody_and_is_offered_nothing_unseen(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    fire = declared(harness)
    path = f"/console/emergencies/{fire.id}/assign"
    press(coordinator, path, "collect")
    first = harness.submit(language_required="no").triaged()
    page = coordinator.get(path)
    second = harness.submit(language_required="no").triaged()
    page = coordinator.post(path, {**page.hidden, "decision": "offer"})
    assert page.status == 200 and "Offers sent: 1." in page.text, page.text
    harness.settle()
    assert (first.asks, second.asks) == ("offer", "waitlist")
    assert second.reference in coordinator.get(path).text


def test_who_said_no_to_a_call_up_is_assigned_nothing_of_that_emergency(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    fire = declared(harness)
    path = f"/console/emergencies/{fire.id}/assign"
    press(coordinator, path, "collect")
    story = harness.submit(language_required="no").triaged()
    (pair,) = together.together(
        lambda one: one.incident == fire.id, harness.world.at
    ).assignment.pairs
    asked = {pair.consultant: harness.world.new_reference()}
    at = harness.world.at
    up = CallUp(fire.id, "one", at, "staff:ada-admin", cap=1, way="virtual", asked=asked)
    call_up.send(up)
    harness.run_scheduler()
    says(harness, up, pair.consultant, "no")
    harness.settle()
    assert pair.consultant not in {
        one.consultant
        for one in together.together(
            lambda one: one.incident == fire.id, harness.world.at, registry.cannot_help(fire.id)
        ).assignment.pairs
    }
    press(coordinator, path, "offer")
    harness.settle()
    assert story.state.consultant != pair.consultant


def test_a_coordinator_finds_the_emergencies_and_who_serves_where_and_declares_none(
    harness: LifecycleHarness, coordinator: Browser
) -> None:
    fire = declared(harness)
    page = coordinator.get("/console/emergencies")
    assert "/console/emergencies" in page.links and "Declare it now" not in page.text
    assert f"/console/emergencies/{fire.id}/deployments" in page.links
    assert f"/console/emergencies/{fire.id}" not in page.links
    assert coordinator.get(f"/console/emergencies/{fire.id}/deployments").status == 200
    assert coordinator.post("/console/emergencies", {"reason": "disaster"}).status == 403
