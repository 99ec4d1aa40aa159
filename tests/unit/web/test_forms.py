"""How answers are read: what is taken, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.forms import Field, Form, blank, clean, words_of

OPTIONS = (("a", "Yes"), ("b", "No"), ("none", "None of these"))


def read(field: Field, *values: str, **more: Any) -> tuple[Any, str | None]:
    found = clean(Form(field), {field.name: list(values)}, "en", **more)
    return found.values.get(field.name), found.errors.get(field.name)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Ana  ", "Ana"),
        ("text", "a\tb", "a b"),
        ("textarea", "a\r\nb\rc", "a\nb\nc"),
        ("email", "rosa.diaz+net@example.co.uk", "rosa.diaz+net@example.co.uk"),
        ("tel", "(415) 555-0100 x12", "(415) 555-0100 x12"),
        ("tel", "+52 55 1234 5678", "+52 55 1234 5678"),
        ("tel", "\u202d+1 (415) 555-0100\u202c", "+1 (415) 555-0100"),
        ("number", "012", 12),
        ("date", "2028-02-29", "2028-02-29"),
        ("time", "14:30", "14:30"),
        ("radios", "a", "a"),
        ("select", "b", "b"),
    ],
)
def test_a_good_answer_is_taken(kind: str, typed: str, value: object) -> None:
    assert read(Field("x", kind, "X", options=OPTIONS), typed) == (value, None)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", ""),
        ("text", "   "),
        ("text", "a\nb"),
        ("text", "a\x00b"),
        ("text", "a\u202eb"),
        ("text", "\ud800"),
        ("text", "x" * 201),
        ("email", "rosa"),
        ("email", "rosa@localhost"),
        ("email", "a@b.org, c@d.org"),
        ("email", "a@b.org\nBcc: c@d.org"),
        ("email", "Rosa <a@b.org>"),
        ("email", ".a@b.org"),
        ("email", "a..b@c.org"),
        ("email", "ñ@b.org"),
        ("email", "a" * 65 + "@b.org"),
        ("tel", "12345"),
        ("tel", "call me maybe"),
        ("number", "-1"),
        ("number", "1.5"),
        ("number", "१२"),
        ("number", "9" * 10),
        ("date", "2027-02-29"),
        ("date", "05/07/2026"),
        ("time", "25:00"),
        ("radios", "z"),
        ("radios", "Yes"),
        ("select", ""),
    ],
)
def test_an_answer_that_cannot_be_used_says_why(kind: str, typed: str) -> None:
    value, error = read(Field("x", kind, "X", options=OPTIONS), typed)
    assert value is None and error and "%(" not in error


def test_an_optional_question_may_stay_open() -> None:
    assert read(Field("x", "text", "X", required=False), "") == (None, None)
    assert read(Field("x", "checkboxes", "X", options=OPTIONS, required=False)) == ([], None)


def test_ticks_keep_the_order_of_the_page_and_none_stands_alone() -> None:
    field = Field("x", "checkboxes", "X", options=OPTIONS, exclusive=("none",))
    assert read(field, "b", "a", "a") == (["a", "b"], None)
    assert read(field, "none") == (["none"], None)
    assert read(field, "a", "none")[1]
    assert read(field, "z")[1]
    assert read(field)[1]


def test_a_single_answer_given_twice_is_refused() -> None:
    assert read(Field("x", "radios", "X", options=OPTIONS), "a", "b")[1]


def test_limits_of_numbers_and_dates_hold() -> None:
    field = Field("x", "number", "X", minimum=4, maximum=12)
    assert [bool(read(field, n)[1]) for n in ("3", "4", "12", "13")] == [True, False, False, True]
    field = Field("x", "date", "X", minimum="2026-05-07")
    assert read(field, "2026-05-06")[1] == "That day is too early. Please choose a later one."
    assert not read(field, "2026-05-07")[1]
    field = Field("x", "date", "X", maximum="2026-05-07")
    assert read(field, "2026-05-08")[1] == "That day is too late. Please choose an earlier one."


def test_an_option_that_is_gone_is_told_in_the_words_of_its_question() -> None:
    field = Field("x", "radios", "X", options=OPTIONS, gone="Somebody else took it.")
    assert read(field, "c")[1] == "Somebody else took it." and not read(field, "a")[1]


def test_a_question_that_is_not_asked_is_not_read() -> None:
    form = Form(
        Field("a", "radios", "A", options=OPTIONS),
        Field("why", "text", "Why", when=lambda values: values.get("a") == "b"),
    )
    assert clean(form, {"a": ["a"], "why": ["x"]}, "en").values == {"a": "a"}
    assert set(clean(form, {"a": ["b"]}, "en").errors) == {"why"}


def test_the_language_switch_shows_errors_only_if_they_showed_before() -> None:
    form = Form(Field("x", "text", "X"))
    quiet = clean(form, {"_switch": ["es"], "x": [""]}, "es")
    assert quiet.switching and not quiet.errors and not quiet.ok and quiet.status == 200
    loud = clean(form, {"_switch": ["es"], "_shown": ["1"]}, "es")
    assert loud.errors == {"x": "Por favor, responda esta pregunta."} and loud.status == 200
    assert clean(form, {"x": [""]}, "en").status == 422


@pytest.mark.promise("text-kept-or-refused")
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_what_is_taken_is_what_was_typed(typed: str) -> None:
    value, error = read(Field("x", "textarea", "X", required=False), typed)
    if error is None and value is not None:
        plain = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", typed)
        assert value == unicodedata.normalize("NFC", plain).strip()


@given(st.text(max_size=60), st.sampled_from(["text", "email", "tel", "number", "date", "time"]))
def test_no_text_breaks_the_reading_or_the_page(typed: str, kind: str) -> None:
    form = Form(Field("x", kind, "X", "Why we ask"))
    found = clean(form, {"x": [typed]}, "es")
    found.raw["x"][0].encode()
    assert bool(found.errors) != ("x" in found.values)


def test_an_answer_reads_well_in_a_list() -> None:
    field = Field("x", "checkboxes", "X", options=(("mon", "Monday"), ("tue", "Tuesday")))
    assert words_of(field, ["mon", "tue", "gone"], "es") == "lunes; martes; gone"
    assert words_of(field, [], "es") == ""
    assert words_of(Field("n", "number", "N"), 0, "en") == "0"


def test_a_field_of_an_unknown_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        Field("x", "colour", "X")


def test_a_form_shows_known_values() -> None:
    form = Form(Field("x", "textarea", "X"), Field("y", "radios", "Y", options=OPTIONS))
    found = blank(form, {"x": "so far", "y": "a", "other": 1})
    assert found.typed("x") == "so far" and found.chosen("y", "a") and not found.errors
