"""Whatever people type into a task: kept as typed or refused with a reason, never a 5xx."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.web.forms import Field
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from tests.workflow.lifecycle import LifecycleHarness, Story

from .conftest import Browser
from .kinds import WORDLESS
from .taskpages import KINDS, asked, open_task, press, usual
from .test_bad_input import KEPT, REFUSED

# Words that must come back character by character, short enough for the smallest field.
SHORT = {
    "spanish": "¿Qué más? ¡Sí, mañana!",
    "nfd": unicodedata.normalize("NFD", "Mañana é"),
    "rtl": "שלום \u200fمرحبا",
    "emoji with joiners": "👩🏽‍👧‍👦 🏳️‍🌈",
    "markup": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }} ${x} %(z)s",
}


def texts(story: Story) -> list[Field]:
    """The free-text fields of the open task's form."""
    form = kind_of(story.asks).page.form(story.state)
    return [f for f in form.fields if f.kind in ("text", "textarea")]


def asking_for_all_texts(story: Story) -> dict[str, Any]:
    """An answer to which every free text belongs."""
    longer = {
        "triage": {"talked": "phone", "decision": "change", "tier": "intensive",
                   "priority": "routine", "override_reason": "other",
                   "override_text": "They told us more on the phone."},
        "plan_agreement": {"decision": "changes_asked"},
        "repair": {"decision": "leave"},
        "eligibility_review": {"decision": "refuse"},
        "tier_review": {"decision": "refuse"},
        "extension": {"decision": "declined"},
        "stipend": {"decision": "not_due"},
        "fix_contact": {"talked": "phone", "decision": "call"},
        "fix_person": {"decision": "call"},
    }  # fmt: skip
    return longer.get(story.asks) or usual(story)


def kept(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


FREE = [kind for kind in KINDS if kind not in WORDLESS]


@pytest.mark.promise("malformed-input", "text-kept-or-refused")
@pytest.mark.parametrize("kind", FREE)
def test_every_free_text_of_a_task_is_stored_as_typed(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    raw = asking_for_all_texts(story)
    browser, fields, typed = Browser(client), texts(story), {}
    whole = " | ".join(SHORT.values())
    for number, field in enumerate(fields):
        fits = whole if len(whole) <= field.limit else list(SHORT.values())[number % len(SHORT)]
        typed[field.name] = fits[: field.limit]
    page = press(browser, open_task(browser, story), raw | typed)
    assert page.status == 200, (page.errors, page.text[:400])
    assert "<script>" not in page.body and "<img" not in page.body
    harness.settle()
    story_told = str([e.model_dump() for e in store.log(story.state)])
    for name, text in typed.items():
        if name in shown_by(story, kind, raw):
            assert repr(kept(text))[1:-1] in story_told, name
    assert page.status == 200
    for mail in harness.world.mails:
        assert "<script>" not in mail.html and "<img src=x" not in mail.html
        assert "\n" not in mail.subject


def shown_by(story: Story, kind: str, raw: dict[str, Any]) -> set[str]:
    """The fields whose question belongs to this answer."""
    values = dict(raw)
    asked_for = set()
    for field in kind_of(kind).page.form(story.state).fields if story.asks == kind else ():
        if field.when is None or field.when(values):
            asked_for.add(field.name)
    return asked_for


@pytest.mark.promise("malformed-input")
@pytest.mark.parametrize("kind", FREE)
def test_a_refused_text_is_shown_again_with_a_reason_and_the_task_stays(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    task = story.state.task
    assert task is not None
    raw = asking_for_all_texts(story)
    browser, fields = Browser(client), texts(story)
    page = open_task(browser, story)
    v = story.state.version
    for text in REFUSED.values():
        typed = {field.name: text for field in fields}
        refused = press(browser, page, raw | typed)
        assert refused.status == 422
        assert set(refused.errors) <= set(typed) and refused.errors
        assert "\x00" not in refused.body and "\x1b" not in refused.body
    for text in ("x" * 3000, *KEPT.values()):
        page_of_text = press(browser, page, {field.name: text for field in fields})
        assert page_of_text.status in (200, 422)
        assert "<script>" not in page_of_text.body and "<img" not in page_of_text.body
        if kind == "repair":
            break
    assert story.state.version == v or kind == "repair"
    assert (
        press(browser, page, raw | {f.name: "This is fine with us" for f in fields}).status == 200
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_that_a_form_does_not_offer_is_taken(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    raw = usual(story)
    browser = Browser(client)
    page = open_task(browser, story)
    v = story.state.version
    for name in raw:
        for wrong in ("\x00", "x" * 500, "-1", "99999999999999999999", ["a", "b"], "", "<b>"):
            answer = press(browser, page, {**raw, name: wrong})
            assert answer.status in (200, 422), (name, wrong)
            if answer.status == 200:  # an optional field left open, or a word that is one
                return
    assert story.state.version == v
    assert press(browser, page, raw).status == 200


def test_what_is_typed_is_kept_when_the_answer_is_incomplete(
    client: Client, harness: LifecycleHarness
) -> None:
    story = asked(harness, "first_contact")
    browser = Browser(client)
    note = SHORT["markup"] + SHORT["spanish"]
    page = press(browser, open_task(browser, story), {"talked": "phone", "note": note})
    assert page.status == 422 and page.errors
    assert html.escape(note, quote=False) in page.body or html.escape(note) in page.body
