"""Which questions fold away until an answer calls for them."""

from __future__ import annotations

import re

from chalicelib.web import assets
from chalicelib.web.folding import MOST, calling, folded
from chalicelib.web.forms import Cleaned, Field, Form, blank

HELD = Field("held", "radios", "H?", options=(("yes", "Yes"), ("other", "Other"), ("no", "No")))
DAY = Field("day", "date", "Day", when=lambda values: values.get("held") == "other")
LONG = Field(
    "long", "number", "Minutes", when=lambda values: values.get("held") in ("yes", "other")
)
WHERE = Field("where", "text", "Where", when=lambda values: values.get("held") in ("yes", "other"))
BOX = Field("box", "checkboxes", "Box", options=(("leave", "I leave"),), required=False)
NOTE = Field("note", "textarea", "Note", when=lambda values: bool(values.get("box")))
FORM = Form(HELD, DAY, LONG, WHERE, BOX, NOTE)


def test_a_question_is_folded_under_the_options_that_call_for_it() -> None:
    found = folded(FORM, blank(FORM))
    assert found.questions == {"day": 1, "long": 2, "where": 2, "note": 3}
    assert found.unfolding("held", "other") == "1 2"
    assert found.unfolding("held", "yes") == "2"
    assert found.unfolding("held", "no") == ""
    assert found.unfolding("box", "leave") == "3"


def test_a_question_that_is_always_asked_or_hangs_on_typed_words_is_never_folded() -> None:
    unless = Field("a", "text", "A", when=lambda values: values.get("held") != "no")
    typed = Field("b", "text", "B", when=lambda values: bool(values.get("a")))
    both = Field(
        "c", "text", "C", when=lambda values: values.get("held") == "no" and bool(values.get("box"))
    )
    assert [calling(one, (HELD, unless)) for one in (HELD, unless, typed, both)] == [[]] * 4


def test_what_has_an_error_or_was_filled_in_is_not_folded() -> None:
    sent = Cleaned(raw={"day": ["2028-10-02"], "long": [""]}, errors={"where": "Please answer."})
    assert folded(FORM, sent).questions == {"long": 1, "note": 2}


def test_no_more_is_folded_than_the_style_sheet_has_rules_for() -> None:
    options = tuple((str(n), "x") for n in range(MOST + 3))
    of = Field("of", "select", "Of", options=options)
    many = [
        Field(f"q{n}", "text", "Q", when=lambda values, n=n: values.get("of") == n)  # type: ignore[misc]
        for n, _ in options
    ]
    found = folded(Form(of, *many), Cleaned())
    assert sorted(found.questions.values()) == list(range(1, MOST + 1))
    sheet = assets.read("site.css")
    assert sheet is not None
    assert set(re.findall(r'\[data-if="(\d+)"\]', sheet.text)) == {
        str(n) for n in range(1, MOST + 1)
    }
