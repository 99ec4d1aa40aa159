"""A referral whose run does not fit its table: look closely, repair it, or hand it to a person.

A healthy run between two states must not be restarted: a finding counts only when the newest entry,
the run's end and its wait are all older than ``quiet`` seconds, and the repair is refused when
anything was written since the look.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.aws import stepfunctions
from chalicelib.aws.log import logger
from chalicelib.aws.now import scaled
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.workflow.attention import ATTENTION, open_attention_task
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import AUTOMATIC, Case, Changes, Command, Entry
from chalicelib.workflow.effects import Effect, StopRun
from chalicelib.workflow.events import RECONCILED
from chalicelib.workflow.kinds import kind_of, letter_of
from chalicelib.workflow.machines import stages
from chalicelib.workflow.reconciler import lost_tasks
from chalicelib.workflow.reconciler.compare import Run, Suspect, asks_for_repair, stray
from chalicelib.workflow.reconciler.findings import Finding, Repair
from chalicelib.workflow.reconciler.restarts import machine_of, restart_changes
from chalicelib.workflow.side_tasks import void
from chalicelib.workflow.storage import side_task_rows, store, task_tokens

# Seconds for which a referral may be on its way from one state to the next, and within which a whole
# run notices that the run of its stage was stopped.
QUIET, NOTICED = 120, 20
# The engine's word for a run that was ended from outside.
STOPPED = "ABORTED"
# The finding that is none yet: it changed so shortly before that nothing can be said.
YOUNG = "young"
# Runs within a day that broke before they waited for anybody, after which a person is asked instead.
ENOUGH = 3
DAY = 86400
# What people are told of: the run knew more than the table, so some answers may be gone.
AHEAD = ("other_token", "newer_run")


def look_closer(case: Suspect, at: int, quiet: int = QUIET, reason: str = "") -> Finding | None:
    """Examine one case and repair what is wrong. Returns {reference, finding, repair} or None; the
    finding ``YOUNG`` when it is too early to tell, and nothing was done."""
    try:
        state = store.load(case.reference, consistent=True)
    except NotFound:
        return _unknown(case, at, quiet)
    if numbers := lost_tasks.lost(state):
        return _noted(state, lost_tasks.FINDING, _ask_again(state, numbers[0], at))
    strays = _still_stray(state, case.strays, at, quiet)
    finding = finding_of(state, at, quiet)
    if any(run.generation > state.generation for run in strays):
        finding = "newer_run"
    if finding == YOUNG:
        return {"reference": state.reference, "finding": YOUNG, "repair": ""}
    if finding:
        return _noted(state, finding, repair(state, finding, at, strays, reason))
    if strays:
        return _noted(state, "old_run", _stop(state, strays, at))
    return None


def finding_of(state: Case, at: int, quiet: int = QUIET) -> str:
    """What is wrong with the referral's run, as the engine describes it now; "" for nothing, ``YOUNG``
    when it is too early to tell."""
    whole = machine_of(state)
    if whole is None:
        return ""
    waiting = whole
    name = stepfunctions.run_name(state.reference, whole, state.generation)
    run = stepfunctions.describe(whole, name)
    lacks = "no_run" if state.task is None else "task_without_run"
    if run is not None and run["status"] == STOPPED:
        return lacks  # from outside: nothing is on its way that would bring it back
    if at - newest(state) <= quiet:
        return YOUNG
    if not _lives(run):
        return lacks if _settled(run, at, quiet) else YOUNG
    if whole == parent_of(state) and state.stage in stages() and not asks_for_repair(state):
        waiting, name = (
            state.stage,
            stepfunctions.run_name(state.reference, state.stage, state.generation),
        )
        stage = stepfunctions.describe(waiting, name)
        if not _lives(stage):
            # Some engines leave the parent waiting for a stage that was stopped.
            quiet = min(quiet, NOTICED) if stage and stage["status"] == STOPPED else quiet
            return "stage_ended" if _settled(stage, at, quiet) else YOUNG
    return _finding_of_wait(state, waiting, name, at, quiet)


def _finding_of_wait(state: Case, machine: str, name: str, at: int, quiet: int) -> str:
    """What is wrong with what a living run waits for."""
    wait = stepfunctions.waits(machine, name)
    if wait is None:
        return ""
    if at - wait.since <= quiet:
        return YOUNG if _unfit(state, wait) else ""
    return _unfit(state, wait)


def _unfit(state: Case, wait: stepfunctions.Wait) -> str:
    """What is wrong with a wait, in a run that is not on its way to another."""
    if state.task is None:
        return "unheard"
    if not state.task.token:
        return "no_token"
    waits_for = task_tokens.fingerprint(wait.token)
    return "other_token" if waits_for not in ("", state.task.token) else ""


def newest(state: Case) -> int:
    """When the newest entry of a referral was written (UTC seconds)."""
    tail = store.pending_entry(state)
    if tail is not None:
        return tail.at
    entries = store.log(state)
    return entries[-1].at if entries else state.submitted


def _lives(run: Json | None) -> bool:
    return run is not None and run["status"] == "RUNNING"


def _settled(run: Json | None, at: int, quiet: int) -> bool:
    """True when a run has ended long enough ago, or never was."""
    return run is None or at - stepfunctions.seconds(run.get("stopDate")) > quiet


def _still_stray(state: Case, found: Sequence[Run], at: int, quiet: int) -> list[Run]:
    """Of the stray runs those that are stray by the freshest state, and no newcomers."""
    if at - newest(state) <= quiet:
        return []
    return [run for run in found if stray(state, run) and at - run.started > quiet]


def _unknown(case: Suspect, at: int, quiet: int) -> Finding | None:
    """Runs of a referral that the table does not have (it was restored to before): they end."""
    old = [run for run in case.strays if at - run.started > quiet]
    for run in parents_first(old):
        stepfunctions.stop(run.machine, run.name, "the table has no such referral")
    if not old:
        return None
    return {"reference": case.reference, "finding": "no_referral", "repair": "stopped"}


def parents_first(found: Sequence[Run]) -> list[Run]:
    """The parents first, or they would hear of their stage's end."""
    return sorted(found, key=lambda run: run.machine in stages())


