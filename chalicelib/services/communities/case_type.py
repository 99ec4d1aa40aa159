"""The seat as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.services.communities import ends, groups, met, of_referral
from chalicelib.services.communities.machines import PARENT
from chalicelib.services.communities.model import PROVIDER, STAGE, Seat, told_in
from chalicelib.services.communities.pages.seat_page import address
from chalicelib.services.communities.statuses import STATUSES
from chalicelib.services.communities.words import group_words
from chalicelib.web.languages import N_, moment_words
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry


def letter_facts(state: Seat, entry: Entry, lang: str) -> TemplateValues:
    """The group that the entry is about, or that they have."""
    key = told_in(entry).get("group") or state.group

    def group() -> str:
        return group_words(groups.group(key)) if key else ""

    return {
        "group": group,
        "days": lambda: _days(key, lang),
        "join": lambda: groups.group(key).join if key else "",
        "seat_link": lambda: address(state.reference),
        "met": lambda: state.met,
        "completed": lambda: state.closure == "completed",
    }


def _days(key: str, lang: str) -> list[str]:
    """When the group meets from now on, in words."""
    at = now()
    return (
        [moment_words(one, lang) for one in groups.group(key).meetings if one > at] if key else []
    )


SEAT: Final = CaseType(
    name=Seat.case_type,
    model=Seat,
    parent=PARENT,
    applicant=PROVIDER,
    statuses=STATUSES,
    stages={STAGE: N_("Seat in a Community")},
    address_pause=("unreachable", "address_not_working"),
    paused_words={"away": N_("Waits until they are back")},
    at_the_end=ends.rows_at_the_end,
    undo_rows=ends.undo_rows,
    found_again=met.found_again,
    letter_facts=letter_facts,
    tells=of_referral.tells,
    letters_tell=frozenset({"group"}),
)
