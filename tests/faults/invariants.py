"""What must hold whatever happens: the invariants of docs/promises.md, as one look at the table, the letters and the runs.

``InvariantChecker.check`` may be called at any moment, ``at_rest`` after some quiet minutes.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chalicelib.directory import people
from chalicelib.mail import letter_rows, send_letter
from chalicelib.mail.relay import FRESH
from chalicelib.referral.model import Referral
from chalicelib.workflow.cases import Entry, fold, same_story, valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.reconciler.restarts import machine_of
from chalicelib.workflow.storage import keys, side_task_rows, store
from chalicelib.workflow.storage.task_tokens import fingerprint
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
        """Every referral in the table."""
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
            self._mails(logs)
            self._sizes()
        wrong = self.harness.world.fake_table.wrong
        demand(not wrong, "the fake table", "does not know, or DynamoDB would refuse:", wrong)

    def _story(self, state: Referral, log: list[Entry]) -> None:
        where = state.reference
        demand(
            [e.version for e in log] == list(range(1, state.version + 1)),
            "log-tells-state",
            where,
            "gap in the log",
        )
        demand(
            same_story(fold(Referral, where, log), state),
            "log-tells-state",
            where,
            "the fold is not the state",
        )
        before = self.logs.get(where, [])
        demand(log[: len(before)] == before, "every-change-recorded", where, "history was changed")
        self.logs[where] = log
        said = [e.command for e in log]
        # A press that was taken back may be pressed again.
        good = [e.command for e in valid(log)]
        demand(len(set(good)) == len(good), "answer-once", where, "a command twice", said)
        for ref, command in self.heard:
            demand(
                ref != where or command in said,
                "answer-once",
                where,
                "thanked for",
                command,
                "and lost",
            )
        endings = Counter(
            e.payload.get("task") for e in valid(log) if "task" in e.changes and e.changes["task"] is None
            and e.payload.get("task") and "beside" not in e.payload
        )  # fmt: skip
        demand(
            all(n == 1 for n in endings.values()),
            "answer-once",
            where,
            "a task ended twice",
            endings,
        )
        for entry, nxt in zip(log, [*log[1:], None], strict=True):
            demand(
                entry.actor and entry.event and entry.at > 0,
                "every-change-recorded",
                where,
                entry.version,
            )
            demand(
                nxt is None or nxt.at >= entry.at,
                "times-are-instants",
                where,
                entry.version,
                "time runs back",
            )
            demand(
                not getattr(entry.changes.get("task"), "token", ""),
                "engine-token-never-leaves",
                where,
                entry.version,
            )
        if any(e.event == "reopened" for e in log[len(before) :]):
            self.ends.pop(where, None)  # the one command that leaves an end
        if where in self.ends:
            demand(
                state.closed == self.ends[where], "ended-stays-ended", where, "an end was undone"
            )
            demand(state.stage in ("closed", "follow_up"), "ended-stays-ended", where, state.stage)
        elif state.closed is not None:
            self.ends[where] = state.closed
        if (task := state.task) is not None:
            demand(
                task.opened < task.expires and task.due <= task.expires,
                "times-are-instants",
                where,
                task,
            )
            demand(
                all(isinstance(i, int) for i in (task.due, task.expires)),
                "times-are-instants",
                where,
                task,
            )

    def _wake(self, state: Referral) -> None:
        row = self.harness.world.fake_table.items[keys.case_pk(state.reference)][keys.STATE]
        if machine_of(state) is not None:
            demand(
                "wake_at" in row and "wpk" in row,
                "always-wakes-up",
                state.reference,
                "sleeps for good",
            )
        for n in state.side_tasks:
            task = side_task_rows.get(state.reference, n)
            demand(
                task is not None and not task.over, "answer-once", state.reference, n, "is not open"
            )

    def _places(self, states: list[Referral]) -> None:
        holders: dict[str, set[str]] = {}
        for state in states:
            if state.open and state.consultant:
                holders.setdefault(state.consultant, set()).add(state.reference)
        for row in people.consultants():
            held = set(row.get("held", []))
            wanted = holders.get(row["id"], set())
            demand(
                held == wanted,
                "places-match-work",
                row["id"],
                "holds",
                held,
                "but works on",
                wanted,
            )
            demand(len(held) <= row["cap"], "places-match-work", row["id"], "is overfull")

    def _mails(self, logs: dict[str, list[Entry]]) -> None:
        demand(not self.harness.twice, "one-letter-per-reason", "sent again", self.harness.twice)
        letters = self.harness.letters
        for mail, began, at in letters[self.letters :]:
            if "v" in mail.tags:
                self._mail(mail, logs.get(mail.tags["ref"], []), began, at)
        self.letters = len(letters)

    def _mail(self, mail: Mail, log: list[Entry], began: int, at: int) -> None:
        v, number = int(mail.tags["v"]), int(mail.tags["i"])
        entry = next((e for e in log if e.version == v), None)
        demand(entry is not None, "one-letter-per-reason", "a letter of no entry", mail.tags)
        assert entry is not None
        effect = entry.effects[number]
        demand(
            isinstance(effect, SendLetter),
            "one-letter-per-reason",
            "a letter of another effect",
            mail.tags,
        )
        ref = mail.tags["ref"]
        states = [fold(Referral, ref, log[:i]) for i in range(v, len(log) + 1)]
        right = {
            send_letter.address(state, effect.to, entry.payload).get("email") for state in states
        }
        demand(mail.to in right, "one-letter-per-reason", mail.to, "is not", effect.to)
        demand("engine-token" not in mail.text + mail.html, "engine-token-never-leaves", mail.tags)
        then = self.harness.state_then(ref, began)
        if then is not None and then.version >= v and at - entry.at > FRESH:
            # Who looked before the referral ended may still send; who begins afterwards may not.
            demand(
                send_letter.still_needed(then, entry, effect),
                "one-letter-per-reason",
                "a letter without a reason",
                mail.tags,
            )

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
        """Each open referral waits for one person whose answer its run would hear; others are over."""
        self.check()
        engine, world = self.harness.engine, self.harness.world
        with self.harness.injector.without_faults():
            waiting = {fingerprint(run.token): run for run in engine.waiting()}
            for reference in self.references():
                state = world.state(reference)
                machine = machine_of(state)
                mine = [run for run in waiting.values() if run.name.startswith(reference)]
                if machine is None:
                    demand(
                        not mine, "ended-stays-ended", reference, "is over, but a run waits", mine
                    )
                    continue
                task = state.task
                demand(
                    task is not None, "always-wakes-up", reference, "waits for nobody", state.status
                )
                assert task is not None
                demand(
                    task.token in waiting,
                    "always-wakes-up",
                    reference,
                    "nobody would hear",
                    task.kind,
                )
                name = f"{reference}-{machine}-{state.generation}"
                run = engine.runs.get((machine, name))
                demand(
                    run is not None and run.status == "RUNNING",
                    "one-referral-one-run",
                    name,
                    "does not run",
                )
                alive = [
                    r.name for r in engine.runs.values()
                    if r.name.startswith(f"{reference}-{machine}-") and r.status == "RUNNING"
                ]  # fmt: skip
                demand(alive == [name], "one-referral-one-run", "more than one run lives", alive)
                self._sent(state)

    def _sent(self, state: Referral) -> None:
        """Whoever is asked has had the letter (never zero)."""
        letters = {(m.tags.get("ref"), m.tags.get("v"), m.tags.get("i")) for m in self._all_mails()}
        log = self.logs[state.reference]
        # What could not leave for a day lies with a person.
        parked = {e.payload.get("entry") for e in log if e.event == "parked"}
        for entry in log:
            for number, effect in enumerate(entry.effects):
                if not isinstance(effect, SendLetter) or not send_letter.still_needed(
                    state, entry, effect
                ):
                    continue
                key = (state.reference, str(entry.version), str(number))
                row = letter_rows.find(state.reference, entry.version, number) or {}
                waits = (
                    row.get("status") in (letter_rows.PARKED, letter_rows.SKIPPED)
                    or entry.version in parked
                )
                demand(
                    key in letters or waits,
                    "one-letter-per-reason",
                    "no letter",
                    key,
                    effect.letter,
                )

    def _all_mails(self) -> list[Any]:
        return self.harness.world.mails

    def rehydrates(self) -> None:
        """Throw every run away: the same people are asked the same, by the same links."""
        harness = self.harness
        before = {ref: harness.world.state(ref) for ref in self.references()}
        mails = len(harness.world.mails)
        repairs = [ref for ref, s in before.items() if s.task and s.task.kind == "repair"]
        harness.engine.runs, harness.engine._waits, harness.engine.ready = {}, {}, []
        harness.hour()
        harness.settle()
        for reference, state in before.items():
            after = harness.world.state(reference)
            if reference in repairs:
                continue  # starting it again is what the repair would do
            demand(
                _asked(after) == _asked(state),
                "restart-from-table",
                reference,
                _asked(state),
                _asked(after),
            )
        demand(
            repairs or len(harness.world.mails) == mails,
            "restart-from-table",
            "somebody was told twice",
        )
        self.at_rest()


def _asked(state: Referral) -> Any:
    same = {
        "number",
        "kind",
        "assignee",
        "due",
        "expires",
        "link_number",
        "first_valid_link",
        "remind",
    }
    return state.task.model_dump(include=same) if state.task else None
