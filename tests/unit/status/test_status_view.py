"""Every place has its word, its sentence, its owner and its date, in every language."""

from __future__ import annotations

import pytest

from chalicelib.directory import people
from chalicelib.domain import service_standards
from chalicelib.domain.statuses import OPEN, SEVEN_WORDS, STATUSES, Status
from chalicelib.referral.aim import NO_DATE, NOT_RULED, STANDARDS
from chalicelib.referral.model import Referral
from chalicelib.referral.status.timeline import FOR_THE_PROVIDER, SENTENCES, lines
from chalicelib.referral.status.view import LOOKING, NOBODY_FREE, PAUSED_NO_DATE, WHO, View, view
from chalicelib.web import languages
from chalicelib.web.languages import date_words
from chalicelib.web.render import html
from chalicelib.workflow.cases import Entry, Task, apply
from chalicelib.workflow.pause import pause
from chalicelib.workflow.storage import store
from tests.episode import STAGES
from tests.world import World

pytestmark = pytest.mark.promise("where-it-stands")

LANGUAGES = languages.languages()


def seen(world: World, reference: str) -> View:
    def name_of(key: str) -> str:
        return str(people.consultant(key).get("name", ""))

    state = world.state(reference)
    return view(state, store.log(state), world.at, name_of)


def drawn(found: View, lang: str) -> str:
    """The page of a view, as HTML."""

    def same(text: str) -> str:
        return text

    return html(
        "status/view.html",
        lang,
        view=found,
        mailed=False,
        for_staff=False,
        reach={},
        guide="",
        declines={},
        nonce="",
        papers_nonce="",
        papers_mailed="",
        url=same,
        static=same,
        path="/status/view",
        language_link=same,
        letters_wait=lambda: False,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES.values(), ids=STATUSES)
def test_every_status_has_word_sentence_and_owner(status: Status, lang: str) -> None:
    _ = languages.translator(lang)
    for text in (status.word, status.next, WHO[status.owner]):
        assert text
        assert _(text)
        if lang != "en":
            assert _(text) != text


def test_every_open_status_has_a_date_or_says_that_there_is_none() -> None:
    groups = [set(STANDARDS), set(NO_DATE), set(NOT_RULED)]
    assert set.union(*groups) == OPEN and sum(map(len, groups)) == len(OPEN)
    for clock, _words in STANDARDS.values():
        assert service_standards.due(clock, "routine", 1_800_000_000) > 1_800_000_000


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_says_who_acts_and_by_when(name: str, world: World) -> None:
    found = seen(world, STAGES[name](world))
    # Nobody names a day before the rules have said how soon help is needed.
    assert (found.by is None) == (name == "submitted")
    assert not found.late
    if found.by is not None and found.appointment is None:
        assert date_words(found.by, "en") in drawn(found, "en")
    assert found.who in {*WHO.values(), "Your consultant"}
    assert [standing for _, standing in found.steps].count("now") == 1
    assert [word for word, _ in found.steps] == list(SEVEN_WORDS)
    asks_provider = name in ("waits_for_agreement", "waits_for_plan_agreement")
    assert bool(found.asked) == asks_provider
    assert (found.who == "You") == asks_provider
    for lang in LANGUAGES:
        page = drawn(found, lang)
        assert page.count('aria-current="step"') == 1
        assert "%(" not in page
        assert "None" not in page


@pytest.mark.promise("one-date")
def test_a_request_that_is_not_on_hold_is_never_told_that_it_is(world: World) -> None:
    reference = world.submit()
    assert seen(world, reference).aim == LOOKING
    reference = world.triaged()
    while world.step("ask_offer", reference) == "asked":
        world.answer(reference, {"decision": "decline", "decline_reason": "no_time"})
    world.step("ask_coordinator", reference)
    world.answer(reference, {"decision": "waitlist", "note": None})
    world.step("ask_waitlist", reference)
    found = seen(world, reference)
    assert (found.aim, found.paused) == (NOBODY_FREE, False)
    state = world.state(reference)
    changes = pause(state, "paused_by_site", "site_asked", world.at, world.at + 20 * 86400)
    assert view(apply(state, changes), [], world.at, str).aim == PAUSED_NO_DATE


