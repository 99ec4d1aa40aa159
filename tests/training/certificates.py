"""Certificates to look at."""

from __future__ import annotations

from typing import Any

from chalicelib.training.certificates import issuing, rows
from chalicelib.training.certificates.rows import Certificate

PROGRAM = "Consultant Training Program"
HOURS = (("Monthly sessions", "18"), ("Practicum with one family child care home", "9.5"))


def certificate(at: int, **more: Any) -> Certificate:
    """One that was issued."""
    told = {"name": "Rosa Nguyễn-Hernández", "on": "2026-09-30", "program": PROGRAM, "hours": HOURS,
            "email": "rosa@example.org", "language": "es", "cohort": "Demo cohort"}  # fmt: skip
    made = issuing.fresh(
        Certificate(id="", code="", at=0, issued_by="", **{**told, **more}), "staff:cora-match", at
    )
    rows.issue(made, at)
    return made


def revoked(at: int) -> Certificate:
    """One that counts no more."""
    made = certificate(at, name="Ned Demo", email="")
    assert rows.revoke(made, "mistake", "staff:cora-match", at)
    return rows.one_of(made.id)
