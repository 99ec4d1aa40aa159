"""A facilitator's page, by a mailed link: their trainees, meetings with them, and their coursework."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.training.trainees import completion, progress
from chalicelib.training.trainees.desk import Desk, desk_of
from chalicelib.training.trainees.model import ON_LEAVE, Trainee
from chalicelib.training.trainees.pages import recording
from chalicelib.training.trainees.progress import Known
from chalicelib.training.trainees.statuses import STATUSES
from chalicelib.web.forms import Values
from chalicelib.web.pages import current, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store


def show(link: str) -> Response:
    """The trainees of a facilitator."""
    desk = desk_of(link)
    if desk is None:
        return _gone()
    at, lang, known = now(), current().lang, Known()
    people = [
        {
            "reference": one.reference,
            "name": one.contact.name or one.reference,
            "status": STATUSES[one.status].label,
            "lacks": [
                completion.sentence(part, lang)
                for part in progress.parts(one, at, known)
                if not part.met
            ],
        }
        for one in desk.trainees()
    ]
    return render("trainees/desk.html", cohort=desk.cohort, people=people, link=link)


def one(link: str, reference: str) -> Response:
    """One of them: what they have, and what the facilitator records."""
    desk = desk_of(link)
    found = [one for one in desk.trainees() if one.reference == reference] if desk else []
    if desk is None or not found:
        return _gone()
    state = found[0]

    def act(values: Values, command: str) -> str:
        def decide(fresh: Trainee) -> Command | None:
            if fresh.facilitator != desk.who:
                return None
            return recording.decide(fresh, values, desk.who, command, now())

        store.change(reference, decide, press=command)
        return f"/training-desk/{link}/{reference}"

    return FormPage(
        "trainees/desk_trainee.html",
        recording.form(state, now()),
        subject=f"training-desk|{reference}",
        version=state.version,
        facts=lambda: _facts(desk, state, link),
    ).answer(act)


def _facts(desk: Desk, state: Trainee, link: str) -> TemplateValues:
    lang, parts = current().lang, progress.parts(state, now())
    return {
        "cohort": desk.cohort,
        "trainee": state,
        "link": link,
        "parts": [(one.met, completion.sentence(one, lang)) for one in parts],
        "complete": completion.met(parts),
        "away": state.status == ON_LEAVE,
        "work": recording.sent_in(state, lang),
    }


def _gone() -> Response:
    """A link that is not good, or not any more."""
    return render("trainees/desk_gone.html", 410)
