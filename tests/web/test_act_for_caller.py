"""Staff act for whoever called: the provider's own acts, attributed, and undone where theirs could be."""

from __future__ import annotations

import time

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.referral.model import Referral
from chalicelib.referral.rows.request_rows import answers
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from tests.unit.mail.test_bounces import GOOD, bounce
from tests.web.conftest import Browser, Page
from tests.web.staff import becomes, signed_in
from tests.web.test_status_change import inside, shown
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.world import World

pytestmark = pytest.mark.promise("act-for-caller")

TOLD = {"told_by": "Rosa Díaz", "told_how": "phone"}
RECORDED = "Recorded by Sofia South for the provider. Told by: Rosa Díaz. On the phone."


def staff(
    client: Client, story: Story, role: str = "specialist", who: str = "sofia-south"
) -> Browser:
    """Somebody at the case's page."""
    people.forget()
    browser = signed_in(story.harness.world, client, role, who=who)
    browser.get(case(story))
    return browser


def case(story: Story) -> str:
    return f"/console/referrals/{story.reference}"


def changes(browser: Browser, story: Story, slug: str, **values: str) -> Page:
    path = f"{case(story)}/act/change/{slug}"
    page = browser.get(path)
    assert page.status == 200, page.text[:300]
    return browser.post(path, {**shown(page), **TOLD, **values})


def whole(story: Story) -> None:
    assert same_story(fold(Referral, story.reference, store.log(story.state)), story.state)


def to(story: Story, address: str, since: int = 0) -> list[str]:
    return [m.subject.split(" · ")[0] for m in story.harness.world.mails[since:] if m.to == address]


