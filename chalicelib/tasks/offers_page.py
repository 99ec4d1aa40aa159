"""A consultant pauses new offers until a day, or until they say so, and takes them again: on a page behind
their list of tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.mail import task_list_link
from chalicelib.web.forms import Field, Form, Option, Values, radios, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage

UNTIL, PAUSE, TAKE = "until", "pause", "resume"
LONGEST: Final = timedelta(days=365)


def asked(rests: bool, at: int) -> Form:
    """What they want now; nothing is chosen yet."""
    options: list[Option] = [
        (UNTIL, N_("No new offers before a day that I choose")),
        (PAUSE, N_("No new offers until I say so")),
    ]
    if rests:
        options.insert(0, (TAKE, N_("Offer me new consultations again, from now on")))
    tomorrow = pacific_date(at) + timedelta(days=1)
    return Form(
        radios("offers", N_("What do you want?"), *options),
        Field(
            "first_day",
            "date",
            N_("From which day on can you take new offers again?"),
            minimum=tomorrow.isoformat(),
            maximum=(tomorrow + LONGEST).isoformat(),
            when=lambda values: values.get("offers") == UNTIL,
        ),
    )


def choose() -> Response:
    """Show it; take the choice. What they have goes on, and an offer that is open waits for its answer."""
    who, at = task_list_link.holder(), now()
    row = people.consultant_now(who) if who else people.Person()
    if not row.get("active"):
        return redirect("/mine")

    def act(values: Values, command: str) -> str:
        wish, day = values["offers"], words(values, "first_day")
        until = midnight(date.fromisoformat(day)) if day else None
        people.pause_offers(who, wish != TAKE, until)
        logger().info(
            "consultant", extra={"consultant": who, "actor": f"consultant:{who}", "act": wish}
        )
        return "/mine?saved=yes"

    rests = people.rests(row, at)
    return FormPage(
        "tasks/offers.html",
        asked(rests, at),
        subject=f"offers|{who}",
        once=True,
        facts=lambda: {"rests": rests, "until": row.get("paused_until", 0)},
    ).answer(act)
