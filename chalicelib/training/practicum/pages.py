"""The console's pages of practicums: all of them, and one, which begins there, with who guides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory.holdings import CONSULTANT
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.errors import NotFound
from chalicelib.training import facilitators
from chalicelib.training.practicum import hours, opening
from chalicelib.training.practicum.hours import Tally
from chalicelib.training.practicum.model import STATUSES, TRAINEE, Practicum
from chalicelib.web.forms import Field, Form, Values, select, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Case
from chalicelib.workflow.storage import store

HOME = "/console/training/practicums"
DAY = 86_400
BEGUN = N_("The practicum has begun already. Here is how it stands.")
NOBODY = N_("Choose who guides them. No practicum begins without.")


@dataclass(frozen=True)
class Line:
    """A practicum with its hours."""

    state: Practicum
    tally: Tally

    @property
    def status(self) -> str:
        """Where it stands, a msgid."""
        found = STATUSES.get(self.state.status)
        return found.label if found else self.state.status

    @property
    def guide(self) -> str:
        """The name of who guides it."""
        return facilitators.told(f"{CONSULTANT}:{self.state.facilitator}")


def line(state: Practicum) -> Line:
    """A practicum as pages show it."""
    return Line(state, hours.tally(state))


def show_list() -> Response:
    """Every practicum of the counties of whoever looks."""
    scope = current_staff().scope
    found = [line(one) for one in opening.practicums() if scope.covers(one.county)]
    return show("practicum/list.html", lines=found)


def panel(who: str, row: Person, at: int) -> TemplateValues:
    """The practicums that a consultant guides, on their own page."""
    return {"guided": [line(one) for one in opening.practicums(who) if one.open]}


def one(reference: str) -> Response:
    """The practicum of a trainee, to begin it or to let somebody else guide it."""
    case = store.look_up(reference, Case)
    if case.case_type != TRAINEE:
        raise NotFound(reference)
    state, path = opening.of_trainee(case.reference), f"{HOME}/{case.reference}"

    def act(values: Values, command: str) -> str:
        guide, actor = words(values, "facilitator"), current_staff().actor
        if state is not None:
            opening.guide(state.reference, guide, actor, command, now())
            return path
        until = midnight(date.fromisoformat(words(values, "until"))) + DAY
        try:
            opening.open_practicum(case, guide, until, actor, command, now())
        except store.Refused:
            raise Hindered(BEGUN) from None
        return path

    def facts() -> TemplateValues:
        found = line(state) if state is not None else None
        return {"trainee": case, "line": found, "action": path, "stands": hours.STANDS}

    known: Values = {"facilitator": state.facilitator} if state is not None else {}
    page = FormPage(
        "practicum/one.html", _form(state), once=True, known=known, check=_check, facts=facts, draw=show
    )  # fmt: skip
    return page.answer(act)


def _form(state: Practicum | None) -> Form:
    had = [f"{CONSULTANT}:{state.facilitator}"] if state is not None else []
    guides = [(who.partition(":")[2], name) for who, name in facilitators.choices(had)]
    asked = [
        select(
            "facilitator", N_("Who guides them?"), *guides,
            missing=NOBODY, hint=N_("An endorsed reflective practice facilitator."),
        )
    ]  # fmt: skip
    if state is None:
        today = pacific_date(now()).isoformat()
        asked.append(
            Field(
                "until", "date", N_("Last day on which they may be offered a home"), minimum=today,
                hint=N_("It stands as the end of their agreement. What they have then goes on."),
            )
        )  # fmt: skip
    return Form(*asked)


def _check(values: Values) -> dict[str, str]:
    day = words(values, "until")
    past = day and date.fromisoformat(day) < pacific_date(now())
    return {"until": N_("Choose a day that is still to come.")} if past else {}
