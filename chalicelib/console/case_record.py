"""Everything that the table knows of one referral."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.stepfunctions import run_name
from chalicelib.domain.decisions import DecisionRow
from chalicelib.referral.model import Referral
from chalicelib.referral.request import Request
from chalicelib.referral.rows import decision_rows, request_rows
from chalicelib.workflow.case_types import parent_of
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import StartRun
from chalicelib.workflow.machines import after_close, stages
from chalicelib.workflow.storage import keys, store


@dataclass(frozen=True)
class Mail:
    """A sent letter: effect ``number`` of entry ``v``, and what SES last said of it."""

    v: int
    number: int
    at: int
    letter: str
    to: str
    status: str
    status_at: int
    bounce: str = ""


@dataclass(frozen=True)
class Run:
    """A run as the log tells of it. ``live``: it belongs to today's generation and stage."""

    machine: str
    name: str
    generation: int
    at: int
    live: bool = False


@dataclass(frozen=True)
class CaseRecord:
    """A referral's state, request, log and letters (both oldest first), and what the rules decided."""

    state: Referral
    request: Request
    entries: list[Entry]
    mails: list[Mail]
    decisions: dict[str, DecisionRow]


def read(state: Referral) -> CaseRecord:
    """The dossier of a referral."""
    reference = state.reference
    decided = {name: decision_rows.of(reference, name) for name in ("eligibility", "tiers")}
    answers = request_rows.answers(reference)
    return CaseRecord(state, answers, store.log(state), mails_of(reference), decided)


def mails_of(reference: str) -> list[Mail]:
    """The letters of a case, oldest first."""
    return [_mail(row) for row in dynamodb.query(keys.case_pk(reference), keys.MAIL)]


def _mail(row: Item) -> Mail:
    v, _, number = str(row["sk"]).removeprefix(keys.MAIL).partition(".")
    return Mail(
        v=int(v),
        number=int(number or 0),
        at=int(row.get("at", 0)),
        letter=str(row.get("letter", "")),
        to=str(row.get("to", "")),
        status=str(row.get("status", "sent")),
        status_at=int(row.get("status_at") or row.get("at") or 0),
        bounce=str(row.get("bounce", "")),
    )


def runs_of(state: Case, entries: list[Entry]) -> list[Run]:
    """Every run that the log started or reached, oldest first: parents before their stages."""
    found: dict[str, Run] = {}
    parent, generation, ended = parent_of(state), 1, False
    stage = str(type(state).model_fields["stage"].default)

    def note(machine: str, at: int) -> None:
        name = run_name(state.reference, machine, generation)
        live = generation == state.generation and (
            machine == state.stage or (machine == parent and state.open)
        )
        found.setdefault(name, Run(machine, name, generation, at, live))

    for entry in entries:
        generation = int(entry.changes.get("generation") or generation)
        stage = str(entry.changes.get("stage") or stage)
        ended = bool(entry.changes.get("closed", ended))
        if entry.changes.get("closed") and stage == "closed":
            continue
        for effect in entry.effects:
            if isinstance(effect, StartRun):
                note(effect.machine, entry.at)
        if stage in stages():
            if not ended:
                note(parent, entry.at)
            note(stage, entry.at)
        elif stage in after_close():
            note(stage, entry.at)
    return list(found.values())
