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


def too_many(before: list[Same], source: str, at: int) -> bool:
    """Whether this network has sent too many within the hour, in all or with this address. What came
    from elsewhere with the same address does not count: its owner may be here."""
    lately = sum(one.by == "email" and one.at > at - HOUR for one in before)
    if not rate_limits.allow("request-source", source, PER_SOURCE, HOUR, at):
        return True
    return lately >= PER_ADDRESS and rate_limits.used("request-source", source, at) > PER_ADDRESS


def ask(found: list[Same], nonce: str) -> Response | None:
    """The page that asks, or where "the same" leads; None when it is to be sent all the same.

    Only who typed the address or the number of the other request is told its reference: a license
    number is public.
    """
    own = [one.reference for one in found if one.by != "license"]
    shown = "twin" in form() or "_twins" in form()
    cleaned = clean(ASK, form(), current().lang) if shown else blank(ASK)
    if cleaned.ok and cleaned.values.get("twin") == OTHER:
        return None
    if cleaned.ok and cleaned.values.get("twin") == SAME:
        if own:
            return redirect(f"/status?reference={own[0]}")
        return render("intake/twin.html", own=own, form=None, cleaned=cleaned, nonce=nonce)
    return render(
        "intake/twin.html", cleaned.status, own=own, form=ASK, cleaned=cleaned, nonce=nonce
    )
