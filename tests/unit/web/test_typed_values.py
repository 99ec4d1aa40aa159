"""What people type and paste, as public reports of other forms have it, and what it has to become."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from chalicelib.domain import addresses
from chalicelib.domain.ids import digits_of_code, new_reference, normalize_reference
from chalicelib.referral.request import QUESTIONS
from chalicelib.web import languages, links
from chalicelib.web.forms import Field, Form, clean

pytestmark = pytest.mark.promise("text-kept-or-refused")
REFUSED = None
ROOT = Path(__file__).resolve().parents[3]


def read(field: Field, typed: str) -> Any:
    """What a form keeps of it; None, with a sentence, where it is refused."""
    found = clean(Form(field), {field.name: [typed]}, "en")
    if found.errors:
        assert found.errors[field.name].endswith("."), "a sentence that says what to type"
        return REFUSED
    return found.values[field.name]


DIALED = "tel:+16265550134"
PHONES = {
    "(626) 555-0134": DIALED, "626.555.0134": DIALED, "6265550134": DIALED, "626/555-0134": DIALED,
    "1 626 555 0134": DIALED, "+1 (626) 555-0134": DIALED, "+16265550134": DIALED, "1-626-555-0134": DIALED,
    "626–555–0134": DIALED, "626‑555‑0134": DIALED, "626—555—0134": DIALED, "626−555−0134": DIALED,
    "626\u2009555\u20090134": DIALED, "626\u00a0555\u202f0134": DIALED, "626\u200b555\u200b0134": DIALED,
    "\u202d+1 (626) 555-0134\u202c": DIALED, "\ufeff626 555 0134": DIALED, "626\u00ad555\u00ad0134": DIALED,
    "６２６-５５５-０１３４": DIALED, "tel:626-555-0134": DIALED, "tel:+1-626-555-0134": DIALED,
    "626-555-0134 x12": f"{DIALED};ext=12", "626-555-0134 ext. 12": f"{DIALED};ext=12",
    "626-555-0134 extension 12": f"{DIALED};ext=12", "626-555-0134 Ext 12": f"{DIALED};ext=12",
    "(626)5550134EXT12": f"{DIALED};ext=12", "626-555-0134 extensión 12": f"{DIALED};ext=12",
    "626 555 0134 anexo 12": f"{DIALED};ext=12", "626-555-0134 #12": f"{DIALED};ext=12",
    "626-555-0134,12": f"{DIALED};ext=12", "626-555-0134, 12": f"{DIALED};ext=12",
    "tel:+1-626-555-0134;ext=12": f"{DIALED};ext=12",
    "+52 55 1234 5678": "tel:+525512345678", "011 52 55 1234 5678": "tel:+525512345678",
    "+44 20 7946 0958": "tel:+442079460958", "+44 (0)20 7946 0958": "tel:+442079460958",
    "52 55 1234 5678": REFUSED, "555-0134": REFUSED, "12345": REFUSED, "626-555-013": REFUSED,
    "126 555 0134": REFUSED, "626 155 0134": REFUSED, "000 000 0000": REFUSED, "1-800-FLOWERS": REFUSED,
    "626-555-0134 / 213-555-0101": REFUSED, "626-555-0134 or 213-555-0101": REFUSED,
    "626-555-0134 12": REFUSED, "call me maybe": REFUSED, "+": REFUSED, "+1 626 555 013": REFUSED,
}  # fmt: skip


@pytest.mark.parametrize("typed", PHONES)
def test_a_phone_number_in_any_writing_is_dialed_or_refused(typed: str) -> None:
    kept, dialed = read(Field("x", "tel", "X"), typed), PHONES[typed]
    assert (kept and addresses.dialed(kept)) == dialed
    if dialed:
        # The library that phones and carriers use reads the same number.
        theirs = phonenumbers.parse(dialed, "US")
        assert phonenumbers.is_possible_number(theirs)
        plain = re.sub(r"[\u2009\u00a0\u202f]", " ", typed)
        theirs = phonenumbers.parse(plain, "US")
        found = phonenumbers.format_number(theirs, phonenumbers.PhoneNumberFormat.E164)
        assert (found, theirs.extension or "") == ("+" + addresses.phone(typed).number,  # type: ignore[union-attr]
                                                   dialed.partition(";ext=")[2])  # fmt: skip


def test_a_short_number_is_dialed_as_it_is() -> None:
    assert addresses.dialed("2-1-1") == "tel:211"
    assert addresses.dialed(languages.HELPLINE) == "tel:+18775242422"


def test_every_number_on_a_page_goes_through_one_reading() -> None:
    by_hand = [
        path.name
        for path in (ROOT / "chalicelib").rglob("*.html")
        if "tel:{{" in path.read_text(encoding="utf-8")
    ]
    assert not by_hand


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("95814", "95814"), (" 95814 ", "95814"), ("95814-1234", "95814"), ("95814 1234", "95814"),
        ("958141234", "95814"), ("95814–1234", "95814"), ("９５８１４", "95814"), ("95814-", REFUSED),
        ("9581", REFUSED), ("95814-12", REFUSED), ("CA 95814", REFUSED),
    ],
)  # fmt: skip
def test_a_zip_code_is_its_five_digits(typed: str, kept: str | None) -> None:
    assert read(QUESTIONS["zip"], typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("191234567", "191234567"), ("191 234 567", "191234567"), ("19-1234567", "191234567"),
        ("#191234567", "191234567"), ("191–234–567", "191234567"), ("191\u00a0234\u200b567", "191234567"),
        ("19123456", REFUSED), ("1912345678", REFUSED), ("19123456A", REFUSED),
    ],
)  # fmt: skip
def test_a_license_number_is_its_nine_digits(typed: str, kept: str | None) -> None:
    assert read(QUESTIONS["license_number"], typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("date", "2026-12-04", "2026-12-04"), ("date", "2026–12–04", "2026-12-04"),
        ("date", "12/04/2026", REFUSED), ("date", "04.12.2026", REFUSED), ("date", "13/04/2026", REFUSED),
        ("date", "20261204", REFUSED), ("date", "2026-W49-5", REFUSED), ("date", "2026-02-30", REFUSED),
        ("date", "0026-12-04", REFUSED), ("date", "2100-12-31", "2100-12-31"), ("date", "2101-01-01", REFUSED),
        ("date", "9999-12-31", REFUSED),
        ("time", "14:30", "14:30"), ("time", "02:30", "02:30"), ("time", "14:30:00", "14:30"),
        ("time", "2:30 PM", "14:30"), ("time", "2:30pm", "14:30"), ("time", "2:30 p. m.", "14:30"),
        ("time", "2:30\u00a0p.\u00a0m.", "14:30"), ("time", "02:30 PM", "14:30"), ("time", "2 PM", "14:00"),
        ("time", "12:30 AM", "00:30"), ("time", "12:30 PM", "12:30"), ("time", "14.30", "14:30"),
        ("time", "14h30", "14:30"), ("time", "2:30", REFUSED), ("time", "9.30", REFUSED), ("time", "14", REFUSED),
        ("time", "1430", REFUSED), ("time", "14:30 PM", REFUSED), ("time", "0:30 PM", REFUSED),
        ("time", "24:00", REFUSED), ("time", "14:60", REFUSED), ("time", "14:30+02:00", REFUSED),
        ("time", "half past two", REFUSED),
        ("email", "rosa@example.org", "rosa@example.org"), ("email", "\u200brosa@example.org\ufeff", "rosa@example.org"),
        ("email", "mailto:rosa@example.org", "rosa@example.org"), ("email", "\u00a0rosa@example.org ", "rosa@example.org"),
        ("email", "=?utf-8?q?rosa?=@example.org", REFUSED), ("email", "a=?b@example.org", REFUSED),
        ("textarea", "a\u2028b\u2029c\x0bd\x0ce\x85f\r\ng\rh", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("text", "Sunny\u2028Days\x0bFCC", "Sunny Days FCC"),
    ],
)  # fmt: skip
def test_what_can_mean_one_thing_only_is_read_and_the_rest_refused(
    kind: str, typed: str, kept: str | None
) -> None:
    assert read(Field("x", kind, "X"), typed) == kept


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("en;q=0.5, es;q=0.9", "es"), ("es;q=0, en", "en"), ("es;q=0", "en"), ("fr, es;q=0.2, en;q=0.1", "es"),
        ("es;q=abc, en;q=0.1", "en"), ("en ; q = 0.3 , es ; q = 0.7", "es"), ("es, en", "es"), ("en, es", "en"),
        ("*;q=0.1, es;q=1.000", "es"), (";;;,,,", "en"),
    ],
)  # fmt: skip
def test_a_browser_says_how_much_it_wants_a_language(header: str, lang: str) -> None:
    assert languages.pick_language(header) == lang


@pytest.mark.parametrize(
    "mangled",
    ["“{}”", "‘{}’", "«{}»", "{}\u200b", "\ufeff{}", "<{}>", "({}).", "{}…"],
)  # fmt: skip
def test_a_link_survives_quotes_and_invisible_characters(mangled: str) -> None:
    link = "7k3m9qxa5-1-1-6a000000-k1-abcdefghijklmnopqrstuvwxyz"
    assert links.mended(mangled.format(link)) == link


@pytest.mark.parametrize("dash", ["–", "—", "‑", "−", "‐", "﹣", "－"])
def test_dashes_of_other_programs_are_dashes(dash: str) -> None:
    link = "7k3m9qxa5-1-1-6a000000-k1-abcdefghijklmnopqrstuvwxyz"
    assert links.mended(link.replace("-", dash)) == link
    assert normalize_reference("0123-4567-8".replace("-", dash)) == normalize_reference(
        "0123-4567-8"
    )
    assert digits_of_code(f"123{dash}456") == "123456"


def test_a_reference_and_a_code_survive_invisible_characters() -> None:
    made = new_reference()
    assert normalize_reference(f"\u200b{made[:4]}\u2060{made[4:]}\ufeff") == made
    assert digits_of_code("\u202a123\u00a0456\u202c") == "123456"
