"""Somebody without email applies, is asked and answers on the phone; and staff type an application for a caller."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, update
from chalicelib.mail.phone.sayings import sayings
from chalicelib.training import application_rows
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications import of_cohort
from chalicelib.training.applications.deciding import reply_limits
from chalicelib.training.applications.model import Application
from chalicelib.training.trainees.opening import roster
from chalicelib.workflow.lists import search
from chalicelib.workflow.side_tasks import open_rows
from chalicelib.workflow.storage import keys, store
from tests.applications.script import (
    REVIEWERS,
    applies,
    decides,
    program,
    reviews_of,
    scores_it,
    state_of,
    two_score,
    withdraws,
)
from tests.applications.test_applications import asks, ranked, settled
from tests.training.script import planned_meetings
from tests.web.all_staff_pages import APPLIED
from tests.web.conftest import Browser
from tests.web.staff import becomes, signed_in
from tests.web.staff import press as console_press
from tests.web.taskpages import may_see
from tests.workflow.lifecycle import LifecycleHarness, Story

DAY = 86400
BY_PHONE = {**APPLIED, "email": "", "phone": "(209) 555-0142"}


def calls(state: Application) -> list[int]:
    return [row.number for row in open_rows(state) if row.kind == "tell_by_phone"]


def to_say(reference: str) -> list[str]:
    return [one.words.title for one in sayings(state_of(reference))]


@pytest.mark.promise("training-without-email")
def test_an_applicant_without_email_is_called_and_takes_the_place_on_the_phone(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser = Browser(client, "es")
    browser.get("/training")
    page = browser.answer({**BY_PHONE, "phone": ""})
    assert page.status == 422 and 'id="email-error"' in page.body
    for typed in ("(209) 555-0142", "209.555.0142"):
        browser.get("/training")
        page = browser.answer({**BY_PHONE, "phone": typed})
        assert "le llamaremos" in page.text and "email" not in page.text
        harness.settle()
    (state,) = of_cohort.applications("fall")
    reference = state.reference
    assert to_say(reference) == ["Tenemos su solicitud de ingreso al programa de capacitación"]
    said = " ".join(sayings(state)[0].words.paragraphs)
    assert reference in said and "http" not in said and "le llamaremos" in said
    two_score(harness, Story(harness, reference))
    decides("fall", harness.world.at)
    harness.run_scheduler()
    assert asks(reference) == "application_offer" and len(calls(state_of(reference))) == 1
    staff = signed_in(harness.world, client, "specialist")
    case = f"/console/referrals/{reference}"
    staff.get(case)
    (number,) = calls(state_of(reference))
    page = may_see(staff, console_press(staff, f"{case}/task", n=str(number)))
    assert "(209) 555-0142" in page.text and "How to reach them" in page.text
    task = state_of(reference).task
    assert task is not None
    assert f"{case}/behalf/{task.number}" in page.links
    page = staff.get(f"{case}/behalf/{task.number}")
    assert "This is asked of them:" in page.text
    page = staff.answer({"decision": "accepted", "told_by": "Rosa Diaz", "told_how": "phone"})
    assert page.path == case, page.errors
    harness.settle()
    settled(harness)
    assert state_of(reference).status == "place_taken"
    (trainee,) = roster("fall")
    assert (trainee.contact.email, trainee.contact.phone) == ("", "(209) 555-0142")
    assert [one.words.title for one in sayings(trainee)], "the trainee is called, too"
    assert all(mail.to for mail in harness.world.mails)


@pytest.mark.promise("training-without-email")
def test_staff_type_an_application_for_a_caller_and_do_not_score_what_they_typed(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, named=("staff:sofia-south", *REVIEWERS[:2]))
    sofia = signed_in(harness.world, client, "specialist", who="sofia-south")
    assert "/console/training/apply" in sofia.get("/console").links
    sofia.get("/console/training/apply")
    page = sofia.answer({**BY_PHONE, "letters_language": "es"})
    (state,) = of_cohort.applications("fall")
    assert state.reference in page.text and state.language == "es"
    harness.settle()
    first = store.log(state_of(state.reference))[0]
    assert first.actor == "staff:sofia-south" and first.event == "application_opened_for"
    assert set(reviews_of(state.reference)) == set(REVIEWERS[:2])
    there = f"/console/training/applications/{state.reference}/withdraw"
    becomes(harness.world, "sofia-south", counties=["alameda"])
    assert sofia.get(there).status == 404, "an application of another county"
    becomes(harness.world, "sofia-south", counties="all")
    sofia.get(there)
    sofia.answer({"decision": "withdraw"})
    harness.settle()
    ended = state_of(state.reference)
    assert ended.status == "application_withdrawn"
    told = [one.event for one in store.log(ended)[-2:]]
    assert told == ["application_withdrawn_for", "tell_by_phone_noted"], (
        "they hear it in the call that is open"
    )


@pytest.mark.promise("application-scored-blind")
def test_who_is_to_score_an_application_finds_it_neither_by_its_name_nor_among_known_callers(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, named=REVIEWERS[1:])
    reference = applies(harness.world)
    harness.settle()
    search.forget()
    sofia = signed_in(harness.world, client, "specialist", who="sofia-south")
    cora = signed_in(harness.world, client, "coordinator")

    def found(staff: Browser) -> bool:
        staff.get("/console")
        return reference in console_press(staff, "/console/search", q="Rosa Diaz").text

    assert found(cora) and not found(sofia)
    redact = f"/console/referrals/{reference}/redact"
    assert sofia.get(redact).path == f"/console/referrals/{reference}"
    scores_it(harness.world, reference, "staff:sofia-south")
    harness.settle()
    assert found(sofia)


@pytest.mark.promise("child-never-named")
def test_a_childs_name_is_taken_out_of_all_that_an_applicant_wrote(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    reference = applies(harness.world)
    harness.settle()
    typed = {"motivation": "Mayte", "links": "https://example.org/Mayte", "time": "Mayte naps"}
    row = update(Key(keys.case_pk(reference), application_rows.SK)).set(typed)
    dynamodb.write(row.set(spoken={"other": "Mayte"}))
    sam = signed_in(harness.world, client, "supervisor")
    page = sam.get(f"/console/referrals/{reference}/redact")
    assert "Application: Why do you want to become a consultant?" in page.text
    chosen = re.findall(r'name="texts" id="[^"]+" value="([^"]+)"', page.body)
    (why, *_) = re.findall(r'name="reason"[^>]* value="([^"]+)"', page.body)
    given = {"words": "Mayte", "texts": chosen, "reason": why}
    sam.answer(given)
    sam.post(page.path, {**sam.page.hidden, **given, "_go": "do"})
    kept = str(dynamodb.query(keys.case_pk(reference), consistent=True))
    assert "Mayte" not in kept and "[taken out]" in application_rows.said_by(reference).links


@pytest.mark.promise("application-promotion")
def test_no_place_that_becomes_free_is_offered_once_a_session_was_held(
    harness: LifecycleHarness,
) -> None:
    first, second = ranked(harness, 2, places=1)
    decides("fall", harness.world.at)
    harness.run_scheduler()
    assert (asks(first), asks(second)) == ("application_offer", "application_wait")
    held = planned_meetings(harness.world, "fall")[0]
    harness.world.at = held.begins + 60
    withdraws(first, "gone", harness.world.at)
    harness.settle()
    settled(harness)
    assert asks(second) != "application_offer"


@pytest.mark.promise("application-offers")
def test_an_offer_of_the_last_days_can_be_answered_until_the_cohort_begins(
    harness: LifecycleHarness,
) -> None:
    (one,) = ranked(harness, 1)
    begins = cohorts.cohort("fall").begins
    state = state_of(one)
    for days in (3, 1):
        limits = reply_limits(state, begins - days * DAY)
        assert limits.expires == begins and limits.remind[0] < begins
    assert reply_limits(state, begins - 40 * DAY).expires < begins
    assert reply_limits(state, begins - 60).expires == begins - 60 + 3600
