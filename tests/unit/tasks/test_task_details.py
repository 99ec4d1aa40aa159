"""What the holder of a task sees: all that they need, nothing that was meant for somebody else."""

from __future__ import annotations

import html as markup
import re
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.directory import people
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.web import languages
from chalicelib.web.render import html
from chalicelib.workflow.cases import Contact
from chalicelib.workflow.kinds import kind_of
from tests.episode import STAGES
from tests.world import CENTER, World

CONTACT = Contact(name="Ana Demo", email="ana@example.org", phone="(209) 555 0142", by="text")
ANY = {name: one.options[0][0] if one.options else "7" for name, one in QUESTIONS.items()}
ALL = Request.from_answers(
    {**ANY, **CENTER, "exclude_consultant": "Not Dana please", "license_number": "191234567",
     "director_knows": "yes", "children_enrolled": 12, "classroom": "Room 3", "city": "Fresno",
     "zip": "93701", "same_consultant": "no", "anything_else": "Mornings <b>best</b>",
     "funding": ["CSPP"], "contact_phone": "x", "letters_language": "en"}
)  # fmt: skip


def drawn(details: dict[str, Any], role: str = "specialist", lang: str = "en") -> str:
    kind = SimpleNamespace(role=role)
    return html("tasks/details.html", lang, details=details, kind=kind)


def text(page: str) -> str:
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("lang", languages.languages())
def test_every_answer_of_the_request_is_shown(lang: str) -> None:
    page = drawn({"request": ALL, "contact": CONTACT}, lang=lang)
    shown = set(re.findall(r"<dt>([^<]+)</dt>", page))
    assert {name for name in QUESTIONS if getattr(ALL, name) in (None, (), "")} == set()
    elsewhere = {name for name, one in QUESTIONS.items() if one.section == "contact"}
    assert page.count("<dt>") == len(set(QUESTIONS) - elsewhere) + 5
    assert len(shown) >= len(set(QUESTIONS) - elsewhere)
    assert "%(" not in page


def test_what_was_asked_of_the_specialist_alone_is_not_shown_to_a_consultant() -> None:
    assert "Not Dana please" in drawn({"request": ALL})
    page = drawn({"request": ALL}, role="consultant")
    assert "Not Dana please" not in page
    assert "191234567" not in page
    assert "Room 3" in page


def test_answers_that_were_not_given_leave_no_empty_rows() -> None:
    page = drawn({"request": Request(county="fresno")})
    assert page.count("<dt>") == 1
    assert '<dd dir="auto"></dd>' not in page


def test_nothing_is_shown_before_there_is_anything_to_show() -> None:
    assert text(drawn({})) == ""


def test_what_people_typed_is_escaped() -> None:
    page = drawn({"request": ALL})
    assert "<b>best</b>" not in page
    assert "Mornings &lt;b&gt;best&lt;/b&gt;" in page


def test_a_danger_comes_first() -> None:
    page = drawn({"request": ALL.model_copy(update={"safety_now": "yes"}), "contact": CONTACT})
    assert text(page).startswith("They said that someone is in danger now.")
    assert "someone is in danger now" not in drawn({"request": ALL})


def test_the_phone_can_be_dialed() -> None:
    assert 'href="tel:+12095550142"' in drawn({"contact": CONTACT})


@pytest.mark.parametrize("lang", languages.languages())
@pytest.mark.parametrize(
    "name", ["waits_for_triage", "waits_for_confirmation", "waits_for_coordinator"]
)
def test_the_details_of_a_real_task_are_drawn(name: str, lang: str, world: World) -> None:
    state = world.state(STAGES[name](world))
    assert state.task is not None
    kind = kind_of(state.task.kind)
    page = html(kind.page.template, lang, details=kind.page.details(state), kind=kind)
    assert state.contact.email in page
    assert "%(" not in page


@pytest.mark.promise("tier-proposed-with-reasons")
def test_the_specialist_reads_why_the_rules_propose(world: World) -> None:
    state = world.state(STAGES["waits_for_triage"](world))
    kind = kind_of("triage")
    said = text(html(kind.page.template, "en", details=kind.page.details(state), kind=kind))
    assert "Consultation · How soon: As soon as possible" in said
    assert "There is a risk that care will end, or someone was sent home." in said


@pytest.mark.promise("rules-dated-and-explained")
def test_the_specialist_reads_every_rule_with_its_result(world: World) -> None:
    state = world.state(STAGES["waits_for_confirmation"](world))
    kind = kind_of("eligibility_confirmation")
    said = text(html(kind.page.template, "en", details=kind.page.details(state), kind=kind))
    assert "It does not fit." in said
    assert "No children under six are in care." in said
    for number in range(1, 10):
        assert f"E{number} " in said


@pytest.mark.promise("ranked-with-reasons")
def test_the_coordinator_reads_every_score_and_every_reason_against(world: World) -> None:
    state = world.state(STAGES["waits_for_coordinator"](world))
    kind = kind_of("coordinator")
    details = kind.page.details(state)
    said = text(html(kind.page.template, "en", details=details, kind=kind))
    ranking = details["ranking"]
    assert ranking.candidates
    for one in ranking.candidates[:5]:
        assert people.consultant(one.id)["name"] in said
        assert f"{one.total} of 100 points" in said
        for score in one.scores:
            assert score.words in said
    for out in ranking.excluded:
        assert all(reason in said for reason in out.reasons)
