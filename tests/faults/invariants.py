"""What must hold whatever happens: the invariants of docs/promises.md, as one look at the table, the letters and the runs.

``InvariantChecker.check`` may be called at any moment, ``at_rest`` after some quiet minutes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.directory import people
from chalicelib.mail import letter_rows, send_letter
from chalicelib.mail.phone.sayings import sayings
from chalicelib.mail.relay import FRESH
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Case, Entry, fold, same_story, valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.machines import stages
from chalicelib.workflow.reconciler.restarts import machine_of
from chalicelib.workflow.storage import keys, side_task_rows, store
from chalicelib.workflow.storage.task_tokens import fingerprint
from tests.workflow.engine import Run
from tests.world import Mail

from .fake_table import weight
from .harness import FaultHarness

ITEM, RUN = 100 * 1024, 32 * 1024
RUN_WORDS = {"referral", "generation", "stage", "token", "verdict", "answer", "result", "error"}


class Violation(AssertionError):
    """An invariant does not hold."""


def demand(holds: object, invariant: str, *what: object) -> None:
    if not holds:
        raise Violation(invariant + ": " + " ".join(str(one) for one in what))


@dataclass
class InvariantChecker:
    """Remembers what was true once, to see that it stays. ``heard``: (reference, command) of every
    press that a person was thanked for."""

    harness: FaultHarness
    logs: dict[str, list[Entry]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    heard: set[tuple[str, str]] = field(default_factory=set)
    letters: int = 0

    def references(self) -> list[str]:
        """Every case in the table."""
        items = self.harness.world.fake_table.items
        return [keys.reference_of(pk) for pk, rows in items.items() if keys.STATE in rows]

    def check(self) -> None:
        """All that holds at every moment, in the middle of anything."""
        with self.harness.injector.without_faults():
            states = [self.harness.world.state(one) for one in self.references()]
            logs = {s.reference: store.log(s) for s in states}
            for state in states:
                self._story(state, logs[state.reference])
                self._wake(state)
            self._places(states)
            wrong = self.harness.script.wrong(states)
            demand(not wrong, "places-match-work", wrong)
            self._mails(logs)
            self._sizes()
        unknown = self.harness.world.fake_table.wrong
        demand(not unknown, "the fake table", "does not know, or DynamoDB would refuse:", unknown)

    def _story(self, state: Case, log: list[Entry]) -> None:
        where, before = state.reference, self.logs.get(state.reference, [])
        versions = [e.version for e in log]
        demand(
            versions == [*range(1, state.version + 1)], "log-tells-state", where, "gap in the log"
        )
        told = same_story(fold(type(state), where, log), state)
        demand(told, "log-tells-state", where, "the fold is not the state")
        kept = log[: len(before)] == before
        demand(kept, "every-change-recorded", where, "history was changed")
        self.logs[where] = log
        self._answers(where, log)
        for entry, nxt in zip(log, [*log[1:], None], strict=True):
            whole = entry.actor and entry.event and entry.at > 0
            demand(whole, "every-change-recorded", where, entry.version)
            forward = nxt is None or nxt.at >= entry.at
            demand(forward, "times-are-instants", where, entry.version, "time runs back")
            bare = not getattr(entry.changes.get("task"), "token", "")
            demand(bare, "engine-token-never-leaves", where, entry.version)
        if any(e.event.endswith("reopened") for e in log[len(before) :]):
            self.ends.pop(where, None)  # the one command that leaves an end
        if state.closed is not None:
            self.ends.setdefault(where, state.closed)
            # What leads an open case from stage to stage is over.
            demand(state.stage not in stages(), "ended-stays-ended", where, state.stage)
        undone = where in self.ends and state.closed != self.ends[where]
        demand(not undone, "ended-stays-ended", where, "an end was undone")
        if (task := state.task) is not None:
            ordered = task.opened < task.expires and task.due <= task.expires
            demand(ordered, "times-are-instants", where, task)
            whole = all(isinstance(i, int) for i in (task.due, task.expires))
            demand(whole, "times-are-instants", where, task)

    def _answers(self, where: str, log: list[Entry]) -> None:
        said = [e.command for e in log]
        twice = [command for command, times in Counter(said).items() if times > 1]
        demand(not twice, "form-good-once", where, "recorded twice", twice, said)
        lost = [command for ref, command in self.heard if ref == where and command not in said]
        demand(not lost, "answer-once", where, "thanked for", lost, "and lost")
        endings = Counter(
            e.payload.get("task") for e in valid(log) if "task" in e.changes and e.changes["task"] is None
            and e.payload.get("task") and "beside" not in e.payload
        )  # fmt: skip
        once = all(n == 1 for n in endings.values())
        demand(once, "answer-once", where, "a task ended twice", endings)

    def _wake(self, state: Case) -> None:
        where = state.reference
        row = self.harness.world.fake_table.items[keys.case_pk(where)][keys.STATE]
        wakes = machine_of(state) is None or ("wake_at" in row and "wpk" in row)
        demand(wakes, "always-wakes-up", where, "sleeps for good")
        for n in state.side_tasks:
            task = side_task_rows.get(where, n)
            demand(task is not None and not task.over, "answer-once", where, n, "is not open")

    def _places(self, states: list[Case]) -> None:
        holders: dict[str, set[str]] = {}
        for state in states:
            if isinstance(state, Referral) and state.open and (who := state.consultant):
                holders.setdefault(who, set()).add(state.reference)
        for row in people.consultants():
            held, wanted = set(row.get("held", [])), holders.get(row["id"], set())
            told = (row["id"], "holds", held, "but works on", wanted)
            demand(held == wanted, "places-match-work", *told)
        self._held(states)

    def _held(self, states: list[Case]) -> None:
        """Whatever has places, of any room: none too many are held, and none by a case that ended."""
        ended = {state.reference for state in states if not state.open}
        for row in self.harness.world.fake_table.scan():
            if "cap" in row and isinstance(row.get("held"), list | set):
                where, held = f"{row['pk']} {row['sk']}", set(row["held"] or ())
                demand(len(held) <= row["cap"], "places-match-work", where, "is overfull")
                over = held & ended
                demand(not over, "places-match-work", where, "is held by what ended:", over)

    def _mails(self, logs: dict[str, list[Entry]]) -> None:
        demand(not self.harness.twice, "one-letter-per-reason", "sent again", self.harness.twice)
        letters = self.harness.letters
        for mail, began, at in letters[self.letters :]:
            if "v" in mail.tags:
                self._mail(mail, logs.get(mail.tags["ref"], []), began, at)
        self.letters = len(letters)

    def _mail(self, mail: Mail, log: list[Entry], began: int, at: int) -> None:
        why, v, ref = "one-letter-per-reason", int(mail.tags["v"]), mail.tags["ref"]
        entry = next((e for e in log if e.version == v), None)
        demand(entry is not None, why, "a letter of no entry", mail.tags)
        assert entry is not None
        effect = entry.effects[int(mail.tags["i"])]
        demand(isinstance(effect, SendLetter), why, "a letter of another effect", mail.tags)
        model = type(self.harness.world.state(ref))
        states = [fold(model, ref, log[:i]) for i in range(v, len(log) + 1)]
        right = {send_letter.address(s, effect.to, entry.payload).get("email") for s in states}
        demand(mail.to in right, why, mail.to, "is not", effect.to)
        demand("engine-token" not in mail.text + mail.html, "engine-token-never-leaves", mail.tags)
        then = self.harness.state_then(ref, began)
        if then is not None and then.version >= v and at - entry.at > FRESH:
            # Who looked before the case ended may still send; who begins afterwards may not.
            needed = send_letter.still_needed(then, entry, effect)
            demand(needed, why, "a letter without a reason", mail.tags)

    def _sizes(self) -> None:
        for row in self.harness.world.fake_table.scan():
            demand(weight(row) <= ITEM, "bounded-sizes", row["pk"], row["sk"], weight(row))
        for run in self.harness.engine.runs.values():
            for part in (run.input, run.output or {}):
                demand(set(part) <= RUN_WORDS, "bounded-sizes", run.name, part)
                demand(len(json.dumps(part)) <= RUN, "bounded-sizes", run.name, "is too large")
                demand("@" not in json.dumps(part), "bounded-sizes", run.name, "names somebody")

    # -- after some quiet minutes -----------------------------------------------------------------
    def at_rest(self) -> None:
        """Each open case waits for one person whose answer its run would hear; others are over."""
        self.check()
        with self.harness.injector.without_faults():
            waiting = {fingerprint(run.token): run for run in self.harness.engine.waiting()}
            for reference in self.references():
                self._at_rest(self.harness.world.state(reference), waiting)

    def _at_rest(self, state: Case, waiting: dict[str, Run]) -> None:
        where, machine, task = state.reference, machine_of(state), state.task
        if machine is None:
            mine = [run for run in waiting.values() if run.name.startswith(where)]
            demand(not mine, "ended-stays-ended", where, "is over, but a run waits", mine)
            return
        demand(task is not None, "always-wakes-up", where, "waits for nobody", state.status)
        assert task is not None
        demand(task.token in waiting, "always-wakes-up", where, "nobody would hear", task.kind)
        name = f"{where}-{machine}-{state.generation}"
        runs = self.harness.engine.runs
        alive = [
            r.name for r in runs.values()
            if r.name.startswith(f"{where}-{machine}-") and r.status == "RUNNING"
        ]  # fmt: skip
        demand(name in alive, "one-referral-one-run", name, "does not run")
        demand(alive == [name], "one-referral-one-run", "more than one run lives", alive)
        self._sent(state)

    def _sent(self, state: Case) -> None:
        """Whoever is asked has had the letter (never zero)."""
        mails = self.harness.world.mails
        letters = {(m.tags.get("ref"), m.tags.get("v"), m.tags.get("i")) for m in mails}
        log = self.logs[state.reference]
        # What could not leave for a day lies with a person.
        parked = {e.payload.get("entry") for e in log if e.event == "parked"}
        for entry in log:
            for number, effect in enumerate(entry.effects):
                if not isinstance(effect, SendLetter) or entry.version in parked:
                    continue
                key = (state.reference, str(entry.version), str(number))
                if key in letters or not send_letter.still_needed(state, entry, effect):
                    continue
                row = letter_rows.find(state.reference, entry.version, number) or {}
                instead = (
                    letter_rows.PARKED,
                    letter_rows.SKIPPED,
                    letter_rows.TO_SAY,
                    letter_rows.SAID,
                )
                waits = row.get("status") in instead or _with_another(row, self.references())
                # Held for its reader's morning, it is woken then.
                waits = waits or (row.get("status") == letter_rows.HELD and "wake_at" in row)
                demand(waits, "one-letter-per-reason", "no letter", key, effect.letter)
        called = state.contact.call in state.side_tasks or not sayings(state)
        demand(called, "served-without-email", state.reference, "nobody is asked to call")

    def rehydrates(self) -> None:
        """Throw every run away: the same people are asked the same, by the same links."""
        harness, why = self.harness, "restart-from-table"
        before = {ref: harness.world.state(ref) for ref in self.references()}
        mails = len(harness.world.mails)
        # Starting it again is what the repair would do.
        repairs = [ref for ref, s in before.items() if s.task and s.task.kind == "repair"]
        harness.engine.runs, harness.engine._waits, harness.engine.ready = {}, {}, []
        harness.hour()
        harness.settle()
        for ref in set(before) - set(repairs):
            was, now = _asked(before[ref]), _asked(harness.world.state(ref))
            demand(was == now, why, ref, was, now)
        demand(repairs or len(harness.world.mails) == mails, why, "somebody was told twice")
        self.at_rest()


def _with_another(row: Mapping[str, Any], references: list[str]) -> bool:
    """Whether a letter left as a part of a digest."""
    mine = (row.get("reference"), row.get("v"), row.get("number"))
    return row.get("status") == "sent" and any(
        mine in letter_rows.gathered_with(one["reference"], one["v"], one["number"])
        for reference in references
        for one in letter_rows.of(reference)
        if one.get("message_id") == row.get("message_id")
    )


ASKED = {
    "number",
    "kind",
    "assignee",
    "due",
    "expires",
    "link_number",
    "first_valid_link",
    "remind",
}


def _asked(state: Case) -> Any:
    return state.task.model_dump(include=ASKED) if state.task else None
