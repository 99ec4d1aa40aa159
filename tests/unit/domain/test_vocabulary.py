"""The vocabulary is whole: every status, stage and id has its words."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.domain.vocabulary import STATUSES
from chalicelib.referral.request import QUESTIONS, Request

FHIR = {
    "draft", "requested", "accepted", "on-hold", "in-progress", "completed", "rejected",
    "cancelled", "failed",
}  # fmt: skip


def test_california_has_58_counties_in_six_regions() -> None:
    assert len(vocabulary.COUNTIES) == 58
    assert {county.region for county in vocabulary.COUNTIES.values()} == set(vocabulary.REGIONS)
    assert vocabulary.COUNTIES["los_angeles"].name == "Los Angeles"
    assert vocabulary.region_of("del_norte") == "II"
    assert vocabulary.region_of("outside") is None


def test_every_status_has_its_fhir_word_its_owner_and_a_sentence() -> None:
    for status in STATUSES.values():
        assert status.fhir in FHIR
        assert status.owner in vocabulary.OWNERS
        assert status.stage is None or status.stage in vocabulary.STAGES
        assert status.next.endswith(".")
    assert {status.fhir for status in STATUSES.values()} == FHIR


def test_the_provider_sees_the_seven_words_in_order() -> None:
    open_words = [s.word for s in STATUSES.values() if s.word in vocabulary.SEVEN_WORDS]
    assert sorted(open_words, key=vocabulary.SEVEN_WORDS.index) == open_words
    assert set(open_words) == set(vocabulary.SEVEN_WORDS)


def test_a_negative_or_waiting_status_needs_a_reason_and_has_some_to_choose() -> None:
    needing = {status.id for status in STATUSES.values() if status.needs_reason}
    assert needing == set(vocabulary.STATUS_REASONS)
    assert all(vocabulary.STATUS_REASONS.values())
    assert not STATUSES["closed"].needs_reason


def test_only_waiting_for_the_provider_stops_the_clock() -> None:
    paused = {status.id for status in STATUSES.values() if status.pauses_clock}
    assert paused == {"information_requested", "awaiting_provider", "awaiting_consent"}


def test_open_and_terminal_share_no_status() -> None:
    assert not vocabulary.OPEN & vocabulary.TERMINAL
    assert vocabulary.OPEN | vocabulary.TERMINAL | {"draft"} == set(STATUSES)


def test_every_choice_of_the_request_has_labels() -> None:
    for one in QUESTIONS.values():
        assert bool(one.options) == (one.kind in ("radios", "checkboxes", "select"))
        assert all(option[1].strip() for option in one.options)


def test_a_value_that_this_code_does_not_know_is_shown_as_it_is() -> None:
    assert vocabulary.label("setting", "center") == "Child care center"
    assert vocabulary.label("setting", "houseboat") == "houseboat"
    assert vocabulary.label("unheard_of", 3) == "3"


def test_a_request_reads_old_new_and_odd_answers() -> None:
    found = Request.from_answers(
        {
            "county": " fresno ",
            "age_bands": "infant",
            "focus": ["classroom", "classroom", None, 7],
            "children_enrolled": "12",
            "prior_contacts": "many",
            "zip": 93701,
            "setting": {"odd": True},
            "license_number": None,
            "a_field_of_the_future": ["x"],
        }
    )
    assert found.as_dict() == {
        "county": "fresno",
        "age_bands": ["infant"],
        "focus": ["classroom", "7"],
        "children_enrolled": 12,
        "zip": "93701",
    }
    assert Request.from_answers(found.as_dict()) == found


def test_an_empty_request_is_all_unknown() -> None:
    assert Request().as_dict() == {}
