"""When a cohort meets, as staff enter it: its monthly sessions, its small groups, and each of their meetings."""

from __future__ import annotations

from collections.abc import Sequence

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.errors import NotFound
from chalicelib.meetings import desk, entering, hosts, rows
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.members import put_on
from chalicelib.meetings.model import Meeting
from chalicelib.meetings.owners import owner_of
from chalicelib.training import cohort as cohorts
from chalicelib.training.cohort import Cohort
from chalicelib.training.trainees import acts, opening
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.pages.cohort_pages import new_id, page_of
from chalicelib.training.trainees.schedule import lists, plan, small_groups
from chalicelib.training.trainees.schedule.owner import SESSIONS
from chalicelib.training.trainees.schedule.plan import Whose
from chalicelib.training.trainees.schedule.small_groups import SmallGroup
from chalicelib.web.forms import Field, Form, Values, select, words
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store

OF_A_GROUP = ("host",)


def sessions(cohort: str) -> Response:
    """Enter sessions of a cohort; each trainee hears of them in one letter."""
    found = cohorts.cohort(cohort)
    whose = Whose(plan.SESSIONS, found.id, dict.fromkeys(("en", "es"), found.name), "")

    def act(values: Values, command: str) -> str:
        _enter(found, whose, values, command)
        return page_of(cohort)

    return FormPage(
        "trainees/sessions.html",
        Form(*plan.fields()),
        once=True,
        known={"times": found.required(found.begins_on).sessions},
        check=_check,
        facts=lambda: facts_of(found),
        draw=show,
    ).answer(act)


def new_group(cohort: str) -> Response:
    """Enter a small group with its meetings."""
    found = cohorts.cohort(cohort)
    asked = Form(
        Field("name", "text", N_("Name of the small group"), max_length=60),
        select("facilitator", N_("Who leads it?"), *hosts.choices()),
        *(one for one in plan.fields() if one.name not in OF_A_GROUP),
    )

    def act(values: Values, command: str) -> str:
        group = SmallGroup(
            new_id(command), found.id, words(values, "name"), words(values, "facilitator")
        )
        small_groups.add(group)
        _enter(found, _whose(group), values, command)
        return page_of(cohort)

    return FormPage(
        "trainees/small_group.html",
        asked,
        once=True,
        known={"times": found.required(found.begins_on).small_groups or None},
        check=_check,
        facts=lambda: facts_of(found),
        draw=show,
    ).answer(act)


def more_of_group(cohort: str, group: str) -> Response:
    """Enter more meetings of a small group."""
    found, small = cohorts.cohort(cohort), small_groups.group(group)
    if small.cohort != found.id:
        raise NotFound(group)

    def act(values: Values, command: str) -> str:
        _enter(found, _whose(small), values, command)
        return page_of(cohort)

    return FormPage(
        "trainees/small_group_more.html",
        Form(*(one for one in plan.fields() if one.name not in OF_A_GROUP)),
        once=True,
        check=_check,
        facts=lambda: {**facts_of(found), "group": small},
        draw=show,
    ).answer(act)


def _whose(group: SmallGroup) -> Whose:
    title = dict.fromkeys(("en", "es"), group.name)
    return Whose(plan.SMALL_GROUPS, group.id, title, group.facilitator)


def _check(values: Values) -> dict[str, str]:
    """What is wrong with a first meeting that has passed."""
    return entering.too_late(values, now())


def _enter(cohort: Cohort, whose: Whose, values: Values, command: str) -> None:
    """Enter the meetings, and tell everybody whose they are."""
    at, by = now(), current_staff().actor
    made = plan.enter(whose, values, by, at, command)
    for one in opening.roster(cohort.id):
        if one.takes_part and whose.group in lists.groups_of(one):
            _told(one, made, by, f"{command}:{one.reference}", at)


def _told(trainee: Trainee, made: Sequence[Meeting], by: str, command: str, at: int) -> None:
    for meeting in made:
        put_on(meeting, trainee, at)

    def decide(state: Trainee) -> Command | None:
        return acts.schedule(state, by, command, at)

    store.change(trainee.reference, decide)


# -- shown -------------------------------------------------------------------------------------------
def facts_of(found: Cohort) -> TemplateValues:
    """The sessions and the small groups of a cohort, as its pages show them."""
    return {
        "cohort": found,
        "at": now(),
        "sessions": listed.meetings(found.id),
        "groups": [
            (one, people.name_of(one.facilitator), listed.meetings(one.id))
            for one in small_groups.groups(found.id)
        ],
    }


# -- one meeting -------------------------------------------------------------------------------------
def show_list() -> Response:
    """The sessions of all cohorts."""
    return desk.list_page(SESSIONS)


def show_one(meeting: str) -> Response:
    """One of them."""
    found = _load(meeting)
    return desk.one_page(owner_of(found), found)


def change(meeting: str) -> Response:
    """Move or change it; everybody who comes is told."""
    found = _load(meeting)
    return desk.change_page(owner_of(found), found)


def cancel(meeting: str) -> Response:
    """Cancel it; everybody who comes is told."""
    found = _load(meeting)
    return desk.cancel_page(owner_of(found), found)


def record(meeting: str) -> Response:
    """Who came, or made it up."""
    found = _load(meeting)
    return desk.attendance_page(owner_of(found), found)


def called(meeting: str) -> Response:
    """Who was called."""
    found = _load(meeting)
    return desk.called_page(owner_of(found), found)


def _load(meeting: str) -> Meeting:
    found = rows.load(meeting)
    if found.room not in (plan.SESSIONS, plan.SMALL_GROUPS):
        raise NotFound(meeting)
    return found
