"""The seat as a type of case: where it can stand, and what its letters speak of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.now import now
from chalicelib.services.communities import ends, groups, met, of_referral
from chalicelib.services.communities.machines import PARENT
from chalicelib.services.communities.model import PROVIDER, STAGE, Seat, told_in
from chalicelib.services.communities.pages.seat_page import address
from chalicelib.services.communities.season import members, plan
from chalicelib.services.communities.statuses import STATUSES
from chalicelib.services.communities.words import group_words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import Effect

# Loaded for the one letter that asks it.
SESSIONS: Final = "chalicelib.services.communities.information:fitting"


def letter_facts(state: Seat, entry: Entry, lang: str) -> TemplateValues:
    """The group that the entry is about, or that they have."""
    key = told_in(entry).get("group") or state.group

    def group() -> str:
        return group_words(groups.group(key)) if key else ""

    return {
        "group": group,
        "days": lambda: [one.at for one in plan.ahead(key, now())] if key else [],
        "why": lambda: groups.group(key).why.get(lang, "") if key else "",
        "seat_link": lambda: address(state.reference),
        "met": lambda: state.met,
        "completed": lambda: state.closure == "completed",
        "planned": lambda: bool(registry.load(SESSIONS)(state)),
    }


def tells(before: Seat, after: Seat, entry: Entry) -> Sequence[Effect]:
    """What leaves with an entry of a seat besides: to the request that it is part of, and to the lists of
    its group's meetings."""
    return [*entry.effects, *of_referral.tells(before, after), *members.tells(before, after)]


SEAT: Final = CaseType(
    name=Seat.case_type,
    model=Seat,
    parent=PARENT,
    applicant=PROVIDER,
    applicant_title=N_("Provider"),
    statuses=STATUSES,
    stages={STAGE: N_("Seat in a Community")},
    address_pause=("unreachable", "address_not_working"),
    call_task="tell_by_phone",
    paused_words={"away": N_("Waits until they are back")},
    at_the_end=ends.rows_at_the_end,
    undo_rows=ends.undo_rows,
    found_again=met.found_again,
    letter_facts=letter_facts,
    tells=tells,
    files="chalicelib.services.communities.season.members:files",
    letters_tell=frozenset({"group"}),
)
