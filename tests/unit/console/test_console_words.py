"""What the console says: the waiting sentence, the timeline, and what a history tells."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.console import entry_words, timeline
from chalicelib.console.case_record import Mail, runs_of
from chalicelib.console.execution_history import ids_only, told
from chalicelib.console.sentence import sentence
from chalicelib.console.timeline_words import CASES, SAID
from chalicelib.domain.calendar import PACIFIC
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.languages import long_words, when_words
from chalicelib.workflow.board import mark_of
from chalicelib.workflow.cases import Entry, Task
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import every_kind, kind_of
from infra.machines import definitions


def pacific(day: int, hour: int, minute: int = 0, month: int = 3, year: int = 2026) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=PACIFIC).timestamp())


# Wednesday, March 4, 2026, 11:00 in California.
NOW = pacific(4, 11)


def waiting(kind: str = "offer", **more: Any) -> Referral:
    fields: dict[str, Any] = {
        "number": 3,
        "kind": kind,
        "role": "consultant",
        "assignee": "alma-reyes",
        "opened": pacific(2, 10),
        "due": pacific(4, 17),
        "remind": [],
        "expires": pacific(4, 17),
        **more,
    }
    return Referral(reference="7K3M-9QXA-5", submitted=pacific(1, 9), task=Task(**fields))


def entry(type: str, at: int = NOW, v: int = 1, **more: Any) -> Entry:
    return Entry(
        version=v, event=type, at=at, actor=more.pop("actor", "system"), command=type, **more
    )


@pytest.mark.promise("plain-sentence")
def test_the_sentence_says_who_since_when_what_was_done_and_what_comes() -> None:
    log = [entry("reminded", pacific(4, 9), payload={"task": 3})]
    said = sentence(waiting(), log, NOW, "en")
    assert said.text == (
        "Waiting for the consultant to accept since Monday at 10:00 AM (2 d). "
        "Reminder sent today at 9:00 AM. Moves to the next consultant today at 5:00 PM."
    )
    assert said.mark == "due-soon"


def test_the_sentence_in_spanish() -> None:
    log = [entry("reminded", pacific(4, 9), payload={"task": 3})]
    text = sentence(waiting(), log, NOW, "es").text
    assert text.startswith(
        "Esperamos que el consultor o la consultora acepte, desde el lunes a las"
    )
    assert "Se envió un recordatorio hoy a las 9:00\u00a0a.\u00a0m. Pasa al siguiente" in text
    assert ".." not in text and "(2 d)" in text and "hoy a las 5:00\u00a0p.\u00a0m." in text


def test_what_lies_ahead_is_named_in_order() -> None:
    state = waiting(
        "triage",
        role="specialist",
        remind=[pacific(4, 14), pacific(4, 16)],
        escalate=pacific(4, 17),
        expires=pacific(18, 17),
    )
    assert sentence(state, [], NOW, "en").text == (
        "Waiting for the specialist to talk with the provider and decide on the tier since Monday "
        "at 10:00 AM (2 d). Next reminder today at 2:00 PM. A supervisor is told today at 5:00 PM. "
        "If nothing is decided, the coordinator is asked to look into it Wednesday, March 18 at "
        "5:00 PM."
    )


def test_what_is_late_says_since_when_and_who_was_told() -> None:
    state = waiting("triage", due=pacific(3, 17), expires=pacific(18, 17))
    log = [
        entry("reminded", pacific(2, 14), payload={"task": 2}),  # of an earlier task
        entry("escalated", pacific(3, 17), payload={"task": 3}),
    ]
    said = sentence(state, log, NOW, "en")
    assert said.mark == "late"
    assert (
        "It was due yesterday at 5:00 PM. A supervisor was told yesterday at 5:00 PM." in said.text
    )
    assert "Reminder" not in said.text


def test_during_the_service_the_sessions_are_counted() -> None:
    state = waiting("service", due=pacific(30, 17), expires=pacific(30, 17))
    sessions = Sessions(planned=6, held=2, next=pacific(5, 10))
    said = sentence(state.model_copy(update={"sessions": sessions}), [], NOW, "en")
    assert "Sessions held: 2 of 6. The next session is tomorrow at 10:00 AM." in said.text


def test_without_a_task_the_system_is_at_work() -> None:
    state = Referral(reference="7K3M-9QXA-5", stage="match", submitted=NOW - 30)
    said = sentence(state, [entry("submitted", NOW - 30)], NOW, "en")
    assert "The system is working on the stage “Consultant match”" in said.text
    assert said.mark == "waiting"


def test_what_is_closed_waits_for_nobody() -> None:
    state = Referral(
        reference="7K3M-9QXA-5", stage="closed", status="closed", closed=NOW, closure="goals_met"
    )
    said = sentence(state, [], NOW, "en")
    assert said.text == "Closed today at 11:00 AM: Goals met. Nobody is waited for."
    withdrawn = state.model_copy(update={"status": "withdrawn", "closure": ""})
    assert "Withdrawn" in sentence(withdrawn, [], NOW, "en").text


@pytest.mark.promise("older-and-newer-data")
def test_a_task_of_a_newer_release_is_waited_for_politely() -> None:
    said = sentence(waiting("something_new"), [], NOW, "en")
    assert said.text.startswith("Waiting for an answer since Monday at 10:00 AM")


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("kind", every_kind())
def test_every_kind_has_a_whole_sentence_in_both_languages(kind: str, lang: str) -> None:
    said = sentence(waiting(kind), [], NOW, lang)
    assert "%(" not in said.text and said.text.endswith(".") and ".." not in said.text
    assert len(said.text) > 60


def exits() -> dict[str, set[str]]:
    """Kind -> the states to which "expired" leads, in the machines as they are."""
    found: dict[str, set[str]] = {}
    for states in (definition["States"] for definition in definitions().values()):
        for state in states.values():
            if not str(state.get("Resource", "")).endswith(".waitForTaskToken"):
                continue
            kind = state["Parameters"]["Payload"]["step"].removeprefix("ask_")
            found[kind] = {_after(states, state["Next"])}
    return found


def _after(states: dict[str, Any], name: str) -> str:
    if states[name]["Type"] != "Choice":
        return name
    for rule in states[name]["Choices"]:
        if '"expired"' in json.dumps(rule):
            return str(rule["Next"])
    return _after(states, str(states[name]["Default"]))


# What each sentence promises for the moment when a task's time is over.
PROMISED = {
    "information_session": "Over",
    "information_wait": "Wait for the Information Session",
    "registration": "Over",
    "seat_wait": "Find a seat, or wait in line",
    "seat_offer": "Find a seat, or wait in line",
    "season": "Over",
    "helpline_call_back": "See which call was promised",
    "helpline_follow_up": "See which call was promised",
    "helpline_tell": "See which call was promised",
    "call_up": "Over",
    "call_up_wait": "Over",
    "call_up_place": "Over",
    "training": "Over",
    "training_review": "Ask what becomes of them",
    "training_completion": "Ask to confirm the completion",
    "onboarding_agreement": "Over",
    "agreement_renewal": "Over",
    "credential_renewal": "Over",
    "credential_check": "Ask to check the certificate",
    "onboarding_facts": "Over",
    "onboarding_approval": "Ask for approval",
    "practicum_profile": "Ask where and how they can work",
    "practicum_hours": "Keep the hours",
    "application_review": "Ask for two scores",
    "application_ranked": "Wait for the offers of the cohort",
    "application_offer": "Over",
    "application_settled": "Over",
    "application_wait": "Wait in line",
    "eligibility_confirmation": "Decided by a person",
    "eligibility_review": "Decided by a person",
    "information": "Ask the specialist to confirm",
    "triage": "Tier assigned",
    "tier_review": "Tier assigned",
    "offer": "Offer to the next consultant",
    "coordinator": "Ask the coordinator to assign",
    "waitlist": "Ask the coordinator to assign",
    "language_choice": "Ask the coordinator to assign",
    "place_choice": "Ask the coordinator to assign",
    "first_contact": "Ask for the first contact",
    "agreement": "Ask the provider to agree to the service",
    "plan": "Ask the consultant for the action plan",
    "plan_agreement": "Ask the consultant for the action plan",
    "service": "Hold the sessions",
    "summary": "Ask the consultant for the summary",
    "survey": "Wait until 30 days after the end",
    "follow_up_rest": "Ask how it is going",
    "follow_up": "Wait until 180 days after the end",
    "late_follow_up_rest": "Ask how it is after half a year",
    "late_follow_up": "Followed up",
    "check_in_rest": "Ask whether it helped",
    "check_in": "Checked in",
    "call_back": "Checked in",
    "repair": "Needs attention",
}


def test_the_sentences_promise_what_the_machines_do() -> None:
    assert {kind: set(PROMISED[kind].split("|")) for kind in exits()} == exits()


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (pacific(4, 9), "today at 9:00 AM"),
        (pacific(3, 23, 59), "yesterday at 11:59 PM"),
        (pacific(5, 0), "tomorrow at 12:00 AM"),
        (pacific(9, 17), "Monday at 5:00 PM"),
        (pacific(11, 11), "Wednesday, March 11 at 11:00 AM"),
        (pacific(26, 11, month=2), "Thursday at 11:00 AM"),
        (pacific(4, 11, year=2025), "Tuesday, March 4, 2025 at 11:00 AM"),
    ],
)
def test_instants_are_told_as_people_say_them(instant: int, words: str) -> None:
    assert when_words(instant, NOW, "en") == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172799, "47 h"),
        (172800, "2 d"),
    ],
)
def test_lengths_are_told_in_their_greatest_unit(seconds: int, words: str) -> None:
    assert long_words(seconds, "en") == words


@pytest.mark.parametrize(
    ("since", "due", "mark"),
    [
        (NOW - 60, NOW, "late"),
        (NOW - 60, NOW - 1, "late"),
        (NOW - 10 * 86400, NOW + 86400, "due-soon"),
        (NOW - 10 * 86400, NOW + 86401, "on-time"),
        (NOW, NOW + 7200, "on-time"),  # a short wait is not due soon at once
        (NOW - 3700, NOW + 3500, "due-soon"),
    ],
)
def test_a_wait_is_marked_by_its_last_day_or_half(since: int, due: int, mark: str) -> None:
    assert mark_of(since, due, NOW) == mark


# -- the timeline --------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nobody_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"consultant:alma-reyes": "Alma Reyes", "staff:sam-lead": "Sam Lead"}
    for module in (timeline, entry_words):
        monkeypatch.setattr(
            module, "name_of", lambda actor: names.get(actor, actor.partition(":")[2])
        )
    by_id = {actor.partition(":")[2]: name for actor, name in names.items()}
    monkeypatch.setattr(entry_words, "name_of_either", lambda who: by_id.get(who, who))


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", every_kind())
def test_every_entry_of_a_task_can_be_said(name: str, lang: str) -> None:
    words = kind_of(name).words
    for ending, said in (
        ("asked", words.asked), ("answered", words.answered), ("expired", words.expired),
    ):  # fmt: skip
        for case in [""] if isinstance(said, str) else said:
            told_ = entry(f"{name}_{ending}", payload={"verdict": case})
            text = entry_words.entry_words(told_, NOW, lang, given="alma-reyes")
            assert "%(" not in text, (name, ending, case)
            assert text or (ending == "answered" and kind_of(name).role == "system")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_sentence_of_the_timeline_can_be_said(lang: str) -> None:
    for entry_type, case in [*((name, "") for name in SAID), *CASES]:
        payload = {"verdict": case} if case else {}
        text = entry_words.entry_words(
            entry(entry_type, payload=payload), NOW, lang, given="alma-reyes"
        )
        assert text and "%(" not in text, (entry_type, case)


@pytest.mark.promise("older-and-newer-data")
def test_an_entry_of_a_newer_release_is_told_in_general() -> None:
    said = entry_words.entry_words(entry("moon_reached"), NOW, "en")
    assert said == "Recorded: moon reached"
    said = entry_words.entry_words(entry("offer_answered", payload={"verdict": "new"}), NOW, "en")
    assert said == "Answered: Say whether you can take a consultation"


def test_an_offer_names_the_consultant_to_whom_it_was_made() -> None:
    offer = waiting(number=3, assignee="alma-reyes").task
    asked = entry("offer_asked", v=1, changes={"task": offer})
    silent = entry("offer_expired", v=2, payload={"task": 3, "verdict": "expired"}, actor="clock")
    (newest, oldest) = timeline.lines([asked, silent], [], NOW, "en")
    assert newest.text == "Alma Reyes did not answer in time. The offer moves on."
    assert newest.actor == "The clock" and newest.trouble
    assert oldest.text == "Offered to Alma Reyes." and oldest.group == "tasks"


def test_a_letter_stands_after_the_entry_that_sent_it_with_what_became_of_it() -> None:
    effects = [SendLetter(letter="matching/offer", to="consultant:alma-reyes", task=3)]
    asked = entry("offer_asked", v=2, effects=effects)
    reminder = entry(
        "reminded",
        v=3,
        payload={"kind": "offer"},
        effects=[effects[0].model_copy(update={"reminder": True})],
    )
    mails = [
        Mail(2, 0, NOW, "matching/offer", "consultant:alma-reyes", "delivered", NOW + 30),
        Mail(3, 0, NOW + 9, "matching/offer", "consultant:alma-reyes", "sent", NOW + 9),
        Mail(4, 0, NOW + 99, "intake/receipt", "provider", "bounced", NOW + 99, "Permanent"),
    ]
    told_ = timeline.lines([asked, reminder], mails, NOW, "en")
    assert [line.text for line in told_] == [
        "Letter to the provider: Receipt of the request",
        "Reminder to Alma Reyes: Say whether you can take a consultation",
        "A reminder was sent: Say whether you can take a consultation.",
        "Letter to Alma Reyes: Say whether you can take a consultation",
        "Offered to –.",
    ]
    assert told_[3].cause == "Delivered today at 11:00 AM"
    assert told_[0].trouble and told_[0].cause == "Bounced (Permanent)"


@pytest.mark.promise("forwarded-link-harmless")
@pytest.mark.parametrize(
    ("lang", "proof", "words"),
    [
        ("en", "verified", "Checked with a mailed code"),
        ("en", "link only", "By the mailed link alone"),
        ("es", "verified", "Comprobado con un código enviado por correo"),
        ("es", "link only", "Solo con el enlace enviado por correo"),
        ("en", "told", ""),
        ("es", None, ""),
    ],
)
def test_the_timeline_says_how_an_answer_showed_whose_it_is(
    lang: str, proof: str | None, words: str
) -> None:
    data = {"verdict": "accepted"} | ({"proof": proof} if proof else {})
    (line,) = timeline.lines([entry("offer_answered", payload=data)], [], NOW, lang)
    assert line.proof == words


def test_a_reason_is_told_by_its_label_or_as_it_was_typed() -> None:
    assert entry_words.reason_words("too_far", "en") == "It is too far for me"
    assert entry_words.reason_words("not_eligible", "en") == "Not eligible"
    assert entry_words.reason_words("It hung.", "en") == "It hung."
    assert entry_words.reason_words("", "en") == ""


def test_the_runs_are_those_that_the_log_started_or_reached() -> None:
    start = {"do": "start", "machine": "referral", "stage": "eligibility", "generation": 1}
    log = [
        entry("submitted", v=1, effects=[start], changes={"stage": "eligibility"}),
        entry("triage_asked", v=2, changes={"stage": "tiers"}),
        entry("run_restarted", v=3, changes={"generation": 2}),
        entry("offer_asked", v=4, changes={"stage": "match"}),
    ]
    state = Referral(reference="7K3M-9QXA-5", stage="match", generation=2)
    found = [(run.name.removeprefix("7K3M-9QXA-5-"), run.live) for run in runs_of(state, log)]
    assert found == [
        ("referral-1", False),
        ("eligibility-1", False),
        ("tiers-1", False),
        ("referral-2", True),
        ("tiers-2", False),
        ("match-2", True),
    ]


def test_a_closed_request_with_a_follow_up_shows_the_run_of_it() -> None:
    start = {"do": "start", "machine": "follow_up", "stage": "follow_up", "generation": 1}
    log = [
        entry("summary_asked", v=1, changes={"stage": "closure"}),
        entry(
            "referral_closed", v=2, changes={"stage": "follow_up", "closed": NOW}, effects=[start]
        ),
    ]
    state = Referral(reference="7K3M-9QXA-5", stage="follow_up", closed=NOW)
    names = [(run.machine, run.live) for run in runs_of(state, log)]
    assert names == [("referral", False), ("closure", False), ("follow_up", True)]


# -- the story of a run --------------------------------------------------------------------------


def event(kind: str, second: int, **details: Any) -> dict[str, Any]:
    return {"id": second, "type": kind, "timestamp": datetime.fromtimestamp(second, UTC), **details}


def enter(state: str, second: int) -> dict[str, Any]:
    return event("TaskStateEntered", second, stateEnteredEventDetails={"name": state})


def leave(state: str, second: int) -> dict[str, Any]:
    return event("TaskStateExited", second, stateExitedEventDetails={"name": state})


def test_a_loop_is_told_as_several_stays_in_one_state() -> None:
    events = [enter("A", 1), leave("A", 4), enter("B", 4), leave("B", 5), enter("A", 5)]
    story = told({"status": "RUNNING"}, events)
    assert [(v.state, v.left) for v in story.visits] == [("A", 4), ("B", 5), ("A", None)]
    assert story.current == "A" and story.mark_of("B") == "passed" and story.mark_of("C") == ""
    assert story.walked == {("A", "B"), ("B", "A")}
    assert story.visits[0].seconds == 3 and story.visits[2].seconds == 0


@pytest.mark.parametrize("status", ["FAILED", "ABORTED", "TIMED_OUT"])
def test_a_run_that_ended_badly_broke_where_it_stood(status: str) -> None:
    story = told({"status": status, "error": "X", "cause": "y" * 999}, [enter("A", 1)])
    assert story.failed == "A" and story.current == ""
    (trouble,) = story.troubles
    assert trouble.after == "ended" and len(trouble.cause) == 600


def test_a_run_that_we_replaced_ourselves_did_not_break() -> None:
    end = event("ExecutionAborted", 9, executionAbortedEventDetails={"error": "Superseded"})
    about = {"status": "ABORTED", "error": "Superseded", "cause": "a newer run took over"}
    story = told(about, [enter("A", 1), end])
    assert story.replaced and story.failed == "" and story.troubles == []
    assert story.mark_of("A") == "passed"


def test_a_run_that_the_engine_does_not_know_has_no_story() -> None:
    story = told(None, [])
    assert (story.status, story.current, story.failed, story.visits) == ("", "", "", [])


@pytest.mark.promise("engine-token-never-leaves")
def test_tokens_and_long_texts_stay_out_of_input_and_output() -> None:
    text = json.dumps(
        {"referral": "R", "token": "secret", "TaskToken": "x", "deep": [{"token": 1}]}
    )
    assert json.loads(ids_only(text)) == {"referral": "R", "deep": [{}]}
    assert len(ids_only(json.dumps({"a": "b" * 5000}))) < 100
    assert ids_only("") == "" and ids_only("no json") == "" and ids_only("null") == ""
