"""The staff page of a consultant: whether they take offers, a leave or an end, and what happens to their work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.holdings import CONSULTANT
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.referral.matching import consultant_leave
from chalicelib.referral.matching.constraints import against_any
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.referral.matching.own_leave import rows
from chalicelib.referral.matching.reassign_page import destinations, name_of, note_field
from chalicelib.web.forms import Field, Form, Option, Values, radios
from chalicelib.web.http_input import Refused, one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import SENT_BEFORE, FormPage, command_id, only_once
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow import registry

DAY = 86_400
PROPOSALS = 5
PAUSE, TAKE, RETURN, BACK = "pause", "take", "return", "back"
ACTS = (PAUSE, TAKE, RETURN, BACK)
ELSEWHERE = N_(
    "They also work in counties that are not yours. Please ask somebody who works for all of them."
)


def leave_of(who: Consultant, at: int) -> tuple[int, int] | None:
    """First and last instant of a leave that is not over."""
    if who.on_leave_until is None or who.on_leave_until <= at:
        return None
    return who.on_leave_from or at, who.on_leave_until


def _consultant(key: str) -> Consultant:
    row = people.consultant_now(key)
    if not row:
        raise NotFound(key)
    return Consultant.read(row | {"load": len(row.get("held", []))})


def field_of(case: consultant_leave.Case) -> str:
    """The name of a row's field."""
    return "to_" + case.state.reference.replace("-", "_")


def away_form(
    cases: list[consultant_leave.Case], lang: str, at: int, wishes: Mapping[str, str]
) -> Form:
    """What happens, from when to when, and where each consultation goes. ``wishes``: what the consultant
    said of each, who entered a leave."""
    leaves = lambda values: values.get("what") == consultant_leave.LEAVE  # noqa: E731
    today = pacific_date(at).isoformat()
    moving = [case for case in cases if not case.offer]
    fields = [
        radios(
            "what",
            N_("What happens?"),
            (consultant_leave.LEAVE, N_("A leave: they come back")),
            (consultant_leave.LEFT, N_("They do not work with us anymore")),
        ),
        Field("leave_from", "date", N_("First day of the leave"), minimum=today, when=leaves),
        Field("leave_until", "date", N_("Last day of the leave"), minimum=today, when=leaves),
        *(_row(case, lang, wishes.get(case.state.reference, "")) for case in moving),
    ]
    return Form(*fields, *([note_field()] if moving else []))


def _row(case: consultant_leave.Case, lang: str, wish: str) -> Field:
    _ = translator(lang)
    status = vocabulary.STATUSES.get(case.state.status)
    label = f"{case.state.reference}: {_(status.label) if status else case.state.status}"
    hint = (
        _(N_("We propose %(name)s."), name=name_of(case.proposed))
        if case.proposed
        else _(N_("Nobody is free for it now. We propose to look for somebody."))
    )
    if wish in rows.TOLD:
        hint = f"{_(rows.TOLD[wish])} {hint}"
    known = destinations(case.ranking, case.state, lang, most=len(case.ranking.candidates))
    options: list[Option] = [
        *sorted(known, key=lambda one: one[0] != case.proposed)[:PROPOSALS],
        (consultant_leave.LOOK, N_("Look for somebody: back to the match")),
        (consultant_leave.KEEP, N_("Keep: the leave is short")),
    ]
    if consultant_leave.may_wait(case.state):
        options.append(
            (consultant_leave.HOLD, N_("Wait until they are back: the provider chose it"))
        )
    return Field(
        field_of(case), "select", label, hint=hint, options=tuple(options),
        missing=N_("Choose where it goes."),
    )  # fmt: skip


def show_one(consultant: str) -> Response:
    """The page of one consultant."""
    return _page(_consultant(consultant)).show()


def _elsewhere(who: Consultant, cases: Sequence[consultant_leave.Case]) -> bool:
    """Whether some of their work is in no county of the member of staff who looks: whatever is done to
    a consultant is done to all of it."""
    scope = current_staff().scope
    theirs = [*who.counties, *(case.state.county for case in cases)]
    return not all(scope.covers(county) for county in theirs)


def _theirs(key: str) -> Consultant:
    """The consultant of a press. Raises NotFound, and Refused where some of the work is elsewhere."""
    who = _consultant(key)
    if _elsewhere(who, consultant_leave.work_of(key)):
        raise Refused(403, ELSEWHERE)
    return who


