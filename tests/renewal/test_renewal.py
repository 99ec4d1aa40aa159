"""What ends on a day stops new offers, is said in time, and is renewed by one link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import people
from chalicelib.domain.calendar import into_waking_hours, midnight, pacific_date
from chalicelib.referral.matching.constraints import AGREEMENT_OVER, CREDENTIAL_OVER, obstacles
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.roster import _need
from chalicelib.training.renewal import credentials, looking, rule
from chalicelib.training.renewal.looking import each_minute
from chalicelib.training.renewal.model import AGREEMENT, CREDENTIAL, Renewal
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import store
from tests.renewal.script import DAY, WHO, asked, credential, ends
from tests.web.conftest import Browser
from tests.web.staff import becomes, signed_in
from tests.web.taskpages import inside, mailed, press
from tests.workflow.lifecycle import LifecycleHarness, Story, usual


def case(reference: str) -> Renewal:
    state = store.load(reference, Renewal, consistent=True)
    assert same_story(fold(Renewal, reference, store.log(state)), state)
    return state


def begun(harness: LifecycleHarness, what: str, days: int = 20) -> Story:
    reference = asked(harness.world, what, days)
    harness.settle()
    return Story(harness, reference)


def reasons(harness: LifecycleHarness) -> list[str]:
    people.forget()
    one = Consultant.read(people.consultant_now(WHO))
    found = obstacles(_need(None, "", False), one, harness.world.at)
    return [text for rule_, text in found if rule_ == "H1"]


def to_them(harness: LifecycleHarness) -> list[str]:
    address = people.consultant(WHO)["email"]
    return [mail.subject for mail in harness.world.mails if mail.to == address]


def last_day(what: str) -> str:
    until = dict(people.consultant_now(WHO))[f"{what}_until"]
    assert isinstance(until, int)
    return pacific_date(until - 1).isoformat()


@pytest.mark.promise("ended-stops-offers")
@pytest.mark.parametrize(
    ("what", "why"), [(AGREEMENT, AGREEMENT_OVER), (CREDENTIAL, CREDENTIAL_OVER)]
)
def test_what_has_ended_stops_new_offers_and_the_match_says_which_it_is(
    harness: LifecycleHarness, what: str, why: str
) -> None:
    ends(harness.world, what, 1)
    assert reasons(harness) == []
    harness.world.at += 2 * DAY
    assert reasons(harness) == [why]


@pytest.mark.promise("renewed-in-time")
def test_who_is_near_the_end_is_asked_once_and_nobody_else(harness: LifecycleHarness) -> None:
    for row in people.consultants():
        people.set_fields(str(row["id"]), {"agreement_until": harness.world.at + 300 * DAY})
    ends(harness.world, AGREEMENT, 59)
    for _ in range(3):
        each_minute(harness.world.at)
        harness.settle()
        harness.world.at += DAY
    cases = [
        key for key, rows in harness.world.fake_table.items.items()
        if rows.get("REFERRAL", {}).get("case_type") == "renewal"
    ]  # fmt: skip
    assert len(cases) == 1


@pytest.mark.promise("renewed-in-time")
@pytest.mark.parametrize(
    ("ends_in", "asks"),
    [(60 * DAY + 1, False), (60 * DAY, True), (1 - 60 * DAY, True), (-60 * DAY, False)],
)
def test_somebody_is_asked_from_sixty_days_before_the_end_until_sixty_after_it(
    harness: LifecycleHarness, ends_in: int, asks: bool
) -> None:
    people.set_fields(WHO, {"agreement_until": harness.world.at + ends_in})
    looking.look(people.consultant_now(WHO), harness.world.at)
    assert ("renewing_agreement" in people.consultant_now(WHO)) is asks


def test_two_looks_at_the_same_row_ask_once(harness: LifecycleHarness) -> None:
    ends(harness.world, AGREEMENT, 20)
    as_both_saw_it = people.consultant_now(WHO)
    looking.look(as_both_saw_it, harness.world.at)
    first = dict(people.consultant_now(WHO))["renewing_agreement"]
    looking.look(as_both_saw_it, harness.world.at)
    assert dict(people.consultant_now(WHO))["renewing_agreement"] == first


@pytest.mark.promise("renewed-in-time")
def test_who_was_let_go_is_not_asked_and_cannot_sign_and_gets_no_letter_at_the_end(
    harness: LifecycleHarness, client: Client
) -> None:
    story = begun(harness, AGREEMENT)
    browser = Browser(client)
    page = inside(browser, mailed(story))
    people.set_fields(WHO, {"active": False})
    people.forget()
    ended = dict(people.consultant_now(WHO))["agreement_until"]
    told = press(browser, page, {"decision": "sign", "signed_name": "Alma Reyes"})
    assert "You are not active in the directory." in told.text
    assert case(story.reference).status == "renewal_asked"
    assert dict(people.consultant_now(WHO))["agreement_until"] == ended
    before = len(to_them(harness))
    story.falls_silent()
    harness.world.at = into_waking_hours(harness.world.at + DAY)
    harness.run_scheduler()
    assert case(story.reference).status == "renewal_lapsed" and len(to_them(harness)) == before
    people.set_fields(WHO, {"agreement_until": harness.world.at + DAY})
    looking.look(people.consultant_now(WHO), harness.world.at)
    assert dict(people.consultant_now(WHO))["renewing_agreement"] == story.reference


@pytest.mark.promise("renewed-in-time")
def test_an_agreement_is_renewed_by_one_signature_and_lasts_a_year_from_its_last_day(
    harness: LifecycleHarness,
) -> None:
    people.set_fields(WHO, {"agreement_until": midnight(date(2026, 11, 16))})
    looking.look(people.consultant_now(WHO), harness.world.at)
    harness.settle()
    people.forget()
    story = Story(harness, str(dict(people.consultant_now(WHO))["renewing_agreement"]))
    assert story.asks == "agreement_renewal"
    story.says(**usual(story))
    assert case(story.reference).status == "renewal_done"
    assert last_day(AGREEMENT) == "2027-11-15"
    entry = store.log(case(story.reference))[-1]
    assert entry.payload["signed_name"] and entry.payload["text"] == "consultant-agreement-1"


def test_an_agreement_that_ends_on_a_leap_day_or_over_a_change_of_clocks_keeps_its_day() -> None:
    for last, then in (
        ("2028-02-29", "2029-02-28"),
        ("2027-11-07", "2028-11-07"),
        ("2026-12-31", "2027-12-31"),
    ):
        ends_ = midnight(date.fromisoformat(last)) + DAY
        if last == "2027-11-07":
            ends_ += 3600  # that day has an hour more
        until = rule.next_end(ends_, ends_ - 5 * DAY)
        assert pacific_date(until - 3601).isoformat() == then


def test_who_signs_after_the_end_has_a_year_from_that_day() -> None:
    ended, signed = (midnight(date.fromisoformat(day)) for day in ("2026-11-16", "2026-12-01"))
    assert pacific_date(rule.next_end(ended, signed + 3600) - 1).isoformat() == "2027-12-01"


@pytest.mark.promise("renewed-in-time")
def test_silence_is_reminded_told_to_a_supervisor_and_comes_to_a_named_end(
    harness: LifecycleHarness,
) -> None:
    story = begun(harness, AGREEMENT)
    task = story.state.task
    assert task is not None and len(task.remind) == 4
    for instant in (*task.remind, task.expires):
        harness.world.at = into_waking_hours(instant + 60)
        harness.run_scheduler()
    assert case(story.reference).status == "renewal_lapsed"
    subjects = to_them(harness)
    assert sum("again" in one for one in subjects) == 5 and "not renewed" in subjects[-1]
    assert any(mail.to == "sam-lead@example.org" for mail in harness.world.mails)


def test_staff_who_renew_it_themselves_leave_nothing_to_say(harness: LifecycleHarness) -> None:
    story = begun(harness, AGREEMENT)
    people.set_fields(WHO, {"agreement_until": harness.world.at + 500 * DAY})
    story.falls_silent()
    assert case(story.reference).status == "renewal_done"


@pytest.mark.promise("renewed-in-time")
def test_a_credential_is_renewed_by_a_link_and_counts_once_it_was_checked(
    harness: LifecycleHarness,
) -> None:
    story = begun(harness, CREDENTIAL)
    assert story.asks == "credential_renewal"
    story.says(**usual(story))
    assert story.asks == "credential_check"
    story.says(decision="ask_again", note="The link shows another paper.")
    assert story.asks == "credential_renewal"
    assert case(story.reference).status == "renewal_asked" and not case(story.reference).until
    story.says(**usual(story) | {"until": "2028-02-29"}).says(decision="good")
    assert case(story.reference).status == "renewal_done"
    assert last_day(CREDENTIAL) == "2028-02-29", "the day that they typed is the last one"
    assert credentials.of(WHO)[0].evidence == "https://example.org/demo"


@pytest.mark.parametrize("what", [AGREEMENT, CREDENTIAL])
def test_who_does_not_want_to_ends_it_and_a_coordinator_hears(
    harness: LifecycleHarness, what: str
) -> None:
    story = begun(harness, what)
    story.says(decision="no")
    assert case(story.reference).status == "renewal_not_wanted"
    harness.world.at = into_waking_hours(harness.world.at + DAY)
    harness.run_scheduler()
    assert any(mail.to == "cora-match@example.org" for mail in harness.world.mails)


def test_nobody_checks_and_the_coordinator_is_asked_again(harness: LifecycleHarness) -> None:
    story = begun(harness, CREDENTIAL)
    story.says(**usual(story)).falls_silent()
    assert story.asks == "credential_check"


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize(("what", "answers"), [(AGREEMENT, 0), (CREDENTIAL, 0), (CREDENTIAL, 1)])
def test_a_run_that_begins_again_asks_the_same(
    harness: LifecycleHarness, what: str, answers: int
) -> None:
    story = begun(harness, what)
    for _ in range(answers):
        story.says(**usual(story))
    before = story.asks, len(harness.world.mails)
    restart(case(story.reference), harness.world.at, "system", "run lost")
    harness.settle()
    assert (story.asks, len(harness.world.mails)) == before


@pytest.mark.parametrize(
    "step", ["ask_agreement_renewal", "ask_credential_renewal", "ask_credential_check"]
)
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    story = begun(harness, AGREEMENT if "agreement" in step else CREDENTIAL)
    if step == "ask_credential_check":
        story.says(**usual(story))
    assert story.asks == "repair"
    story.falls_silent()
    story.says(decision="restart")
    assert f"ask_{story.asks}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_agreement_renewal", 5)
    harness.fail_step("ask_repair", 5)
    story = begun(harness, AGREEMENT)
    assert story.run("renewal").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "agreement_renewal"


@pytest.mark.promise("ended-stops-offers")
def test_staff_record_a_credential_and_see_what_ends(
    harness: LifecycleHarness, client: Client
) -> None:
    cora = signed_in(harness.world, client, "coordinator")
    page = f"/console/consultants/{WHO}/credentials"
    cora.get(page)
    until = pacific_date(harness.world.at + 10 * DAY).isoformat()
    told = {"title": "Georgetown IECMHC Certificate", "issuer": "Demo school", "until": until}
    assert cora.answer({**told, "evidence": "ftp://x"}).status == 422
    cora.get(page)
    assert "Georgetown" in cora.answer({**told, "evidence": "https://example.org/1"}).text
    assert last_day(CREDENTIAL) == until
    people.forget()
    assert "Alma Reyes" in cora.get("/console/training/renewals").text
    (one,) = credentials.of(WHO)
    cora.get(f"{page}?id={one.id}")
    cora.answer({**told, "evidence": "https://example.org/1", "dropped": ["yes"], "id": one.id})
    assert "credential_until" not in people.consultant_now(WHO)


@pytest.mark.promise("ended-stops-offers")
def test_of_several_credentials_the_first_to_end_counts(harness: LifecycleHarness) -> None:
    ends(harness.world, CREDENTIAL, 10)
    first = last_day(CREDENTIAL)
    (one,) = credentials.of(WHO)
    later = replace(one, id="c2", ends=one.ends + 100 * DAY)
    dynamodb.transact(credentials.recording(later))
    assert last_day(CREDENTIAL) == first
    dynamodb.transact(credentials.recording(replace(one, dropped=True)))
    assert last_day(CREDENTIAL) == pacific_date(later.ends - 1).isoformat()


@pytest.mark.promise("another-id-looks-missing")
def test_staff_of_other_counties_neither_see_nor_change_what_ends(
    harness: LifecycleHarness, client: Client
) -> None:
    ends(harness.world, CREDENTIAL, 10)
    becomes(harness.world, "cora-match", counties=["modoc"])
    cora = signed_in(harness.world, client, "coordinator")
    assert "Alma Reyes" not in cora.get("/console/training/renewals").text
    assert cora.get(f"/console/consultants/{WHO}/credentials").status == 404
    people.set_fields(WHO, {"counties": []})
    people.forget()
    assert "Alma Reyes" in cora.get("/console/training/renewals").text, "nobody else would"


def test_what_ends_first_stands_though_two_record_at_the_same_moment(
    harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends(harness.world, CREDENTIAL, 20)
    at, of = harness.world.at, credentials.of
    somebody_else = [credential("c2", at + 30 * DAY)]

    def faster(who: str) -> list[credentials.Credential]:
        found = of(who)
        if somebody_else:
            credentials.record(somebody_else.pop())
        return found

    monkeypatch.setattr(credentials, "of", faster)
    credentials.record(credential("c1", at + 400 * DAY))
    assert dict(people.consultant_now(WHO))["credential"] == "c2"
