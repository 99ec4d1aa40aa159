"""Who came: recorded by the host or by staff, as often as it must be put right; whoever came is thanked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.writes import create
from chalicelib.meetings import changing, met, rows
from chalicelib.meetings.model import DROP_IN, GUEST, Meeting, SignUp
from chalicelib.web.forms import Field, Form, Values, checkboxes, number, several, words
from chalicelib.web.languages import N_

MOST: Final = 500


def listed(meeting: Meeting) -> list[SignUp]:
    """Whom the list of those who came asks about: who signed up, and who was added by name."""
    found = [one for one in rows.guests(meeting.id) if one.part in (GUEST, DROP_IN)]
    return [one for one in found if one.coming or one.came]


def attendance_form(people: Sequence[SignUp]) -> Form:
    """Who of the list came, and who came besides. Nothing is preselected."""
    asked = (
        [
            checkboxes(
                "came",
                N_("Who came?"),
                *((one.key, shown(one)) for one in people),
                required=False,
                hint=N_("Leave it empty for those who did not come."),
            )
        ]
        if people
        else []
    )
    return Form(
        *asked,
        Field(
            "names",
            "textarea",
            N_("Who came without signing up?"),
            hint=N_("One name a line: adults only. You can leave it empty."),
            required=False,
            rows=3,
            guarded=False,
            max_length=2000,
        ),
        Field(
            "drop_ins",
            "number",
            N_("How many more came whose names you do not know?"),
            required=False,
            minimum=0,
            maximum=MOST,
            width="short",
        ),
    )


def looked(meeting: Meeting, by: str) -> None:
    """Write down who looks at those who signed up."""
    logger().info("sign-ups viewed", extra={"meeting": meeting.id, "actor": by})


def shown(one: SignUp) -> str:
    """Somebody on a list: by the name they gave, else by their address without its middle."""
    if one.name:
        return one.name
    local, _, domain = one.email.partition("@")
    return f"{local[:2]}…@{domain}"


def known(meeting: Meeting, people: Sequence[SignUp]) -> Values:
    """What was recorded before, to put it right."""
    if meeting.recorded is None:
        return {}
    return {"came": [one.key for one in people if one.came], "drop_ins": meeting.drop_ins or None}


def record(meeting: Meeting, values: Values, by: str, at: int) -> Meeting:
    """Keep who came. Names that were added before stay as they are, however often the form is sent.
    Raises AlreadyDone when somebody else changed the meeting meanwhile."""
    came = set(several(values, "came"))
    for one in listed(meeting):
        if one.came is not (one.key in came):
            met.record_came(meeting, one, one.key in came, at)
    for name in dict.fromkeys(
        " ".join(line.split()) for line in words(values, "names").splitlines()
    ):
        if name:
            _add(meeting, name[:120], by, at)
    after = replace(meeting, recorded=at, recorded_by=by, drop_ins=number(values, "drop_ins"))
    return changing.change(meeting, after, by, at, event="recorded")


def _add(meeting: Meeting, name: str, by: str, at: int) -> None:
    key = hashlib.sha256(f"{meeting.id}|{name.casefold()}".encode()).hexdigest()[:26]
    who = SignUp(key, meeting.id, at, by, part=DROP_IN, name=name, came=True)
    dynamodb.write(create(rows.guest_key(meeting.id, key), who.to_row()))


def counted(meeting: Meeting) -> dict[str, int]:
    """How many came, by how they are known."""
    people = rows.guests(meeting.id)
    return {
        "signed_up": sum(one.part == GUEST and one.coming for one in people),
        "came": sum(one.part == GUEST and one.came is True for one in people),
        "named": sum(one.part == DROP_IN and one.came is True for one in people),
        "drop_ins": meeting.drop_ins,
    }
