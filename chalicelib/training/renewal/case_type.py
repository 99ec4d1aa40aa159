"""The renewal as a type of case, and what its letters speak of."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.now import now
from chalicelib.directory.holdings import Holding
from chalicelib.training.renewal import credentials, model
from chalicelib.training.renewal.model import HOLDER, NAME, STATUSES, Renewal
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Entry


def letter_facts(state: Renewal, entry: Entry, lang: str) -> TemplateValues:
    """What ends and when, whether it has, and the new end."""

    def title() -> str:
        if not state.credential:
            return ""
        return credentials.one_of(state.consultant, state.credential).title

    return {
        "of_agreement": state.what == model.AGREEMENT,
        "title": title,
        "ends": state.ends - 1,
        "has_ended": state.ends <= now(),
        "new_end": int(entry.payload.get("until", 0) or 1) - 1,
    }


RENEWAL: Final = CaseType(
    name=NAME,
    model=Renewal,
    parent=NAME,
    # Who is asked is a consultant of the directory; no case keeps how to reach them.
    applicant=HOLDER,
    statuses=STATUSES,
    stages={NAME: N_("Renewal"), "closed": N_("Closed")},
    address_pause=(model.ASKED, "address_not_working"),
    letter_facts=letter_facts,
    ways=lambda state: [(f"/console/consultants/{state.consultant}", N_("The consultant"))],
)
# Nobody else can renew what is theirs: it goes with them.
HELD: Final = Holding(
    what=N_("Renewals"), of=lambda who, at: (), case_types=frozenset({NAME}), own_way=True
)
