"""The console's page of an assignment: what would be offered to whom, who stays without, and why."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.referral.matching.assignment import hold
from chalicelib.referral.matching.assignment.together import Together, offer, together
from chalicelib.referral.matching.reassign_page import name_of
from chalicelib.referral.model import Referral
from chalicelib.web.forms import Form, Option, Values, radios
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry

OFFER: Final = "offer"
COLLECT: Final = "collect"
RELEASE: Final = "release"
CHANGED: Final = N_("Something changed since this page was shown. Please look at it as it is now.")


def of_line() -> Response:
    """All who wait in the counties of whoever looks."""
    return _answer(None, "/console/assign")


def of_incident(key: str) -> Response:
    """Those who wait because of a declared emergency."""
    found = emergencies.one_of(key)
    return _answer(found, f"/console/emergencies/{found.id}/assign")


def _answer(incident: Emergency | None, path: str) -> Response:
    at, staff = now(), current_staff()

    def wanted(state: Referral) -> bool:
        of = incident is None or state.incident == incident.id
        return of and staff.scope.covers(state.county)

    unable = registry.cannot_help(incident.id) if incident is not None else frozenset()
    found = together(wanted, at, unable)
    page = _page(found, incident, path, at)

    def act(values: Values, command: str) -> str:
        choice = values.get("decision")
        if one(form(), "decision") == OFFER:
            pairs = found.still(one(form(), "seen"))
            if not pairs:
                raise Hindered(CHANGED)
            done = offer(found, pairs, staff.actor, at)
            logger().info("assigned together", extra={"offers": done, "actor": staff.actor})
            return f"{path}?done={done}"
        if incident is not None and choice == COLLECT:
            hold.collect(incident.id, staff.actor, at)
        elif incident is not None and choice == RELEASE:
            hold.release(incident.id)
        return path

    return page.answer(act)


def _page(found: Together, incident: Emergency | None, path: str, at: int) -> FormPage:
    held = incident is not None and incident.id in hold.held(at)
    choices: list[Option] = []
    if found.assignment.pairs:
        choices.append((OFFER, N_("Send these offers now")))
    if incident is not None and incident.in_force(at):
        choices.append(
            (RELEASE, N_("Offer new requests one by one again, as they come"))
            if held
            else (
                COLLECT,
                N_("Collect the requests of this emergency first"),
                N_(
                    "New ones wait in line until you send the offers for all of them from this page."
                ),
            )
        )
    asked = [radios("decision", N_("What should happen?"), *choices)] if choices else []

    def facts() -> TemplateValues:
        done = (current().query.get("done") or [""])[0]
        return {
            "found": found,
            "incident": incident,
            "action": path,
            "held": held,
            "done": int(done) if done.isdecimal() else None,
            "name_of": name_of,
            "counties": {key: one.name for key, one in vocabulary.COUNTIES.items()},
            "priorities": vocabulary.PRIORITIES,
        }

    return FormPage("matching/assignment.html", Form(*asked), once=True, facts=facts, draw=show)
