"""The life of a wildfire, from the press that declares it to the report."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from infra.answers import TRIAGED
from infra.case import Case, day
from infra.player import Unexpected
from infra.together import all_of
from infra.wildfire import roster
from infra.wildfire.aftermath import ended, reported, worked
from infra.wildfire.assignment import answered, assigned, left
from infra.wildfire.call_up import called_up, given_back
from infra.wildfire.deployed import served
from infra.wildfire.fire import REQUESTS, TOWNS, Asked, Fire

# Requests that are open already when it begins, and those of the emergency that are taken back.
ORDINARY, WITHDRAWN = 5, 3
NAME: Final = "Ridge Fire"


def wildfire(case: Case) -> None:
    """18: a wildfire in three counties: 200 requests, 40 consultants, called up, assigned, reported."""
    fire = Fire(case)
    fire.signed_in()
    fire.pages = roster.entered(fire.ada)
    fire.say(f"{len(roster.new())} consultants are entered as a table")
    before(fire)
    declared(fire)
    called_up(fire)
    requested(fire)
    given_back(fire)
    assigned(fire)
    answered(fire)
    left(fire)
    worked(fire)
    served(fire)
    ended(fire)
    reported(fire)
    slowest = sorted(fire.seconds.items(), key=lambda one: -one[1])
    fire.say("seconds of a press: " + ", ".join(f"{name} {took:.1f}" for name, took in slowest))


def before(fire: Fire) -> None:
    """Some ordinary requests of the area are open already."""
    places = [(county, *town) for county, town in TOWNS.items()] * 2

    def sends(one: tuple[str, str, str]) -> None:
        case = fire.person("before")
        county, city, code = one
        case.request(county=county, city=city, zip=code)
        case.box.link(case.reference, 1)
        fire.ordinary.append(case)

    all_of(sends, places[:ORDINARY])
    fire.say(f"{ORDINARY} ordinary requests are open in the area")


def declared(fire: Fire) -> None:
    """An admin declares it and pauses the ordinary requests; those that come are to be collected."""
    fire.ada.open("/console/emergencies")
    what = {
        "counties": list(TOWNS),
        "reason": "wildfire",
        "name": NAME,
        "until": day(20),
        "words_en": "Demo: help for programs near the Ridge Fire.",
        "words_es": "Demo: ayuda para los programas cerca del incendio Ridge.",
        "note": "Demo: the counties declared a local emergency today",
    }
    fire.press(fire.ada, "#declare", what, "declare")
    # What follows a "?" in the address tells the page that it was just sent.
    fire.path = urlsplit(str(fire.ada.browser.url)).path
    fire.cora.open(f"{fire.path}/assign")
    fire.press(fire.cora, "#assign", {"decision": "collect"}, "collect")
    fire.ada.open(f"{fire.path}/pause")
    if f"{ORDINARY} would pause" not in fire.ada.text:
        raise Unexpected(f"what would pause: {fire.ada.text[:400]}")
    fire.press(fire.ada, "#pause", {"decision": "yes"}, "pause")
    for one in fire.ordinary:
        one.box.about(one.reference, "Because of the emergency")
    fire.say(f"declared in {len(TOWNS)} counties; {ORDINARY} ordinary requests pause")


def requested(fire: Fire) -> None:
    """Everybody sends the short form, the specialist talks with each, and some take it back."""

    def sends(one: Asked) -> None:
        one.case.request(**one.answers)
        one.case.task("talked with", TRIAGED)

    all_of(sends, fire.asked)
    fire.say(f"{REQUESTS} requests sent, and a specialist talked with each")
    for one in fire.asked[:WITHDRAWN]:
        one.case.withdraw()
        one.done["withdrawn"] += 1
    incident = fire.path.rpartition("/")[2]
    page = fire.ada.open(f"/console?incident={incident}")
    if f"{REQUESTS - WITHDRAWN} in all" not in page.text:
        raise Unexpected(f"requests of the emergency: {page.text[:300]}")
    fire.say(f"{WITHDRAWN} of them taken back; the list shows the others")
