"""Every letter of both rooms in both languages, and every page with the details of a task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.domain.places import LANGUAGES
from chalicelib.mail.letters import compose
from chalicelib.referral.delivery import session_times
from chalicelib.referral.delivery.service_form import AS_PLANNED
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.forms import blank, clean
from chalicelib.web.languages import catalogue, date_words, translator
from chalicelib.web.render import html
from chalicelib.workflow.effects import Appointment
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from tests.episode import closed, hold, in_service, planned, post, served, talked
from tests.world import World

ROOT = Path(chalicelib.__file__).parent
START = session_times.instant("2026-05-07", "10:00")
LETTERS = sorted(
    f"{room}/{path.stem}"
    for room in ("delivery", "closure")
    for path in (ROOT / "referral" / room / "letters").glob("*.j2")
)
OWN_KINDS = (
    "first_contact", "agreement", "plan", "plan_agreement", "service", "extension", "summary", "survey",
    "follow_up", "late_follow_up", "stipend",
)  # fmt: skip
WITHOUT_TASK = (
    "closure/reopened",
    "delivery/extension_answered",
    "delivery/pause_ends",
    "delivery/paused",
    "delivery/resumed",
    "delivery/handed_over",
    "delivery/handed_over_told",
    "delivery/tried",
    "delivery/unreachable",
    "delivery/agreement_question",
    "delivery/session_planned",
    "delivery/sessions_over",
    "closure/closed",
    "closure/stepped_down",
)


def a_referral(**values: Any) -> Referral:
    base: dict[str, Any] = {
        "reference": "0QXP-0SBS-4",
        "setting": "fcch_small",
        "closure": "goals_met",
        "sessions": Sessions(planned=6, next=START, mode="virtual", minutes=60),
    }
    return Referral.model_validate(base | values)


def context(lang: str, **more: Any) -> dict[str, Any]:
    return {
        "reference": "0QXP-0SBS-4",
        "link": "https://network.test/t/abc",
        "due": date_words(START, lang),
        "due_time": "5 PM",
        "status_link": "https://network.test/status?reference=0QXP-0SBS-4",
        "console_link": "https://network.test/console/referrals/0QXP-0SBS-4",
        "state": a_referral(),
        "data": {"until": START, "verdict": "approved", "planned": 16},
        "reminder": False,
        "consultant": {"name": "Kim Consultant"},
        "mine": "",
        "for_staff": False,
        "reach_consultant": lambda spoken: "How to reach Kim",
        "reach_provider": lambda: "How to reach Ana",
        "join_address": lambda: "",
        "asked": lambda: False,
        "declined": START,
        "session_link": lambda number: "https://network.test/session/abc",
        "when": Appointment(days=((1, START),), minutes=60, mode="virtual"),
        **more,
    }


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("reminder", [False, True])
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_says_what_to_do_first_and_names_nobody_in_its_subject(
    name: str, reminder: bool, lang: str
) -> None:
    more: dict[str, Any] = {"reminder": reminder}
    if name in WITHOUT_TASK:
        more |= {"link": None, "due": None}
    letter = compose(name, lang, **context(lang, **more))
    assert "0QXP-0SBS-4" in letter.subject and "Kim" not in letter.subject
    if name not in WITHOUT_TASK:
        assert date_words(START, lang) in letter.subject
        assert "https://network.test/t/abc" in letter.text
    assert "None" not in letter.text and "Undefined" not in letter.html
    assert letter.text.splitlines()[0]


@pytest.mark.parametrize("kind", OWN_KINDS)
def test_every_task_of_these_rooms_has_its_letter(kind: str) -> None:
    assert kind_of(kind).letter in LETTERS


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("data", "word"),
    [({"again": "changes_asked"}, "change"), ({"again": "expired"}, "answer"), ({}, "write")],
)
def test_the_plans_letter_says_why_it_is_asked_again(
    data: dict[str, Any], word: str, lang: str
) -> None:
    letter = compose("delivery/plan", lang, **context(lang, data=data))
    if lang == "en":
        assert word in letter.subject.lower()
    else:
        assert letter.subject != compose("delivery/plan", "en", **context("en", data=data)).subject


@pytest.mark.parametrize("mode", ["onsite", "virtual", "phone", ""])
@pytest.mark.parametrize("moved", [False, True])
def test_a_session_letter_says_when_and_how(mode: str, moved: bool) -> None:
    when = Appointment(days=((2, START),), minutes=60, mode=mode, moved=moved)
    letter = compose(
        "delivery/session_planned", "en", **context("en", link=None, due=None, when=when)
    )
    assert "Thursday, May 7 at 10:00 AM" in letter.text
    assert ("moves" in letter.text) is moved


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_letter_of_a_series_names_every_day_that_comes_and_every_day_that_went(
    lang: str,
) -> None:
    week = 7 * 86400
    days = [(n, START + n * week) for n in range(3)]
    when = Appointment(days=tuple(days[:2]), gone=tuple(days[2:]), minutes=60, mode="virtual")
    text = compose(
        "delivery/session_planned", lang, **context(lang, link=None, due=None, when=when)
    ).text
    later, gone = (text.index(date_words(START + n * week, lang)) for n in (1, 2))
    assert text.index(date_words(START, lang)) < later < gone
    over = Appointment(gone=tuple(days), minutes=60, mode="virtual")
    text = compose(
        "delivery/sessions_over", lang, **context(lang, link=None, due=None, when=over)
    ).text
    assert all(date_words(START + n * week, lang) in text for n in range(3))


def test_the_end_is_said_once_with_the_survey_where_there_is_one() -> None:
    alone = compose("closure/closed", "en", **context("en", link=None, due=None)).text
    assert "survey" not in alone and "is complete" in alone
    asked = compose("closure/survey", "en", **context("en")).text
    assert "is complete" in asked and "survey" in asked and "status page" in asked
    reminded = compose("closure/survey", "en", **context("en", reminder=True)).text
    assert "is complete" not in reminded


@pytest.mark.promise("english-and-spanish")
@pytest.mark.parametrize("kind", [*OWN_KINDS, "follow_up_rest"])
def test_every_word_of_the_forms_is_there_in_spanish(kind: str, world: World) -> None:
    spanish = catalogue("es")
    reference = served(world) if kind == "summary" else planned(world)
    texts = {kind_of(kind).words.title, *kind_of(kind).words.said.values()}
    for field in kind_of(kind).page.form(world.state(reference)).fields:
        options = (option[1] for option in field.options if option[0] != AS_PLANNED)
        texts |= {
            field.label,
            field.missing,
            *options,
        }  # the one left out says a day, in their language
        if not field.name.startswith("progress_"):  # its hint is the consultant's own goal
            texts.add(field.hint)
    same = {"No", "Email", "Virtual", *LANGUAGES.values()}
    missing = [t for t in texts if t and t not in same and spanish.gettext(t) == t]
    assert not missing


def drawn(world: World, reference: str, lang: str) -> str:
    """The details of the open task, as its page includes them."""
    state = world.state(reference)
    assert state.task is not None
    kind = kind_of(state.task.kind)
    form = kind.page.form(state)
    assert blank(form).ok and not clean(form, {}, lang).ok
    return html(kind.page.template, lang, details=kind.page.details(state), kind=kind, state=state)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_details_of_every_task_are_drawn_in_both_languages(world: World, lang: str) -> None:
    reference = talked(world)
    world.step("ask_agreement", reference)
    assert translator(lang)("What we do not do") in drawn(world, reference, lang)
    post(world, reference, decision="agreed", signed_name="Ana <b>Demo</b>")
    world.step("ask_plan", reference)
    assert "ana@example.org" in drawn(world, reference, lang)

    reference = planned(world)
    assert "Calm mornings" in drawn(world, reference, lang)
    post(world, reference, decision="changes_asked", wish="<i>mornings</i>")
    world.step("ask_plan", reference)
    assert "&lt;i&gt;mornings" in drawn(world, reference, lang)

    reference = in_service(world)
    hold(world, reference, note="<script>", classroom="Room 2")
    page = drawn(world, reference, lang)
    assert "&lt;script&gt;" in page and "Room 2" in page and "Calm mornings" in page

    reference = served(world)
    assert "Mornings are calmer" in drawn(world, reference, lang)
    reference = closed(world)
    assert drawn(world, reference, lang) is not None


def test_a_first_contact_page_lists_the_tries(world: World) -> None:
    reference = world.matched()
    world.step("ask_first_contact", reference)
    assert "Tries so far" not in drawn(world, reference, "en")
    post(world, reference, talked="no_answer")
    assert "Tries so far: 1" in drawn(world, reference, "en")


def test_a_task_page_shows_its_details_after_the_answer_too(world: World) -> None:
    reference = closed(world)
    state = world.state(reference)
    assert store.log(state)
    for name in OWN_KINDS:
        kind = kind_of(name)
        html(kind.page.template, "en", details=kind.page.details(state), kind=kind, state=state)
