"""What an applicant, a reviewer and staff see of applications, in a browser without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.domain.calendar import end_of, pacific_date
from chalicelib.training import cohort as cohorts
from chalicelib.training import rubric as rubrics
from chalicelib.training.applications import of_cohort
from chalicelib.training.applications.pages import own_page
from tests.applications.script import (
    MOTIVATION,
    REVIEWERS,
    applies,
    declares,
    program,
    reviews_of,
    scores_it,
    state_of,
    two_score,
)
from tests.supervision import supervised
from tests.web.all_staff_pages import APPLIED
from tests.web.conftest import Browser
from tests.web.kinds import SideTaskStory
from tests.web.staff import signed_in
from tests.web.taskpages import open_task
from tests.web.taskpages import press as answers
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import Mail

DAY = 86400


def letters_to(harness: LifecycleHarness, address: str) -> list[Mail]:
    return [mail for mail in harness.world.mails if mail.to == address]


@pytest.mark.promise("application-open")
def test_the_form_is_there_only_while_a_cohort_takes_applications(
    harness: LifecycleHarness, client: Client
) -> None:
    browser = Browser(client)
    assert "We do not take applications right now." in browser.get("/training").text
    program(harness.world)
    assert "Send my application" in browser.get("/training").text
    one = cohorts.cohort("fall")
    later = replace(one, applications_open_on="2099-01-01", applications_close_on="2099-02-01")
    assert cohorts.change(later)
    page = browser.get("/training")
    assert "You can apply for the next cohort from" in page.text
    assert "Send my application" not in page.text


@pytest.mark.promise("application-open")
def test_somebody_applies_in_spanish_and_a_second_time_gets_the_letter_about_the_first(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser = Browser(client, "es")
    for number in (1, 2):
        browser.get("/training")
        assert browser.answer(APPLIED).path == "/training/sent"
        harness.settle()
        assert len(of_cohort.applications("fall")) == 1
        assert len(letters_to(harness, APPLIED["email"])) == number  # type: ignore[arg-type]
    (state,) = of_cohort.applications("fall")
    first, *_ = letters_to(harness, state.contact.email)
    assert state.language == "es" and "Tenemos su solicitud de ingreso" in first.subject
    (link,) = re.findall(r"https?://\S+(/training/application/\S+)", first.text)
    page = browser.get(link)
    assert state.reference in page.text and page.status == 200


@pytest.mark.promise("application-scored-blind")
def test_a_consultant_who_reviews_finds_the_application_on_their_own_page_and_opens_it_there(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, named=REVIEWERS[:2])
    reference = applies(harness.world)
    harness.settle()
    ben = supervised(harness.world, Browser(client), "ben-okafor")
    page = ben.get("/mine")
    number = reviews_of(reference)["consultant:ben-okafor"]
    assert f"/task/{reference}/{number}" in page.links and "Score an application" in page.text
    seen = ben.get(f"/task/{reference}/{number}")
    assert "Can you judge this application fairly?" in seen.text and "Rosa" not in seen.text
    other = reviews_of(reference)["consultant:alma-reyes"]
    assert f"/task/{reference}/{other}" not in page.links
    assert "Can you judge" not in ben.get(f"/task/{reference}/{other}").text
    scores_it(harness.world, reference, "consultant:ben-okafor")
    assert reference not in ben.get("/mine").text


@pytest.mark.promise("application-scored-blind")
def test_staff_who_are_to_score_an_application_do_not_see_whose_it_is_before_they_have(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, named=REVIEWERS[1:])
    reference = applies(harness.world)
    harness.settle()
    path = f"/console/referrals/{reference}?contact=yes"
    sofia = signed_in(harness.world, client, "specialist", who="sofia-south")
    cora = signed_in(harness.world, client, "coordinator")
    seen = sofia.get(path)
    assert seen.status == 200 and "without knowing whose it is" in seen.text
    assert "Rosa Diaz" not in seen.text and "rosa." not in seen.text
    assert "Show how to reach them" not in seen.text
    assert "Rosa Diaz" in cora.get(path).text
    scores_it(harness.world, reference, "staff:sofia-south")
    harness.settle()
    assert "Rosa Diaz" in sofia.get(path).text


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser = Browser(client)
    browser.get("/training")
    page = browser.answer({**APPLIED, "email": "", "spoken_es": "", "county": ""})
    assert page.status == 422
    for field in ("email", "spoken_en", "county"):
        assert f'id="{field}-error"' in page.body, field
    assert "Ten years in a family child care home." in page.body
    assert not of_cohort.applications("fall")


def test_a_childs_name_in_an_applicants_words_is_asked_about(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser = Browser(client)
    browser.get("/training")
    words = "My son Mateo Ruiz was born on 3/4/2021."
    page = browser.answer({**APPLIED, "motivation": words})
    assert page.status == 422 and not of_cohort.applications("fall")


def test_an_applicant_withdraws_on_the_own_page(harness: LifecycleHarness, client: Client) -> None:
    program(harness.world)
    reference = applies(harness.world)
    harness.settle()
    link = own_page.address(reference).partition("/training")[2]
    browser = Browser(client)
    browser.get(f"/training{link}")
    page = browser.answer({"decision": "withdraw"})
    assert "You withdrew your application." in page.text
    assert state_of(reference).status == "application_withdrawn"
    assert "/training" in page.links  # the cohort still takes applications
    assert browser.get("/training/application/wrong").path == "/training"


def test_whoever_comes_to_our_first_page_finds_the_application_and_its_last_day(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser = Browser(client)
    assert "/training" in browser.get("/").links
    page = browser.get("/training")
    assert "You can apply until" in page.text
    # One language at least is asked for, so the question is not called optional.
    assert "How well do you speak these languages? (optional)" not in page.text
    assert browser.answer({**APPLIED, "spoken_es": ""}).errors == ["spoken_en"]


@pytest.mark.promise("application-scored-blind")
def test_a_reviewer_sees_neither_name_nor_contact_nor_link_nor_county_nor_another_score(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    reference = applies(harness.world)
    harness.settle()
    scores_it(harness.world, reference, REVIEWERS[0], 3, 4)
    harness.settle()
    number = reviews_of(reference)[REVIEWERS[1]]
    story = SideTaskStory(harness, reference, n=number)
    browser = Browser(client)
    page = open_task(browser, story)
    seen = [page.body, *(mail.text for mail in harness.world.mails if "score" in mail.subject)]
    for text in seen:
        for hidden in ("Rosa", "Diaz", "rosa", "209-555", "example.org/rosa", "Los Angeles"):
            assert hidden not in text, hidden
    assert "I want to help those who give care." in page.text and MOTIVATION not in page.text
    page = answers(browser, page, {"decision": "fair", "criterion_1": "3", "criterion_2": "3"})
    assert page.status == 200
    assert state_of(reference).scores == {REVIEWERS[0]: [3, 4], REVIEWERS[1]: [3, 3]}


@pytest.mark.promise("application-ranked")
def test_the_list_is_in_the_order_of_the_scores_and_says_what_decides_a_tie_and_what_is_missing(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    found = [applies(harness.world) for _ in range(4)]
    harness.settle()
    low, tied, better, open_one = found
    points = {low: (1, 2), tied: (3, 4), better: (4, 3)}
    for reference, given in points.items():
        for who in sorted(reviews_of(reference)):
            scores_it(harness.world, reference, who, *given)
    declares(harness.world, open_one, sorted(reviews_of(open_one))[0])
    harness.settle()
    cora = signed_in(harness.world, client, "coordinator")
    page = cora.get("/console/training/cohorts/fall/applications")
    order = [page.text.index(one) for one in (better, tied, low, open_one)]
    assert order == sorted(order)
    assert "Tied at this score: placed by more points in “Reflection”." in page.text
    assert "Conflicts of interest: 1" in page.text and "Missing: 2" in page.text
    assert "Rosa" not in page.text


def _one_after_the_other(harness: LifecycleHarness, number: int) -> list[str]:
    found = []
    for _ in range(number):
        found.append(applies(harness.world))
        harness.settle()
        harness.world.at += 60
    return found


@pytest.mark.promise("application-offers")
def test_one_press_offers_what_was_shown_and_nothing_else(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, places=1)
    first, second, third = _one_after_the_other(harness, 3)
    for one in (first, second):
        two_score(harness, Story(harness, one))
    path = "/console/training/cohorts/fall/applications?waitlist=0"
    cora = signed_in(harness.world, client, "coordinator")
    page = cora.get(path)
    assert "offers: 1, on the waitlist: 0, told that there is no place this time: 1" in page.text
    two_score(harness, Story(harness, third))
    page = cora.answer({})
    assert "Something changed since this page was shown." in page.text
    cora.get(path)
    cora.answer({})
    harness.run_scheduler()
    found = [state_of(one).status for one in (first, second, third)]
    assert found == ["place_offered", "not_this_time", "not_this_time"]


def test_staff_enter_a_rubric_and_name_reviewers_who_are_asked_at_once(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world, named=())
    reference = applies(harness.world)
    harness.settle()
    sam = signed_in(harness.world, client, "supervisor")
    sam.get("/console/training/rubric")
    lines = "Reflection\nnot yet\nsometimes\noften"
    page = sam.answer({"name": "Rubric 2", "since": "2030-01-01", "source": "Staff",
                       "threshold": "3", "criterion_1": "Reflection\nonly one"})  # fmt: skip
    assert page.status == 422 and "what each score means" in page.text
    sam.answer({"name": "Rubric 2", "since": "2030-01-01", "source": "Staff",
                "threshold": "3", "criterion_1": lines})  # fmt: skip
    newest = rubrics.rubrics()[0]
    assert (newest.threshold, newest.most) == (3, 3)
    sam.get("/console/training/cohorts/fall/reviewers")
    page = sam.answer({"reviewers": list(REVIEWERS)})
    assert page.path.endswith("/applications")
    assert not reviews_of(reference)
    harness.world.at += 61
    harness.run_scheduler()
    assert len(reviews_of(reference)) == 2


@pytest.mark.promise("application-kept")
def test_an_application_that_was_begun_on_the_last_day_is_taken_after_midnight_and_a_later_one_is_shown_to_keep(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    one = cohorts.cohort("fall")
    today = pacific_date(harness.world.at)
    assert cohorts.change(replace(one, applications_close_on=today.isoformat()))
    program(harness.world, key="spring")
    later = replace(
        cohorts.cohort("spring"), applications_open_on=(today + timedelta(days=1)).isoformat()
    )
    assert cohorts.change(later)
    midnight = end_of(today.isoformat())
    harness.world.at = midnight - 600
    early, slow = Browser(client), Browser(client)
    early.get("/training")
    slow.get("/training")
    harness.world.at = midnight + 600
    # What is wrong is put right in the same form.
    assert early.answer({**APPLIED, "county": ""}).status == 422
    assert early.answer(APPLIED).path == "/training/sent"
    (state,) = of_cohort.applications("fall")
    assert not of_cohort.applications("spring")
    harness.world.at = midnight + 13 * 3600
    page = slow.answer({**APPLIED, "email": "late@example.org"})
    assert "came too late" in page.text and str(APPLIED["motivation"]) in page.text
    assert of_cohort.applications("fall") == [state]


@pytest.mark.promise("application-kept")
def test_a_half_written_application_is_kept_for_its_browser_and_gone_once_it_is_sent_or_deleted(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser, other = Browser(client), Browser(client)
    browser.get("/training")
    half = {"motivation": "I want to help.", "settings": ["fcch_small"], "spoken_es": "work"}
    page = browser.answer(half, _keep="1")
    assert "Nothing is sent yet." in page.text and not of_cohort.applications("fall")
    page = browser.get("/training")
    assert "I want to help." in page.body and page.body.count("checked") == 2
    other.get("/training")
    assert "I want to help." not in other.page.body
    assert "Delete what I wrote" in page.text
    browser.answer({}, _forget="1")
    assert "I want to help." not in browser.get("/training").body
    browser.answer(half, _keep="1")
    browser.get("/training")
    assert browser.answer(APPLIED).path == "/training/sent"
    assert "I want to help." not in browser.get("/training").body
    assert len(of_cohort.applications("fall")) == 1


@pytest.mark.promise("application-kept")
def test_a_mailed_link_leads_back_to_a_half_written_application_from_another_browser(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    browser, other = Browser(client), Browser(client, "es")
    browser.get("/training")
    half = {"motivation": "I want to help.", "email": "rosa@example.org"}
    assert "type your email below" in browser.answer({"motivation": "I"}, _keep="1").text
    page = browser.answer(half, _keep="1")
    assert "We mailed a link to rosa@example.org" in page.text
    browser.answer(half, _keep="1")
    (mail,) = [one for one in harness.world.mails if one.to == "rosa@example.org"]
    assert mail.subject == "Go on with your application" and "I want to help" not in mail.text
    (way,) = re.findall(r"https?://\S+?(/training/back/\S+)", mail.text)
    page = other.get(way)
    assert page.status == 200 and "I want to help." not in page.body, "a look shows nothing"
    assert "I want to help." not in other.get("/training").body
    other.get(way)
    page = other.answer({})
    assert page.path == "/training" and "I want to help." in page.body
    other.answer({**half, "motivation": "I want to help more."}, _keep="1")
    assert "I want to help more." in browser.get("/training").body, "it is one and the same"
    other.get("/training")
    assert other.answer(APPLIED).path.startswith("/training/sent")
    assert "I want to help" not in browser.get("/training").body
    third = Browser(client)
    assert third.get(way).status == 410 and "no longer good" in third.page.text
    for wrong in ("none", way.rpartition("/")[2].replace("a", "b")):
        assert third.get(f"/training/back/{wrong}").status == 410
        assert third.post(f"/training/back/{wrong}", {}).status == 410
    assert len([one for one in harness.world.mails if "Go on with" in one.subject]) == 1


@pytest.mark.promise("application-kept")
def test_a_way_back_is_mailed_to_nobody_who_typed_no_address_and_to_none_too_often(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    for n in range(6):
        browser = Browser(client)
        browser.get("/training")
        for typed in ("", "rosa", "ana@example.org"):
            browser.answer({"motivation": f"I want to help {n}.", "email": typed}, _keep="1")
            assert f"I want to help {n}." in browser.page.body
    assert 0 < len([one for one in harness.world.mails if "Go on with" in one.subject]) < 6


@pytest.mark.promise("application-kept")
def test_who_kept_it_before_the_last_day_was_over_may_send_it_in_the_hours_after(
    harness: LifecycleHarness, client: Client
) -> None:
    program(harness.world)
    one = cohorts.cohort("fall")
    today = pacific_date(harness.world.at).isoformat()
    assert cohorts.change(replace(one, applications_close_on=today))
    browser, other = Browser(client), Browser(client)
    browser.get("/training")
    browser.answer({"motivation": "I want to help."}, _keep="1")
    harness.world.at = end_of(today) + 3600
    assert "We do not take applications right now." in other.get("/training").text
    assert "I want to help." in browser.get("/training").body
    assert browser.answer(APPLIED).path == "/training/sent"
    harness.world.at = end_of(today) + 14 * 3600
    browser.get("/training")
    assert "We do not take applications right now." in browser.page.text
