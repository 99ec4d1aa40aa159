"""A run that stopped lands with a person: started again without harm, or left with a note."""

from __future__ import annotations

from chalicelib.directory import people
from chalicelib.workflow.effects import StopRun
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from tests.world import World


def test_the_coordinator_is_asked_by_mail(world: World) -> None:
    reference = world.triaged()
    assert world.step("ask_repair", reference) == "asked"
    world.relay()
    coordinator = people.staff_member(people.in_charge("coordinator", "los_angeles"))
    assert world.mails[-1].to == coordinator["email"]
    assert world.mails[-1].link


def test_a_restart_begins_the_next_generation_and_lets_the_old_run_end_by_itself(
    world: World,
) -> None:
    reference = world.triaged()
    world.step("ask_repair", reference, token="old")
    world.answer(reference, {"decision": "restart"})
    world.relay()
    state = world.state(reference)
    assert state.generation == 2
    assert state.task is None
    assert world.started[-1] == ("referral", reference, 2, state.stage)
    assert ("old", "restarted") in world.said
    stops = [e for entry in store.log(state) for e in entry.effects if isinstance(e, StopRun)]
    assert stops == []
    assert world.step("ask_offer", reference, generation=1) == "superseded"
    assert world.step("ask_offer", reference) == "asked"


def test_what_breaks_again_in_the_same_stage_asks_again(world: World) -> None:
    reference = world.triaged()
    world.step("ask_repair", reference)
    world.answer(reference, {"decision": "restart"})
    assert world.step("ask_repair", reference) == "asked"


def test_leaving_it_keeps_the_note_and_the_task(world: World) -> None:
    reference = world.triaged()
    world.step("ask_repair", reference)
    before = world.state(reference)
    world.answer(reference, {"decision": "leave", "note": "The table is being restored."})
    after = world.state(reference)
    assert after.task == before.task
    assert after.generation == before.generation
    entry = store.log(after)[-1]
    assert (entry.event, entry.payload["note"]) == ("repair_noted", "The table is being restored.")
    world.relay()
    assert world.said == [] or world.said[-1][1] != "noted"


def test_silence_asks_anew(world: World) -> None:
    reference = world.triaged()
    world.step("ask_repair", reference)
    state = world.state(reference)
    outcome = kind_of("repair").expire(state, world.at)
    assert (outcome.verdict, outcome.final) == ("expired", False)


def test_the_form_asks_for_a_note_only_when_it_is_left(world: World) -> None:
    from chalicelib.web.forms import clean

    form = kind_of("repair").page.form(world.state(world.triaged()))
    assert clean(form, {"decision": ["restart"]}, "en").ok
    assert set(clean(form, {"decision": ["leave"]}, "en").errors) == {"note"}
    assert set(clean(form, {}, "en").errors) == {"decision"}