def test_the_rules_yes_is_told_at_once(world: World) -> None:
    found = seen(world, STAGES["waits_for_triage"](world))
    said = [line.text for line in found.timeline]
    assert "We checked your request. Your program can get this service." in said


def test_the_consultant_is_named_only_after_accepting(world: World) -> None:
    reference = world.offered()
    offered_to = people.consultant(world.state(reference).consultant)["name"]
    found = seen(world, reference)
    assert found.consultant == ""
    assert offered_to not in str(found)
    world.answer(reference, {"decision": "accept"})
    found = seen(world, reference)
    assert found.consultant == offered_to
    assert found.timeline[0].name == offered_to


def test_a_decline_and_a_new_offer_name_nobody(world: World) -> None:
    reference = world.offered()
    world.answer(reference, {"decision": "decline", "decline_reason": "no_time"})
    world.step("ask_offer", reference)
    found = seen(world, reference)
    assert found.consultant == ""
    assert not any(line.name for line in found.timeline)
    assert found.word == "Matching"


def test_a_session_that_is_to_come_is_shown_and_a_past_one_is_not(world: World) -> None:
    reference = STAGES["in_service"](world)
    planned = seen(world, reference).appointment
    assert planned is not None
    assert (planned.minutes, planned.mode) == (60, "onsite")
    world.at = planned.at + 1
    following = seen(world, reference).appointment
    assert following is not None and following.at > planned.at + 6 * 86400
    world.at = planned.at + 60 * 86400
    assert seen(world, reference).appointment is None


def test_a_task_that_is_late_is_called_late(world: World) -> None:
    reference = STAGES["waits_for_triage"](world)
    task = world.state(reference).task
    assert task is not None
    world.at = task.due + 1
    assert seen(world, reference).late


def test_a_no_nobody_confirmed_is_not_told_and_a_confirmed_one_shows_where_to_turn(
    world: World,
) -> None:
    reference = STAGES["waits_for_confirmation"](world)
    assert "not_eligible" not in str(seen(world, reference))
    assert seen(world, reference).alternatives == []
    world.answer(
        reference,
        {"decision": "not_eligible", "alternatives": ["local_agency", "crisis"], "note": None},
    )
    found = seen(world, reference)
    assert [one.id for one in found.alternatives] == ["local_agency"]
    assert found.steps[-1] == ("Closed", "now")
    assert "Consultant found" not in [word for word, _ in found.steps]


def test_a_request_that_nobody_could_serve_still_shows_a_phone(world: World) -> None:
    reference = STAGES["waits_for_coordinator"](world)
    world.answer(reference, {"decision": "cannot_be_served", "note": None})
    assert any(one.phone for one in seen(world, reference).alternatives)


def test_a_withdrawn_request_offers_nothing_and_names_nobody_who_had_not_accepted(
    world: World,
) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = world.offered()
    withdraw(reference, "", "w:1")
    found = seen(world, reference)
    assert (found.consultant, found.asked, found.by, found.alternatives) == ("", "", None, [])
    assert found.timeline[0].text == "You canceled your request."


def test_the_timeline_is_silent_about_what_is_not_the_providers() -> None:
    task = Task(number=1, kind="offer", role="consultant", opened=1, due=2, expires=3)
    entries = [
        Entry(version=1, event=kind, at=1, actor="x", command=kind, changes={"task": task})
        for kind in ("reminded", "link_renewed", "escalated", "run_restarted", "repair_asked")
    ]
    assert lines(entries, lambda key: "Somebody") == []
    task.role = "provider"
    assert len(lines(entries, lambda key: "Somebody")) == 2


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_every_sentence_of_the_timeline_is_translated(lang: str) -> None:
    said = [*SENTENCES.values(), *FOR_THE_PROVIDER.values()]
    for text in [t for one in said for t in (one.values() if isinstance(one, dict) else [one])]:
        assert languages.translator(lang)(text) != text


def test_an_unknown_status_of_newer_code_does_not_break_the_page() -> None:
    found = view(Referral(reference="7K3M-9QXA-5", status="newer"), [], 1, lambda key: "")
    assert found.next
    assert found.by is None