def repair(
    state: Case, finding: str, at: int, strays: Sequence[Run] = (), reason: str = ""
) -> Repair:
    """Start the run again, or ask a person after too many times. Returns what was done: restarted,
    handed, waits_for_person, or "" when somebody else was faster."""
    latest = max((run.generation for run in strays), default=state.generation)
    generation = _free_generation(state, latest)
    done: list[Repair] = []

    def decide(fresh: Case) -> Command | None:
        done.clear()
        if (fresh.version, fresh.generation) != (state.version, state.generation) or _token(
            fresh
        ) != _token(state):
            return None
        asked = open_about(fresh, "run")
        if times_broken(fresh, at) >= ENOUGH:
            if asked:
                done.append("waits_for_person")
                return None
            done.append("handed")
            begun = open_attention_task(fresh, at, {"what": "run", "finding": finding})
            entry = _entry(fresh, finding, "handed", at, reason)
            return entry.model_copy(
                update={
                    "changes": begun.changes,
                    "payload": entry.payload | begun.payload,
                    "effects": begun.effects,
                }
            ), begun.same_transaction
        done.append("restarted")
        changes, effects = restart_changes(fresh, generation)
        effects = [*_stops(strays), *effects, *_told(fresh, finding)]
        entry = _entry(fresh, finding, "restarted", at, reason)
        entry.payload["waited"] = bool(_token(fresh))
        # Somebody acted since a person was asked: it is started again, so nobody has to do that.
        answered, rows = void(fresh, asked, at) if asked else (Changes(), [])
        return entry.model_copy(
            update={"changes": {**changes, **answered}, "effects": effects}
        ), rows

    after = store.change(state.reference, decide)
    if done and after.version == state.version and done[-1] != "waits_for_person":
        return ""
    return done[-1] if done else ""


