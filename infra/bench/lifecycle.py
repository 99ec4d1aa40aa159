"""Happy intensive lifecycles with six sessions, played through pages and letters, and measured.

One is quick: everybody answers at once, and a session is logged when it is over. One takes its weeks:
people answer when people do, and the scheduler looks whenever a wake-up comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.referral.machines import PARENT
from chalicelib.workflow.machines import stages
from infra.bench.capacity import Meter
from infra.bench.stack import BenchStack
from infra.case import Case
from infra.player import Person

SESSIONS = 6
DAY, HOUR = 86400, 3600
# How much of its time a task has waited when it is answered: these two are reminded once.
SLOW = {"agreement": 0.75, "summary": 0.75}
USUAL = 0.4
# The sessions whose entry waits for the evening's reminder.
EVENINGS = (3, 5)


@dataclass
class Life:
    """What one lifecycle used, from the sent request to closed; ``form_*`` is filling it in."""

    reference: str = ""
    written: float = 0
    read: float = 0
    form_written: float = 0
    form_read: float = 0
    pages: int = 0
    records: int = 0
    letters: list[str] = field(default_factory=list)
    units: dict[str, float] = field(default_factory=dict)
    transitions: int = 0
    calls: int = 0
    runs: int = 0
    events: int = 0


class CountedCase(Case):
    """A case that counts the requests of its people's browsers."""

    pages = 0

    def person(self) -> Person:
        """Somebody whose requests are counted."""
        found = super().person()

        def seen(answer: Any, *args: Any, **kwargs: Any) -> None:
            self.pages += 1

        found.browser.session.hooks["response"].append(seen)
        return found


def quick(stack: BenchStack) -> Life:
    """Everybody answers at once; the scheduler looks once, at the end. The days between sessions are
    skipped: a session that is logged before its day takes a planned one out of two calendars."""
    days = Days(stack)

    def session(case: Case, number: int) -> None:
        case.box.link(case.reference, case.n)
        stack.meter.quiet()
        stack.move_to(days.session(case.reference) + 2 * HOUR)

    return _play(stack, lambda case: None, session, 0)


def over_weeks(stack: BenchStack) -> Life:
    """People take their time."""
    days = Days(stack)

    def later(case: Case) -> None:
        row = days.row(case.reference)
        task = row["task"]["M"]
        kind = task["kind"]["S"]
        if kind == "service":  # has a rhythm of its own
            return
        opened, due = (int(task[name]["N"]) for name in ("opened", "due"))
        days.until(case.reference, opened + int((due - opened) * SLOW.get(kind, USUAL)))

    def session(case: Case, number: int) -> None:
        evening = 12 * HOUR if number in EVENINGS else 0
        days.until(case.reference, days.session(case.reference) + 2 * HOUR + evening)

    return _play(stack, later, session, 7)


def _play(
    stack: BenchStack,
    before_answering: Callable[[Case], None],
    before_session: Callable[[Case, int], None],
    ahead: int,
) -> Life:
    meter, life = stack.meter, Life()
    case = CountedCase("[bench]", stack.run["base_url"], stack.run["messages"], lambda line: None)
    case.clock = stack.now
    case.first_session_ahead = 2 * ahead or 1

    def before_sending() -> None:
        # As long as somebody takes to fill it in: who is faster is asked to look once more.
        stack.move_to(int(stack.now()) + 60)
        meter.quiet()
        life.form_written, life.form_read = meter.written, meter.read
        meter.reset()

    case.before_sending = before_sending
    case.before_opening = lambda link: before_answering(case)
    stack.silence()
    meter.reset()
    case.request()
    case.matched()
    case.in_service(SESSIONS)
    for number in range(1, SESSIONS + 1):
        before_session(case, number)
        case.session(number, last=number == SESSIONS)
    case.summed_up()
    case.box.about(case.reference, "your consultation is complete")
    Days(stack).until(case.reference, int(stack.now()) + 61)
    life.reference, life.pages = case.reference, case.pages
    # The survey is a run of its own: what it costs from here on is not counted.
    _read(meter, life)
    life.letters = [m.subject for m in stack.mails() if case.reference in m.subject]
    names = [f"{case.reference}-{stage}-1" for stage in (PARENT, *stages())]
    _count_runs(life, [history(stack, name) for name in names])
    return life


