"""A safety flag: paged at once, reminded each half hour, closed by an outcome only."""

from __future__ import annotations

import pytest

from chalicelib.referral.model import Referral
from chalicelib.referral.safety.flag import flag
from chalicelib.referral.safety.forms import FLAG
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.web.forms import clean
from chalicelib.workflow import scheduler, side_tasks
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.effects import letters
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answer
from tests.world import World

LEAD, ADMIN = "sam-lead@example.org", "ada-admin@example.org"
ASKED = {"protocol": "self_harm_988", "completed": "yes"}


def flagged(world: World, reference: str) -> int:
    before = set(world.state(reference).side_tasks)
    flag(reference, ASKED, "consultant", "s:1", world.at)
    (n,) = set(world.state(reference).side_tasks) - before
    return n


@pytest.mark.promise("safety-concern-paged")
def test_the_lead_is_paged_at_once_in_the_safety_lane(world: World) -> None:
    reference = world.offered()
    world.relay()
    flagged(world, reference)
    entry = store.log(world.state(reference))[-1]
    assert [letter.lane for letter in letters(entry.effects)] == ["safety"]
    assert (entry.actor, entry.payload["protocol"], entry.payload["completed"]) == (
        "consultant", "self_harm_988", "yes",
    )  # fmt: skip
    assert set(entry.payload) == {"protocol", "completed", "task", "about"} and not entry.reason
    assert set(entry.payload["about"]) == {"protocol", "completed", "role", "at"}
    world.relay()
    mail = world.mails[-1]
    assert mail.to == LEAD and mail.link and "suicide" not in mail.subject.lower()
    first = mail.text.partition("-- ")[0]
    assert "988" not in first and "abuse" not in first


@pytest.mark.promise("safety-concern-paged")
def test_no_field_takes_a_word(world: World) -> None:
    reference = world.offered()
    flagged(world, reference)
    asked = kind_of("safety").page.form(world.state(reference))
    assert {field.kind for field in (*FLAG.fields, *asked.fields)} == {"radios"}
    assert set(clean(FLAG, {}, "en").errors) == {"protocol", "completed"}


@pytest.mark.promise("safety-concern-paged")
def test_it_is_reminded_every_half_hour_and_told_to_the_admin_until_there_is_an_outcome(
    world: World,
) -> None:
    reference = world.offered()
    n = flagged(world, reference)
    world.relay()
    start, since = world.at, len(world.mails)
    for half in range(1, 5):
        world.at = start + 1800 * half
        scheduler.look_beside(reference, n, world.at)
        world.relay()
    told = [m.to for m in world.mails[since:]]
    assert told.count(ADMIN) == 1 and told.count(LEAD) >= 3
    row = side_task_rows.get(reference, n)
    assert row is not None
    world.at = row.expires
    scheduler.look_beside(reference, n, world.at)
    assert world.state(reference).side_tasks == [n + 1], "asked anew, never dropped"
    again = side_task_rows.get(reference, n + 1)
    assert again is not None and again.about["protocol"] == "self_harm_988"
    assert clean(kind_of("safety").page.form(world.state(reference)), {}, "en").errors
    answer(reference, n + 1, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    state = world.state(reference)
    assert state.side_tasks == [] and store.log(state)[-1].payload["outcome"] == "safe_now"
    assert same_story(fold(Referral, reference, store.log(state)), state)


@pytest.mark.promise("safety-concern-paged", "calls-as-they-went")
def test_a_try_is_written_down_and_buys_no_time(world: World) -> None:
    reference = world.offered()
    n = flagged(world, reference)
    before = side_task_rows.get(reference, n)
    world.at += 600
    answer(reference, n, {"talked": "voicemail_es"}, "supervisor:sam-lead", "t", world.at)
    after = side_task_rows.get(reference, n)
    assert before is not None and after is not None and not after.over
    assert (after.due, after.remind, after.escalate) == (before.due, before.remind, before.escalate)
    newest = store.log(world.state(reference))[-1]
    assert (newest.payload["verdict"], newest.payload["voicemail"]) == ("voicemail_left", "es")
    view = side_tasks.find(world.state(reference), n)
    assert view is not None
    assert [one.voicemail for one in kind_of("safety").page.details(view)["tries"]] == ["es"]
    told = [option[0] for option in kind_of("safety").page.form(view).fields[0].options]
    assert "unresponsive" not in told and "call_later" not in told, (
        "nothing but the outcome ends it"
    )
    answer(reference, n, {"outcome": "safe_now"}, "supervisor:sam-lead", "x", world.at)
    assert world.state(reference).side_tasks == []


@pytest.mark.promise("safety-concern-paged")
def test_the_end_of_the_referral_does_not_close_it(world: World) -> None:
    reference = world.offered()
    n = flagged(world, reference)
    withdraw(reference, "", "w")
    since = len(world.mails)
    world.at += 1800
    scheduler.look_beside(reference, n, world.at)
    world.relay()
    assert LEAD in [m.to for m in world.mails[since:]]
    answer(reference, n, {"outcome": "no_concern"}, "supervisor:sam-lead", "x", world.at)
    row = side_task_rows.get(reference, n)
    assert row is not None and row.over == "settled"


@pytest.mark.promise("double-press")
def test_a_second_press_flags_once(world: World) -> None:
    reference = world.offered()
    flagged(world, reference)
    flag(reference, ASKED, "consultant", "s:1", world.at)
    assert len(world.state(reference).side_tasks) == 1


@pytest.mark.promise("safety-concern-paged")
@pytest.mark.parametrize(("answered", "count"), [("yes", 1), ("no", 0)])
def test_a_request_that_says_danger_now_pages_the_lead_with_the_press(
    world: World, answered: str, count: int
) -> None:
    reference = world.submit(safety_now=answered)
    state = world.state(reference)
    assert len(state.side_tasks) == count
    world.relay()
    assert [m.to for m in world.mails].count(LEAD) == count
    effects = store.log(state)[0].effects
    assert [getattr(e, "lane", None) for e in effects][:count] == ["safety"] * count
    assert world.step("decide_eligibility", reference) == "eligible"
    world.step("ask_triage", reference)
    assert same_story(
        fold(Referral, reference, store.log(world.state(reference))), world.state(reference)
    )
