"""A request that looks like one that is open already: said and asked, never dropped."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.referral.rows.sites import Same
from chalicelib.web.forms import Form, blank, clean, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect, render

SAME, OTHER = "same", "other"
HOUR, PER_ADDRESS, PER_SOURCE = 3600, 5, 30  # agencies send for many from one network
# In an emergency hundreds are behind one address: a shelter's network, or a phone company's.
PER_SOURCE_IN_EMERGENCY = 500
MOST = 3
SAME_BY = {
    "license": N_("with the same license number"),
    "email": N_("with the same email address"),
    "phone": N_("with the same phone number"),
}
TOO_MANY = N_(
    "Many requests came from here in the last hour. Your answers are saved. To send them now, choose "
    "“Save and come back later”, have the link mailed to you, and open it from the mail. Or try again "
    "in an hour, or call the helpline."
)

ASK = Form(
    radios(
        "twin",
        N_("Is this the same request?"),
        (SAME, N_("Yes, it is the same. Do not send it again.")),
        (OTHER, N_("No, it is about something else. Send this one too.")),
    )
)


def too_many(before: list[Same], source: str, at: int, incident: str = "") -> bool:
    """Whether this network has sent too many within the hour, in all or for one program with this
    address; those of an emergency (``incident``) are counted apart. What came from elsewhere with the same
    address does not count: its owner may be here."""
    mine = (one for one in before if one.by != "license" and one.same_site is not False)
    lately = sum(one.at > at - HOUR for one in mine)
    kind, most = "request-source", PER_SOURCE
    if incident:
        kind, most = "emergency-source", PER_SOURCE_IN_EMERGENCY
    if not rate_limits.allow(kind, source, most, HOUR, at):
        return True
    return lately >= PER_ADDRESS and rate_limits.used(kind, source, at) > PER_ADDRESS


def ask(found: list[Same], nonce: str, *, theirs: bool) -> Response | None:
    """The page that asks, and says which; None when it is to be sent all the same.

    Only who shows that the address is ``theirs`` is told the number of a request that came with it: an
    address is quickly typed, and a license number is public.
    """
    own = [one.reference for one in found if theirs and one.by == "email"]
    shown = "twin" in form() or "_twins" in form()
    cleaned = clean(ASK, form(), current().lang) if shown else blank(ASK)
    said = cleaned.values.get("twin") if cleaned.ok else None
    if said == OTHER:
        return None
    if said == SAME and own:
        return redirect(f"/status?reference={own[0]}")
    return render(
        "intake/twin.html",
        cleaned.status,
        own=own,
        found=found[:MOST],
        same_by=SAME_BY,
        form=None if said == SAME else ASK,
        cleaned=cleaned,
        nonce=nonce,
    )
