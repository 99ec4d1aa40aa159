"""What consultants do, the end of the emergency, and the report, held against what was counted by hand."""

from __future__ import annotations

import csv
import io
import re
import time
from collections import Counter
from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import into_business_time
from infra.player import PATIENCE, Unexpected
from infra.together import all_of, until
from infra.wildfire import deployed
from infra.wildfire.call_up import PLACES
from infra.wildfire.deployed import SERVING
from infra.wildfire.fire import Asked, Fire

# How many are reached by their consultant; who of these meets one; and who is closed of those, after all
# of their sessions.
REACHED, MET, CLOSED, SESSIONS = 24, 4, 1, 4
MINUTES: Final = 60
GOES_ON: Final = "Goes on"
Lines = dict[tuple[str, str], tuple[str, str]]


def worked(fire: Fire) -> None:
    """Consultants reach providers and meet some of them."""

    def works(numbered: tuple[int, Asked]) -> None:
        number, one = numbered
        one.case.talked()
        one.done["reached"] += 1
        if number < MET:
            one.case.agreed()
            one.done["met"] += 1
            one.done["sessions"] += SESSIONS if number < CLOSED else 1
        if number < CLOSED:
            one.case.sessions(SESSIONS)
            one.case.summed_up()
            one.done["closed"] += 1
        elif number < MET:
            one.case.session(1)

    all_of(works, enumerate([one for one in fire.asked if one.consultant][:REACHED]))
    fire.say(f"{REACHED} were reached by their consultant, {MET} met one, {CLOSED} is closed")


def ended(fire: Fire) -> None:
    """It is ended early: who had a place is thanked, and what was paused goes on, one after the other."""
    fire.ada.open(fire.path)
    fire.press(fire.ada, "#end", {"note": "Demo: the fire is out, says the county"}, "end")
    at, seen = int(time.time()), set[int]()
    had = PLACES - SERVING
    until("who had a place is thanked", lambda: _thanked(fire) == had)
    deployed.finished(fire)
    turns = _turns(fire)
    if len(turns) != len(fire.ordinary) or "–" in turns.values():
        raise Unexpected(f"when the paused go on: {turns}")
    fire.say(f"ended: {had} are thanked, and the page says when the {len(turns)} paused go on")
    if into_business_time(at) == at:
        until("all go on", lambda: _went_on(fire, seen) == len(turns), 2 * PATIENCE)
        if len(seen) < 3:
            raise Unexpected(f"they did not go on one after the other: {seen}")
        fire.say("all of them went on, one after the other")


def _went_on(fire: Fire, seen: set[int]) -> int:
    """How many go on by now; each number that was ``seen`` is kept."""
    seen.add(list(_turns(fire).values()).count(GOES_ON))
    return max(seen)


def _thanked(fire: Fire) -> int:
    told = "The emergency is over: thank you for your help"
    return sum(told in mail["subject"] for mail in fire.box.all())


def _turns(fire: Fire) -> dict[str, str]:
    """What the page says of each request that was paused."""
    rows = fire.ada.open(f"{fire.path}/pause").page.select("main table tbody tr")
    cells = [[one.get_text(" ", strip=True) for one in row.select("th, td")] for row in rows]
    return {one[0]: one[2] if one[2] != "–" else one[1] for one in cells if len(one) == 3}


def reported(fire: Fire) -> None:
    """The report says what was done: as a page, as CSV and as PDF."""
    path = f"{fire.path}/report"
    wanted = counted(fire.asked) | deployed.counted(fire.served)
    until("the report", lambda: "Counted" in fire.ada.open(path).text)
    end = time.monotonic() + PATIENCE
    while wrong := _wrong(wanted, _saved(fire)):
        if time.monotonic() > end:
            raise Unexpected(f"the report differs from what was done: {wrong}")
        time.sleep(1)
    found = _saved(fire)
    page = fire.ada.open(path).page
    shown = [[one.get_text(" ", strip=True) for one in row.select("th, td")] for row in
             page.select("main table tbody tr")]  # fmt: skip
    if [[name, value] for (_, name), (value, _) in found.items()] != [row[:2] for row in shown]:
        raise Unexpected("the page and the CSV differ")
    text = _paper(fire)
    lines = (re.sub(r"\s", "", f"{name}{value}") for (_, name), (value, _) in found.items())
    if lacking := [line for line in lines if line not in text]:
        raise Unexpected(f"the PDF lacks {lacking}")
    fire.say(f"the report has {len(found)} figures: page, CSV and PDF agree with what was done")


def _saved(fire: Fire) -> Lines:
    """The CSV: part and figure -> for staff, and of how many it tells."""
    text = fire.ada.browser.session.get(f"{fire.case.base_url}{fire.path}/report/csv").text
    rows = list(csv.reader(io.StringIO(text)))[1:]
    return {(part, name): (value, of) for part, name, value, of, _ in rows}


def _paper(fire: Fire) -> str:
    """The words of the PDF without blanks and the figures for the public."""
    from pypdf import PdfReader

    answer = fire.ada.browser.session.get(f"{fire.case.base_url}{fire.path}/report/pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def counted(asked: list[Asked]) -> dict[tuple[str, str], str]:
    """What was done, by the lines of the report that must say it."""
    done = sum((one.done for one in asked), Counter[str]())
    open_ = len(asked) - done["withdrawn"] - done["closed"]
    found: dict[tuple[str, str], object] = {
        ("Requests", "In all"): len(asked),
        ("Requests", "Open"): open_,
        ("Support given", "Programs that met a consultant"): done["met"],
        ("Support given", "Meetings held"): done["sessions"],
        ("Support given", "Hours in meetings"): done["sessions"] * MINUTES // 60,
        ("How they ended", vocabulary.STATUSES["withdrawn"].label): done["withdrawn"],
        ("How they ended", vocabulary.STATUSES["closed"].label): done["closed"],
    }
    for heading, name, enumeration in (
        ("Requests by county", "county", "county"),
        ("Requests by kind of care", "setting", "setting"),
        ("Requests by language of letters", "letters_language", "letters_language"),
    ):
        for value, count in Counter(one.answers[name] for one in asked).items():
            found[heading, vocabulary.label(enumeration, value)] = count
    return {line: f"{value}" for line, value in found.items()}


def _wrong(wanted: dict[tuple[str, str], str], found: Lines) -> list[str]:
    return [
        f"{line}: {found.get(line)} for {value}"
        for line, value in wanted.items()
        if found.get(line, ("", ""))[0] != value
    ]
