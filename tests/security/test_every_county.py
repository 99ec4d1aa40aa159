"""Every page and press of the console, for every role and county: what is in none of one's counties is
not there."""

from __future__ import annotations

import copy
import functools
import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.ids import new_reference
from chalicelib.domain.roles import ROLES
from chalicelib.mail import letter_rows
from chalicelib.services.helpline import contacts
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.training.trainees.schedule import small_groups
from chalicelib.training.trainees.schedule.small_groups import SmallGroup
from tests.applications.script import applies
from tests.cohorts import FACILITATOR, entered_cohort
from tests.communities.script import SEASON, met_once, season
from tests.meetings import entered
from tests.onboarding import script as onboardings
from tests.training.certificates import certificate
from tests.training.script import WORK, enrolled, planned_meetings
from tests.web.conftest import Browser, Page
from tests.web.staff import PEOPLE, becomes, press, signed_in
from tests.web.taskpages import asked, mailed, open_task
from tests.web.test_console_pages import ANSWERS, ROLES_OF, address
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import START, World

pytestmark = pytest.mark.promise("deny-by-default", "another-id-looks-missing")
# The cases of these tests, and whoever works on them, are here and elsewhere.
HERE, ELSEWHERE = ["los_angeles", "orange"], ["alameda"]


@pytest.fixture
def harness(world: World) -> LifecycleHarness:
    """The whole lifecycle in this process, and no referral yet."""
    return LifecycleHarness(world)


def visit(browser: Browser, method: str, target: str) -> Page:
    if method == "GET":
        return browser.get(target, follow=False)
    browser.get("/console")
    return press(browser, target, follow=False, n="1", act="pause", reason="x", priority="stat")


