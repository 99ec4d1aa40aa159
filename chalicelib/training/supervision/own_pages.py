"""Behind a consultant's own page: their hours of supervision, to log one and to say that one is wrong; and for a
facilitator, their people, to log a meeting of several and to confirm what others logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.errors import AlreadyDone
from chalicelib.mail import task_list_link
from chalicelib.training.supervision import forms, log, look, rows
from chalicelib.training.supervision.forms import hours
from chalicelib.training.supervision.rows import Meeting
from chalicelib.web.forms import Form, Values, radios
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current, redirect, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues

HOME, PEOPLE = "/mine/supervision", "/mine/people"
# So many meetings are shown, and can be said to be wrong.
SHOWN = 24
YES, NO = "yes", "no"
GAVE: Final = N_("Reflective supervision that you gave")


def panel(who: str, row: Person, at: int) -> TemplateValues:
    """On the consultant's own page: how they stand, and what a facilitator is to confirm."""
    facilitates = bool(row.get("endorsement"))
    return {
        "standing": look.standing_now(row, at),
        "hours": hours,
        "day": look.instant,
        "facilitates": facilitates,
        "asked": len(rows.asked(who)) if facilitates else 0,
    }


def minutes(who: str, row: Person, first: int, last: int) -> tuple[str, int]:
    """The minutes for which somebody facilitated, on the days between two instants; a group counts once."""
    since, until = (pacific_date(one).isoformat() for one in (first, last))
    met = {
        (one.day, "" if one.way == rows.GROUP else one.person): one.minutes
        for each in rows.people_of(who)
        for one in rows.meetings(str(each["id"]), last)
        if (one.facilitator, one.said) == (who, rows.COUNTS) and since <= one.day <= until
    }
    return GAVE, sum(met.values())


def show() -> Response:
    """Somebody's own hours."""
    who, row, at = _holder()
    if not who:
        return redirect("/mine")
    met = rows.meetings(who, at)[:SHOWN]
    return render(
        "supervision/own.html",
        standing=look.standing_now(row, at),
        names=_names(met),
        day=look.instant,
        hours=hours,
        meetings=met,
        ways=forms.WAYS,
        said=forms.SAID,
        saved=_saved(),
    )


def log_own() -> Response:
    """Log a meeting of one's own; the facilitator is asked."""
    who, row, at = _holder()
    if not who:
        return redirect("/mine")
    asked = Form(forms.facilitators(at, but=who), *forms.of_meeting(at))

    def act(values: Values, command: str) -> str:
        log.by_themselves(forms.meeting_of(values, who, str(values["facilitator"])), at)
        return f"{HOME}?saved=yes"

    known: Values = {
        "facilitator": str(row.get("facilitator") or ""),
        "day": pacific_date(at).isoformat(),
    }
    return _page("own_log", asked, who, known).answer(act)


def own_wrong() -> Response:
    """Say that a meeting is not right."""
    who, _row, at = _holder()
    met = [one for one in rows.meetings(who, at)[:SHOWN] if one.said == rows.COUNTS] if who else []
    if not met:
        return redirect(HOME if who else "/mine")
    names, by_key = _names(met), {one.key.sk: one for one in met}
    options = [(one.key.sk, _told(one, names[one.facilitator])) for one in met]
    asked = Form(radios("meeting", N_("Which one is not right?"), *options))

    def act(values: Values, command: str) -> str:
        log.is_wrong(by_key[str(values["meeting"])], at)
        return f"{HOME}?saved=yes"

    return _page("own_wrong", asked, who).answer(act)


# -- a facilitator -----------------------------------------------------------------------------------
def show_people() -> Response:
    """The people of a facilitator, and what waits for their word."""
    who, _row, _at = _facilitator()
    if not who:
        return redirect("/mine")
    return render(
        "supervision/people.html",
        people=rows.people_of(who),
        asked=rows.asked(who),
        day=look.instant,
        hours=hours,
        saved=_saved(),
    )


def log_people() -> Response:
    """Log a meeting with one or several."""
    who, _row, at = _facilitator()
    listed = rows.people_of(who) if who else []
    if not listed:
        return redirect(PEOPLE if who else "/mine")
    asked = Form(forms.who_was_there(listed), *forms.of_meeting(at))

    def act(values: Values, command: str) -> str:
        log.by_facilitator(forms.meetings_of(values, who), f"consultant:{who}", at)
        return f"{PEOPLE}?saved=yes"

    page = _page(
        "people_log", asked, who, {"day": pacific_date(at).isoformat()}, forms.one_at_a_time
    )
    return page.answer(act)


def confirm() -> Response:
    """Say of each meeting that others logged whether it was so."""
    who, _row, at = _facilitator()
    waiting = [one for one, _found in rows.asked(who)][:SHOWN] if who else []
    if not waiting:
        return redirect(PEOPLE if who else "/mine")
    names = {str(one["id"]): str(one["name"]) for one in rows.people_of(who)}
    # By name, not by number: what came meanwhile must not be answered in another's place.
    fields = {f"m_{one.day}_{one.person}_{one.way}": one for one in waiting}
    asked = Form(
        *(
            radios(name, _told(one, names.get(one.person, one.person)),
                   (YES, N_("Yes, it was so")), (NO, N_("No, this is not right")), required=False)
            for name, one in fields.items()
        )
    )  # fmt: skip

    def act(values: Values, command: str) -> str:
        for name, one in fields.items():
            if values.get(name):
                _answered(one, values[name] == YES, at)
        return f"{PEOPLE}?saved=yes"

    return _page("people_confirm", asked, who).answer(act)


def _answered(one: Meeting, yes: bool, at: int) -> None:
    """What somebody else has answered, or changed, meanwhile stays as it is."""
    try:
        log.answer(one, yes, at)
    except AlreadyDone:
        return


# -- both --------------------------------------------------------------------------------------------
def _holder() -> tuple[str, Person, int]:
    who = task_list_link.holder()
    row = people.consultant_now(who) if who else Person()
    return (who if row.get("active") else ""), row, now()


def _facilitator() -> tuple[str, Person, int]:
    who, row, at = _holder()
    return (who if row.get("endorsement") else ""), row, at


def _page(
    name: str,
    asked: Form,
    who: str,
    known: Values | None = None,
    check: Callable[[Values], Mapping[str, str]] | None = None,
) -> FormPage:
    page, subject = f"supervision/{name}.html", f"{name}|{who}"
    return FormPage(page, asked, subject=subject, once=True, known=known or {}, check=check)


def _names(met: Sequence[Meeting]) -> dict[str, str]:
    return {one: people.name_of(f"consultant:{one}") for one in {a.facilitator for a in met}}


def _told(one: Meeting, name: str) -> str:
    """A meeting in one line, in the reader's language."""
    _, lang = translator(current().lang), current().lang
    day = date_words(look.instant(one.day), lang, year=True)
    return str(_(N_("%(date)s, %(hours)s h, %(way)s, %(name)s"), date=day, hours=hours(one.minutes),
                 way=_(forms.WAYS[one.way]), name=name))  # fmt: skip


def _saved() -> bool:
    return current().query.get("saved") == ["yes"]
