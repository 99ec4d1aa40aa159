"""Staff key in a request for somebody who called; the caller gets the letters."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.referral.intake.call_script import FIRST, LATER, OPENING, SPOKEN, groups
from chalicelib.referral.intake.for_caller import HOW, form_of
from chalicelib.referral.question import Situation
from chalicelib.referral.questions import ever_asked
from chalicelib.referral.request import QUESTIONS
from chalicelib.web.forms import Answers, Field, clean
from chalicelib.web.languages import languages, translator
from chalicelib.workflow.storage import store
from tests.web.staff import signed_in
from tests.world import World

from .conftest import PEOPLE, Browser

# How fast people speak, in words a minute: the National Center for Voice and Speech's average for English
# in the United States. A key press by somebody who types without being a typist: Card, Moran and Newell's
# keystroke-level model. Before they answer, people think for a moment: the model's mental operator.
WORDS_A_MINUTE, SECONDS_A_KEY, SECONDS_TO_THINK = 150, 0.28, 1.35

pytestmark = pytest.mark.promise("request-for-a-caller")


@pytest.fixture
def nina(world: World, client: Client) -> Browser:
    return signed_in(world, client, "specialist")


def reference_of(table: Any) -> str:
    (row,) = [r for r in table.scan()["Items"] if r["sk"] == "REFERRAL"]
    return str(row["pk"]).removeprefix("R#")


@pytest.mark.parametrize("who", PEOPLE)
def test_every_kind_of_care_fits_on_one_page(
    nina: Browser, world: World, table: Any, who: str
) -> None:
    answers = PEOPLE[who]
    assert "kind of care" in nina.get("/console/new").text.lower()
    page = nina.get(f"/console/new?setting={answers['setting']}")
    assert page.status == 200 and len(page.names) > 15
    nina.answer({**answers, "came_by": "phone"})
    reference = reference_of(table)
    assert nina.page.path == f"/console/referrals/{reference}"
    assert "Entered for the provider by" in nina.page.text
    entry = store.log(world.state(reference))[0]
    assert entry.actor == "staff:sofia-south" and entry.payload["came_by"] == "phone"
    world.relay()
    assert [m.to for m in world.mails] == ["rosa@example.org"], "the caller gets the confirmation"


def test_nothing_is_lost_when_an_answer_is_missing(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    answers = {**PEOPLE["center"], "came_by": "phone", "contact_email": "rosa at example"}
    page = nina.answer(answers)
    assert page.status == 422 and page.errors == ["contact_email"]
    assert "rosa at example" in page.body and "Sunny Days" in page.body
    page = nina.answer({**PEOPLE["center"], "came_by": "phone"})
    assert page.path.startswith("/console/referrals/")


@pytest.mark.promise("double-press")
def test_pressing_twice_is_one_request(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    body = {**nina.page.hidden, **PEOPLE["center"], "came_by": "phone"}
    for _ in range(3):
        nina.post("/console/new", body)
    assert reference_of(table)


@pytest.mark.promise("duplicate-request")
def test_an_open_request_of_the_same_caller_is_linked_and_asked(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    nina.answer({**PEOPLE["center"], "came_by": "phone"})
    first = reference_of(table)
    nina.get("/console/new?setting=center")
    page = nina.answer({**PEOPLE["center"], "came_by": "phone"})
    assert page.status == 409 and f"/console/referrals/{first}" in page.links
    page = nina.answer({**PEOPLE["center"], "came_by": "phone", "twin_ok": "yes"})
    assert page.path.startswith("/console/referrals/") and first in page.text


def test_a_number_that_was_not_ours_makes_nothing(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    body = {**nina.page.hidden, **PEOPLE["center"], "came_by": "phone", "_ticket": "x.y.z"}
    assert nina.post("/console/new", body).status == 422
    assert not [r for r in table.scan()["Items"] if r["sk"] == "REFERRAL"]


def shortest(who: str, lang: str) -> dict[str, Any]:
    """The least that somebody honest says on the phone, in their language."""
    said = {
        name: value for name, value in PEOPLE[who].items() if name not in QUESTIONS or needed(name)
    }
    return said | {
        "concerns": ["challenging_behavior"],
        "came_by": "phone",
        "contact_phone": "209 555 0142",
        "language": lang,
        "letters_language": lang,
    }


def needed(name: str) -> bool:
    return QUESTIONS[name].required and name != "contact_by"


def asked_in_a_call(who: str, lang: str) -> tuple[list[Field], Answers]:
    """What staff read aloud until the request can be sent, and the answers as they are keyed in."""
    said = shortest(who, lang)
    form = form_of(str(said["setting"]))
    posted = {n: v if isinstance(v, list) else [str(v)] for n, v in said.items()}
    cleaned = clean(form, posted, lang)
    assert not cleaned.errors
    later = {one.name for title, part in groups(form.fields) if title == LATER for one in part}
    return [one for one in form.asked(cleaned.values) if one.name not in later], cleaned.values


def keys(one: Field, value: object) -> int:
    """Presses on the keyboard: to the question, to the answer, and what is typed."""
    if one.kind == "radios":
        return 1 + [option[0] for option in one.options].index(str(value)) + 1
    if one.kind == "checkboxes":
        chosen = value if isinstance(value, list) else []
        return len(one.options) + len(chosen)
    if one.kind == "select":
        return 1 + 3  # the first letters find it
    return 1 + len(str(value or ""))


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("who", PEOPLE)
def test_the_shortest_honest_request_takes_less_than_three_minutes(who: str, lang: str) -> None:
    questions, values = asked_in_a_call(who, lang)
    _ = translator(lang)
    aloud = [one for one in questions if one.name != HOW.name]
    words = sum(len(_(text).split()) for text in [OPENING, *(one.label for one in aloud)])
    pressed = sum(keys(one, values.get(one.name)) for one in questions) + 1
    seconds = words / WORDS_A_MINUTE * 60 + pressed * SECONDS_A_KEY
    seconds += len(aloud) * SECONDS_TO_THINK
    print(f"{who} {lang}: {len(aloud)} questions, {words} words, {pressed} keys, {seconds:.0f} s")
    assert len(aloud) <= 26 and seconds < 180


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("who", PEOPLE)
def test_a_call_asks_only_what_the_answers_leave_open(who: str, lang: str) -> None:
    said = shortest(who, lang)
    form = form_of(str(said["setting"]))
    asked = {one.name for one in form.asked(clean(form, {n: v if isinstance(v, list) else [str(v)]
             for n, v in said.items()}, lang).values)}  # fmt: skip
    assert ("language_required" in asked) == (lang != "en"), "everybody speaks English"
    assert "contact_by" not in asked, "one way to be reached was given"
    answers = Situation.of({**said, "setting": said["setting"]})
    nobody_asks = {one.name for one in QUESTIONS.values() if not one.asked_in(answers)}
    assert not asked & nobody_asks, "a question of another kind of care, or of another answer"


@pytest.mark.parametrize("who", PEOPLE)
def test_a_call_begins_with_danger_name_and_number_and_ends_with_what_may_be_left_out(
    nina: Browser, who: str
) -> None:
    page = nina.get(f"/console/new?setting={PEOPLE[who]['setting']}")
    asked = [name for name in dict.fromkeys(page.names) if name in QUESTIONS]
    assert asked[: 1 + len(FIRST)] == ["setting", *FIRST]
    fold = page.body.index("Only if they tell you")
    for one in form_of(str(PEOPLE[who]["setting"])).fields:
        may_wait = not one.required and not one.name.startswith("contact_")
        assert (page.body.index(f'name="{one.name}"') > fold) == may_wait, one.name


def test_every_spoken_question_stands_for_one_that_somebody_is_asked() -> None:
    settings = [option[0] for option in QUESTIONS["setting"].options]
    labels = {one.label for setting in settings for one in ever_asked(setting)}
    assert set(SPOKEN) <= labels
    spoken = {one.label for s in settings for one in form_of(s).fields if one.required}
    assert not [label for label in spoken if not label.endswith("?")]


def test_what_follows_from_other_answers_is_not_asked(
    nina: Browser, world: World, table: Any
) -> None:
    nina.get("/console/new?setting=center")
    page = nina.answer(shortest("center", "en"))
    assert page.path.startswith("/console/referrals/"), page.errors
    from chalicelib.referral.rows.request_rows import answers

    kept = answers(reference_of(table))
    assert (kept.language_required, kept.contact_by, kept.contact_email) == ("yes", "phone", None)
