"""What a renewal is: the case of a consultant whose agreement or credential ends."""

from __future__ import annotations

from typing import ClassVar, Final, cast

from chalicelib.domain.statuses import CHECKING, CLOSED, RECEIVED, in_stage
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Case, Changes, Entry, Payload

NAME: Final = "renewal"
HOLDER: Final = "renewing_consultant"
AGREEMENT, CREDENTIAL = "agreement", "credential"
ASKED, TO_CHECK = "renewal_asked", "renewal_to_check"
RENEWED, LEFT, LAPSED = "renewal_done", "renewal_not_wanted", "renewal_lapsed"


class RenewalChanges(Changes, total=False):
    """New values of its own fields too."""

    consultant: str | None
    what: str | None
    credential: str | None
    ends: int | None
    until: str | None


class RenewalPayload(Payload, total=False):
    """What an entry tells: which text was signed, by whom; where the new certificate is."""

    text: str
    signed_name: str
    evidence: str


class Renewal(Case):
    """The state. ``what`` ends at the instant ``ends``: the agreement of the ``consultant``, or their
    ``credential`` of that id. ``until``: the last day (ISO) of the new one that they sent."""

    case_type: ClassVar[str] = NAME
    stage: str = NAME
    status: str = ASKED
    consultant: str = ""
    what: str = AGREEMENT
    credential: str = ""
    ends: int = 0
    until: str = ""

    def in_role(self, role: str) -> str:
        """The consultant who is asked."""
        return self.consultant if role == "consultant" else ""


def told_in(entry: Entry) -> RenewalPayload:
    """What an entry tells."""
    return cast("RenewalPayload", entry.payload)


_status: Final = in_stage(NAME)


STATUSES: Final = {
    one.id: one
    for one in (
        _status(ASKED, "requested", RECEIVED, N_("Asked to renew it"), N_("Please renew it."), "consultant"),
        _status(TO_CHECK, "accepted", CHECKING, N_("A new certificate to check"),
                N_("We look at the certificate that you sent."), "coordinator"),
        _status(RENEWED, "completed", CLOSED, N_("Renewed"), N_("It is renewed."), "system"),
        _status(LEFT, "cancelled", CLOSED, N_("Not to be renewed"),
                N_("You told us that you do not want to renew it."), "system"),
        _status(LAPSED, "failed", CLOSED, N_("Not renewed in time"), N_("It has ended."), "system"),
    )
}  # fmt: skip
