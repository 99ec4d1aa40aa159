"""References survive people; ids are unguessable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ids import (
    ALPHABET,
    check_character,
    is_reference,
    new_reference,
    normalize_reference,
)

bodies = st.text(ALPHABET, min_size=8, max_size=8)


def whole(body: str) -> str:
    text = body + check_character(body)
    return f"{text[:4]}-{text[4:8]}-{text[8]}"


@pytest.mark.promise("references-not-guessable")
def test_a_new_reference_has_its_form_and_is_never_the_same() -> None:
    found = {new_reference() for _ in range(1000)}
    assert len(found) == 1000
    assert all(is_reference(text) and len(text) == 11 for text in found)


@given(bodies)
def test_every_body_with_its_check_character_is_a_reference(body: str) -> None:
    assert is_reference(whole(body))


@pytest.mark.promise("references-not-guessable")
@given(bodies, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(body: str, at: int, wrong: str) -> None:
    plain = whole(body).replace("-", "")
    changed = plain[:at] + wrong + plain[at + 1 :]
    assert (normalize_reference(changed) is None) == (changed != plain)


@given(bodies, st.integers(0, 7))
def test_every_swap_of_neighbors_is_caught(body: str, at: int) -> None:
    plain = whole(body).replace("-", "")
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (normalize_reference(swapped) is None) == (swapped != plain)


@given(bodies)
def test_case_spaces_dashes_and_lookalikes_do_not_matter(body: str) -> None:
    right = whole(body)
    plain = right.replace("-", "")
    typed = plain.lower().replace("0", "o").replace("1", "l")
    for text in (typed, f"  {plain[:3]} {plain[3:]}. ", right.replace("-", "\N{EN DASH}")):
        assert normalize_reference(text) == right


@given(st.text(max_size=80))
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    found = normalize_reference(text)
    assert found is None or is_reference(found)


def test_a_letter_that_the_alphabet_leaves_out_is_refused() -> None:
    assert normalize_reference("UUUU-UUUU-U") is None
    assert normalize_reference("") is None
    assert normalize_reference("0" * 5000) is None


def test_only_the_stored_form_is_a_reference() -> None:
    right = new_reference()
    assert not is_reference(right.lower().replace("-", ""))
