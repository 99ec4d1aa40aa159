"""What the tests' canaries are heard in, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.canary import sings

CANARIES = ("kanarienvogel", "90099", "2135550177")


@pytest.mark.parametrize(
    "text",
    [
        "of Kanarienvogel-site", "ZIP 90099.", '"zip":"90099"', r"Fresno\n90099", "%2C90099",
        "zip90099", "licensenumber90099", "90099-1234", "+12135550177", "tel:+12135550177",
        "2026-12-01 90099", "R#ABCD-EFGH-1 90099",
    ],
)  # fmt: skip
def test_a_canary_is_heard_in_whatever_it_is_written(text: str) -> None:
    assert sings(CANARIES, text)


@pytest.mark.parametrize(
    "text",
    [
        "0f90099a1b", "5d41402abc4b2a76b90099911017c592", "a90099cb-0000-4000-8000-000000000000",
        "2026-12-01T08:00:07.190099+00:00", "kr5t7mxq90099wz2ghj4n6v3ab", "1790099412",
    ],
)  # fmt: skip
def test_the_same_digits_in_a_random_id_or_a_clock_are_none(text: str) -> None:
    assert not sings(CANARIES, text)
