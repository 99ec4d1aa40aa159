"""Dates, times and languages as people say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from chalicelib.web import languages
from chalicelib.web.render import environment

PACIFIC = ZoneInfo("America/Los_Angeles")


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=PACIFIC).timestamp())


@pytest.mark.parametrize(
    ("lang", "when", "day", "hour"),
    [
        ("en", at(2026, 5, 7, 14, 5), "Thursday, May 7", "2:05 PM"),
        ("es", at(2026, 5, 7, 14, 5), "jueves 7 de mayo", "2:05\u00a0p.\u00a0m."),
        ("en", at(2026, 12, 31, 0, 0), "Thursday, December 31", "12:00 AM"),
        ("en", at(2027, 1, 1, 12, 30), "Friday, January 1", "12:30 PM"),
        ("es", at(2028, 2, 29, 11, 59), "martes 29 de febrero", "11:59\u00a0a.\u00a0m."),
        ("en", at(2026, 3, 8, 3, 0), "Sunday, March 8", "3:00 AM"),  # the hour that DST skips
        ("en", at(2026, 3, 8, 3, 0) - 1, "Sunday, March 8", "1:59 AM"),
    ],
)
def test_an_instant_is_said_in_pacific_time(lang: str, when: int, day: str, hour: str) -> None:
    assert languages.date_words(when, lang) == day
    assert languages.time_words(when, lang) == hour


def test_day_year_and_time_can_stand_together() -> None:
    when = at(2026, 5, 7, 14, 5)
    assert languages.date_words(when, "en", year=True) == "Thursday, May 7, 2026"
    assert languages.date_words(when, "es", year=True) == "jueves 7 de mayo de 2026"
    assert languages.moment_words(when, "en") == "Thursday, May 7 at 2:05 PM"
    assert languages.moment_words(when, "es") == "jueves 7 de mayo a las 2:05\u00a0p.\u00a0m."


@pytest.mark.parametrize(
    ("wishes", "lang"),
    [
        (("es",), "es"),
        (("", None, "es-MX,es;q=0.9,en;q=0.8"), "es"),
        (("fr", "fr-FR,es;q=0.5"), "es"),
        (("fr",), "en"),
        ((), "en"),
        (("ES-419",), "es"),
    ],
)
def test_the_first_language_that_is_offered_is_taken(wishes: tuple[str], lang: str) -> None:
    assert languages.pick_language(*wishes) == lang


def test_an_unknown_msgid_and_language_stay_english() -> None:
    assert languages.translator("es")("nobody wrote this") == "nobody wrote this"
    assert languages.translator("xx")("Monday") == "Monday"


def test_a_sentence_that_ends_with_an_abbreviation_has_one_full_stop() -> None:
    assert (
        languages.filled("A las %(at)s. Gracias.", {"at": "9:53\u00a0a.\u00a0m."})
        == "A las 9:53\u00a0a.\u00a0m. Gracias."
    )
    assert languages.filled("At %(at)s. Thanks.", {"at": "9:53 AM"}) == "At 9:53 AM. Thanks."
    assert languages.filled(Markup("<b>%(who)s.</b>"), {"who": "J. & Co."}) == "<b>J. &amp; Co.</b>"


def test_one_o_clock_is_singular_in_spanish() -> None:
    assert languages.filled("Hoy a las %(time)s", {"time": "1:05 p. m."}) == "Hoy a la 1:05 p. m."
    assert (
        languages.filled("Hoy a las %(time)s", {"time": "11:05 a. m."}) == "Hoy a las 11:05 a. m."
    )
    when = datetime(2026, 5, 7, 13, 5, tzinfo=PACIFIC).timestamp()
    assert "a la 1:05" in languages.moment_words(when, "es")


def test_facts_are_filled_in() -> None:
    _ = languages.translator("es")
    assert _("Reference: %(reference)s", reference="X") == "Número de referencia: X"


def test_a_text_is_escaped_though_markup_of_the_same_letters_was_drawn_before() -> None:
    drawn = environment().from_string("{{ _(text) }}").render
    assert drawn(text=Markup("<b>")) == "<b>"
    assert drawn(text="<b>") == "&lt;b&gt;"
