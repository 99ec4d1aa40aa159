"""Letters: one file, two forms that say the same, nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from chalicelib.mail.letters import compose
from chalicelib.web import render

LETTER = """
{% block subject %}{{ _("Monday") }}: {{ what }}{% endblock %}
{% block lead %}Please answer
  by Friday.{% endblock %}
{% block action %}Answer now{% endblock %}
{% block body %}
First line
goes on.

- one
- two & three

{{ what }}
{% endblock %}
"""
FACTS = {"reference": "7K3M-9QXA-5", "link": "https://network.test/t/x", "due": "Friday, May 8"}


@pytest.fixture(autouse=True)
def a_room_with_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "room" / "letters").mkdir(parents=True)
    (tmp_path / "room" / "letters" / "test.j2").write_text(LETTER)
    (tmp_path / "web").symlink_to(render.ROOMS / "web")
    monkeypatch.setattr(render, "ROOMS", tmp_path)
    render.environment.cache_clear()
    yield
    render.environment.cache_clear()


def words(page: str) -> str:
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub("<[^>]+>", " ", body)).split())


def test_text_and_html_say_the_same() -> None:
    letter = compose("room/test", "en", what="tea & <b>cake</b>", **FACTS)
    shown = words(letter.html)
    for line in letter.text.replace("\n-- \n", "\n").splitlines():
        part = line.strip().removeprefix("- ").rstrip(":")
        assert " ".join(part.split()) in shown
    assert "<b>" not in letter.html and "tea & <b>cake</b>" in letter.text
    assert "<li" in letter.html and "\n- two & three\n" in letter.text


def test_the_first_line_says_what_to_do_and_the_link_follows() -> None:
    letter = compose("room/test", "en", what="x", **FACTS)
    lines = [line for line in letter.text.splitlines() if line]
    assert lines[:3] == ["Please answer by Friday.", "Answer now:", FACTS["link"]]
    assert letter.html.count("<a ") == 1


def test_the_subject_is_one_line_with_reference_and_due_date() -> None:
    letter = compose("room/test", "en", what="x\r\nBcc: evil@example.org", **FACTS)
    assert letter.subject == ("Monday: x Bcc: evil@example.org · 7K3M-9QXA-5, by Friday, May 8")


def test_every_letter_ends_with_people_and_the_crisis_lines() -> None:
    for lang, word in (("en", "Questions?"), ("es", "¿Tiene preguntas?")):
        letter = compose("room/test", lang, what="x", **{**FACTS, "due": None})
        for text in (letter.text, words(letter.html)):
            assert word in text and "1-877-524-2422" in text and "911" in text and "988" in text
    assert letter.subject.startswith("lunes: x")


def test_a_letter_without_a_link_has_none() -> None:
    letter = compose("room/test", "en", what="x", **{**FACTS, "link": None})
    assert "Answer now" not in letter.text + letter.html and "<a " not in letter.html


@pytest.mark.promise("letter-fact-missing")
def test_a_missing_fact_stops_the_letter() -> None:
    with pytest.raises(UndefinedError):
        compose("room/test", "en", **FACTS)
    with pytest.raises(ValueError, match="not a letter"):
        compose("../room/test", "en", what="x", **FACTS)
