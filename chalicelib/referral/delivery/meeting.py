"""What a calendar says of a session, for each side."""

from __future__ import annotations

from typing import Final

from chalicelib.aws.settings import settings
from chalicelib.mail.calendar_file import Meeting
from chalicelib.referral.model import Referral
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.sessions import join as online
from chalicelib.web.languages import N_, translator
from chalicelib.workflow.effects import Appointment

TITLE: Final = N_("Consultation session")
PLACES: Final = {
    "onsite": N_("At your site"),
    "virtual": N_("Online"),
    "phone": N_("By phone"),
}
"""Where a session is, as the provider reads it."""
FOR_PROVIDER: Final = N_(
    "A session of your consultation with the California IECMHC Network. You cannot make it? Say so on "
    "your status page: %(link)s"
)
FOR_CONSULTANT: Final = N_(
    "A session of a consultation for the California IECMHC Network. How to reach the provider, and "
    "where to write the session down: %(link)s"
)


def meeting(state: Referral, to: str, when: Appointment, lang: str) -> Meeting:
    """The words for ``to``, as letters name people. Where care is given may be somebody's home: only
    the consultant's calendar has the place."""
    _ = translator(lang)
    consultant = to != "provider"
    link = f"{settings().base_url}/{'mine' if consultant else 'status'}"
    place = _(PLACES.get(when.mode, ""))
    join = online.address(state) if when.mode == online.ONLINE else ""
    if consultant and when.mode == "onsite":
        place = _site(state)
    text = FOR_CONSULTANT if consultant else FOR_PROVIDER
    return Meeting(_(TITLE), join or place, _(text, link=link), join or link)


def _site(state: Referral) -> str:
    """The place of a visit, as far as the request tells it."""
    request = answers(state.reference)
    return ", ".join(part for part in (request.site_name, request.city, request.zip) if part)
