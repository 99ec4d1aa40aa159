"""What staff, and a provider on the status page, do in mid-case: hand on, leave, urgency, reopening."""

from __future__ import annotations

from typing import Any

from chalicelib.directory import people
from chalicelib.mail.resend import send_again
from chalicelib.referral.matching import consultant_leave, reassign
from chalicelib.referral.reopen import reopen
from chalicelib.referral.status.change import change
from chalicelib.referral.tiers import urgency
from chalicelib.referral.tiers.urgency import ORDER
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store

from .acts import Scene, act

STAFF = "staff:sam-lead"
DAY = 86400
# Answers that move the request to another county, language or way to meet, and those that do not.
ANSWERS: tuple[dict[str, Any], ...] = (
    {"site_name": "Other Place"},
    {"county": "fresno"},
    {"language": "hmn", "language_required": "yes"},
    {"modality": "virtual"},
    {"contact_email": "ana.new@example.org"},
    {"contact_email": "ana@example.org"},
    {"concerns": ["staff_stress_turnover"]},
)


@act(1, meanwhile=0.7)
def the_provider_changes_an_answer(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    scene.presses += 1
    values, command = scene.rng.choice(ANSWERS), f"am:{scene.presses}"
    scene.tell("amend", *values)
    scene.person(lambda: change(state.reference, values, command))


@act(1, meanwhile=0.7)
def staff_change_the_urgency(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    to = scene.rng.choice(ORDER)
    scene.tell("urgency", state.priority, to)
    why = "They told us more."
    scene.person(lambda: urgency.change(state.reference, to, "learned_in_call", why, STAFF))


@act(1, meanwhile=0.7)
def staff_hand_a_case_on(scene: Scene) -> None:
    state = scene.pick()
    if state is None or not state.consultant:
        return
    scene.presses += 1
    with scene.harness.injector.without_faults():
        others = [row["id"] for row in people.consultants() if row["id"] != state.consultant]
    new = scene.rng.choice(["", *others])
    old, command, at = state.consultant, f"h:{scene.presses}", scene.harness.world.at
    scene.tell("hand on", old, "to", new or "whoever is found")
    scene.person(
        lambda: reassign.hand_on(state.reference, old, new, "A note", "left", STAFF, command, at)
    )


@act(0.7, meanwhile=0.5)
def a_consultant_goes_away(scene: Scene) -> None:
    state = scene.pick()
    if state is None or not state.consultant:
        return
    who, at = state.consultant, scene.harness.world.at
    what = scene.rng.choice([consultant_leave.LEAVE, consultant_leave.LEFT])
    until = at + scene.rng.randint(2, 30) * DAY
    ways = [
        consultant_leave.LOOK,
        *([consultant_leave.KEEP, consultant_leave.HOLD] if what == consultant_leave.LEAVE else []),
    ]
    scene.tell(what, who)

    def press() -> None:
        cases = consultant_leave.work_of(who)
        chosen = {
            c.state.reference: scene.rng.choice([*ways, c.proposed or ways[0]]) for c in cases
        }
        consultant_leave.begin(who, what, at, until)
        results = consultant_leave.move_all(who, chosen, "A note", what, until, STAFF, at)
        if what == consultant_leave.LEFT and all(one.done for one in results):
            consultant_leave.finish(who)

    scene.person(press)


@act(0.5, meanwhile=0.5)
def a_consultant_comes_back(scene: Scene) -> None:
    with scene.harness.injector.without_faults():
        gone = [row["id"] for row in people.consultants() if row.get("on_leave_until")]
    if not gone:
        return
    who, at = scene.rng.choice(gone), scene.harness.world.at
    scene.tell("back", who)

    def press() -> None:
        people.set_fields(who, {"on_leave_from": None, "on_leave_until": None})
        consultant_leave.back(who, STAFF, at)

    scene.person(press)


@act(1.5, meanwhile=0.5)
def an_end_is_opened_again(scene: Scene) -> None:
    state = scene.pick()
    if state is None or state.closed is None:
        return
    scene.presses += 1
    command, at = f"o:{scene.presses}", scene.harness.world.at
    scene.tell("reopen", state.status)
    scene.person(lambda: reopen(state.reference, "new_concern", STAFF, command, at))


@act(1, meanwhile=0.5)
def a_letter_is_sent_again(scene: Scene) -> None:
    state = scene.pick()
    if state is None:
        return
    with scene.harness.injector.without_faults():
        letters = [
            (entry.version, number)
            for entry in store.log(state)
            for number, effect in enumerate(entry.effects)
            if isinstance(effect, SendLetter)
        ]
    if letters:
        scene.presses += 1
        (v, number), press = scene.rng.choice(letters), str(scene.presses)
        scene.tell("again", v, number)
        scene.person(lambda: send_again(state.reference, v, number, STAFF, press))
