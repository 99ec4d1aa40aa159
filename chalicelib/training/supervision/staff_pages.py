"""The console's pages of supervision: who is due, by who looks after them; meetings logged for a facilitator;
and what the Network asks for, as thresholds with their first day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.calendar import pacific_date
from chalicelib.domain.roles import SUPERVISOR
from chalicelib.training.supervision import forms, log, look, rows, rule
from chalicelib.training.supervision.rule import Threshold
from chalicelib.web.forms import Field, Form, Values, number, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show

HOME: Final = "/console/supervision"
TOO_MUCH: Final = N_("That is more than the hours in all.")


def show_supervision() -> Response:
    """Who somebody looks after: a supervisor or a facilitator, by default the reader."""
    key = _key()
    scope = current_staff().scope
    listed = [one for one in rows.people_of(key) if scope.covers(*one["counties"])] if key else []
    order = {rule.LAPSED: 0, rule.DUE: 1, rule.CURRENT: 2, "": 3}
    said = dynamodb.get(rows.NOW) or {}
    groups = sorted(said.get("groups", {}).items(), key=lambda pair: _name(pair[0]))
    return show(
        "supervision/supervision.html",
        key=key,
        called=_name(key) if key else "",
        people=sorted(listed, key=lambda one: (order[one["state"]], one["name"])),
        groups=[(one, _name(one), counts) for one, counts in groups],
        counted=said.get("at"),
        thresholds=rows.thresholds(),
        in_force=[one for who in rule.WHO if (one := _in_force(who))],
        who=rule.WHO,
        day=look.instant,
        hours=forms.hours,
    )


def log_meeting() -> Response:
    """Log a meeting for a facilitator who told it: of the people of whom the page speaks."""
    key, at, me = _key(), now(), current_staff()
    listed = (
        [one for one in rows.people_of(key) if me.scope.covers(*one["counties"])] if key else []
    )
    if not listed:
        return redirect(HOME)
    asked = Form(forms.facilitators(at), forms.who_was_there(listed), *forms.of_meeting(at))

    def act(values: Values, command: str) -> str:
        met = forms.meetings_of(values, str(values["facilitator"]))
        log.by_facilitator([one for one in met if one.person != one.facilitator], me.actor, at)
        return f"{HOME}?of={key}"

    known: Values = {"day": pacific_date(at).isoformat(), "facilitator": "" if ":" in key else key}
    return FormPage(
        "supervision/log.html", asked, once=True, known=known, check=forms.one_at_a_time, draw=show,
        facts=lambda: {"key": key, "called": _name(key)},
    ).answer(act)  # fmt: skip


def enter_threshold() -> Response:
    """What the Network asks for, from a day on."""
    at = now()
    last = pacific_date(at) + timedelta(days=730)
    asked = Form(
        radios("who", N_("For whom?"), *rule.WHO.items()),
        Field("since", "date", N_("From which day does it count?"), maximum=last.isoformat(),
              hint=N_("What counted before stays on record. An entry for the same day takes the place of the earlier one.")),
        Field("hours", "number", N_("How many hours?"), minimum=0, maximum=500, width="short",
              hint=N_("0 means that nothing is asked from that day on.")),
        Field("days", "number", N_("Within how many days?"), minimum=7, maximum=730, width="short",
              hint=N_("They count from each day back: 365 is a year.")),
        Field("alone", "number", N_("Of these, how many hours alone with the facilitator?"), minimum=0, maximum=500,
              required=False, width="short"),
    )  # fmt: skip

    def check(values: Values) -> dict[str, str]:
        more = number(values, "alone") > number(values, "hours")
        return {"alone": TOO_MUCH} if more else {}

    def act(values: Values, command: str) -> str:
        hours, alone = (60 * number(values, name) for name in ("hours", "alone"))
        one = Threshold(
            words(values, "since"), words(values, "who"), hours, number(values, "days"), alone
        )
        rows.enter(one)
        look.soon(at)
        return HOME

    return FormPage("supervision/threshold.html", asked, once=True, check=check, draw=show).answer(
        act
    )


def _key() -> str:
    """Of whom the address speaks: an id of a facilitator, or ``staff:id``."""
    asked, me = (current().query.get("of") or [""])[0], current_staff()
    return asked or (f"staff:{me.id}" if me.role == SUPERVISOR else "")


def _name(key: str) -> str:
    return people.name_of(key if ":" in key else f"consultant:{key}")


def _in_force(who: str) -> Threshold | None:
    return rule.in_force(rows.thresholds(), who, pacific_date(now()))