def words(page: Page) -> str:
    """A page without the id that differs between any two."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{20,}", "", page.text)


def rows(world: World) -> list[Any]:
    """Everything but counters and sessions."""
    kept = [r for r in world.table.scan()["Items"] if not r["pk"].startswith(("LIMIT#", "SESS"))]
    return sorted(kept, key=str)


def named(
    path: str, reference: str, emergency: str, consultant: str = "ben-okafor", **there: str
) -> str:
    """The address of a route with things that are there, or that are not."""
    path = functools.reduce(lambda text, one: text.replace(*one), there.items(), path)
    path = path.replace("{key}", emergency).replace("{consultant}", consultant)
    return address(path, reference)


def called(world: World) -> None:
    """Somebody called the helpline, as the addresses of these tests have it."""
    one = HelplineContact(at=START, id="0123456789abcdef", county="los_angeles")
    contacts.write(one)


def declared(world: World) -> str:
    called(world)
    one = Emergency(
        counties=("los_angeles",), since=world.at, until="2026-12-31", reason="wildfire", by="x"
    )
    emergencies.declare(one)
    return one.id


def statewide(world: World) -> dict[str, str]:
    """What belongs to no county, by its place in a path: a meeting of each room, a small group, a season, a group,
    a cohort."""
    season(world)
    small_groups.add(SmallGroup("blue", "fall", "Blue", FACILITATOR))
    meetings = {
        "open-door": entered(world).id,
        "communities/sessions": entered(world, room="communities").id,
        "communities/meetings": met_once(world)[0].id,
        "training/meetings": planned_meetings(world, "fall", 1)[0].id,
    }
    made = {f"{room}/{{meeting}}": f"{room}/{meeting}" for room, meeting in meetings.items()}
    made |= {"{cohort}/groups/{group}": "fall/groups/blue", "{group}": "martes", "{season}": SEASON}
    made |= {"{certificate}": certificate(world.at).id}
    return {**made, "{cohort}": "fall", "{item}": WORK}


def in_training(world: World) -> dict[str, str]:
    """Cases of Los Angeles that are no referral, by their place in a path, behind whose route a case of another
    type is never there. Their cohort is entered with them."""
    entered_cohort(world)
    trainee = enrolled(world)
    cases = {"trainees": trainee, "practicums": trainee}
    cases |= {"applications": applies(world), "onboarding": onboardings.opens(world)}
    return {f"{at}/{{reference}}": f"{at}/{reference}" for at, reference in cases.items()}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_elsewhere_looks_like_what_is_not_there_and_no_press_changes_it(
    world: World, client: Client, role: str
) -> None:
    reference, emergency, there = world.submit(), declared(world), in_training(world)
    becomes(world, PEOPLE[role], counties=ELSEWHERE)
    browser = signed_in(world, client, role)
    before = rows(world)
    for path, method in ANSWERS:
        if role in ROLES_OF[path, method] and "{" in path:
            page = visit(browser, method, named(path, reference, emergency, **there))
            missing = named(path, new_reference(), "yolo-1", "nobody")
            gone = words(visit(browser, method, missing))
            assert (page.status, words(page)) == (404, gone), (path, method)
            # What leads to the same page in another language has the address that was asked for.
            told = re.sub(r'href="[^"]*[?&]lang=\w+"', "", page.body)
            assert reference not in told and "Ben Okafor" not in told
    assert rows(world) == before


@pytest.mark.parametrize("role", ROLES)
def test_what_is_in_ones_counties_is_as_it_is_for_who_works_for_all(
    world: World, client: Client, role: str
) -> None:
    reference, emergency = world.submit(), declared(world)
    there = in_training(world) | statewide(world)
    browser = signed_in(world, client, role)
    kept = copy.deepcopy(world.fake_table.items)
    for path, method in ANSWERS:
        if role in ROLES_OF[path, method] and "{" in path:
            statuses = []
            for counties in ("all", HERE):
                world.fake_table.items = copy.deepcopy(kept)  # what a press changed
                becomes(world, PEOPLE[role], counties=counties)
                target = named(path, reference, emergency, **there)
                statuses.append(visit(browser, method, target).status)
            assert statuses[0] == statuses[1] != 404, (path, method)


@pytest.mark.parametrize("role", ROLES)
def test_lists_queue_letters_and_rounds_hold_only_what_is_in_ones_counties(
    world: World, client: Client, role: str
) -> None:
    here, there = world.submit(), world.submit(county="alameda")
    for reference in (here, there):
        letter_rows.wait(
            reference, 1, 0, {"to": "provider"}, letter_rows.parked(world.at, world.at)
        )
    becomes(world, PEOPLE[role], counties=ELSEWHERE)
    browser = signed_in(world, client, role)
    for path, method in ANSWERS:
        if method == "GET" and role in ROLES_OF[path, method] and "{" not in path:
            assert here not in browser.get(path).body, path
    for path in ("/console", "/console/letters", "/console?county=alameda"):
        assert there in browser.get(path).body, path
    assert "Los Angeles" not in browser.get("/console").text, (
        "no county to choose that is not theirs"
    )


def test_a_row_that_names_no_county_opens_no_case(world: World, client: Client) -> None:
    reference = world.submit()
    for counties in ([], "", None, ["los angeles"], "los_angeles"):
        becomes(world, "cora-match", counties=counties)
        browser = signed_in(world, client, "coordinator")
        assert browser.get(f"/console/referrals/{reference}").status == 404
        assert reference not in browser.get("/console").body


@pytest.mark.promise("sessions-end-at-once")
def test_a_county_that_was_given_or_taken_away_counts_from_the_next_request(
    world: World, client: Client
) -> None:
    reference = world.submit()
    browser = signed_in(world, client, "specialist")
    for counties, status in ((ELSEWHERE, 404), (HERE, 200), ("all", 200), (ELSEWHERE, 404)):
        becomes(world, "sofia-south", counties=counties)
        assert browser.get(f"/console/referrals/{reference}").status == status


def test_a_request_that_lies_in_no_county_is_anybodys(world: World, client: Client) -> None:
    reference = world.submit(county="outside")
    for who in ("nina-north", "sofia-south"):
        browser = signed_in(world, client, "specialist", who=who)
        assert browser.get(f"/console/referrals/{reference}").status == 200


def test_a_consultant_who_works_elsewhere_too_can_be_looked_at_and_not_changed(
    world: World, client: Client
) -> None:
    becomes(world, "cora-match", counties=["los_angeles"])
    cora = signed_in(world, client, "coordinator")
    page = cora.get("/console/consultants/ben-okafor")
    assert "counties that are not yours" in page.text
    assert press(cora, "/console/consultants/ben-okafor", act="pause").status == 403


@pytest.mark.promise("sessions-end-at-once")
def test_links_and_known_browsers_of_staff_end_with_their_work(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "triage")
    browser = Browser(client)
    page = open_task(browser, story)
    assert "Ana Demo" in page.body
    becomes(harness.world, "sofia-south", active=False)
    for target in (page.path, f"/t/{mailed(story)}"):
        gone = browser.get(target)
        assert gone.status == 410 and "Ana Demo" not in gone.body
    answers = {"_nonce": page.hidden["_nonce"], "talked": "phone", "decision": "confirm"}
    assert browser.post(page.path, answers).status == 410
    assert story.asks == "triage"
