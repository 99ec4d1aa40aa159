"""The page of an emergency's report: its figures as they were counted last, and the press that counts."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.services.emergency import counting
from chalicelib.services.emergency.deployments import counting as deployed
from chalicelib.services.emergency.deployments.figures import groups
from chalicelib.services.emergency.report import SMALLEST, Group, as_csv, public, report, shown
from chalicelib.web.forms import Form, Values
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current, saved
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import show

HEADS = (
    N_("Part"),
    N_("Figure"),
    N_("For staff"),
    N_("Of how many it tells"),
    N_("For the public"),
)
SMALL = N_("fewer than 11")


def show_report(key: str) -> Response:
    """The figures; a press lets the clock count them anew."""
    one = emergencies.one_of(key)

    def act(values: Values, command: str) -> str:
        counting.begin(one.id, now())
        return f"/console/emergencies/{one.id}/report"

    page = FormPage("emergency/report.html", Form(), facts=lambda: _facts(one), draw=show)
    return page.answer(act)


def _facts(one: Emergency) -> TemplateValues:
    at, small = now(), translator(current().lang)(SMALL)
    counted, busy = counting.standing(one.id, at)
    return {
        "one": one,
        "counted": counted,
        "busy": busy,
        "groups": figures(one) if counted else [],
        "heads": HEADS,
        "shown": shown,
        "public": lambda figure: public(figure, small),
        "smallest": SMALLEST,
    }


def figures(one: Emergency) -> list[Group]:
    """The report on an emergency, as it was counted last."""
    return [*report(counting.all_of(one.id)), *groups(deployed.all_of(one.id))]


def save_csv(key: str) -> Response:
    """The same for a spreadsheet."""
    one, tr = emergencies.one_of(key), translator(current().lang)
    body = as_csv(figures(one), [tr(head) for head in HEADS], tr)
    return saved(body, "text/csv; charset=utf-8", f"emergency-{one.id}.csv")


def dates(one: Emergency, lang: str) -> str:
    """From when until when, in words."""
    last = date_words(one.over - 1, lang)
    return translator(lang)(SPAN, first=date_words(one.since, lang), last=last)


SPAN = N_("From %(first)s to %(last)s")
