"""The targeted support of a request places its provider in a Community, and steps up under the same number."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import update
from chalicelib.meetings import rows
from chalicelib.services.communities import groups, one_seat
from chalicelib.services.communities.events import NEWS
from chalicelib.services.communities.model import Seat
from chalicelib.workflow import board
from chalicelib.workflow.storage import store
from tests.communities.script import DAY, begins, leaves, season
from tests.communities.test_seats import says
from tests.meetings import entered, sign
from tests.web.conftest import Browser
from tests.web.staff import signed_in
from tests.web.taskpages import open_task
from tests.workflow.lifecycle import LifecycleHarness, Story

HOME = {
    "setting": "ffn",
    "language": "es",
    "letters_language": "es",
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "concerns": ["staff_stress_turnover"],
    "support_wanted": ["peers"],
}


def seats(harness: LifecycleHarness) -> list[Seat]:
    lines, _ = board.page("open", "", harness.world.at, case_type="seat")
    return [store.load(line.reference, Seat, consistent=True) for line in lines]


def asked(harness: LifecycleHarness, **answers: str) -> Story:
    if not groups.groups():
        season(harness.world)
    return harness.submit(**{**HOME, **answers})


def targeted(harness: LifecycleHarness, **answers: str) -> Story:
    return asked(harness, **answers).triaged()


@pytest.mark.promise("targeted-leads-to-a-seat", "step-up-and-down")
def test_the_provider_is_led_to_a_seat_and_steps_up_inside_the_same_request(
    harness: LifecycleHarness,
) -> None:
    story = targeted(harness)
    assert (story.state.tier, story.asks) == ("targeted", "check_in_rest")
    (seat,) = seats(harness)
    assert (seat.referral, seat.languages) == (story.reference, ["es"])
    assert seat.task is not None and seat.task.kind == "information_session"
    asked = [m for m in harness.world.mails if m.tags.get("ref") == seat.reference]
    assert len(asked) == 1 and "Sesión Informativa" in asked[0].subject
    records = harness.world.records(every=True)
    harness.world.relay(records)
    assert len(seats(harness)) == 1, "told again, nothing begins again"
    story.falls_silent()
    assert story.asks == "check_in_rest", "nobody asks whether it helped before it has begun"
    leaves(seat.reference, "leave", harness.world.at)
    harness.settle()
    story.falls_silent().says(decision="not_helped", note="It was not enough")
    assert story.asks == "triage"


@pytest.mark.promise("check-in-waits-for-a-group", "step-up-and-down")
def test_who_has_a_seat_is_asked_two_weeks_later_whether_it_helped_and_steps_up(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    theirs = begins(harness.world, email="rosa@example.org")
    harness.settle()
    story = targeted(harness, contact_email="rosa@example.org")
    harness.world.at += 10 * DAY
    says(harness, theirs, decision="register", groups=["martes"])
    since = harness.world.at
    story.falls_silent()
    assert story.asks == "check_in_rest"
    story.falls_silent()
    assert story.asks == "check_in" and harness.world.at == since + 14 * DAY
    story.says(decision="not_helped", note="It was not enough")
    assert story.asks == "triage" and store.load(theirs, Seat).seated


@pytest.mark.promise("step-up-and-down")
def test_who_calls_and_says_that_it_is_not_enough_steps_up_at_once_and_keeps_the_seat(
    harness: LifecycleHarness, client: Client
) -> None:
    story = targeted(harness)
    (seat,) = seats(harness)
    sofia = signed_in(harness.world, client, "specialist")
    menu = sofia.get(f"/console/referrals/{story.reference}/act")
    assert "The support is not enough" in menu.text
    sofia.get(f"/console/referrals/{story.reference}/act/step-up")
    assert sofia.answer({"note": "It is not enough"}).status == 200
    harness.settle()
    assert story.asks == "triage" and store.load(seat.reference, Seat).open
    again = sofia.get(f"/console/referrals/{story.reference}/act/step-up")
    assert sofia.answer({}).status == 422 and again.status == 200
    story.triaged()
    assert (story.state.tier, story.asks) == ("intensive", "offer")


@pytest.mark.promise("seat-one-each")
def test_whoever_has_a_seat_keeps_it_and_its_end_frees_no_seat_but_itself(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    theirs = begins(harness.world, email="rosa@example.org")
    harness.settle()
    story = targeted(harness, contact_email="Rosa@example.org")
    (seat,) = seats(harness)
    assert (seat.reference, seat.referral) == (theirs, story.reference)
    leaves(theirs, "leave", harness.world.at)
    harness.settle()
    told = [e for e in store.log(store.load(story.reference, consistent=True)) if e.event == NEWS]
    assert [e.payload["verdict"] for e in told] == ["withdrawn"]
    second = begins(harness.world, email="rosa@example.org")
    assert one_seat.held("rosa@example.org") == second
    with pytest.raises(store.Refused):
        begins(harness.world, email="ROSA@example.org")


@pytest.mark.promise("seat-language", "targeted-leads-to-a-seat")
def test_who_can_follow_no_group_is_told_so_and_led_to_no_seat(harness: LifecycleHarness) -> None:
    story = targeted(harness, language="vi", language_required="yes")
    assert story.state.tier == "targeted" and not seats(harness)
    told = [m.text for m in harness.world.mails if m.tags.get("ref") == story.reference]
    assert any("ningún grupo se reúne en su idioma" in text for text in told)


@pytest.mark.promise("seat-language")
@pytest.mark.parametrize(("required", "fits"), [("yes", False), ("no", True)])
def test_the_specialist_reads_that_no_group_fits_before_they_decide(
    harness: LifecycleHarness, client: Client, required: str, fits: bool
) -> None:
    story = asked(harness, language="vi", language_required=required)
    page = open_task(Browser(client), story)
    assert "What our rules propose" in page.text
    assert ("no group fits" in page.text) is not fits


@pytest.mark.promise("child-never-named")
def test_what_is_redacted_in_a_request_is_redacted_in_what_its_person_said_of_meetings(
    harness: LifecycleHarness, client: Client
) -> None:
    story = targeted(harness)
    (seat,) = seats(harness)
    session = entered(harness.world, room="communities", language="es")
    who = sign(harness.world, session, email=seat.contact.email)
    row = rows.guest_key(session.id, who.key)
    dynamodb.write(update(row).set(wish="How to help Mateo sleep"))
    lead = signed_in(harness.world, client, "supervisor")
    page = lead.get(f"/console/referrals/{story.reference}/redact")
    assert "What they said after a meeting: Wish for changes" in page.text
    said = {"words": "Mateo", "texts": f"{row.pk}/{row.sk}|wish", "reason": "child_name"}
    assert "[taken out]" in lead.answer(said).text
    lead.post(
        f"/console/referrals/{story.reference}/redact", {**lead.page.hidden, **said, "_go": "do"}
    )
    kept = dynamodb.get(row, consistent=True)
    assert kept is not None and kept["wish"] == "How to help [taken out] sleep"
    entries = store.log(store.load(story.reference, consistent=True))
    assert [e.event for e in entries].count("redacted") == 1
