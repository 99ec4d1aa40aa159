"""A free text that names a child, a birth date or a diagnosis is noticed, and little else is."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.child_identity import find, looked_at, marks

PHRASES = tomllib.loads(Path(__file__).with_name("child_phrases.toml").read_text(encoding="utf-8"))


@pytest.mark.promise("child-never-named")
def test_the_sets_are_as_large_as_they_should_be() -> None:
    assert len(set(PHRASES["caught"])) >= 60 and len(set(PHRASES["ordinary"])) >= 120


@pytest.mark.promise("child-never-named")
def test_nine_of_ten_identities_are_caught() -> None:
    missed = [text for text in PHRASES["caught"] if not find(text)]
    print(f"missed {len(missed)} of {len(PHRASES['caught'])}:", *missed, sep="\n  ")
    assert len(missed) <= len(PHRASES["caught"]) * 0.1


@pytest.mark.promise("child-never-named")
def test_fewer_than_one_of_twenty_ordinary_texts_is_stopped() -> None:
    stopped = {text: find(text) for text in PHRASES["ordinary"] if find(text)}
    print(f"stopped {len(stopped)} of {len(PHRASES['ordinary'])}:", *stopped.items(), sep="\n  ")
    assert len(stopped) < len(PHRASES["ordinary"]) * 0.05


@pytest.mark.promise("child-never-named")
def test_phrases_that_the_rules_never_saw_fare_as_well() -> None:
    missed = [text for text in PHRASES["held_out_caught"] if not find(text)]
    stopped = {text: find(text) for text in PHRASES["held_out_ordinary"] if find(text)}
    print("held out, missed:", *missed, "held out, stopped:", *stopped.items(), sep="\n  ")
    assert len(missed) <= len(PHRASES["held_out_caught"]) * 0.2
    assert len(stopped) <= len(PHRASES["held_out_ordinary"]) * 0.1


@pytest.mark.promise("malformed-input")
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = find(text)
    assert looked_at(found, marks(found))


def test_a_long_text_is_quick() -> None:
    text = "My student Mateo hits. " * 200 + "nacio " * 300 + "retraso en el " * 300
    began = time.process_time()
    assert find(text)
    assert time.process_time() - began < 1


@pytest.mark.promise("child-never-named")
@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("My student Mateo hits.", "name", "Mateo"),
        ("Emma’s tantrums are long.", "name", "Emma"),
        ("Nació el 5 de mayo de 2021.", "birth", "Nació el 5 de mayo de 2021"),
        ("El niño tiene TDAH.", "diagnosis", "TDAH"),
    ],
)
def test_it_says_the_words_as_they_were_typed(text: str, kind: str, words: str) -> None:
    assert [(one.kind, one.words) for one in find(text)] == [(kind, words)]


@pytest.mark.promise("child-never-named")
def test_who_looked_at_one_name_did_not_look_at_the_next() -> None:
    ticked = marks(find("Jaden hits."))
    assert looked_at(find("Jaden hits every day."), ticked)
    assert not looked_at(find("Jaden and Mateo hit."), ticked)
    assert not looked_at(find("Jaden hits."), "yes") and not looked_at(find("Jaden hits."), "")
