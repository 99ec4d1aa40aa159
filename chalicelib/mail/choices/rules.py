"""When a letter may leave, by what its reader chose: the rule alone, without a clock and without the table."""

from __future__ import annotations

from chalicelib.directory.mail_choices import BUSINESS_DAYS, BY_DAY


def usual_hours(*, works_here: bool) -> str:
    """When messages come to who chose nothing: to those who work here, when they work."""
    return BUSINESS_DAYS if works_here else BY_DAY