def test_the_case_leads_to_one_page_with_what_fits(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    sofia = staff(client, story)
    assert "Act for the caller" in sofia.page.text
    page = sofia.get(f"{case(story)}/act")
    for path in ("act/change/contact", "act/change", "act/cancel", "pause"):
        assert f"{case(story)}/{path}" in page.links, path
    story.withdraws()
    page = sofia.get(f"{case(story)}/act")
    assert f"{case(story)}/reopen" in page.links
    for path in ("act/cancel", "act/change", "pause"):
        assert f"{case(story)}/{path}" not in page.links, path
        assert sofia.get(f"{case(story)}/{path}").path == case(story), "nothing to do anymore"


@pytest.mark.promise("deny-by-default")
def test_who_runs_the_system_and_who_works_elsewhere_cannot_act(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    for path in ("act", "act/change", "act/change/contact", "act/cancel", "act/end"):
        assert staff(client, story, "admin", "ada-admin").get(f"{case(story)}/{path}").status == 403
    becomes(harness.world, "sofia-south", counties=["fresno"])
    for path in ("act", "act/change", "act/change/contact", "act/cancel"):
        assert staff(client, story).get(f"{case(story)}/{path}").status == 404


@pytest.mark.parametrize("moment", ["triage", "agreement", "service", "survey"])
def test_an_email_is_changed_at_any_time_and_what_is_asked_goes_there(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, sofia = story.state, staff(client, story)
    since = len(harness.world.mails)
    assert changes(sofia, story, "contact", contact_email=GOOD).path == case(story)
    harness.settle()
    state = story.state
    assert state.contact.email == answers(story.reference).contact_email == GOOD
    assert (state.stage, state.generation) == (before.stage, before.generation)
    entry = next(e for e in reversed(store.log(state)) if e.event == "amended")
    assert entry.actor == "staff:sofia-south" and entry.payload["told_by"] == "Rosa Díaz"
    assert "We changed your request, as you told us" in to(story, GOOD, since)
    assert to(story, before.contact.email, since) == ["We write to another email address now"]
    asked = before.task is not None and before.task.role == "provider"
    assert len([m for m in harness.world.mails if m.to == GOOD and m.link]) == (1 if asked else 0)
    page = sofia.get(case(story))
    assert RECORDED in page.text and GOOD not in page.text
    whole(story)


def test_an_address_that_bounced_may_be_changed_the_same_way(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "agreement")
    bounce(harness.world, story.reference, "delivery/agreement")
    harness.settle()
    changes(staff(client, story), story, "contact", contact_email=GOOD)
    harness.settle()
    state = story.state
    assert not state.contact.blocked and state.side_tasks == [] and state.pause is None
    whole(story)


def test_a_corrected_answer_lets_the_rules_look_again_and_both_sides_hear_of_it(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    sofia = staff(client, story)
    changes(sofia, story, "care", county="fresno")
    harness.settle()
    assert (story.state.county, story.state.generation, story.asks) == ("fresno", 2, "triage")
    story = at(harness, "plan")
    since, state = len(harness.world.mails), story.state
    sofia = staff(client, story)
    changes(sofia, story, "meet", availability="evenings")
    harness.settle()
    assert to(story, state.contact.email, since) == ["We changed your request, as you told us"]
    told = to(story, f"{state.consultant}@example.org", since)
    assert told == ["The provider changed something in a request"]
    assert "evenings" not in "".join(m.text.lower() for m in harness.world.mails[since:])
    page = sofia.get(case(story))
    assert "The provider changed: " in page.text and RECORDED in page.text
    assert "You changed: " in inside(client, story).page.text
    whole(story)


def test_a_change_says_who_told_it(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "agreement")
    sofia, version = staff(client, story), story.state.version
    page = changes(sofia, story, "contact", contact_phone="(415) 555-0199", told_by="")
    assert page.status == 422 and page.errors == ["told_by"]
    assert "(415) 555-0199" in page.body, "what was typed stays"
    assert story.state.version == version


def test_a_case_that_moves_to_the_counties_of_others_is_left_without_an_error(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    becomes(harness.world, "sofia-south", counties=["los_angeles"])
    page = changes(staff(client, story), story, "care", county="fresno")
    assert (page.path, page.status) == ("/console", 200)
    assert story.state.county == "fresno"


@pytest.mark.promise("provider-withdraws")
@pytest.mark.parametrize("moment", ["triage", "service"])
def test_staff_cancel_for_the_caller_and_it_can_be_opened_again(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    before, sofia = story.state, staff(client, story)
    since, path = len(harness.world.mails), f"{case(story)}/act/cancel"
    page = sofia.get(path)
    page = sofia.post(path, {**page.hidden, **TOLD})
    assert page.status == 422 and page.errors == ["reason"] and story.state.open
    page = sofia.post(path, {**page.hidden, **TOLD, "reason": "found_other_help"})
    assert page.path == case(story) and RECORDED in page.text
    harness.settle()
    state = story.state
    assert (state.status, state.closure, state.reason) == (
        "withdrawn", "provider_withdrew", "found_other_help",
    )  # fmt: skip
    assert to(story, before.contact.email, since) == ["You canceled your request"]
    told = "A request was canceled: nothing to do"
    if before.consultant:
        assert to(story, f"{before.consultant}@example.org", since) == [told]
    assert to(story, "sofia-south@example.org", since) == [], "who did it knows"
    assert "You canceled your request." in inside(client, story).page.text
    sofia.get(f"{case(story)}/reopen")
    sofia.post(f"{case(story)}/reopen", {**sofia.page.hidden, "reason": "closed_by_mistake"})
    assert story.state.open
    whole(story)


def ends(browser: Browser, story: Story, **values: str) -> Page:
    path = f"{case(story)}/act/end"
    page = browser.get(path)
    assert page.status == 200, page.text[:300]
    return browser.post(path, {**page.hidden, **values})


@pytest.mark.promise("named-ends")
def test_who_will_be_told_of_an_end_stands_there_before_the_press(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "service")
    sofia, since = staff(client, story), len(harness.world.mails)
    page = sofia.get(f"{case(story)}/act/end")
    who = f"{story.state.consultant}@example.org"
    assert "Who will get this: 2" in page.text and who in page.text
    assert "Provider: by email" in page.text and story.state.contact.email not in page.text
    ends(sofia, story, closure="site_closed", alternatives="helpline")
    harness.settle()
    told = {mail.to for mail in harness.world.mails[since:]}
    assert told >= {who, story.state.contact.email}
    assert "sofia-south@example.org" not in told


@pytest.mark.promise("duplicate-request", "named-ends")
@pytest.mark.parametrize("moment", ["triage", "offer", "service"])
def test_of_two_that_are_the_same_one_ends_and_both_lead_to_each_other(
    client: Client, harness: LifecycleHarness, moment: str
) -> None:
    story = at(harness, moment)
    other, before, sofia = harness.submit(), story.state, staff(client, story)
    since = len(harness.world.mails)
    for wrong in ("", "no number", story.reference, "0123-4567-8"):
        page = ends(sofia, story, closure="duplicate", other=wrong)
        assert page.status == 422 and page.errors == ["other"] and story.state.open
    page = ends(sofia, story, closure="duplicate", other=other.reference.lower())
    assert page.path == case(story) and f"{case(other)}" in page.links
    assert case(story) in sofia.get(case(other)).links and other.state.open
    harness.settle()
    assert (story.state.closure, story.state.task) == ("duplicate", None)
    assert story.run().where == "Ended with another place to go"
    assert to(story, before.contact.email, since) == ["About your request: where you can get help"]
    assert "goes on" in inside(client, story).page.text
    if before.consultant:
        assert to(story, f"{before.consultant}@example.org", since) == [
            "A request was closed: nothing to do"
        ]
    whole(story)
    whole(other)
    # A mistake is corrected within a day, by staff alone.
    path = f"{case(story)}/reopen"
    assert path in sofia.get(f"{case(story)}/act").links
    sofia.get(path)
    sofia.post(path, {**sofia.page.hidden, "reason": "closed_by_mistake"})
    assert story.state.open
    ends(sofia, story, closure="duplicate", other=other.reference)
    harness.world.at += 86401
    assert path not in sofia.get(f"{case(story)}/act").links


@pytest.mark.promise("another-id-looks-missing")
def test_a_request_of_other_counties_cannot_be_named_as_the_same(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    other = harness.submit(county="fresno")
    becomes(harness.world, "sofia-south", counties=["los_angeles"])
    page = ends(staff(client, story), story, closure="duplicate", other=other.reference)
    assert page.status == 422 and "We do not find that number" in page.text
    assert len(store.log(other.state)) == other.state.version and story.state.open


@pytest.mark.promise("named-ends", "no-has-a-hand-off")
@pytest.mark.parametrize(
    ("moment", "closure", "status", "end"),
    [
        ("triage", "out_of_scope_discovered", "out_of_scope", "Ended with another place to go"),
        (
            "offer",
            "transferred_local_program",
            "redirected_local",
            "Ended with another place to go",
        ),
        ("agreement", "site_closed", "cannot_be_served", "Cannot be served"),
    ],
)
def test_what_goes_nowhere_ends_by_its_name_with_a_place_to_turn_to(
    client: Client, harness: LifecycleHarness, moment: str, closure: str, status: str, end: str
) -> None:
    story = at(harness, moment)
    sofia = staff(client, story)
    page = ends(sofia, story, closure=closure)
    assert page.status == 422 and page.errors == ["alternatives"]
    ends(sofia, story, closure=closure, alternatives="local_agency", note="They moved to another")
    harness.settle()
    assert (story.state.status, story.state.closure) == (status, closure)
    assert story.run().where == end
    assert "1-800-543-7793" in harness.world.mails[-1].text + harness.world.mails[-2].text
    whole(story)


@pytest.mark.promise("attempts-then-named-end")
def test_nobody_is_given_up_before_the_tries_of_the_standard(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "triage")
    sofia, reached = staff(client, story), "unresponsive_after_3_attempts"
    assert reached not in sofia.get(f"{case(story)}/act/end").body
    assert ends(sofia, story, closure=reached).status == 422
    for how in ("no_answer", "sent_email", "voicemail_en"):
        story.says(talked=how)
    harness.world.at += 11 * 86400
    ends(staff(client, story), story, closure=reached)
    harness.settle()
    assert story.state.status == "unresponsive"
    assert story.run().where == "Provider could not be reached"
    assert "We could not reach you" in harness.world.mails[-1].subject


@pytest.mark.promise("notes-stay-private")
@pytest.mark.parametrize("readers", ["staff", "team", "shared"])
def test_a_note_is_read_by_whom_it_was_written_for(
    client: Client, harness: LifecycleHarness, readers: str
) -> None:
    story, note = at(harness, "plan"), "They prefer short visits on a quiet morning"
    since, sofia, path = len(harness.world.mails), staff(client, story), f"{case(story)}/act/note"
    page = sofia.get(path)
    page = sofia.post(path, {**page.hidden, "note": note})
    assert page.status == 422 and page.errors == ["readers"] and note in page.body
    page = sofia.post(path, {**page.hidden, "note": note, "readers": readers})
    assert page.path == case(story) and note in page.text and "Sofia South" in page.text
    harness.settle()
    assert not any(note in m.text for m in harness.world.mails[since:])
    task = kind_of("plan").page.details(story.state)
    assert (note in str(task)) is (readers != "staff")
    assert (note in inside(client, story).page.text) is (readers == "shared")
    whole(story)


def test_a_pause_for_a_caller_says_who_asked_for_it(
    client: Client, harness: LifecycleHarness
) -> None:
    story = at(harness, "service")
    sofia, path = staff(client, story), f"{case(story)}/pause"
    page = sofia.get(path)
    day = harness.world.at + 9 * 86400
    asked = {"decision": "pause", "why": "paused_by_site:site_asked",
             "until": time.strftime("%Y-%m-%d", time.gmtime(day))}  # fmt: skip
    page = sofia.post(path, {**page.hidden, **asked})
    assert page.status == 422 and page.errors == ["told_by", "told_how"]
    page = sofia.post(path, {**page.hidden, **asked, **TOLD})
    assert story.state.pause is not None and RECORDED in page.text
    whole(story)


@pytest.mark.promise("double-press")
def test_an_old_tab_acts_no_second_time(client: Client, harness: LifecycleHarness) -> None:
    story = at(harness, "agreement")
    sofia, path = staff(client, story), f"{case(story)}/act/change/contact"
    page = sofia.get(path)
    sent = {**shown(page), **TOLD, "contact_phone": "(415) 555-0199"}
    sofia.post(path, sent)
    story.withdraws()
    sofia.get(f"{case(story)}/reopen")
    sofia.post(f"{case(story)}/reopen", {**sofia.page.hidden, "reason": "closed_by_mistake"})
    changes(sofia, story, "contact", contact_phone="(415) 555-0100")
    sofia.post(path, sent)
    assert story.state.contact.phone == "(415) 555-0100"


def test_the_change_page_of_staff_has_no_hints_for_the_provider(
    world: World, client: Client
) -> None:
    reference = world.matched()
    staff = signed_in(world, client, "specialist")
    page = staff.get(f"/console/referrals/{reference}/act/change/contact")
    assert page.status == 200 and 'name="contact_email"' in page.body
    assert "We will send your reference" not in page.text and "Your email address" not in page.text
