"""The loan: its model, its kinds of task, its steps, and how it is registered."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from chalicelib.domain.service_standards import Deadline, Deadlines, business_days
from chalicelib.domain.statuses import Status
from chalicelib.web.forms import Field, Form, Values
from chalicelib.workflow.case_types import CaseType
from chalicelib.workflow.cases import Case, Entry
from chalicelib.workflow.effects import SendLetter, StartRun
from chalicelib.workflow.kinds import (
    Kind,
    Opening,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.machines import Machine
from chalicelib.workflow.steps import ask, stage
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

DAY = 86400
LENDER: Final = "cora-match"
SPANISH: Final = {
    "Somebody wants to borrow equipment": "Alguien quiere pedir equipo prestado",
    "Please decide whether we lend it.": "Decida si lo prestamos.",
    "You have borrowed: %(item)s": "Usted tiene prestado: %(item)s",
    "Tell us when you bring it back.": "Díganos cuándo lo devuelve.",
    "We ask for it by %(date)s.": "Lo pedimos para el %(date)s.",
    "What they want: %(item)s.": "Lo que piden: %(item)s.",
}


class Loan(Case):
    """The state of a loan."""

    case_type: ClassVar[str] = "loan"
    stage: str = "loan"
    status: str = "wanted"
    item: str = ""
    lender: str = ""

    def in_role(self, role: str) -> str:
        """The coordinator who lends; nobody else of the Network has to do with it."""
        return self.lender if role == "coordinator" else ""


def _status(id_: str, fhir: str, *, terminal: bool = False) -> Status:
    return Status(id_, fhir, "loan", id_, id_.title(), "", "coordinator", terminal)


STATUSES: Final = {
    "wanted": _status("wanted", "requested"),
    "lent": _status("lent", "in-progress"),
    "unreachable": _status("unreachable", "on-hold"),
    "returned": _status("returned", "completed", terminal=True),
}
MACHINES: Final = (Machine("loan", "The loan", "tests.second_case.loans", stage=False),)


def letter_facts(state: Loan, entry: Entry, lang: str) -> dict[str, Any]:
    """What is lent."""
    return {"item": state.item}


LOAN: Final = CaseType(
    name="loan",
    model=Loan,
    parent="loan",
    applicant="borrower",
    statuses=STATUSES,
    stages={"loan": "The loan"},
    address_pause=("unreachable", "address_not_working"),
    letter_facts=letter_facts,
)


def _choice(*options: tuple[str, str]) -> Form:
    return Form(Field("decision", "radios", "What do you say?", options=options))


def limits(now: int) -> Deadlines:
    """Two days, a reminder on the first, an escalation on the second, an exit after four."""
    return Deadlines(now + 2 * DAY, (now + DAY,), now + 2 * DAY, now + 4 * DAY)


def over(state: Loan, now: int, closure: str, letters: tuple[SendLetter, ...] = ()) -> Outcome:
    """The loan ends."""
    changes, effects, rows = ending(
        state, status="returned", closure=closure, at=now, mails=list(letters)
    )
    return Outcome(closure, changes, effects=effects, same_transaction=rows)


def decide_lending(state: Loan, values: Values, now: int) -> Outcome:
    """Lend it, or not."""
    if values["decision"] == "lent":
        return Outcome("lent", {"status": "lent"})
    return over(state, now, "refused")


def decide_back(state: Loan, values: Values, now: int) -> Outcome:
    """It is back."""
    return over(state, now, "brought_back")


LENDING = Kind(
    name="lending",
    stage="loan",
    role="coordinator",
    letter="second_case/lending",
    deadline=Deadline("assignment", business_days(2)),
    words=TaskWords(
        title="Decide whether we lend it",
        waiting="Waiting for the coordinator to decide",
        short="to decide",
        then="It is not lent then.",
        overdue="A coordinator should decide whether we lend it.",
        asked="The coordinator was asked.",
        answered={"lent": "It is lent.", "refused": "It is not lent."},
        expired="Nobody decided.",
        said={"lent": "We lend it."},
    ),
    page=TaskPage(lambda state: _choice(("lent", "Lend it"), ("refused", "Do not lend it"))),
    decide=decide_lending,
    expire=lambda state, now: over(state, now, "refused"),
    outcomes=frozenset({"lent", "refused"}),
    examples={"lent": {"decision": "lent"}, "refused": {"decision": "refused"}},
    policy=TaskPolicy(undo=True),
)
BACK = Kind(
    name="bringing_back",
    stage="loan",
    role="borrower",
    letter="second_case/bringing_back",
    deadline=Deadline("assignment", business_days(2)),
    words=TaskWords(
        title="Bring it back",
        waiting="Waiting for the borrower to bring it back",
        short="to bring it back",
        then="It counts as lost then.",
        overdue="The borrower should bring it back.",
        asked="The borrower was asked for it.",
        answered="It came back.",
        expired="It did not come back.",
        said={"brought_back": "Thank you."},
    ),
    page=TaskPage(lambda state: _choice(("brought_back", "I brought it back"))),
    decide=decide_back,
    expire=lambda state, now: over(state, now, "lost"),
    outcomes=frozenset({"brought_back", "lost"}),
    examples={"brought_back": {"decision": "brought_back"}},
)


@ask(LENDING)
def ask_lending(state: Loan, now: int) -> Opening:
    """Ask the coordinator."""
    return Opening(assignee=state.lender, limits=limits(now))


@ask(BACK)
def ask_bringing_back(state: Loan, now: int) -> Opening:
    """Ask the borrower."""
    return Opening(limits=limits(now))


lambda_handler = stage(__name__)


def borrow(reference: str, lender: str, at: int, lang: str = "es") -> None:
    """A borrower asks for a thing: one write, and a run begins."""
    contact = {"name": "Bo", "email": "bo@example.org"}
    changes = {
        "item": "Weighted blanket",
        "lender": lender,
        "language": lang,
        "contact": contact,
        "county": "los_angeles",
        "submitted": at,
    }
    entry = Entry(
        event="wanted",
        at=at,
        actor="borrower",
        command=f"borrow:{reference}",
        changes=changes,
        effects=[StartRun(machine="loan", stage="loan", generation=1)],
    )
    store.create(Loan(reference=reference), entry, ())
