"""The life of a call: at night, without a name; called back; and then a request with every answer kept."""

from __future__ import annotations

from typing import Final

from chalicelib.services.helpline.slots import HOURS
from infra.case import REQUEST, Case
from infra.player import PATIENCE, REFERENCE, Unexpected

NUMBER: Final = "209-555-0163"
# What the caller says on the phone, and what must stand in the request and on its timeline.
SAID: Final = {
    "talked": "phone",
    "county": "alameda",
    "language": "es",
    "role": "director",
    "setting": "center",
    "topic": "challenging_behavior",
    "topics": ["staff_stress_turnover"],
    "disposition": "converted_to_request",
    "unmet": ["sooner"],
    "unmet_note": "Demo: somebody this week",
}


def called_at_night(case: Case) -> None:
    """15: an anonymous call at night becomes a call back, then a request with every answer kept."""
    lead = case.staff("supervisor").open("/console/helpline/hours")
    monday = {f"h0_{hour}": "9" for hour in HOURS}
    lead.fill("#hours", monday | {"every_day": "yes"}).press()
    caller = case.person().open("/helpline")
    slot = caller.page.select_one('#call-back [name="slot"]')
    if slot is None:
        raise Unexpected(f"no hour is offered: {caller.text[:300]}")
    caller.fill("#call-back", {"slot": slot["value"], "phone": NUMBER, "language": "es"}).press()
    if caller.status >= 400 or "209-555" in caller.text:
        raise Unexpected(f"no call is promised: {caller.text[:300]}")
    case.say("somebody leaves a number, and no name")
    asked = case.box.wait(
        "the specialist is asked", PATIENCE, lambda m: "call back a caller" in m["subject"]
    )
    found = REFERENCE.search(asked["subject"])
    if found is None:
        raise Unexpected(asked["subject"])
    case.reference = call = found.group(0)
    case.n = 0
    case.task("called back, they talk", SAID)
    _becomes_request(case, call)


def _becomes_request(case: Case, call: str) -> None:
    """The specialist opens the request; what was said before stands in it."""
    staff = case.staff("specialist").open(f"/console/referrals/{call}")
    way = next(a["href"] for a in staff.page.select("a") if "/console/new?" in a["href"])
    staff.open(way)
    if NUMBER not in str(staff.page):
        raise Unexpected(f"the number is not carried over: {staff.text[:300]}")
    told = {"contact_name": "Demo Caller", "contact_email": "", "city": "Oakland", "zip": "94601"}
    known = {"county", "setting", "requester_role", "language", "concerns", "contact_phone"}
    more = {name: value for name, value in (REQUEST | told).items() if name not in known}
    staff.fill("#caller", {**more, "came_by": "phone"}).press()
    new = REFERENCE.search(str(staff.browser.url))
    if staff.status >= 400 or new is None:
        problems = staff.page.select(".errors") or [staff.page]
        raise Unexpected(f"no request: {problems[0].get_text(' ', strip=True)[:300]}")
    case.reference = new.group(0)
    page = staff.open(f"/console/referrals/{case.reference}").text
    for words in ("Demo: somebody this week", "Help sooner than we can", "Alameda"):
        if words not in page:
            raise Unexpected(f"an answer was lost: {words}")
    case.say("the request has every answer of the call")
