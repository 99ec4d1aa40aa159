"""The page on which staff give an emergency a later last day: what is paused for it stays paused as long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import midnight
from chalicelib.referral import second_review
from chalicelib.services.emergency import moved, pausing
from chalicelib.services.emergency.declaring import DECLARED, FOR_STAFF, LIST, LONGEST
from chalicelib.web.forms import Field, Form, Values, textarea, words
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show

OVER: Final = N_("It is over. Declare it again if it goes on.")
BUSY: Final = N_("Requests are being paused just now. Try again in a minute.")


def form_of(one: Emergency) -> Form:
    """The later day, and why."""
    first = date.fromisoformat(one.until) + timedelta(days=1)
    return Form(
        Field(
            "until",
            "date",
            N_("What is its new last day?"),
            hint=N_("It ends by itself at midnight after that day."),
            minimum=first.isoformat(),
            maximum=(first + LONGEST).isoformat(),
        ),
        textarea(
            "note",
            N_("Why does it last longer?"),
            hint=FOR_STAFF,
            max_length=600,
            check=second_review.sentence,
        ),
    )


def extend(key: str) -> Response:
    """The form; a press moves the last day, and all that goes by it."""
    one = emergencies.one_of(key)

    def act(values: Values, command: str) -> str:
        at, by = now(), current_staff().actor
        until, note = words(values, "until"), words(values, "note")
        if emergencies.extend(one, until, by, note, moved.follows(key, at)):
            moved.follow(key, at)
            logger().info("emergency extended", extra={"emergency": key, "actor": by})
        return f"{LIST}/{key}"

    page = FormPage(
        "emergency/extend.html",
        form_of(one),
        once=True,
        check=lambda values: _wrong(one, values),
        facts=lambda: {"one": one, "last_day": midnight(date.fromisoformat(one.until))},
        draw=show,
    )
    return page.answer(act)


def _wrong(one: Emergency, values: Values) -> dict[str, str]:
    """What stands against a later day: msgids by field."""
    if one.over <= now():
        return {"until": OVER}
    if pausing.busy(one.id):
        return {"until": BUSY}
    longer = replace(one, until=words(values, "until") or one.until)
    others = (other for other in emergencies.all_of_them() if other.id != one.id)
    twice = next((other for other in others if other.meets(longer)), None)
    said = translator(current().lang)
    return {"until": said(DECLARED, name=twice.called)} if twice is not None else {}