def _page(who: Consultant, results: Sequence[consultant_leave.Result] = ()) -> FormPage:
    at, lang = now(), current().lang
    cases = consultant_leave.work_of(who.id)
    near = [case for case in cases if current_staff().scope.covers(case.state.county)]
    elsewhere = _elsewhere(who, cases)
    others = registry.still_held(f"{CONSULTANT}:{who.id}", at)

    def check(values: Values) -> dict[str, str]:
        """Who does not come back can keep nothing; a leave ends after it begins."""
        left = values.get("what") == consultant_leave.LEFT
        kept = [
            field_of(c)
            for c in cases
            if left and values.get(field_of(c)) in (consultant_leave.KEEP, consultant_leave.HOLD)
        ]
        wrong = dict.fromkeys(kept, N_("They do not come back. Choose where it goes."))
        if left and others:
            wrong["what"] = N_(
                "They still lead, guide or have a place somewhere. Hand it over first: the link is above."
            )
        first, last = values.get("leave_from"), values.get("leave_until")
        leaves = values.get("what") == consultant_leave.LEAVE
        if leaves and first and last and str(last) < str(first):
            wrong["leave_until"] = N_("The last day is before the first day.")
        return wrong

    facts: TemplateValues = {
        "who": who,
        "leave": leave_of(who, at),
        "rests": who.rests(at),
        "against": against_any(who, at),
        "others": others,
        "cases": near,
        "elsewhere": ELSEWHERE if elsewhere else "",
        "offers": [case for case in cases if case.offer],
        "results": results,
        "name_of": name_of,
        "statuses": {key: status.label for key, status in vocabulary.STATUSES.items()},
        "counties": vocabulary.COUNTY_NAMES,
    }
    asked = away_form([] if elsewhere else cases, lang, at, rows.wishes_of(who.id))
    return FormPage(
        "matching/consultant.html", asked, once=True, check=check, facts=lambda: facts, draw=show
    )


def press(consultant: str) -> Response:
    """The small presses: pause offers or take them, end a leave, be active again."""
    who, act, actor = _theirs(consultant), one(form(), "act"), current_staff().actor
    if act not in ACTS:
        return _page(who).show(status=422)
    try:
        only_once(command_id(f"{act} {consultant}"))
    except AlreadyDone:
        return _page(who).show(notice=SENT_BEFORE)
    changes: dict[str, dict[str, bool | None]] = {
        PAUSE: {"paused_offers": True, "paused_until": None},
        TAKE: {"paused_offers": None, "paused_until": None},
        RETURN: {"on_leave_from": None, "on_leave_until": None},
        BACK: {"active": True, "paused_offers": None, "paused_until": None},
    }
    people.set_fields(consultant, changes[act])
    if act == RETURN:
        consultant_leave.back(consultant, actor, now())
    _noted(consultant, actor, act)
    return redirect(f"/console/consultants/{consultant}")


def press_away(consultant: str) -> Response:
    """Check that every row has a place to go; then stop new offers, move all, and finish."""
    at, actor = now(), current_staff().actor

    def act(values: Values, command: str) -> Response:
        what = str(values["what"])
        leave = what == consultant_leave.LEAVE
        begins = midnight(date.fromisoformat(str(values["leave_from"]))) if leave else at
        until = midnight(date.fromisoformat(str(values["leave_until"]))) + DAY if leave else at
        cases = consultant_leave.work_of(consultant)
        chosen = {c.state.reference: str(values.get(field_of(c), "")) for c in cases if not c.offer}
        consultant_leave.begin(consultant, what, begins, until)
        note = str(values.get("note") or "")
        away = consultant_leave.Departure(consultant, what, until, note, actor, at, command)
        results = consultant_leave.move_all(away, chosen)
        # An offer that came between the look and the end keeps them active: the page shows it.
        held = registry.still_held(f"{CONSULTANT}:{consultant}", at)
        if what == consultant_leave.LEFT and not held and all(result.done for result in results):
            consultant_leave.finish(consultant)
        _noted(consultant, actor, what)
        people.forget()
        return _page(_consultant(consultant), results).show()

    return _page(_theirs(consultant)).press(act)


def _noted(consultant: str, actor: str, act: str) -> None:
    logger().info("consultant", extra={"consultant": consultant, "actor": actor, "act": act})
