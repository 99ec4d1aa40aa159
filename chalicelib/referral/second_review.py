"""A decision against the rules needs a reason and a sentence, and, where the Network wants it, a
second person who agrees. Shared by the rooms in which staff may decide otherwise.

While it waits, nothing is changed: what the first person chose is in the log entry of their answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.referral.events import ReferralPayload, told_in
from chalicelib.referral.model import Referral
from chalicelib.web.forms import NO_CHILD, Field, Form, Values, radios, textarea
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.text_input import Answer
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import Opening, Outcome
from chalicelib.workflow.storage import store

VERDICT: Final = "second_person"
REFUSED: Final = "refused"
APPROVE, REFUSE = "approve", "refuse"
LEAST_LETTERS: Final = 20
LEAST_WORDS: Final = 3
TOO_SHORT: Final = N_("Write a full sentence, so that others can understand your reason.")
NOT_YOURSELF: Final = N_("You wrote this change. Somebody else must look at it.")
BACK: Final = N_("Your note goes to your colleague, who decides again.")


def wanted() -> bool:
    """Whether this deployment asks a second person (setting SECOND_PERSON, default off)."""
    return settings().second_person == "on"


def sentence(text: Answer) -> str | None:
    """What is wrong with a reason in words, or None: it needs to be a real sentence."""
    typed = str(text or "").strip()
    good = len(typed) >= LEAST_LETTERS and len(typed.split()) >= LEAST_WORDS
    return None if good else TOO_SHORT


def why_field(when: Callable[[Values], bool]) -> Field:
    """The sentence that goes with the code of a reason."""
    return textarea(
        "override_text",
        N_("Say why in your own words"),
        hint=NO_CHILD,
        max_length=600,
        when=when,
        check=sentence,
    )


def written(state: Referral, kind: str) -> Entry | None:
    """The newest answer of that kind of task that waits, or waited, for a second person."""
    entries = store.log(state)
    mine = (e for e in reversed(entries) if e.event == of_task(kind, "answered"))
    newest = next(mine, None)
    return newest if newest is not None and newest.payload.get("verdict") == VERDICT else None


def authors(entry: Entry) -> set[str]:
    """The ids of who wrote it: whose task it was, and whoever recorded it."""
    return {str(told_in(entry).get("by") or ""), entry.actor.partition(":")[2]} - {""}


def another(state: Referral, but: Collection[str]) -> str:
    """Who looks at it: another specialist, of this county if there is one; else a supervisor.

    Empty when the Network has nobody else.
    """
    able = [r for r in people.staff() if r.get("active", True) and r["id"] not in but]

    def order(row: people.Person) -> tuple[bool, bool, str]:
        serves = people.serves(row, state.county)
        return (row["role"] != "specialist", not serves, str(row["id"]))

    found = sorted((r for r in able if r["role"] in ("specialist", "supervisor")), key=order)
    return str(found[0]["id"]) if found else ""


def opening(state: Referral, first: str) -> Opening:
    """The task of the second person; with nobody else there, the parent run asks who repairs."""
    entry = written(state, first)
    never = authors(entry) if entry else set()
    who = another(state, never)
    if entry is None or not who:
        return Opening(verdict="nobody")
    return Opening(
        assignee=who, about={"never": sorted(never)}, payload={"from": told_in(entry).get("by", "")}
    )


def form(state: Referral) -> Form:
    """Agree, or send it back with a note."""
    return Form(
        radios(
            "decision",
            N_("Do you agree with the change?"),
            (APPROVE, N_("Yes, I agree"), N_("Then it is done as your colleague wrote.")),
            (REFUSE, N_("No, not like this"), N_("Then your colleague decides again.")),
        ),
        textarea(
            "note",
            N_("What should your colleague know?"),
            hint=NO_CHILD,
            max_length=600,
            when=lambda values: values.get("decision") == REFUSE,
            check=sentence,
        ),
    )


def sent_back(state: Referral, first: str, data: ReferralPayload) -> Outcome:
    """The first person decides again: their answer is not remembered for the stage anymore."""
    left = {name: verdict for name, verdict in state.done.items() if name != first}
    return Outcome(REFUSED, {"done": left}, data, final=False)


def refusal(state: Referral, review: str) -> str:
    """What the second person wrote when the change came back last; empty if none did."""
    if state.tasks < 3:  # a first task, its review, and this one
        return ""
    said = [e for e in store.log(state) if e.event == of_task(review, "answered")]
    back = said and said[-1].payload.get("verdict") == REFUSED
    return str(said[-1].payload.get("note") or "") if back else ""


def details(state: Referral, kind: str, labels: Item) -> TemplateValues:
    """What the second person sees of the change: who, which reason, and the words."""
    entry = written(state, kind)
    if entry is None:
        return {}
    return {
        "who": people.name_of(f"staff:{told_in(entry).get('by', '')}"),
        "reason": labels.get(entry.reason, entry.reason),
        "text": str(entry.payload.get("why") or ""),
    }
