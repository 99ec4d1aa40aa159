"""A question is said once: whoever asks it, in whatever situation, asks the same."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from itertools import product
from typing import Any, get_args

import pytest

from chalicelib.console.answers import request_lines
from chalicelib.referral import questions
from chalicelib.referral.intake import flow, for_caller
from chalicelib.referral.question import INCIDENT, SECTIONS, PageSlug, Question, Situation, ask
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.status import change
from chalicelib.web.forms import Field

# An answer that each kind of field takes, where it offers none to choose from.
TYPED: dict[str, Any] = {
    "text": "Typed here", "textarea": "Typed here", "email": "a@example.org",
    "tel": "(209) 555 0142", "number": 7,
}  # fmt: skip


def choices(name: str) -> list[Any]:
    """No answer, each answer, and for several at once also all of them."""
    if name == INCIDENT:
        return [None, "butte-1"]
    one = QUESTIONS[name]
    values = [option[0] for option in one.options]
    return [[], *([v] for v in values), values] if one.many else [None, *values]


@cache
def every_combination() -> list[tuple[dict[str, Any], list[Question]]]:
    """All answers to all the questions that others depend on, each with what the form asks then."""
    names = [field.name for field in fields(Situation)]
    found = []
    for values in product(*map(choices, names)):
        answers = {n: v for n, v in zip(names, values, strict=True) if v}
        if INCIDENT in answers and answers.get("prior_contacts"):
            continue  # the short form asks for no earlier contact
        found.append((answers, [one for page in flow.path(answers) for one in page.asked(answers)]))
    return found


def in_words(asked: list[Field] | list[Question]) -> dict[str, Any]:
    return {one.name: (one.label, one.hint, one.options) for one in asked}


def the_changes(answers: dict[str, Any]) -> list[Field]:
    request = Request.from_answers(answers)
    return [one for slug in SECTIONS for one in change.form_of(slug, request).fields]


def usual(one: Question) -> Any:
    if not one.options:
        return TYPED[one.kind]
    return [one.options[0][0]] if one.many else one.options[0][0]


def answered(name: str) -> tuple[dict[str, Any], list[Question]]:
    """Answers in a situation that asks this question, with one to it, and what the form asks."""
    for situation, form in every_combination():
        one = next((one for one in form if one.name == name), None)
        if one is not None and (name in situation) == (name in Situation.__dataclass_fields__):
            return {name: usual(one), **situation}, form
    raise AssertionError(f"nobody is ever asked {name}")


@pytest.mark.promise("change-or-withdraw")
def test_the_pages_of_a_change_ask_what_the_form_asks_in_every_combination() -> None:
    different = [
        (answers, set(asked) ^ set(changes))
        for answers, form in every_combination()
        if (asked := in_words(form)) != (changes := in_words(the_changes(answers)))
    ]
    assert len(every_combination()) > 3000
    assert not different, f"{len(different)} combinations differ, the first: {different[0]}"


@pytest.mark.promise("request-for-a-caller")
def test_the_caller_s_page_counts_what_the_form_asks_in_every_combination() -> None:
    pages = {
        (setting, incident): for_caller.form_of(setting, incident)
        for setting in for_caller.SETTINGS
        for incident in ("", "butte-1")
    }
    for answers, form in every_combination():
        if "setting" in answers:
            page = pages[answers["setting"], answers.get(INCIDENT, "")]
            counted = {one.name for one in page.asked({**answers, "language": "es"})} - {
                for_caller.HOW.name
            }
            assert counted == {one.name for one in form} - {"setting"}, answers


def test_every_question_stands_on_one_page_of_the_form() -> None:
    for answers, form in every_combination():
        once = [one.name for one in questions.asked(Situation.of(answers))]
        assert sorted(one.name for one in form) == sorted(once)


@pytest.mark.promise("change-or-withdraw")
def test_a_change_asks_the_caregiver_next_door_nothing_that_the_form_never_asked() -> None:
    caregiver = {"setting": "ffn", "requester_role": "ffn_caregiver", "prior_contacts": "1",
                 "concerns": ["challenging_behavior"]}  # fmt: skip
    asked = {one.name for one in the_changes(caregiver)}
    assert "behavior_serious" in asked and "same_consultant" in asked
    assert not asked & {"suspension_expulsion_status", "focus", "license_number", "director_knows"}


def test_a_stored_answer_makes_the_same_situation_as_a_typed_one() -> None:
    for answers, _ in every_combination():
        assert Request.from_answers(answers).situation == Situation.of(answers)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_shows_up_wherever_the_request_is_asked_or_read(name: str) -> None:
    one, (answers, form) = QUESTIONS[name], answered(name)
    request = Request.from_answers(answers)
    assert name in request.as_dict(), "the stored request has no such field"
    assert name in {one.name for one in form}, "form and check page"
    assert one.changeable == (name in {one.name for one in the_changes(answers)}), "change"
    if name != "setting":
        page = for_caller.form_of(answers.get("setting", "center"))
        assert name in {one.name for one in page.fields}, "the caller's page"
    if one.section == "contact":
        return  # how to reach somebody has a panel of its own
    console = [label for label, _ in request_lines(request, "en")]
    details = [row for _, rows in request.sections("en", consultant=True) for row in rows]
    assert one.for_staff in console, "console"
    assert one.specialist_only != (one.for_staff in dict(details)), "the consultant's details"


def test_a_question_without_a_page_cannot_be_built() -> None:
    with pytest.raises(TypeError):
        ask("text", "Where?", read_in="care")  # type: ignore[call-arg]


def test_what_any_page_asks_has_a_section_in_which_it_is_read() -> None:
    for page in get_args(PageSlug):
        one = Question("where", "text", "Where?", page=page)
        assert one.section in SECTIONS
        assert replace(one, read_in="meet").section == "meet"


def test_an_answer_that_lists_takes_many_and_a_number_counts() -> None:
    for name, one in QUESTIONS.items():
        default = Request.model_fields[name].default
        assert default == (() if one.many else None)
        read = Request.from_answers({name: ["12"] if one.many else "12"})
        assert getattr(read, name) in ((("12",),) if one.many else ("12", 12))
        assert one.kind != "number" or getattr(read, name) == 12
