"""The assignment of all who wait at once; and two consultants who leave, whose cases somebody else gets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.answers import ACCEPTED, DECLINED
from infra.case import day
from infra.player import PATIENCE, Unexpected
from infra.together import all_of, until
from infra.wildfire import roster
from infra.wildfire.call_up import NO
from infra.wildfire.fire import Asked, Fire

DECLINE: Final = 8
NOBODY: Final = "Does not travel to this county."


def assigned(fire: Fire) -> None:
    """What would be offered is looked at first, and then exactly that is offered."""
    alone = sum(one.alone for one in fire.waiting)
    wanted = (len(fire.waiting) - alone, alone)
    until(f"{wanted} in line", lambda: _counts(fire) == wanted)
    shown, sent = _pairs(fire), 0
    if len(shown) != wanted[0]:
        raise Unexpected(f"{len(shown)} pairs where {wanted[0]} can be served")
    while sent < wanted[0]:
        fire.press(fire.cora, "#assign", {"decision": "offer"}, "assignment")
        told = re.search(r"Offers sent: ([0-9]+)", fire.cora.text)
        if told is None or told[1] == "0":
            raise Unexpected(f"nothing was offered: {fire.cora.text[:300]}")
        sent += int(told[1])
    for one in fire.waiting:
        one.consultant = shown.get(one.case.reference, "")
    most = Counter(one.consultant for one in fire.asked if one.consultant).most_common(1)
    if most[0][1] > roster.PLACES:
        raise Unexpected(f"one consultant has more than {roster.PLACES}: {most}")
    fire.say(f"{sent} offers sent together; {alone} wait on, and why is said")


def _counts(fire: Fire) -> tuple[int, int]:
    """How many would be offered, and how many would wait on."""
    facts = fire.cora.open(f"{fire.path}/assign").page.select("dl.facts dd")
    return int(facts[0].get_text()), int(facts[1].get_text())


def _pairs(fire: Fire) -> dict[str, str]:
    """Who would be offered whom: reference -> address."""
    found = {}
    for row in fire.cora.page.select("main table tbody tr"):
        told = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        if len(told) == 6:
            found[told[0]] = told[3].lower().replace(" ", "-") + "@example.org"
        elif NOBODY not in told[3]:
            raise Unexpected(f"why {told[0]} waits: {told[3]}")
    return found


def answered(fire: Fire) -> None:
    """Whoever was offered answers by the mailed link; what they decline is offered to others."""
    offered = [one for one in fire.asked if one.consultant]
    all_of(lambda one: _answers(one, DECLINED), offered[:DECLINE])
    all_of(_answers, offered[DECLINE:])
    first = {one.case.reference: one.consultant for one in offered[:DECLINE]}
    for one in offered[:DECLINE]:
        one.consultant = ""
    assigned(fire)
    all_of(_answers, offered[:DECLINE])
    if any(first.get(one.case.reference) == one.consultant for one in offered):
        raise Unexpected("somebody was offered again what they declined")
    fire.say(f"{len(offered)} have a consultant, {DECLINE} of them the second who was asked")


def _answers(one: Asked, values: dict[str, Any] = ACCEPTED) -> None:
    _mailed(one, lambda to: to == one.consultant)
    one.case.task(f"offer: {values['decision']}", values)


def left(fire: Fire) -> None:
    """One ends: their cases go to who is proposed. One is on leave: theirs are offered anew."""
    load = Counter(one.consultant for one in fire.asked if one.consultant)
    # Who said no to the call-up has nothing else to hand over before they are let go.
    free = {row["email"] for row in roster.everybody()[:NO]}
    ends = max(free, key=lambda one: load[one])
    leaves = next(one for one, _ in load.most_common() if one not in free)
    fire.gone = {ends, leaves}
    moved = _goes(fire, ends, {"what": "left"}, look=False)
    for one in moved:
        one.consultant = _mailed(one, lambda to: to != ends)
    again = _goes(fire, leaves, {"what": "leave", "leave_from": day(), "leave_until": day(30)})
    for one in again:
        one.consultant = ""
    assigned(fire)
    all_of(_answers, again)
    if gone := fire.gone & {one.consultant for one in [*moved, *again]}:
        raise Unexpected(f"cases are with who left: {gone}")
    fire.say(f"two consultants left; somebody else has their {len(moved) + len(again)} cases")


def _goes(fire: Fire, who: str, values: dict[str, Any], *, look: bool = True) -> list[Asked]:
    """A consultant goes. For each of their cases somebody is looked for, or it goes to the first of
    those who are proposed."""
    page = fire.cora.open(fire.pages[who])
    for choice in page.page.select("#away select"):
        options = [one["value"] for one in choice.select("option") if one["value"]]
        values[choice["name"]] = "look" if look else options[0]
    fire.press(page, "#away", values | {"note": "Demo: the fire took the house"}, "a leave")
    if "Not done" in page.text:
        raise Unexpected(f"not moved: {page.text[:400]}")
    theirs = [one for one in fire.asked if one.consultant == who]
    for one in theirs:
        one.case.handed_on()
    return theirs


def _mailed(one: Asked, right: Callable[[str], bool]) -> str:
    """Wait until somebody who is the right one was mailed a later task of a case; their address."""
    link = re.compile(rf"/t/{one.case.reference.replace('-', '').lower()}-([0-9]+)-")

    def later(mail: Mapping[str, Any]) -> bool:
        found = link.search(mail["text"]) if right(mail["to"][0]) else None
        return found is not None and int(found[1]) > one.case.n

    what = f"the next task of {one.case.reference}, with {one.consultant or 'nobody'}"
    letter = one.case.box.wait(what, PATIENCE, later)
    found = link.search(letter["text"])
    one.case.n = int(found[1]) - 1 if found else one.case.n
    return str(letter["to"][0])
