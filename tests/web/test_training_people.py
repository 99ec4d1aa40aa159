"""Trainees in the pages: enrolled, recorded by staff and facilitator, met, and what each of them sees."""

from __future__ import annotations

import pytest

from chalicelib.console import entry_words
from chalicelib.directory import people
from chalicelib.meetings import rows
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.members import key_of
from chalicelib.training import cohort as cohorts
from chalicelib.training import facilitators
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import desk, opening, progress
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.schedule import small_groups
from chalicelib.workflow.storage import store
from tests.cohorts import FACILITATOR, entered_cohort
from tests.source import ROOT
from tests.training.script import enrolled, given, planned_meetings
from tests.web.conftest import Browser, Client
from tests.web.staff import press, signed_in
from tests.web.taskpages import open_task
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.world import World

WHO = {"name": "Rosa Vega", "email": "rosa@example.org", "county": "los_angeles", "language": "es"}
MEETS = {
    "first": "2026-11-10", "time": "17:30", "repeat": "monthly", "times": 3, "on_holiday": "next",
    "minutes": 90, "language": "es", "join": "https://meet.example.org/fall",
}  # fmt: skip


@pytest.fixture
def cora(harness: LifecycleHarness, client: Client) -> Browser:
    return signed_in(harness.world, client, "coordinator")


def trainee(reference: str) -> Trainee:
    return store.load(reference, Trainee, consistent=True)


def test_staff_enroll_somebody_who_then_sees_what_is_missing_by_a_link(
    harness: LifecycleHarness, client: Client, cora: Browser
) -> None:
    entered_cohort(harness.world)
    cora.get("/console/training/cohorts/fall/enroll")
    page = cora.answer(WHO)
    assert (
        "Rosa Vega" in page.text and "Monthly sessions: 0 of 9. 9 are still to come." in page.text
    )
    harness.settle()
    (one,) = opening.roster("fall")
    seen = open_task(Browser(client), Story(harness, one.reference))
    assert "Monthly sessions: 0 of 9. 9 are still to come." in seen.text
    assert "Practicum: 0 of 8 hours." in seen.text


def test_no_more_are_enrolled_than_there_are_seats(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world, seats=1)
    enrolled(harness.world)
    cora.get("/console/training/cohorts/fall/enroll")
    page = cora.answer(WHO)
    assert page.status == 422 and "No seat is free" in page.text
    assert len(opening.roster("fall")) == 1


