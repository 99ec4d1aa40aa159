"""docs/promises.md and the tests speak of the same promises."""

from __future__ import annotations

import re

from tests.promises import ROOT, promises, proofs

# A requirement's code, as the end of a name or in brackets: nobody here knows what it stood for.
CODE = re.compile(r"^def test_\w*_[a-s]\d{1,2}\(", re.M)
IN_BRACKETS = re.compile(r"[( ](?:[A-S]\d{1,2}b?, )*[A-S]\d{1,2}b?\)|\(law \d|domain\.md")
WRITTEN = ("app.py", "README.md", "docs/*.md", "chalicelib/**/*.py", "chalicelib/**/*.html",
           "chalicelib/**/*.j2", "infra/**/*.py", "infra/**/*.yaml", "tests/**/*.py")  # fmt: skip


def test_every_key_is_there_once() -> None:
    keys = [one.key for one in promises()]
    assert len(keys) > 100 and len(set(keys)) == len(keys)


def test_every_promise_that_a_test_names_is_written_down() -> None:
    assert set(proofs()) <= {one.key for one in promises()}


def test_every_promise_has_a_test_or_says_why_not() -> None:
    told = proofs()
    assert [p.key for p in promises() if bool(told.get(p.key)) == bool(p.untested)] == []


def test_the_name_of_a_test_is_a_sentence_and_ends_in_no_code() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        assert CODE.findall(path.read_text(encoding="utf-8")) == [], path


def test_no_words_point_to_a_code_in_brackets() -> None:
    for pattern in WRITTEN:
        for path in ROOT.glob(pattern):
            lines = path.read_text(encoding="utf-8").splitlines()
            said = [line for line in lines if re.search(r"#|\"\"\"|^[^=]*$", line)]
            found = [
                line
                for line in said
                if IN_BRACKETS.search(line) and path.name != "test_promises.py"
            ]
            assert found == [], path
