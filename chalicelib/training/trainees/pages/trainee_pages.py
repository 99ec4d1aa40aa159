"""One trainee in the console: where they stand, and what staff decide about them."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import new_reference
from chalicelib.training import cohort as cohorts
from chalicelib.training import facilitators, reached
from chalicelib.training.trainees import acts, changing, completion, opening, progress, reopening
from chalicelib.training.trainees.model import ON_LEAVE, TRAINEE, Trainee
from chalicelib.training.trainees.pages import recording
from chalicelib.training.trainees.pages.cohort_pages import trainee_page
from chalicelib.training.trainees.schedule import lists, small_groups
from chalicelib.training.trainees.statuses import STATUSES
from chalicelib.web.forms import Field, Form, Values, radios, select, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import answered

BUSY: Final = N_(
    "This trainee is just being looked at by the system. Please try again in a minute."
)
FULL: Final = N_("No seat is free. Enter more seats first, or choose another cohort.")
ENROLLMENT: Final = Form(
    Field("name", "text", N_("Name"), max_length=120),
    *reached.fields(Field("email", "email", N_("Email")), Field("phone", "tel", N_("Phone"))),
    select("county", N_("County"), *((key, one.name) for key, one in vocabulary.COUNTIES.items())),
    radios("language", N_("In which language do we write?"), *vocabulary.LETTERS_LANGUAGES.items()),
)


def load(reference: str) -> Trainee:
    """A trainee as it stands. Raises NotFound, also for a case of another type."""
    state = store.load(reference, consistent=True)
    if not isinstance(state, Trainee):
        raise NotFound(reference)
    return state


def enroll(cohort: str) -> Response:
    """Enroll somebody who did not apply here."""
    found, at, by = cohorts.cohort(cohort), now(), current_staff().actor

    def act(values: Values, command: str) -> str:
        new = Trainee(
            reference=new_reference(),
            contact=reached.contact(values),
            county=words(values, "county"),
            language=words(values, "language"),
            cohort=found.id,
        )
        try:
            opening.enroll(new, command, at, by)
        except store.Refused:
            raise Hindered(FULL) from None
        return trainee_page(new.reference)

    return FormPage(
        "trainees/enroll.html",
        ENROLLMENT,
        once=True,
        check=reached.wrong,
        facts=lambda: {"cohort": found},
        draw=show,
    ).answer(act)


def show_trainee(reference: str) -> Response:
    """Where they stand."""
    return show("trainees/trainee.html", **facts_of(load(reference)))


def facts_of(state: Trainee) -> TemplateValues:
    """What the page of a trainee shows."""
    parts, lang = progress.parts(state, now()), current().lang
    return {
        "trainee": state,
        "stands": STATUSES[state.status].label,
        "cohort": cohorts.cohort(state.cohort),
        "parts": [(one.met, completion.sentence(one, lang)) for one in parts],
        "complete": completion.met(parts),
        "away": state.status == ON_LEAVE,
        "ahead": [one.at for one in lists.ahead(state, now())],
        "stays": "" if state.open else reopening.why_not(state, now()),
        "work": recording.sent_in(state, lang),
        "facilitator": facilitators.told(state.facilitator),
        "group": small_groups.group(state.group).name if state.group else "",
    }


def change(reference: str) -> Response:
    """Leave, more time, another cohort, or the end: at any time, whoever is asked just now."""
    state, by = load(reference), current_staff().actor
    if not state.open:
        return redirect(trainee_page(reference))

    def act(values: Values, command: str) -> str:
        def decide(fresh: Trainee) -> Command | None:
            return decided(fresh, values, by, command, now())

        try:
            store.change(reference, decide, press=command)
        except store.Refused:
            raise Hindered(changing.FULL) from None
        return trainee_page(reference)

    return FormPage(
        "trainees/trainee_change.html",
        changing.form(state),
        version=state.version,
        facts=lambda: facts_of(state),
        draw=show,
    ).answer(act)


def decided(state: Trainee, values: Values, by: str, command: str, at: int) -> Command | None:
    """The command of what staff decided. Raises Hindered while nobody is asked, Invalid."""
    if not state.open:
        return None
    task = state.task
    if task is None or kind_of(task.kind).stage != state.stage:
        raise Hindered(BUSY)
    outcome = changing.decide(state, values, at, answers=task.role != TRAINEE)
    return answered(state, kind_of(task.kind), outcome, by, command, at), outcome.same_transaction


def record(reference: str) -> Response:
    """Coursework that is in order or is not yet, and meetings with the facilitator."""
    state, by = load(reference), current_staff().actor
    if not state.open:
        return redirect(trainee_page(reference))

    def act(values: Values, command: str) -> str:
        def decide(fresh: Trainee) -> Command | None:
            return recording.decide(fresh, values, by, command, now())

        store.change(reference, decide, press=command)
        return trainee_page(reference)

    return FormPage(
        "trainees/trainee_record.html",
        recording.form(state, now()),
        version=state.version,
        facts=lambda: facts_of(state),
        draw=show,
    ).answer(act)


def place(reference: str) -> Response:
    """Who facilitates, and in which small group they learn."""
    state, by = load(reference), current_staff().actor
    if not state.open:
        return redirect(trainee_page(reference))
    cohort = cohorts.cohort(state.cohort)
    groups = [(one.id, one.name) for one in small_groups.groups(cohort.id)]
    guides = facilitators.choices([state.facilitator], cohort.facilitators)
    asked = Form(
        select("facilitator", N_("Facilitator"), *guides, required=False,
               hint=N_("They get a letter with the link to the page of their trainees.")),
        select("group", N_("Small group"), *groups, required=False,
               hint=N_("The trainee gets a letter with all meetings of the group.")),
    )  # fmt: skip

    def act(values: Values, command: str) -> str:
        def decide(fresh: Trainee) -> Command | None:
            group, who = words(values, "group"), words(values, "facilitator")
            return acts.place(fresh, group, who, by, command, now())

        store.change(reference, decide, press=command)
        return trainee_page(reference)

    return FormPage(
        "trainees/trainee_place.html",
        asked,
        version=state.version,
        known={"facilitator": state.facilitator, "group": state.group},
        facts=lambda: facts_of(state),
        draw=show,
    ).answer(act)