def test_staff_enter_sessions_and_everybody_hears_of_all_of_them_once(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    harness.settle()
    harness.world.mails.clear()
    cora.get("/console/training/cohorts/fall/sessions")
    page = cora.answer({**MEETS, "host": FACILITATOR})
    harness.run_scheduler()
    assert len(listed.meetings("fall")) == 3 and page.text.count("Planned") == 3
    (letter,) = [m for m in harness.world.mails if m.to == trainee(rosa).contact.email]
    assert letter.file is not None and letter.file.content.count("BEGIN:VEVENT") == 3
    cora.get("/console/training/cohorts/fall/groups")
    cora.answer({**MEETS, "name": "Blue", "facilitator": FACILITATOR, "times": 2})
    (group,) = small_groups.groups("fall")
    cora.get(f"/console/training/cohorts/fall/groups/{group.id}")
    cora.answer({**MEETS, "first": "2027-03-09", "times": 1})
    assert len(listed.meetings(group.id)) == 3


def test_the_roster_is_narrowed_to_who_lacks_something(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world, name="Rosa Vega")
    enrolled(harness.world, name="Luis Soto")
    page = cora.get(f"/console/training/trainees/{rosa}/record")
    cora.answer({"decision": "confirm", "item": "journal"})
    page = cora.get("/console/training/cohorts/fall?lacks=coursework")
    assert "Luis Soto" in page.text and "Rosa Vega" not in page.text
    assert "Rosa Vega" in cora.get("/console/training/cohorts/fall").text


def test_a_facilitator_records_meetings_and_coursework_by_one_link(
    harness: LifecycleHarness, client: Client
) -> None:
    cohort = entered_cohort(harness.world)
    rosa, luis = enrolled(harness.world), enrolled(harness.world, name="Luis Soto")
    given(rosa, "", harness.world.at)
    harness.settle()
    link = desk.address(cohort, FACILITATOR).rpartition("/training-desk/")[2]
    browser = Browser(client)
    page = browser.get(f"/training-desk/{link}")
    assert "Rosa" in page.text and "Luis Soto" not in page.text
    assert browser.get(f"/training-desk/{link}/{luis}").status == 410
    own = f"/training-desk/{link}/{rosa}"
    browser.get(own)
    page = browser.answer({"decision": "talk", "day": "2026-10-19", "minutes": 60})
    assert "Meetings with the facilitator: 1 of 2. One is missing." in page.text
    browser.get(own)
    browser.answer({"decision": "confirm", "item": "journal"})
    browser.get(own)
    browser.answer({"decision": "return", "back": "journal", "why": "The last page is missing."})
    harness.settle()
    assert trainee(rosa).work == {}
    assert "The last page is missing." in harness.world.mails[-1].text
    # Who facilitates there no more sees nothing.
    fresh = cohorts.cohort("fall")
    assert cohorts.change(cohorts.Cohort.of({**fresh.to_row(), "sk": "fall", "facilitators": []}))
    assert browser.get(f"/training-desk/{link}").status == 410


def test_staff_are_asked_for_another_cohort_only_where_there_is_one(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    harness.settle()
    page = cora.get(f"/console/training/trainees/{rosa}/change")
    assert "cohort" not in page.names
    entered_cohort(harness.world, "spring")
    assert "cohort" in cora.get(f"/console/training/trainees/{rosa}/change").names


def test_from_a_trainee_staff_find_the_practicum_and_from_there_the_trainee(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    own, practicum = f"/console/training/trainees/{rosa}", f"/console/training/practicums/{rosa}"
    assert practicum in cora.get(own).links and own in cora.get(practicum).links
    assert "/console/training/practicums" in cora.get("/console/training").links


def test_the_timeline_says_what_each_letter_about_a_case_of_the_training_is() -> None:
    # Those about no case: a certificate, hours of supervision, and the way back to what is half written.
    apart = ("certificates", "supervision")
    letters = [
        f"{file.parents[1].name}/{file.stem}"
        for file in (ROOT / "chalicelib/training").glob("*/letters/*.j2")
        if file.parents[1].name not in apart and file.stem != "return"
    ]
    bare = [
        one
        for one in letters
        if entry_words.letter_words(one, "en").startswith(f"{one.split('/')[0]}: ")
    ]
    assert len(letters) > 20 and not bare


def test_a_meeting_that_was_written_down_by_mistake_is_taken_out(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    own = f"/console/training/trainees/{rosa}/record"
    cora.get(own)
    cora.answer({"decision": "talk", "day": "2026-10-19", "minutes": 60})
    assert trainee(rosa).talks == 1
    cora.get(own)
    page = cora.answer({"decision": "strike", "which": str(trainee(rosa).version)})
    assert trainee(rosa).talks == 0 and "0 of 2" in page.text


def test_who_came_is_said_by_the_hosts_link_and_counts(
    harness: LifecycleHarness, client: Client
) -> None:
    entered_cohort(harness.world)
    (meeting, _second) = planned_meetings(harness.world, "fall")
    rosa = enrolled(harness.world)
    harness.settle()
    harness.world.at = meeting.ends + 60
    harness.run_scheduler()
    asked = [m for m in harness.world.mails if m.tags.get("kind") == "attendance"][-1]
    link = asked.text[asked.text.index("/meeting/host/") :].split()[0]
    browser = Browser(client)
    nonce = browser.get(link).hidden["_nonce"]
    browser.post(f"{link}/open", {"_nonce": nonce})
    browser.post(link, {**browser.page.hidden, "came": [key_of(rosa)]})
    kept = rows.guest(meeting.id, key_of(rosa))
    assert kept is not None and kept.came
    assert progress.parts(trainee(rosa), harness.world.at)[0].have == 1


@pytest.mark.promise("endorsed-facilitators")
def test_only_who_is_endorsed_today_is_chosen_and_whose_endorsement_ended_is_shown_as_such(
    harness: LifecycleHarness, cora: Browser
) -> None:
    cohort = entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    given(rosa, "", harness.world.at)
    harness.settle()
    own, theirs = "/console/training/cohorts/fall", f"/console/training/trainees/{rosa}"
    page = cora.get(f"{own}/change")
    offered = set(page.root.xpath("//input[@name='facilitators']/@value"))
    assert offered == {FACILITATOR, "consultant:elena-vartan"}
    cora.answer({**page_values(cohort), "facilitators": ["consultant:ben-okafor"]})
    assert cohorts.cohort("fall").facilitators == [FACILITATOR]
    people.set_fields("alma-reyes", {"endorsed_until": harness.world.at})
    for path in (own, f"{own}/change", theirs, f"{theirs}/place"):
        assert "Alma Reyes (not endorsed today)" in cora.get(path).text, path
    assert "consultant:alma-reyes" not in dict(facilitators.choices())
    cora.get(f"/console/training/practicums/{rosa}")
    guides = set(cora.page.root.xpath("//select[@name='facilitator']/option/@value")) - {""}
    assert guides == {"elena-vartan"}


def page_values(cohort: Cohort) -> dict[str, str]:
    """What staff entered of a cohort, as its form sends it."""
    names = ("name", "begins_on", "ends_on", "seats", "applications_open_on",
             "applications_close_on", "reply_days")  # fmt: skip
    return {name: str(getattr(cohort, name)) for name in names}


def test_staff_give_a_facilitator_and_decide_how_somebody_goes_on(
    harness: LifecycleHarness, cora: Browser
) -> None:
    entered_cohort(harness.world)
    rosa = enrolled(harness.world)
    harness.settle()
    own = f"/console/training/trainees/{rosa}"
    cora.get(f"{own}/place")
    page = cora.answer({"facilitator": FACILITATOR})
    assert trainee(rosa).facilitator == FACILITATOR and "Alma Reyes" in page.text
    cora.get(f"{own}/change")
    assert cora.answer({"decision": "leave", "until": "2020-01-01"}).status == 422
    page = cora.answer({"decision": "leave", "until": "2027-01-31"})
    assert "On leave" in page.text and trainee(rosa).status == "on_leave"
    cora.get(f"{own}/change")
    page = cora.answer({"decision": "end", "why": "own_wish"})
    assert "Left the program" in page.text
    assert press(cora, f"{own}/change", follow=False).status == 303


def test_a_case_of_another_type_is_no_trainee(world: World, cora: Browser) -> None:
    assert cora.get(f"/console/training/trainees/{world.submit()}").status == 404
