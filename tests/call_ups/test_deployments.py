"""A deployment as its consultant lives it: by one link, on a phone, from the first shift to the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies, people
from chalicelib.domain.calendar import local
from chalicelib.services.emergency import call_up, counting
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import REPORTING
from chalicelib.services.emergency.deployments import hours
from chalicelib.services.emergency.deployments.form import form
from chalicelib.services.emergency.report import Figure
from chalicelib.services.emergency.report_page import figures
from tests.call_ups.script import sent
from tests.call_ups.test_call_up import asks, case, passes, says, subjects
from tests.web.conftest import Browser, Page
from tests.web.staff import signed_in
from tests.web.taskpages import open_task, press, prove
from tests.workflow.lifecycle import LifecycleHarness, Story

WHO = "ben-okafor"
HOUR, DAY = 3600, 86400


def day(harness: LifecycleHarness, days: int = 0) -> str:
    return (local(harness.world.at) + timedelta(days=days)).date().isoformat()


@pytest.fixture
def deployed(harness: LifecycleHarness) -> CallUp:
    """Ben has a place from nine in the morning on."""
    new = sent(harness.world)
    harness.world.at += DAY
    harness.world.at = int(local(harness.world.at).replace(hour=9, minute=0, second=0).timestamp())
    harness.run_scheduler()
    says(harness, new, WHO, "yes")
    harness.settle()
    passes(harness)
    assert asks(new, WHO) == "call_up_place"
    return new


@pytest.fixture
def phone(client: Client) -> Browser:
    return Browser(client)


def records(harness: LifecycleHarness, browser: Browser, one: CallUp, **answers: object) -> Page:
    """By the link of the letter."""
    page = open_task(browser, Story(harness, one.asked[WHO]))
    return press(browser, page, {name: str(value) for name, value in answers.items()})


def reported(one: CallUp) -> dict[tuple[str, str], Figure]:
    found = figures(emergencies.one_of(one.emergency))
    return {(group.heading, figure.name): figure for group in found for figure in group.figures}


def shift(harness: LifecycleHarness, days: int = 0, **more: str) -> dict[str, str]:
    hours = {"starts": "10:00", "ends": "16:00"}
    return {"decision": "plan", "day": day(harness, days), **hours, "way": "onsite",
            "place": "Creek School", **more}  # fmt: skip


MET = {
    "decision": "met", "whom": "family", "family_preschool": "2", "family_adult": "1",
    "visit": "first", "minutes": "30", "county": "los_angeles", "where": "shelter",
    "language": "es", "referred": "community",
}  # fmt: skip


@pytest.mark.promise("deployment-by-link", "deployment-reported", "hours-of-all-services")
def test_a_shift_and_an_encounter_are_recorded_by_one_link_and_stand_in_the_report(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    page = records(harness, phone, deployed, **shift(harness))
    assert "Recorded. Thank you." in page.text, page.text
    harness.world.at += 10 * HOUR
    page = records(harness, phone, deployed, decision="worked", miles=24, travel=50, brief=12)
    assert "Recorded. Thank you." in page.text, page.text
    page = records(harness, phone, deployed, **MET, met_on=day(harness))
    assert "Recorded. Thank you." in page.text, page.text
    month = harness.world.at - 9 * DAY, harness.world.at
    assert hours.minutes(WHO, people.consultant(WHO), *month)[1] == 6 * 60
    counting.begin(deployed.emergency, harness.world.at)
    passes(harness)
    found = reported(deployed)
    told = {name: figure.value for (_, name), figure in found.items()}
    assert (told["Shifts worked"], told["Hours in shifts"], told["Miles driven"]) == (1, 6.0, 24)
    assert found["Encounters by kind", "A family or household"].value == 1
    ages = "People talked with alone or as a family, by age"
    assert [found[ages, band].value for band in ("0 to 5 years", "30 to 64 years")] == [2, 1]
    assert found[ages, "0 to 5 years"].hidden


@pytest.mark.promise("deployment-asked")
def test_on_the_evening_of_a_shift_its_consultant_is_asked_and_at_the_end_for_the_last_ones(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    records(harness, phone, deployed, **shift(harness))
    passes(harness, 8 * HOUR)
    assert "How was your shift?" not in subjects(harness, WHO)[-1]
    passes(harness, HOUR + 60)
    assert "How was your shift?" in subjects(harness, WHO)[-1]
    emergencies.end(deployed.emergency, harness.world.at, "staff:ada-admin", "It is over")
    call_up.look(deployed.emergency, harness.world.at)
    passes(harness)
    assert case(deployed, WHO).status == REPORTING
    assert "Please record your last shifts" in subjects(harness, WHO)[-1]
    page = records(harness, phone, deployed, decision="worked")
    assert "Recorded. Thank you." in page.text, page.text
    passes(harness, 8 * DAY)
    assert (case(deployed, WHO).open, case(deployed, WHO).status) == (False, "call_up_done")
    assert not call_up.find(deployed.emergency, deployed.id).held


@pytest.mark.promise("deployment-nameless")
def test_of_people_only_numbers_are_kept_and_a_place_bears_no_childs_name(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    named = shift(harness, place="With Mateo, 4 years old, at school")
    page = records(harness, phone, deployed, **named)
    assert page.errors == ["place"] and not case(deployed, WHO).shifts
    texts = [one for one in form(case(deployed, WHO)).fields if one.kind in ("text", "textarea")]
    assert [one.name for one in texts] == ["place"] and texts[0].watched


@pytest.mark.promise("deployment-live", "call-ups-on-own-list")
def test_staff_see_who_serves_where_today_and_so_does_the_consultants_own_list(
    harness: LifecycleHarness, client: Client, phone: Browser, deployed: CallUp
) -> None:
    records(harness, phone, deployed, **shift(harness))
    records(harness, phone, deployed, **shift(harness, 1, place="Shelter of the north"))
    cora = signed_in(harness.world, client, "coordinator")
    page = cora.get(f"/console/emergencies/{deployed.emergency}/deployments")
    today, ahead = page.text.split("On the days to come")
    assert "Ben Okafor 10:00 AM – 4:00 PM Creek School" in today
    assert "Shelter of the north" in ahead
    page = own_list(harness, phone, WHO)
    assert "Your shifts in the emergency" in page.text and "Next shift: " in page.text
    assert "All places are taken." in own_list(harness, Browser(client), "dana-kim").text
    nina = signed_in(harness.world, client, "specialist")
    page = nina.get(f"/console/referrals/{deployed.asked[WHO]}")
    assert "Who serves where" not in page.text and page.status == 200
    assert nina.get(f"/console/emergencies/{deployed.emergency}/deployments").status == 403


def own_list(harness: LifecycleHarness, browser: Browser, who: str) -> Page:
    """By the second link of a letter."""
    address = str(people.consultant(who)["email"])
    letter = [mail for mail in harness.world.mails if mail.to == address][-1].text
    link = letter.partition("/mine/")[2].split()[0]
    browser.get(f"/mine/{link}")
    return prove(browser, browser.post(f"/mine/{link}/open", {"mine": "yes"}))
