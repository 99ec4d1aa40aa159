"""docs/promises.md and the tests speak of the same promises."""

from __future__ import annotations

import re

import pytest

from tests.promises import ROOT, Promise, promises, proofs

# A requirement's code, as the end of a name or in brackets: nobody here knows what it stood for.
CODE = re.compile(r"^def test_\w*_[a-s]\d{1,2}\(", re.M)


def test_every_key_is_there_once() -> None:
    keys = [one.key for one in promises()]
    assert len(keys) > 100 and len(set(keys)) == len(keys)


def test_every_promise_that_a_test_names_is_written_down() -> None:
    assert set(proofs()) <= {one.key for one in promises()}


@pytest.mark.parametrize("one", promises(), ids=lambda one: one.key)
def test_every_promise_has_a_test_or_says_why_not(one: Promise) -> None:
    assert bool(proofs().get(one.key)) != bool(one.untested)


def test_the_name_of_a_test_is_a_sentence_and_ends_in_no_code() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        assert CODE.findall(path.read_text(encoding="utf-8")) == [], path
