"""The nine months: sessions and small groups whose hosts say by link who came, and what has to be made up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from infra.case import DOMAIN, day
from infra.player import Person
from infra.training_program.applying import FACILITATOR
from infra.training_program.meanwhile import MEANWHILE, MONTH
from infra.training_program.practicum import NEEDED
from infra.training_program.program import COHORT, Program, fine, link

MONTHS: Final = int(NEEDED["sessions"])
# Days from now until the first of the monthly meetings of each, and who leads them: their letters are in English.
FIRST, LATER = 12, 18
BLUE, GREEN = "Demo blue", "Demo green"
LEADS: Final = {
    COHORT: FACILITATOR,
    BLUE: "consultant:alma-reyes",
    GREEN: "consultant:ben-okafor",
}
CAME: Final = "Who came?"
DESK: Final = "Your trainees: meetings and coursework"


def scheduled(program: Program) -> None:
    """Staff enter nine sessions and two small groups, and say who learns in which and with whom."""
    meets = {
        "repeat": "monthly",
        "times": str(MONTHS),
        "on_holiday": "next",
        "time": "17:30",
        "minutes": "90",
        "language": "en",
        "join": "https://meet.example.org/demo-cohort",
    }
    first = {"first": day(FIRST), "host": LEADS[COHORT]}
    program.press(program.cora, f"{program.cohort}/sessions", "#sessions", meets | first)
    for name in (BLUE, GREEN):
        first = {"name": name, "first": day(LATER), "facilitator": LEADS[name]}
        program.press(program.cora, f"{program.cohort}/groups", "#group", meets | first)
    for number, one in enumerate(program.trainees):
        name = BLUE if number % 2 else GREEN
        cora = program.cora.open(f"{one.home}/place")
        group = next(
            o["value"] for o in cora.page.select('[name="group"] option') if name in o.get_text()
        )
        cora.fill("#place", {"facilitator": FACILITATOR, "group": group}).press()
        fine(cora, "no small group")
    program.desk = link(program.letter(_address(FACILITATOR), DESK), "training-desk")
    program.say(
        f"{MONTHS} sessions and two small groups are entered, and each trainee has a facilitator"
    )


def learned(program: Program) -> None:
    """The months go by, and those who lead the meetings say who came."""
    with ThreadPoolExecutor(len(LEADS)) as pool:
        groups = [pool.submit(_groups, program, name) for name in (BLUE, GREEN)]
        for month in range(1, MONTHS + 1):
            # Somebody misses the second session.
            missing = program.trainees[0].name if month == 2 else ""
            _came(program, COHORT, missing)
            program.say(f"session {month} of {MONTHS}, and who came is said by link")
            MEANWHILE.get(month, _nothing)(program)
        for one in groups:
            one.result()
    made_up = sum(_makes_up(program, address) for address in program.held)
    program.say(f"{made_up} meetings that somebody missed are made up")


def _nothing(program: Program) -> None:
    """A quiet month."""


def _groups(program: Program, name: str) -> None:
    for _ in range(MONTHS):
        _came(program, name)


def _came(program: Program, name: str, missing: str = "") -> None:
    """The host of a meeting says by link who came: everybody on the list but who is ``missing``."""
    letter = program.letter(_address(LEADS[name]), CAME, "meeting/host", name, MONTH)
    address = link(letter, "meeting/host")
    host = _list(program, address)
    came = [
        key for key, label in _people(host, "came").items() if missing not in label or not missing
    ]
    host.fill("#came", {"came": came}).press()
    fine(host, f"who came to {name}")
    program.held.append(address)


def _list(program: Program, address: str) -> Person:
    """The list of a meeting, opened by its host."""
    host = program.case.person().open(address)
    return host.fill("main form", {}).press()


def _people(host: Person, name: str) -> dict[str, str]:
    """Who is asked about on the list: key -> how they are called there."""
    found = host.page.select(f'[name="{name}"]')
    return {one["value"]: one.find_parent().get_text(" ", strip=True) for one in found}


def _makes_up(program: Program, address: str) -> int:
    """Whoever is on the list of a meeting and did not come has made it up since; how many those were."""
    host = _list(program, address)
    came = {one["value"] for one in host.page.select('[name="came"]') if one.has_attr("checked")}
    made_up = [key for key in _people(host, "made_up") if key not in came]
    if made_up:
        host.fill("#came", {"made_up": made_up}).press()
        fine(host, "what was made up")
    return len(made_up)


def _address(who: str) -> str:
    return f"{who.partition(':')[2]}@{DOMAIN}"
