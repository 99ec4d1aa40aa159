"""From a completed training to the first offer, with the real table, relay, scheduler and pages."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.errors import ConditionFailed
from chalicelib.directory import mail_choices, people
from chalicelib.domain.calendar import into_waking_hours
from chalicelib.domain.errors import Invalid
from chalicelib.mail.phone.sayings import sayings
from chalicelib.training.certificates import rows as certificates
from chalicelib.training.onboarding import approval, facts, opening, reopening, tasks
from chalicelib.training.onboarding.model import Onboarding
from chalicelib.web.forms import Values, clean
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Contact, fold, same_story
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.reconciler.restarts import restart
from chalicelib.workflow.storage import store
from tests.onboarding.script import opens
from tests.web.conftest import Browser
from tests.web.staff import becomes, signed_in
from tests.web.taskpages import inside, mailed
from tests.workflow.lifecycle import LifecycleHarness, Story, usual

DAY = 86400
ROSA = "rosa@example.org"


def case(reference: str) -> Onboarding:
    state = store.load(reference, Onboarding, consistent=True)
    assert same_story(fold(Onboarding, reference, store.log(state)), state)
    return state


def begun(harness: LifecycleHarness, email: str = ROSA) -> Story:
    reference = opens(harness.world, email)
    harness.settle()
    return Story(harness, reference)


def approved(story: Story) -> people.Person:
    for _ in range(3):
        story.says(**usual(story))
    people.forget()
    return people.consultant_now(case(story.reference).consultant)


def to(harness: LifecycleHarness, address: str) -> list[str]:
    return [mail.subject.partition(" · ")[0] for mail in harness.world.mails if mail.to == address]


@pytest.mark.promise("onboarded-once")
def test_a_completed_training_leads_to_a_certificate_a_consultant_and_an_offer(
    harness: LifecycleHarness,
) -> None:
    trained = harness.submit().state
    trained.contact = Contact(name="Rosa Demo", email=ROSA)
    for room in ("training_completed", "graduate_onboarding") * 2:
        registry.told(room)(trained, 97, TellRoom(room=room))
    harness.settle()
    (one,) = certificates.every()
    assert one.trainee == trained.reference
    (reference,) = {
        key[2:] for key in harness.world.fake_table.items if _is_onboarding(harness, key)
    }
    story = Story(harness, reference)
    assert facts.known(reference)["counties"] == [trained.county], "nothing is typed again"
    row = approved(story)
    assert case(reference).status == "onboarding_done" and row["active"]
    assert row["email"] == ROSA and row["languages"] == ["en", "es"]
    harness.world.at = into_waking_hours(harness.world.at + DAY)
    harness.run_scheduler()
    assert any(one.startswith("Le damos la bienvenida") for one in to(harness, ROSA))
    # Everybody else is full: a real request is offered to the new consultant.
    for other in people.consultants():
        if other["id"] != row["id"]:
            people.set_fields(str(other["id"]), {"cap": 0})
    asks = {
        "setting": "fcch_small",
        "county": "los_angeles",
        "language": "es",
        "modality": "virtual",
    }
    referral = harness.submit(**asks).triaged()
    assert referral.asks == "offer" and referral.state.task is not None
    assert referral.state.task.assignee == row["id"]
    referral.says(**usual(referral))
    assert referral.state.consultant == row["id"]


def _is_onboarding(harness: LifecycleHarness, key: str) -> bool:
    row = harness.world.fake_table.items[key].get("REFERRAL", {})
    return bool(key.startswith("R#") and row.get("case_type") == "onboarding")


@pytest.mark.promise("onboarded-once")
def test_who_is_a_consultant_already_is_not_asked_and_an_address_has_one_that_is_open(
    harness: LifecycleHarness,
) -> None:
    trained = harness.submit().state
    trained.contact = Contact(name="Alma", email=str(people.consultant("alma-reyes")["email"]))
    opening.completed(trained, 97, TellRoom(room="x"))
    assert not [key for key in harness.world.fake_table.items if _is_onboarding(harness, key)]
    story = begun(harness)
    with pytest.raises(store.Refused):
        opens(harness.world, ROSA.upper())
    story.says(decision="no")
    assert case(story.reference).status == "onboarding_declined"
    assert begun(harness).asks == "onboarding_agreement", "they may begin again"


@pytest.mark.promise("onboarded-once")
def test_who_said_no_is_not_asked_again_when_the_same_completion_is_told_once_more(
    harness: LifecycleHarness,
) -> None:
    trained = harness.submit().state
    trained.contact = Contact(name="Rosa Demo", email=ROSA)
    opening.completed(trained, 99, TellRoom(room="x"))
    harness.settle()

    def theirs() -> list[str]:
        return [key for key in harness.world.fake_table.items if _is_onboarding(harness, key)]

    (key,) = theirs()
    Story(harness, key.removeprefix("R#")).says(decision="no")
    opening.completed(trained, 99, TellRoom(room="x"))
    assert theirs() == [key]


def test_a_trainee_who_practiced_becomes_a_consultant_under_the_same_row(
    harness: LifecycleHarness,
) -> None:
    over = {
        "trainee": True,
        "facilitator": "ben-okafor",
        "practicum_rests": True,
        "paused_offers": True,
    }
    people.set_fields("dana-kim", {**over, "email": ROSA})
    row = approved(begun(harness))
    assert row["id"] == "dana-kim" and not over.keys() & row.keys()


@pytest.mark.promise("onboarded-once")
def test_what_was_said_for_the_practicum_is_not_typed_again(harness: LifecycleHarness) -> None:
    said: dict[str, Any] = {
        "languages": ["en", "fa"],
        "counties": ["orange"],
        "modalities": ["virtual"],
        "travel_minutes": 45,
        "age_bands": ["toddler"],
    }
    people.set_fields("dana-kim", {**said, "trainee": True, "email": ROSA, "availability": None})
    trained = harness.submit().state
    trained.contact = Contact(name="Rosa Demo", email=ROSA)
    opening.completed(trained, 97, TellRoom(room="x"))
    (key,) = (one for one in harness.world.fake_table.items if _is_onboarding(harness, one))
    known = facts.known(key.removeprefix("R#"))
    assert known["counties"] == ["orange", trained.county]
    assert {name: known[name] for name in said} == {**said, "counties": known["counties"]}
    assert known["name"] == "Rosa Demo", "who they are is the training's to say"


@pytest.mark.promise("onboarded-once")
def test_who_gives_another_address_keeps_their_row(harness: LifecycleHarness) -> None:
    people.set_fields("dana-kim", {"trainee": True, "email": ROSA})
    story = at_approval(harness)
    told = {**facts.known(story.reference), "email": "rosa.work@example.org"}
    dynamodb.write(facts.kept(story.reference, told))
    before = len(people.consultants())
    story.says(**usual(story))
    people.forget()
    row = people.consultant_now("dana-kim")
    assert case(story.reference).consultant == "dana-kim" and not row.get("trainee")
    assert row["email"] == "rosa.work@example.org" and len(people.consultants()) == before


@pytest.mark.promise("onboarded-once")
def test_who_practiced_without_an_email_is_known_by_their_number(harness: LifecycleHarness) -> None:
    people.set_fields(
        "dana-kim", {"trainee": True, "email": None, "phone": "559-555-0142", "travel_minutes": 45}
    )
    people.forget()
    trained = harness.submit().state
    trained.contact = Contact(name="Rosa Demo", phone="559-555-0142")
    opening.completed(trained, 97, TellRoom(room="x"))
    (key,) = (one for one in harness.world.fake_table.items if _is_onboarding(harness, one))
    reference = key.removeprefix("R#")
    assert facts.known(reference)["travel_minutes"] == 45, "what was said of the practicum"
    assert approval.theirs(case(reference), {"email": ROSA})["id"] == "dana-kim"


@pytest.mark.promise("onboarded-once")
def test_nobody_gets_the_row_of_somebody_else_by_their_address(harness: LifecycleHarness) -> None:
    """Also where it is that of somebody who is in training."""
    other = str(people.consultant("dana-kim")["email"])
    people.set_fields("dana-kim", {"trainee": True})
    people.forget()
    story = begun(harness)
    story.says(**usual(story))
    state, told = case(story.reference), usual(story)
    with pytest.raises(Invalid) as refused:
        tasks.decide_facts(state, {**told, "email": other}, harness.world.at)
    assert set(refused.value.errors) == {"email"}
    story.says(**told)
    dynamodb.write(facts.kept(story.reference, {**facts.known(story.reference), "email": other}))
    with pytest.raises(Invalid):
        approval.decide(case(story.reference), usual(story), harness.world.at)


def test_a_language_stands_in_the_form_once_as_the_practicum_had_it() -> None:
    told: Values = {"languages": ["es"], "languages_some": ["fa", "ko"]}
    row = people.Person(id="dana-kim", languages=["en", "fa"])
    known = facts.with_practice(told, row)
    assert (known["languages"], known["languages_some"]) == (["en", "fa", "es"], ["ko"])
    assert facts.with_practice(told, people.Person()) == told


def at_approval(harness: LifecycleHarness, email: str = ROSA) -> Story:
    story = begun(harness, email)
    for _ in range(2):
        story.says(**usual(story))
    assert story.asks == "onboarding_approval"
    return story


@pytest.mark.promise("onboarded-once")
def test_who_became_a_consultant_meanwhile_is_not_written_over(harness: LifecycleHarness) -> None:
    people.set_fields("dana-kim", {"trainee": True, "email": ROSA})
    story = at_approval(harness)
    people.forget()
    state, told = case(story.reference), usual(story)
    late = approval.decide(state, told, harness.world.at).same_transaction
    people.set_fields("dana-kim", {"trainee": None, "name": "As staff entered it"})
    people.forget()
    with pytest.raises(ConditionFailed):
        dynamodb.transact(late)
    with pytest.raises(Invalid) as refused:
        approval.decide(state, told, harness.world.at)
    assert set(refused.value.errors) == {"decision"}
    assert people.consultant_now("dana-kim")["name"] == "As staff entered it"


def test_an_approval_says_who_leads_until_when_and_under_an_address_that_is_free(
    harness: LifecycleHarness,
) -> None:
    story = at_approval(harness)
    state = case(story.reference)
    assert "decision" not in facts.known(story.reference), "what they pressed is no fact of theirs"
    missing = clean(approval.form(state), {"decision": ["approved"]}, "en").errors
    assert set(missing) == set(approval.OURS)
    told, theirs = usual(story), str(people.staff_member("sam-lead")["email"])
    kept = facts.kept(story.reference, {**facts.known(story.reference), "email": theirs})
    dynamodb.write(kept)
    with pytest.raises(Invalid) as refused:
        approval.decide(state, told, harness.world.at)
    assert set(refused.value.errors) == {"email"}


def test_whoever_approves_reads_what_was_said_in_the_words_of_the_directory(
    harness: LifecycleHarness, client: Client
) -> None:
    story = at_approval(harness)
    page = inside(Browser(client), mailed(story))
    assert "Rosa Demo" in page.text and "Longest way that they travel" in page.text
    assert "Your name" not in page.text and "do you want to work" not in page.text


@pytest.mark.promise("another-id-looks-missing")
def test_staff_of_other_counties_neither_see_nor_begin_one(
    harness: LifecycleHarness, client: Client
) -> None:
    begun(harness)
    home = "/console/training/onboarding"
    assert "Rosa Demo" in signed_in(harness.world, client, "coordinator").get(home).text
    becomes(harness.world, "cora-match", counties=["modoc"])
    cora = signed_in(harness.world, client, "coordinator")
    assert "Rosa Demo" not in cora.get(home).text
    told = {"name": "Ned Demo", "language": "en", "county": "kern", "email": "ned@example.org"}
    assert cora.answer(told).errors == ["county"]


@pytest.mark.promise("ends-by-mistake")
def test_an_approval_is_undone_until_an_offer_was_made_and_given_again(
    harness: LifecycleHarness,
) -> None:
    story = begun(harness)
    row = approved(story)
    cora = "staff:cora-match"
    reopening.reopen(story.reference, "Too early", cora, "one", harness.world.at)
    harness.settle()
    assert not people.consultant_now(row["id"]) and story.asks == "onboarding_approval"
    assert "Miramos otra vez sus datos" in to(harness, ROSA)
    story.says(**usual(story))
    people.forget()
    assert people.consultant_now(row["id"])["active"] is True
    people.set_fields(row["id"], {"offers": 1})
    assert not reopening.may(case(story.reference), harness.world.at)
    reopening.reopen(story.reference, "Too late", cora, "two", harness.world.at)
    assert not case(story.reference).open and people.consultant_now(row["id"])


@pytest.mark.promise("ends-by-mistake")
def test_an_undone_approval_makes_who_practiced_a_trainee_again(harness: LifecycleHarness) -> None:
    over = {"trainee": True, "facilitator": "ben-okafor", "offers": 2, "practicum_rests": True}
    paused = {"paused_offers": True, "paused_until": harness.world.at + 90 * DAY}
    people.set_fields("dana-kim", {**over, **paused, "email": ROSA})
    before = people.consultant_now("dana-kim")
    story = begun(harness)
    row = approved(story)
    assert not any(row.get(name) for name in (*over, *paused) if name != "offers")
    reopening.reopen(story.reference, "Too early", "staff:x", "one", harness.world.at)
    harness.settle()
    assert people.consultant_now("dana-kim") == before, "and no home is offered meanwhile"
    story.says(**usual(story))
    assert not people.consultant_now("dana-kim").get("trainee")


@pytest.mark.promise("ends-by-mistake")
def test_what_somebody_chose_of_letters_moves_back_with_an_approval_that_is_undone(
    harness: LifecycleHarness,
) -> None:
    here, there = map(mail_choices.mark_of, (ROSA, "rosa.work@example.org"))
    mail_choices.keep(here, mail_choices.Choices(digest=True), harness.world.at)
    story = at_approval(harness)
    told = {**facts.known(story.reference), "email": "rosa.work@example.org"}
    dynamodb.write(facts.kept(story.reference, told))
    story.says(**usual(story))
    assert mail_choices.of(there, fresh=True).digest
    reopening.reopen(story.reference, "Too early", "staff:x", "one", harness.world.at)
    assert mail_choices.of(here, fresh=True).digest
    assert mail_choices.of(there, fresh=True) == mail_choices.NOTHING_CHOSEN


def test_a_question_before_signing_tells_a_coordinator_and_leaves_the_agreement_open(
    harness: LifecycleHarness,
) -> None:
    story = begun(harness)
    story.says(decision="talk", question="How many hours a month is it?")
    assert story.asks == "onboarding_agreement"
    told = to(harness, "cora-match@example.org")
    assert "A new consultant wants to talk before signing" in told
    story.says(decision="sign", signed_name="Rosa Demo")
    assert story.asks == "onboarding_facts" and case(story.reference).signed


def test_silence_is_reminded_and_told_to_staff_and_comes_to_a_named_end(
    harness: LifecycleHarness,
) -> None:
    story = begun(harness)
    task = story.state.task
    assert task is not None
    for instant in (*task.remind, task.expires):
        harness.world.at = instant + 60
        harness.run_scheduler()
        harness.world.at = into_waking_hours(instant + 60)
        harness.run_scheduler()
    assert case(story.reference).status == "onboarding_no_answer"
    subjects = to(harness, ROSA)
    assert sum(one.startswith("Recordatorio:") for one in subjects) == 2
    assert "Dejamos de preguntarle" in subjects[-1]
    assert to(harness, "sam-lead@example.org"), "a supervisor hears that it is late"


def test_who_does_not_say_how_they_work_comes_to_the_same_end(harness: LifecycleHarness) -> None:
    story = begun(harness)
    story.says(**usual(story))
    assert story.asks == "onboarding_facts"
    story.falls_silent()
    assert case(story.reference).status == "onboarding_no_answer" and not story.asks
    assert story.run("onboarding").where == "Over"


def test_who_is_asked_once_more_reads_why_and_what_they_said_is_still_there(
    harness: LifecycleHarness, client: Client
) -> None:
    story = begun(harness)
    for _ in range(2):
        story.says(**usual(story))
    story.says(decision="ask_again", note="Please tell us more counties.")
    assert story.asks == "onboarding_facts"
    page = inside(Browser(client, "en"), mailed(story))
    assert "Please tell us more counties." in page.text and "Rosa Demo" in page.body
    story.says(**(usual(story) | {"counties": ["los_angeles", "kern"]}))
    assert story.asks == "onboarding_approval"
    story.says(**usual(story))
    row = people.consultant_now(case(story.reference).consultant)
    assert set(row["counties"]) == {"los_angeles", "kern"}


def test_a_refusal_says_why_and_makes_no_row(harness: LifecycleHarness) -> None:
    story = begun(harness)
    for _ in range(2):
        story.says(**usual(story))
    story.says(decision="refused", note="Please come back next year.")
    assert case(story.reference).status == "onboarding_refused"
    assert not case(story.reference).consultant
    assert any("next year" in mail.text for mail in harness.world.mails if mail.to == ROSA)


@pytest.mark.promise("restart-from-table")
@pytest.mark.parametrize("answers", [0, 1, 2])
def test_a_run_that_begins_again_asks_the_same_and_nobody_twice(
    harness: LifecycleHarness, answers: int
) -> None:
    story = begun(harness)
    for _ in range(answers):
        story.says(**usual(story))
    before = story.asks, len(harness.world.mails)
    restart(case(story.reference), harness.world.at, "system", "run lost")
    harness.settle()
    assert (story.asks, len(harness.world.mails)) == before


@pytest.mark.parametrize(
    "step", ["ask_onboarding_agreement", "ask_onboarding_facts", "ask_onboarding_approval"]
)
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    harness.fail_step(step, 5)
    story = begun(harness)
    for _ in range(("agreement", "facts", "approval").index(step.rpartition("_")[2])):
        story.says(**usual(story))
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    assert f"ask_{story.asks}" == step


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    harness.fail_step("ask_onboarding_agreement", 5)
    harness.fail_step("ask_repair", 5)
    story = begun(harness)
    assert story.run("onboarding").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        harness.world.at += 61
        harness.run_scheduler()
    assert story.asks == "onboarding_agreement"


def test_nobody_approves_and_the_coordinator_is_asked_again(harness: LifecycleHarness) -> None:
    story = begun(harness)
    for _ in range(2):
        story.says(**usual(story))
    story.falls_silent()
    assert story.asks == "onboarding_approval"


def test_staff_begin_with_somebody_who_was_trained_elsewhere(
    harness: LifecycleHarness, client: Client
) -> None:
    cora, home = signed_in(harness.world, client, "coordinator"), "/console/training/onboarding"
    cora.get(home)
    told: dict[str, Any] = {"name": "Ned Demo", "language": "en", "county": "kern"}
    taken = cora.answer({**told, "email": str(people.consultant("alma-reyes")["email"])})
    assert taken.status == 422 and "consultant already" in taken.text
    cora.get(home)
    page = cora.answer({**told, "email": "ned@example.org"})
    assert page.status == 200 and "Ned Demo" in cora.get(home).text
    again = cora.answer({**told, "email": "ned@example.org"})
    assert again.status == 422 and "asked already" in again.text
    harness.settle()
    assert "Please read and sign the consultant agreement" in to(harness, "ned@example.org")


@pytest.mark.promise("training-without-email")
def test_somebody_without_email_agrees_on_the_phone_and_gives_an_address_for_offers(
    harness: LifecycleHarness, client: Client
) -> None:
    cora = signed_in(harness.world, client, "coordinator")
    home = "/console/training/onboarding"
    cora.get(home)
    who = {"name": "Rosa Demo", "email": "", "phone": "", "language": "es", "county": "los_angeles"}
    assert cora.answer(who).status == 422
    found = []
    for phone in ("626-555-0134", "626-555-0135"):
        cora.get(home)
        page = cora.answer({**who, "phone": phone})
        assert page.status == 200, page.errors
        found.append(page.path.rpartition("/")[2])
        harness.settle()
    cora.get(home)
    assert "phone-error" in cora.answer({**who, "phone": "(626) 555 0134"}).body
    story = Story(harness, found[0])
    (agreement,) = sayings(story.state)
    assert any("leérselo" in text for text in agreement.words.paragraphs)
    path = f"/console/referrals/{story.reference}/behalf/{agreement.task}"
    page = cora.get(path)
    assert "Read this to them" in page.text
    told = {"told_by": "Rosa Demo", "decision": "sign", "signed_name": "Rosa Demo"}
    assert cora.answer({**told, "told_how": "phone"}).status == 422
    cora.get(path)
    cora.answer({**told, "told_how": "read_aloud"})
    harness.settle()
    assert story.asks == "onboarding_facts" and case(story.reference).signed
    assert story.state.task is not None
    cora.get(f"/console/referrals/{story.reference}/behalf/{story.state.task.number}")
    mine = {**usual(story), "email": ROSA, "told_by": "Rosa Demo", "told_how": "phone"}
    page = cora.answer({k: v if isinstance(v, list) else str(v) for k, v in mine.items()})
    assert page.path.endswith(story.reference), page.errors
    harness.settle()
    story.says(**usual(story))
    people.forget()
    assert people.consultant_now(case(story.reference).consultant)["email"] == ROSA
    assert all(mail.to for mail in harness.world.mails)
