"""The call-up: one press asks forty, more say yes than there are places, and one place is given back."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from infra.case import Case
from infra.player import PATIENCE, REFERENCE, Unexpected
from infra.together import all_of, until
from infra.wildfire import roster
from infra.wildfire.fire import Fire

PLACES: Final = 30
# Of those who are asked, the first say no, and the next do not answer.
NO, SILENT = 2, 2


def called_up(fire: Fire) -> None:
    """Ask all of them, and let them answer by their mailed links."""
    everybody = roster.everybody()
    page = fire.ada.open(f"{fire.path}/call-up")
    if f"{len(everybody)} would be asked" not in page.text:
        raise Unexpected(f"who would be asked: {page.text[:400]}")
    fire.press(page, "#call-up", {"places": str(PLACES), "note": "Demo: by phone"}, "call-up")
    called = [_letter(fire, row["id"], row["email"]) for row in everybody]
    said: Counter[str] = Counter()
    all_of(lambda one: said.update([_says(one, "no")]), called[:NO])
    all_of(lambda one: said.update([_says(one, "yes")]), called[NO + SILENT :])
    late = len(everybody) - NO - SILENT - PLACES
    if said != {"no": NO, "placed": PLACES, "late": late}:
        raise Unexpected(f"who has a place: {dict(said)}")
    taken(fire)
    fire.say(
        f"{len(everybody)} asked in one press for {PLACES} places: {dict(sorted(said.items()))}"
    )
    fire.questions = _questions(fire)
    _gives_back(fire)


def _letter(fire: Fire, name: str, email: str) -> Case:
    """The call-up of one of the roster, by their letter."""
    letter = fire.box.wait(
        f"{name} is called up", PATIENCE, lambda m: email in m["to"] and _asks(m["subject"])
    )
    found = REFERENCE.search(letter["subject"])
    return fire.person(name, found.group(0) if found else "")


def _asks(subject: str) -> bool:
    return "Can you help in an emergency?" in subject


def _says(one: Case, decision: str) -> str:
    """What came of somebody's answer."""
    link, to = one.box.link(one.reference, 1)
    with one.at_home(to) as person:
        person.open_task(link, one.code_for(to))
        if "decision" in person.names("#task"):
            person.fill("#task", {"decision": decision}).press()
    if "places are taken" in person.text:
        return "late"
    if person.status >= 400:
        raise Unexpected(f"{to}: {person.text[:200]}")
    return "no" if decision == "no" else "placed"


def taken(fire: Fire) -> None:
    """The page says that all places are taken."""
    words = f"{PLACES} of {PLACES} places are taken"
    until(words, lambda: words in fire.ada.open(f"{fire.path}/call-up").text)


def _gives_back(fire: Fire) -> None:
    letter = fire.box.wait("a place", PATIENCE, lambda m: "You have a place" in m["subject"])
    link = re.search(r"https?://\S*/t/[a-z0-9-]+", letter["text"])
    giver, fire.gave_back = fire.person("gives back"), str(letter["to"][0])
    with giver.at_home(fire.gave_back) as person:
        person.answer(link.group(0) if link else "", {"decision": "give_back"})


def given_back(fire: Fire) -> None:
    """The place that was given back goes to one of those who came too late."""
    until("somebody is asked again", lambda: bool(_questions(fire) - fire.questions))
    reference, number = min(_questions(fire) - fire.questions)
    late = fire.person("asked again", reference)
    late.n = number - 1
    late.task("takes the place that was given back", {"decision": "yes"})
    taken(fire)
    fire.say("a place was given back, and taken by one who came too late")


def _questions(fire: Fire) -> set[tuple[str, int]]:
    """Reference and number of every question whether somebody helps, by the letters."""
    found = set()
    for mail in fire.box.all():
        link = re.search(r"/t/[a-z0-9]+-([0-9]+)-", mail["text"])
        about = REFERENCE.search(mail["subject"])
        if link and about and _asks(mail["subject"]):
            found.add((about.group(0), int(link[1])))
    return found
