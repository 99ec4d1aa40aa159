"""What a deployed consultant records counts once: a press, its correction, an undo, an answer told by phone."""

from __future__ import annotations

import csv
import io

import pytest
from chalice.test import Client

from chalicelib.services.emergency import counting
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import CalledUp
from chalicelib.services.emergency.deployments.counting import counted
from chalicelib.services.emergency.report import public, shown
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from tests.call_ups.test_call_up import case, passes
from tests.call_ups.test_deployments import HOUR, MET, WHO, day, records, reported, shift
from tests.call_ups.test_deployments import deployed as deployed
from tests.call_ups.test_deployments import phone as phone
from tests.web.conftest import Browser, Page
from tests.web.staff import signed_in
from tests.web.taskpages import filled, form_of, hidden, open_task, press
from tests.workflow.lifecycle import LifecycleHarness, Story

OTHER = {
    "decision": "other",
    "starts": "09:00",
    "ends": "13:00",
    "way": "onsite",
    "place": "Church",
}


def counts(one: CallUp) -> dict[str, object]:
    """What the report counts of Ben, and his state is what his log adds up to."""
    state = case(one, WHO)
    log = store.log(state)
    assert same_story(fold(CalledUp, state.reference, log), state)
    return counted(log)


def worked(harness: LifecycleHarness, browser: Browser, one: CallUp, **more: object) -> Page:
    """Ben comes home from a planned shift of six hours, and records it."""
    records(harness, browser, one, **shift(harness))
    harness.world.at += 10 * HOUR
    return records(harness, browser, one, decision="worked", **more)


@pytest.mark.promise("deployment-reported", "double-press")
def test_the_hours_of_all_shifts_add_up_and_each_press_is_one_entry(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    worked(harness, phone, deployed, travel=50)
    page = open_task(phone, Story(harness, deployed.asked[WHO]))
    told = {**OTHER, "day": day(harness), "starts": "17:00", "ends": "18:30", "miles": "7"}
    for _ in range(3):
        press(phone, page, told)
    assert counts(deployed) == {"shifts": 2, "minutes": 450, "travel": 50, "miles": 7}
    page = open_task(phone, Story(harness, deployed.asked[WHO]))
    for _ in range(3):
        press(phone, page, {**MET, "met_on": day(harness)})
    assert counts(deployed)["encounters"] == 1 and counts(deployed)["ages"] == {
        "preschool": 2,
        "adult": 1,
    }


@pytest.mark.promise("one-entry-corrected")
def test_back_and_other_hours_correct_the_shift_and_the_shift_is_not_planned_again(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    done = worked(harness, phone, deployed, miles=24)
    form = form_of(phone.get(next(link for link in done.links if "correct=" in link)))
    sent = dict(filled(form))
    assert (sent["decision"], sent["miles"]) == ("worked", "24"), "as it was recorded"
    hours = {**OTHER, "day": day(harness), "shift": sent["shift"], "miles": "4"}
    done = phone.post(form.get("action"), sent | hours)
    assert "Corrected. Thank you." in done.text, done.text
    assert counts(deployed) == {"shifts": 1, "minutes": 240, "miles": 4}
    assert case(deployed, WHO).shifts == [] and case(deployed, WHO).worked == 1


@pytest.mark.promise("answer-taken-back")
def test_a_shift_that_is_taken_back_is_planned_again_and_counts_nothing(
    harness: LifecycleHarness, phone: Browser, deployed: CallUp
) -> None:
    done = worked(harness, phone, deployed)
    assert counts(deployed)["minutes"] == 360 and not case(deployed, WHO).shifts
    undo = form_of(done, "undo")
    page = phone.post(undo.get("action"), hidden(undo) | {"back": "yes"})
    assert "was undone" in page.text, page.text
    harness.settle()
    assert counts(deployed) == {}
    (again,) = case(deployed, WHO).shifts
    assert again["place"] == "Creek School" and case(deployed, WHO).worked == 0
    assert "Recorded" in records(harness, phone, deployed, decision="worked").text
    assert counts(deployed) == {"shifts": 1, "minutes": 360}


@pytest.mark.promise("answered-for-somebody")
def test_a_coordinator_writes_a_shift_down_for_who_calls_and_they_are_told(
    harness: LifecycleHarness, client: Client, deployed: CallUp
) -> None:
    state = case(deployed, WHO)
    assert state.task is not None
    harness.world.at += 8 * HOUR
    cora = signed_in(harness.world, client, "coordinator")
    path = f"/console/referrals/{state.reference}/behalf/{state.task.number}"
    assert path in cora.get(f"/console/referrals/{state.reference}").links
    cora.get(path)
    said = {**OTHER, "day": day(harness), "told_by": "Ben Okafor", "told_how": "phone"}
    page = cora.post(path, cora.page.hidden | said)
    assert page.status == 200 and not page.errors, page.errors
    assert counts(deployed) == {"shifts": 1, "minutes": 240}
    entry = store.log(case(deployed, WHO))[-1]
    assert entry.actor == "staff:cora-match" and entry.payload["for"] == f"consultant:{WHO}"
    harness.settle()
    newest = [mail for mail in harness.world.mails if mail.to == f"{WHO}@example.org"][-1]
    assert "wrote down an answer" in newest.subject


@pytest.mark.promise("deployment-reported")
def test_the_table_for_a_spreadsheet_says_what_the_page_says(
    harness: LifecycleHarness, client: Client, phone: Browser, deployed: CallUp
) -> None:
    worked(harness, phone, deployed, miles=24, travel=50, brief=12)
    records(harness, phone, deployed, **MET, met_on=day(harness))
    counting.begin(deployed.emergency, harness.world.at)
    passes(harness)
    ada = signed_in(harness.world, client, "admin")
    page = ada.get(f"/console/emergencies/{deployed.emergency}/report/csv")
    assert page.headers["Content-Type"].startswith("text/csv")
    rows = [*csv.reader(io.StringIO(page.body.lstrip("\ufeff")))]
    table = {(row[0], row[1]): row[2:] for row in rows[1:]}
    found = reported(deployed)
    assert set(table) == set(found), "each figure is a line, once"
    assert len(rows) - 1 == len(table)
    for key, figure in found.items():
        assert table[key] == [shown(figure), str(figure.of), public(figure, "<11")], key
    assert table["Deployments", "Hours in shifts"][0] == "6"
    assert table["Deployments", "Hours of travel"][0] == "0.8"
    assert table["Encounters", "Hours in encounters"][0] == "0.5"
