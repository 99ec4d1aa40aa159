"""What people do to a case of any type in a story, and how acts are registered."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, get_type_hints

from chalice.test import Client
from hypothesis import note

from chalicelib.aws.errors import AwsError
from chalicelib.console import take_over
from chalicelib.directory import mail_choices
from chalicelib.directory.mail_choices import Choices
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TryAgain
from chalicelib.mail import addressees
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.mail.resend import send_again
from chalicelib.web import links
from chalicelib.web.forms import Field, Form, clean
from chalicelib.web.staff_auth import Staff
from chalicelib.workflow import kinds, tasks, undo
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Case
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.storage import store
from infra.answers import day, example, time_of_answer
from tests.episode import cleaned

from .fault_injector import Killed
from .harness import FaultHarness
from .invariants import InvariantChecker, Violation, demand

# What a page answers with a page of its own: nothing of it is a 5xx but TryAgain's 503.
POLITE = (AlreadyDone, Invalid, NotFound, TryAgain, store.Refused)
STAFF = "staff:sam-lead"
Json = dict[str, Any]


@dataclass
class Scene:
    """What the acts of a story share. ``rng``: the choices of the act at hand."""

    harness: FaultHarness
    checker: InvariantChecker
    references: list[str]
    rng: random.Random = field(default_factory=random.Random)
    presses: int = 0
    sent: list[Callable[[], Any]] = field(default_factory=list)  # forms that were sent
    alone: tuple[str, ...] = ()  # acts that cannot run in the middle of the one at hand

    def tell(self, *words: object) -> None:
        """Say what happened: printed with a story that violates something."""
        note(" ".join(str(word) for word in words))

    def pick(self) -> Case:
        """A case of the story, as it stands."""
        with self.harness.injector.without_faults():
            return self.harness.world.state(self.rng.choice(self.references))

    def command(self, what: str) -> str:
        """The id of a press that nobody made before."""
        self.presses += 1
        return f"{what}:{self.presses}"

    def person(self, what: Callable[[], Any], *told: object) -> bool:
        """Somebody at a page. True when they were thanked, False when told why not, or cut off."""
        if told:
            self.tell(*told)
        try:
            with self.harness.at_work():
                what()
        except Killed:
            self.tell("  the page died")
            return False
        except POLITE as error:
            self.tell("  was told", type(error).__name__)
            return False
        except AwsError as error:
            raise Violation(f"refuse-when-in-doubt: a page would say 500: {error!r}") from error
        return True

    def sends(self, what: Callable[[], Any], *told: object) -> bool:
        """Somebody sends a form; a copy of it may come again, at any time."""
        self.sent.append(what)
        return self.person(what, *told)

    def machine(self, what: Callable[[], Any], *told: object) -> Any:
        """A function that no person waits for: it may fail when AWS failed it, never otherwise."""
        if told:
            self.tell(*told)
        before = len(self.harness.injector.injected)
        try:
            return self.harness.process(what)
        except (AwsError, TryAgain) as error:
            if len(self.harness.injector.injected) == before:
                raise
            self.tell("  failed:", type(error).__name__)
            return None

    def press(self, reference: str, n: int, values: Json, role: str, command: str = "") -> None:
        """Send a form; whoever was cut off often presses again."""
        command = command or self.command("press")

        def send() -> None:
            tasks.answer(reference, n, values, role, command, self.harness.world.at)

        for attempt in range(2):
            if self.sends(send):
                self.checker.heard.add((reference, command))
                return
            if attempt or self.rng.random() < 0.3:
                return


@dataclass(frozen=True)
class Act:
    """Something that happens in stories. ``weight``: how often; ``meanwhile``: whether it may in the
    middle of somebody else's call to AWS."""

    weight: float
    meanwhile: bool
    does: Callable[[Scene], None]


