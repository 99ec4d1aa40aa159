"""What trainees and their facilitator do between the sessions: coursework, meetings, a leave of absence, the end of
one who withdraws."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from infra.case import day
from infra.player import PATIENCE, READING, Person, TooLate, Unexpected, Values
from infra.together import until
from infra.training_program.practicum import PAGE, WORK
from infra.training_program.program import TRIES, Applicant, Program

RETURNED: Final = "Your coursework needs something more"
ON_LEAVE: Final = "You are on leave from the training program"
ENDS_SOON: Final = "Your leave from the training program ends soon"
LEFT: Final = "You left the training program"
ENROLLED: Final = "Enrolled"
LEAVE_DAYS: Final = 45
# Seconds until the next of the monthly meetings, at the pace of these months, and more where the machine is busy.
MONTH: Final = 240


def _first_work(program: Program) -> None:
    """Everybody sends in the first coursework; one is asked for more, and sends it once more."""
    first, again = WORK[0], program.trainees[1]
    for one in program.here:
        sends_work(program, one, first)
    records(program, again, lambda page: _more(page, first))
    program.letter(again.email, RETURNED)
    sends_work(program, again, first)
    for one in program.here:
        confirms_work(program, one, first)
    program.say("the first coursework is in order, one of them after something was missing")


def _more(page: Person, work: Values) -> Values:
    return {"decision": "return", "back": _item(page, "back", work), "why": "Demo: one page more"}


def _talks(program: Program) -> None:
    """The facilitator meets with each, and writes it down."""
    for one in program.here:
        records(program, one, {"decision": "talk", "day": day(), "minutes": "60"})
    program.say(f"the facilitator met with each of the {len(program.here)}")


def _leaves_for_a_while(program: Program) -> None:
    """One asks for a break on their own page, and a coordinator agrees."""
    one = program.away
    _wishes(program, one, "break")
    _decided(program, one, {"decision": "leave", "until": day(LEAVE_DAYS)})
    program.letter(one.email, ON_LEAVE)
    program.say("one is on leave")


def _withdraws(program: Program) -> None:
    """One wants to stop, and a coordinator writes it down."""
    one = program.gone
    _wishes(program, one, "stop")
    _decided(program, one, {"decision": "end", "why": "no_time"})
    program.letter(one.email, LEFT)
    program.here.remove(one)
    program.say("one leaves the program")


def _back(program: Program) -> None:
    """A leave ends by itself, and is told of before."""
    one = program.away
    program.letter(one.email, ENDS_SOON, seconds=MONTH)
    until("the leave is over", lambda: ENROLLED in program.cora.open(one.home).text, MONTH)
    program.say("who was on leave heard that it ends, and goes on")


def _last_work(program: Program) -> None:
    """The second coursework is sent in; it is looked at when the months are over."""
    for one in program.here:
        sends_work(program, one, WORK[1])
    program.say("the last coursework is sent in")


# What happens after which session.
MEANWHILE: Final = {
    1: _first_work,
    2: _talks,
    3: _leaves_for_a_while,
    5: _withdraws,
    6: _back,
    7: _talks,
    8: _last_work,
}


def sends_work(program: Program, one: Applicant, work: Values) -> None:
    """A trainee sends in coursework on their own page."""

    def said(page: Person) -> Values:
        where = "https://example.org/demo-work"
        return {"decision": "report", "item": _item(page, "item", work), "link": where}

    _says(program, one, said)


def confirms_work(program: Program, one: Applicant, work: Values) -> None:
    """The facilitator finds it in order."""
    records(program, one, lambda page: {"decision": "confirm", "item": _item(page, "item", work)})


def records(program: Program, one: Applicant, values: Values | Callable[[Person], Values]) -> None:
    """The facilitator records something of a trainee, on the page that their letter opens."""
    person = program.case.person()
    program.press(person, f"{program.desk}/{one.reference}", "#record", values, PATIENCE)


def _item(page: Person, name: str, work: Values) -> str:
    """A piece of coursework as a page offers it, in the language of its reader."""
    for one in page.page.select(f'[name="{name}"] option'):
        if one.get_text(strip=True) in work.values():
            return str(one["value"])
    raise Unexpected(f"{page.title}: does not ask for {work}")


def _wishes(program: Program, one: Applicant, wish: str) -> None:
    _says(program, one, {"decision": "change", "wish": wish})


def _says(program: Program, one: Applicant, values: Values | Callable[[Person], Values]) -> None:
    """A trainee says something on their own page, by the newest link to it: after a change there is another."""
    for _ in range(TRIES):
        try:
            return program.answers(
                one.email, program.newest(one.email, PAGE, "t"), values, one.lang
            )
        except TooLate:
            time.sleep(READING)
    raise TooLate(f"{one.name} has no page that asks")


def _decided(program: Program, one: Applicant, values: Values) -> None:
    """A coordinator decides on the trainee's page: what is asked by letter is asked again within seconds here."""
    program.press(program.cora, f"{one.home}/change", "#change", values, PATIENCE)
