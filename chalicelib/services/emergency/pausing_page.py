"""The page on which staff see which ordinary requests of an emergency's area would pause, confirm it, and
see what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalice.app import Response

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.ids import is_reference
from chalicelib.services.emergency import pausing, rows
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import board

YES, NO = "yes", "no"
ASKED: Final = Form(
    radios(
        "decision",
        N_("Pause the reminders and deadlines of these requests?"),
        (YES, N_("Yes, pause all of them until the emergency is over")),
        (NO, N_("No, leave them as they are")),
    )
)
DID: Final = {
    "paused": N_("Paused"),
    "goes_on": N_("Goes on"),
    "left": N_("Left as it was: it changed meanwhile"),
    "failed": N_("Could not be written. Press again to try again."),
}


def pause(key: str) -> Response:
    """The requests that would pause, page by page, with how many there are; a press begins it."""
    one, at, who = emergencies.one_of(key), now(), current_staff()
    counties = pausing.counties_of(one, who.scope)

    def act(values: Values, command: str) -> str:
        if one.in_force(now()):
            total = len(pausing.affected(one, counties, now()).lines)
            pausing.begin(one, counties, total, who.actor, now())
        return f"/console/emergencies/{one.id}/pause"

    def facts() -> TemplateValues:
        return {"one": one, **_list(one, counties, at), **_done(one, at)}

    page = FormPage("emergency/pause.html", ASKED, once=True, facts=facts, draw=show)
    return page.answer(act, NO, f"/console/emergencies/{one.id}")


def _list(one: Emergency, counties: list[str], at: int) -> TemplateValues:
    """A page of those that would pause now, and how many of the others go on, and why."""
    found = pausing.affected(one, counties, at) if one.in_force(at) else pausing.Affected()
    typed = (current().query.get("from") or [""])[0]
    begin = int(typed) if typed.isdigit() and len(typed) < 7 else 0
    until = begin + board.PAGE
    link = f"/console/emergencies/{one.id}/pause"
    return {
        "requests": board.with_side_tasks(found.lines[begin:until]),
        "total": len(found.lines),
        "others": [(pausing.GOES_ON[why], n) for why, n in found.others.items()],
        "more": f"{link}?from={until}" if until < len(found.lines) else "",
        "first": link if begin else "",
        **board.words_of_lines(at, current().lang),
    }


def _done(one: Emergency, at: int) -> TemplateValues:
    """How far the pause has come that somebody asked for, and a page of what became of each case."""
    work = pausing.standing(one.id)
    if work is None:
        return {"work": None, "busy": False, "results": [], "results_more": ""}
    after = (current().query.get("results") or [""])[0]
    found = pausing.results(one.id, after if is_reference(after) else "")
    more, turns = "", pausing.turns(one) if work["doing"] == "resume" else None
    if found.next:
        last = str(found.rows[-1]["sk"]).removeprefix(rows.CASE)
        more = f"/console/emergencies/{one.id}/pause?results={last}"
    return {
        "work": work,
        "busy": "wake_at" in work and work["doing"] != "resume",
        "by": people.name_of(str(work["by"])),
        "results": [_result(row, at, turns) for row in found.rows],
        "results_more": more,
    }


def _result(row: Item, at: int, turns: Mapping[str, int] | None) -> Item:
    """What became of one, and when it goes on. ``turns``: of those that wait, once it was ended early; the
    day that their pauses would have ended says nothing then."""
    reference, did = str(row["sk"]).removeprefix(rows.CASE), str(row["did"])
    until = int(row.get("until", 0)) if turns is None else turns.get(reference, 0)
    goes_on = did == "paused" and turns is None and until <= at
    return {
        "reference": reference,
        "did": DID["goes_on" if goes_on else did],
        "until": until if did == "paused" else 0,
    }
