"""What single rooms let people do besides answering: taking back, pausing, flags; letters that bounce."""

from __future__ import annotations

from typing import Any

from chalice.test import Client

from chalicelib.mail import delivery_reports
from chalicelib.referral import pauses
from chalicelib.referral.model import Referral
from chalicelib.referral.safety.flag import flag
from chalicelib.web import links
from chalicelib.workflow import undo
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store
from infra.answers import day

from .acts import Scene, act
from .fault_injector import Killed
from .invariants import demand

PAGES: list[Client] = []
ASKED_FOR = ("paused_by_site", "site_asked")


@act(1.5, meanwhile=1)
def an_answer_is_taken_back(scene: Scene) -> None:
    state = scene.pick()
    if state is None or not state.tasks:
        return
    n = scene.rng.randint(max(1, state.tasks - 1), state.tasks)
    with scene.harness.injector.without_faults():
        ended = [e for e in store.log(state) if e.payload.get("task") == n]
    if ended:
        actor, at = ended[-1].actor, scene.harness.world.at
        scene.tell("take back", n, "by", actor)
        scene.person(lambda: undo.take_back(state.reference, n, actor, at))


@act(1, meanwhile=0.7)
def the_provider_pauses(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    scene.presses += 1
    at, command = scene.harness.world.at, f"pause:{scene.presses}"
    until = day(at, scene.rng.randint(2, 60))
    scene.tell("pause", until)

    def decide(fresh: Referral) -> Command | None:
        if not fresh.open or fresh.command == command:
            return None
        end = pauses.until_of(until, at)
        return pauses.paused(fresh, *ASKED_FOR, at, end, "provider", command)

    scene.person(lambda: store.change(state.reference, decide))


@act(0.7, meanwhile=0.5)
def the_provider_goes_on(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.pause is None:
        return
    scene.presses += 1
    at, command = scene.harness.world.at, f"resume:{scene.presses}"
    scene.tell("go on")

    def decide(fresh: Referral) -> Command | None:
        return pauses.resumed(fresh, at, "provider", command)

    scene.person(lambda: store.change(state.reference, decide))


@act(0.4, meanwhile=0.3)
def a_safety_concern_is_flagged(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    scene.presses += 1
    command, at = f"flag:{scene.presses}", scene.harness.world.at
    values = {"protocol": "self_harm", "completed": "no"}
    scene.tell("flag")
    scene.person(lambda: flag(state.reference, values, "consultant", command, at))


@act(1, meanwhile=0.7)
def ses_reports_on_a_letter(scene: Scene) -> None:
    """Arrived, came back for good or for now, or was complained about; in any order, and twice."""
    sent = [one for one in scene.harness.world.mails[-6:] if "v" in one.tags]
    if not sent:
        return
    letter = scene.rng.choice(sent)
    kind = scene.rng.choices(["Delivery", "Permanent", "Transient", "Complaint"], [6, 1, 1, 0.5])[0]
    event = "Bounce" if kind in ("Permanent", "Transient") else kind
    told: dict[str, Any] = {
        "eventType": event,
        "mail": {"tags": {k: [v] for k, v in letter.tags.items()}, "destination": [letter.to]},
    }
    if event == "Bounce":
        told["bounce"] = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": letter.to}]}
    if kind == "Delivery":  # at once, or after a delay
        told["delivery"] = {"processingTimeMillis": scene.rng.choice([900, 90_000])}
    scene.tell("report", kind, letter.to)
    for _ in range(scene.rng.choice([1, 1, 2])):
        scene.machine(lambda: delivery_reports.record(told))


@act(0.5)
def a_scanner_looks(scene: Scene) -> None:
    """A mail program opens a link, twice, before and after its person."""
    state = scene.pick()
    if state is None or state.task is None:
        return
    harness, task = scene.harness, state.task
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
        scene.tell("look", method, answer.status_code)
        good = answer.status_code in (200, 404, 410) or (
            harness.injector.injected and answer.status_code == 503
        )
        demand(
            good,
            "refuse-when-in-doubt",
            "a look at a link is answered",
            answer.status_code,
            harness.injector.injected,
        )
    alone = not any(fault.startswith("while") for fault, _ in harness.injector.injected)
    demand(
        harness.world.fake_table.writes == before or not alone,
        "looking-writes-nothing",
        "a look wrote something",
    )