class Acts(dict[str, Act]):
    """Acts by their names. Called, it registers one that says how often it happens and, if it is
    done to a case, ``when`` it can be; that case is then given to it."""

    def __call__(
        self, weight: float, meanwhile: bool = False, when: Callable[[Any], object] | None = None
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        def keep(does: Callable[..., None]) -> Callable[..., None]:
            typed = get_type_hints(does).get("state")
            of = typed if isinstance(typed, type) else object

            @wraps(does)
            def to_a_case(scene: Scene) -> None:
                state = scene.pick()
                # Cases of other types stand in the same world: a trainee's beside their practicum.
                if when is not None and isinstance(state, of) and when(state):
                    does(scene, state)

            self[does.__name__] = Act(weight, meanwhile, does if when is None else to_a_case)
            return does

        return keep


act = Acts()


def anything(state: Case) -> bool:
    """Whatever the case is."""
    return True


def asked(state: Case) -> bool:
    """Somebody is asked."""
    return state.task is not None


# -- answers --------------------------------------------------------------------------------------
def any_answer(rng: random.Random, form: Form, at: int) -> Json | None:
    """A way to fill in a form that it takes, found by chance; None when this try was refused."""
    raw: dict[str, list[str]] = {}
    seen: Json = {}
    for one in form.fields:
        if one.when is not None and not one.when(seen):
            continue
        if not one.required and rng.random() < 0.5:
            seen[one.name] = None
            continue
        value = _value(rng, one, at)
        if value is None:
            return None
        raw[one.name] = value if isinstance(value, list) else [str(value)]
        seen[one.name] = value
    found = clean(form, raw, "en")
    return found.values if found.ok else None


def _value(rng: random.Random, one: Field, at: int) -> Any:
    options = [option[0] for option in one.options]
    match one.kind:
        case "radios" | "select":
            return rng.choice(options) if options else None
        case "checkboxes":
            open_to_others = [o for o in options if o not in one.exclusive]
            return rng.sample(open_to_others, rng.randint(1, min(2, len(open_to_others))))
        case "number":
            return rng.randint(int(one.minimum or 1), int(one.maximum or 12))
        case "date":
            return day(at, rng.choice([-1, 0, 3, 7]))
        case "time":
            return "10:00"
        case "email":
            return rng.choice(["ana@example.org", "ana.new@example.org"])
        case "tel":
            return "213-555-0142"
    return "Words that somebody typed"


def usual(state: Case, harness: FaultHarness) -> Json | None:
    """What is usually answered; an answer about an appointment waits for its day."""
    task, world = state.task, harness.world
    now = world.state(state.reference)
    if task is None or now.task is None or now.task.number != task.number:
        return None
    if not kinds.kind_of(task.kind).examples:
        return None
    then = time_of_answer(now, world.at)
    if then > world.at and (now.appointment is None or harness.injector.depth):
        return None  # nobody is paused until that day
    world.at = then
    found = cleaned(state, task.kind, example(now, then))
    return found.values if found.ok else None


def answer_of(scene: Scene, state: Case) -> Json | None:
    """An answer to the open task: the usual one more often than not."""
    with scene.harness.injector.without_faults():
        if scene.rng.random() < 0.6 and (values := usual(state, scene.harness)):
            return values
        assert state.task is not None
        form = kinds.kind_of(state.task.kind).page.form(state)
        return any_answer(scene.rng, form, scene.harness.world.at)


@act(10, meanwhile=True, when=asked)
def somebody_answers(scene: Scene, state: Case) -> None:
    answers(scene, state, 1, "answer")


@act(2, meanwhile=True, when=asked)
def two_hold_one_link(scene: Scene, state: Case) -> None:
    answers(scene, state, 2, "one of two answers")


def answers(scene: Scene, state: Case, times: int, told: str) -> None:
    """So many people send the open task's form, each their own."""
    task = state.task
    assert task is not None
    for _ in range(times):
        values = answer_of(scene, state)
        if values is not None:
            scene.tell(told, task.kind, values.get("decision", ""))
            scene.press(state.reference, task.number, values, task.role)


@act(2, when=asked)
def somebody_presses_twice(scene: Scene, state: Case) -> None:
    task, values = state.task, answer_of(scene, state)
    if task is None or values is None:
        return
    scene.tell("answer twice", task.kind)
    for _ in range(2):
        command = f"double:{task.number}:{state.version}"
        scene.press(state.reference, task.number, values, task.role, command)


@act(1, when=lambda state: state.tasks > 1)
def a_late_press(scene: Scene, state: Case) -> None:
    n = scene.rng.randint(1, state.tasks)
    scene.tell("late press on", n)
    if (state.task is None or state.task.number != n) and n not in state.side_tasks:
        scene.press(state.reference, n, {"decision": "accept"}, "somebody")


@act(2, meanwhile=True, when=lambda state: state.side_tasks)
def a_task_beside_is_answered(scene: Scene, state: Case) -> None:
    n = scene.rng.choice(state.side_tasks)
    with scene.harness.injector.without_faults():
        view = find(state, n)
        if view is None or view.task is None:
            return
        kind = kinds.kind_of(view.task.kind)
        values = any_answer(scene.rng, kind.page.form(view), scene.harness.world.at)
    if values is not None:
        scene.tell("beside", kind.name, values.get("decision", ""))
        scene.press(state.reference, n, values, kind.role)


# -- what else people do --------------------------------------------------------------------------
@act(1.5, meanwhile=True, when=lambda state: state.tasks)
def an_answer_is_taken_back(scene: Scene, state: Case) -> None:
    n = scene.rng.randint(max(1, state.tasks - 1), state.tasks)
    with scene.harness.injector.without_faults():
        ended = [e for e in store.log(state) if e.payload.get("task") == n]
    if ended:
        actor, command = ended[-1].actor, scene.command("back")
        scene.sends(
            lambda: undo.take_back(state.reference, n, actor, scene.harness.world.at, command),
            *("take back", n, "by", actor),
        )


@act(1, meanwhile=True, when=asked)
def a_fresh_link_is_asked_for(scene: Scene, state: Case) -> None:
    n, void = state.task.number if state.task else 0, scene.rng.random() < 0.5
    command = scene.command("fresh")
    scene.sends(
        lambda: send_fresh(state.reference, n, void_older=void, press=command), "fresh link", n
    )


@act(1, meanwhile=True, when=asked)
def a_colleague_takes_the_task(scene: Scene, state: Case) -> None:
    n, who = state.task.number if state.task else 0, Staff("sam-lead", "Sam", "supervisor", "")
    command = scene.command("take")
    scene.sends(lambda: take_over.take(state.reference, n, who, command), "take", n)


@act(1, meanwhile=True, when=anything)
def a_letter_is_sent_again(scene: Scene, state: Case) -> None:
    with scene.harness.injector.without_faults():
        letters = [
            (entry.version, number)
            for entry in store.log(state)
            for number, effect in enumerate(entry.effects)
            if isinstance(effect, SendLetter)
        ]
    if letters:
        (v, number), press = scene.rng.choice(letters), scene.command("again")
        scene.sends(
            lambda: send_again(state.reference, v, number, STAFF, press), "again", v, number
        )


@act(0.7, meanwhile=True, when=asked)
def whoever_is_asked_chooses_when_to_hear(scene: Scene, state: Case) -> None:
    assert state.task is not None
    to = recipient(state, state.task.role, state.task.assignee)
    with scene.harness.injector.without_faults():
        reader = mail_choices.mark_of(addressees.address(state, to)["email"])
    rng, at = scene.rng, scene.harness.world.at
    chosen = Choices(digest=rng.random() < 0.6, hours=rng.choice(["", *mail_choices.HOURS]))
    scene.person(lambda: mail_choices.keep(reader, chosen, at), "chooses", chosen)


@act(3, meanwhile=True)
def a_form_of_before_comes_again(scene: Scene) -> None:
    """A tab from long ago, a press of Back, a program: a form that was sent is sent once more."""
    if scene.sent:
        scene.person(scene.rng.choice(scene.sent), "a form of before comes again")


@act(0.5)
def another_case_comes(scene: Scene) -> None:
    if len(scene.references) < 3:
        scene.person(lambda: scene.harness.script.opens(scene.harness.world), "another case")
        with scene.harness.injector.without_faults():
            scene.references = scene.checker.references()


PAGES: list[Client] = []


@act(0.5, when=asked)
def a_scanner_looks(scene: Scene, state: Case) -> None:
    """A mail program opens a link, twice, before and after its person."""
    harness, task = scene.harness, state.task
    assert task is not None
    if not PAGES:
        from tests.web.conftest import the_app

        PAGES.append(Client(the_app()))
    with harness.injector.without_faults():
        link = links.mint(state.reference, task.number, task.link_number, task.expires)
    before = harness.world.fake_table.writes
    for method in ("HEAD", "GET"):
        try:
            with harness.at_work():
                answer = PAGES[0].http.request(method, f"/t/{link}", headers={}, body=b"")
        except Killed:
            return
        status, injected = answer.status_code, harness.injector.injected
        scene.tell("look", method, status)
        good = status in (200, 404, 410) or (injected and status == 503)
        demand(good, "refuse-when-in-doubt", "a look at a link is answered", status, injected)
    alone = not any(fault.startswith("while") for fault, _ in harness.injector.injected)
    unwritten = harness.world.fake_table.writes == before or not alone
    demand(unwritten, "looking-writes-nothing", "a look wrote something")