def times_broken(state: Case, at: int) -> int:
    """How many runs the case itself broke within the last day, since somebody last acted on it.

    A run that had come to its wait was healthy: who stopped it, or the engine that lost it, is no
    fault of the case; nor is a restart that was announced with a reason. An act of a person gives
    the case a new beginning: their answer must be heard.
    """
    day, count = scaled(0, DAY), 0
    for entry in reversed(store.log(state)):
        if at - entry.at >= day or entry.actor not in AUTOMATIC:
            break
        restarted = entry.event == RECONCILED and entry.payload.get("repair") == "restarted"
        excused = entry.payload.get("waited") or entry.payload.get("why")
        count += restarted and not excused
    return count


def open_about(state: Case, what: str) -> int:
    """The number of the open task in which a person is asked about this already; 0 for none."""
    rows = (side_task_rows.get(state.reference, n) for n in state.side_tasks)
    found = (row for row in rows if row is not None and row.kind == ATTENTION.name)
    return next((row.number for row in found if row.about.get("what") == what), 0)


def _entry(state: Case, finding: str, done: Repair, at: int, reason: str) -> Entry:
    return Entry(
        event=RECONCILED,
        at=at,
        actor="reconciler",
        command=f"reconcile:{state.version}",
        payload={"finding": finding, "repair": done, **({"why": reason} if reason else {})},
    )


def _token(state: Case) -> str:
    return state.task.token if state.task is not None else ""


def _free_generation(state: Case, latest: int) -> int:
    """The next generation whose name the engine has never seen: an old name starts nothing."""
    machine = machine_of(state) or parent_of(state)
    first = max(latest, state.generation) + 1
    for generation in range(first, first + 20):
        if (
            stepfunctions.describe(
                machine, stepfunctions.run_name(state.reference, machine, generation)
            )
            is None
        ):
            return generation
    return first + 20


def _stops(strays: Sequence[Run]) -> list[Effect]:
    ordered = parents_first(strays)
    return [StopRun(machine=run.machine, name=run.name) for run in ordered]


def _told(state: Case, finding: str) -> list[Effect]:
    """Whoever is asked gets the letter again with a line, when an answer of theirs may be gone."""
    task = state.task
    if finding not in AHEAD or task is None or not (kind := kind_of(task.kind)).letter:
        return []
    return [letter_of(kind, state, task.number, task.assignee, again=True)]


def _stop(state: Case, strays: list[Run], at: int) -> Repair:
    """Stop runs that nobody expects, and say so in the log, once a run."""
    names = [run.name for run in parents_first(strays)]
    known = {
        name
        for e in store.log(state)
        if e.event == RECONCILED
        for name in e.payload.get("runs", [])
    }
    if set(names) <= known:  # the outbox stopped it before; an engine may need a second word
        for run in parents_first(strays):
            stepfunctions.stop(run.machine, run.name, "a newer run took over")
        return "stopped"

    def decide(fresh: Case) -> Command | None:
        if fresh.version != state.version:
            return None
        entry = _entry(fresh, "old_run", "stopped", at, "")
        data = entry.payload | {"runs": names}
        return entry.model_copy(update={"payload": data, "effects": _stops(strays)}), ()

    return "stopped" if store.change(state.reference, decide).version != state.version else ""


def _ask_again(state: Case, n: int, at: int) -> Repair:
    """Ask once more what was asked beside the lifecycle in a task whose row is gone."""
    done: list[Repair] = []

    def decide(fresh: Case) -> Command | None:
        done.clear()
        if fresh.version != state.version:
            return None
        repair, begun = lost_tasks.asked_again(fresh, n, at)
        done.append(repair)
        entry = _entry(fresh, lost_tasks.FINDING, repair, at, "")
        told = entry.payload | begun.payload | {"task": n}
        update = {"changes": begun.changes, "payload": told, "effects": begun.effects}
        return entry.model_copy(update=update), begun.same_transaction

    after = store.change(state.reference, decide)
    return done[-1] if done and after.version != state.version else ""


def _noted(state: Case, finding: str, done: Repair) -> Finding:
    row: Finding = {"reference": state.reference, "finding": finding, "repair": done}
    logger().warning("reconciled", extra={"referral": state.reference, **row})
    return row