def _read(meter: Meter, life: Life) -> None:
    life.written, life.read = meter.written, meter.read
    life.units = dict(meter.units)
    life.records = meter.changes


class Days:
    """Lets time pass for one referral: each of its wake-ups in its own minute."""

    def __init__(self, stack: BenchStack) -> None:
        self.stack = stack

    def row(self, reference: str) -> dict[str, Any]:
        """The state row as it stands, read past the meter."""
        key = {"pk": {"S": f"R#{reference}"}, "sk": {"S": "REFERRAL"}}
        found = self.stack.client("dynamodb").get_item(
            TableName=self.stack.table, Key=key, ConsistentRead=True
        )
        row: dict[str, Any] = found["Item"]
        return row

    def session(self, reference: str) -> int:
        """When the next session is planned."""
        return int(self.row(reference)["sessions"]["M"]["next"]["N"])

    def until(self, reference: str, instant: int) -> None:
        """Move the clock to ``instant``; the scheduler looks at every wake-up on the way."""
        self.stack.meter.quiet()
        for _ in range(500):
            wake = int(self.row(reference).get("wake_at", {"N": str(2**40)})["N"])
            if wake > instant:
                break
            due = max(wake, int(self.stack.now()))
            self.stack.move_to(due + 60 - due % 60)  # it looks once a minute
            self.stack.tick()
            self.stack.meter.quiet()
        else:
            raise AssertionError(f"{reference} is woken without end")
        self.stack.move_to(instant)


def offer_round(stack: BenchStack) -> int:
    """State transitions that one declined offer adds."""
    counts: Counter[int] = Counter()
    for number, answers in enumerate(
        ((), ({"decision": "decline", "decline_reason": "no_time"}, {"decision": "accept"}))
    ):
        case = Case("[bench]", stack.run["base_url"], stack.run["messages"], lambda line: None)
        case.request()
        case.matched(*answers)
        case.next_is_asked()
        counts[number] = entered(history(stack, f"{case.reference}-match-1"))
    return counts[1] - counts[0]


def history(stack: BenchStack, name: str) -> list[dict[str, Any]]:
    """The events of a run by its name, from the engine; none of a stage that the life did not see."""
    machine = name.rsplit("-", 2)[1]
    arn = stack.run["machines"][machine].replace(":stateMachine:", ":execution:") + f":{name}"
    engine = stack.client("stepfunctions")
    pages = engine.get_paginator("get_execution_history").paginate(executionArn=arn)
    try:
        return [event for page in pages for event in page["events"]]
    except engine.exceptions.ExecutionDoesNotExist:
        return []


def entered(events: list[dict[str, Any]]) -> int:
    """State transitions of a run: every state that it entered."""
    return sum(event["type"].endswith("StateEntered") for event in events)


def called(events: list[dict[str, Any]]) -> int:
    """Lambda calls of a run; the start of another run is none."""
    asked = [one for one in events if one["type"] in ("LambdaFunctionScheduled", "TaskScheduled")]
    details = [one.get("taskScheduledEventDetails", {}) for one in asked]
    return sum(one.get("resourceType", "lambda") == "lambda" for one in details)


def _count_runs(life: Life, histories: list[list[dict[str, Any]]]) -> None:
    """What the runs of a life did, from their histories."""
    life.transitions = sum(map(entered, histories))
    life.calls = sum(map(called, histories))
    life.runs = sum(bool(events) for events in histories)
    life.events = sum(map(len, histories))
