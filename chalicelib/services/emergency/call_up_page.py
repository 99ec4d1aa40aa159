"""The page on which staff see who of the roster would be asked for help in an emergency and who would not,
ask them in one press, and see who said yes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.directory import emergencies, people
from chalicelib.directory.emergencies import Emergency
from chalicelib.directory.people import Person
from chalicelib.domain import vocabulary
from chalicelib.domain.ids import new_reference
from chalicelib.services.emergency import call_up as call_ups
from chalicelib.services.emergency.call_up import VIRTUAL, WAYS, CallUp
from chalicelib.services.emergency.call_up_case import STATUSES
from chalicelib.web.forms import Field, Form, Values, number, textarea, words
from chalicelib.web.http_input import one as one_of
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.storage import keys

MOST: Final = 200
CHANGED: Final = N_("Something changed since this page was shown. Please look at it as it is now.")
TOO_MANY: Final = N_("There are fewer people to ask than places.")
NOT_YET: Final = N_("Asked in a moment")


def _form() -> Form:
    """How many places, and what those who are asked should know."""
    return Form(
        Field(
            "places",
            "number",
            N_("How many places are there?"),
            hint=N_("Who says yes first has a place. The others are thanked."),
            minimum=1,
            maximum=MOST,
            width="short",
        ),
        textarea(
            "note",
            N_("What should they know?"),
            hint=N_("Days, hours, place. Everybody who is asked reads it as you write it."),
            required=False,
            max_length=600,
        ),
    )


def call_up(key: str) -> Response:
    """Who would be asked, and the call-ups so far; a press asks everybody on the list."""
    one, at, who = emergencies.one_of(key), now(), current_staff()
    chosen = _chosen(one)
    found = call_ups.candidates(one, chosen["county"], chosen["language"], chosen["way"], at)
    asked = [row for row, reasons in found if not reasons]
    path = f"/console/emergencies/{one.id}/call-up"

    def act(values: Values, command: str) -> str:
        if one_of(form(), "seen") != _seen(asked) or one.over <= at:
            raise Hindered(CHANGED)
        new = CallUp(
            emergency=one.id,
            id=hashlib.sha256(command.encode()).hexdigest()[:16],
            at=at,
            by=who.actor,
            cap=number(values, "places"),
            note=words(values, "note"),
            asked={row["id"]: new_reference() for row in asked},
            way=chosen["way"],
            county=chosen["county"],
            language=chosen["language"],
        )
        call_ups.send(new)
        logger().info("call-up", extra={"emergency": one.id, "actor": who.actor})
        return path

    def check(values: Values) -> Mapping[str, str]:
        return {"places": TOO_MANY} if number(values, "places") > len(asked) else {}

    def facts() -> TemplateValues:
        return {
            "one": one,
            "over": one.over <= at,
            "action": path,
            "here_with": f"{path}?{urlencode(chosen)}",
            "chosen": chosen,
            "asked": asked,
            "others": [(row, reasons) for row, reasons in found if reasons],
            "seen": _seen(asked),
            "call_ups": [_standing(sent) for sent in call_ups.of_emergency(one.id)],
            "ways": WAYS,
            "spoken": vocabulary.LANGUAGES,
            "own_counties": [
                (county, vocabulary.label("county", county)) for county in one.counties
            ],
            "name": people.name_of,
            "county_name": lambda county: vocabulary.label("county", county),
        }

    page = FormPage(
        "emergency/call_up.html", _form(), once=True, check=check, facts=facts, draw=show
    )
    return page.answer(act)


def _chosen(one: Emergency) -> dict[str, str]:
    """What the list is narrowed to, as far as it is something that there is."""
    asked = {name: (current().query.get(name) or [""])[0] for name in ("county", "language", "way")}
    known = {"county": one.counties, "language": vocabulary.LANGUAGES, "way": WAYS}
    usual = {"county": "", "language": "", "way": VIRTUAL}
    return {name: typed if typed in known[name] else usual[name] for name, typed in asked.items()}


def _seen(asked: Sequence[Person]) -> str:
    """What tells the list that was shown from another."""
    return hashlib.sha256(",".join(row["id"] for row in asked).encode()).hexdigest()[:16]


def _standing(sent: CallUp) -> TemplateValues:
    """A call-up with where each who was asked stands."""
    states = dynamodb.batch_get(keys.state(one) for one in sent.asked.values())
    rows = {keys.reference_of(str(row["pk"])): row for row in states}
    lines = [_line(who, reference, rows.get(reference)) for who, reference in sent.asked.items()]
    return {"sent": sent, "lines": sorted(lines, key=lambda line: str(line["name"]))}


def _line(consultant: str, reference: str, row: Item | None) -> Item:
    status = STATUSES.get(str((row or {}).get("status", "")))
    label = status.label if status else STATUSES["called_up"].label
    return {
        "name": people.name_of(f"consultant:{consultant}"),
        "reference": reference if row else "",
        "stands": label if row else NOT_YET,
    }
