"""Who came: recorded by the host or by staff, as often as it must be put right; whoever came is thanked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.log import logger
from chalicelib.aws.writes import create
from chalicelib.domain import addresses, vocabulary
from chalicelib.meetings import changing, met, rows
from chalicelib.meetings.model import DROP_IN, GUEST, Meeting, SignUp
from chalicelib.meetings.owners import owner_of
from chalicelib.web.forms import Field, Form, Values, checkboxes, number, several, words
from chalicelib.web.languages import N_

MOST: Final = 500


def listed(meeting: Meeting) -> list[SignUp]:
    """Whom the list of those who came asks about: who signed up, and who was added by name."""
    found = [one for one in rows.guests(meeting.id) if one.part in (GUEST, DROP_IN)]
    # The members of a group, those too who said that they cannot come: they may make it up.
    members = {one.key for one in found if meeting.group and one.contact}
    return [one for one in found if one.coming or one.came or one.made_up or one.key in members]


def attendance_form(people: Sequence[SignUp], *, of_group: bool = False) -> Form:
    """Who of the list came, and who came besides; of a group, who made it up. Nothing is preselected."""
    listed = [(one.key, shown(one)) for one in people]
    came = checkboxes(
        "came",
        N_("Who came?"),
        *listed,
        required=False,
        hint=N_("Leave it empty for those who did not come."),
    )
    made_up = checkboxes(
        "made_up",
        N_("Who did not come, and made it up since?"),
        *listed,
        required=False,
        hint=N_("You can add it here later, too. It counts like the meeting."),
    )
    return Form(
        *([came] if people else []),
        *([made_up] if people and of_group else []),
        Field(
            "names",
            "textarea",
            N_("Who came without signing up?"),
            hint=N_(
                "One name a line, adults only, and their email if they gave it to you. You can leave it "
                "empty."
            ),
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
    return {
        "came": [one.key for one in people if one.came],
        "made_up": [one.key for one in people if one.made_up],
        "drop_ins": meeting.drop_ins or None,
    }


def record(meeting: Meeting, values: Values, by: str, at: int) -> Meeting:
    """Keep who came. Names that were added before stay as they are, however often the form is sent.
    Raises AlreadyDone when somebody else changed the meeting meanwhile."""
    came, made_up = set(several(values, "came")), set(several(values, "made_up"))
    for one in listed(meeting):
        said = one.key in came, one.key in made_up and one.key not in came
        if (one.came, one.made_up) != said:
            met.record_came(meeting, one, *said, at)
        if any(said):
            owner_of(meeting).came(meeting, one, at)
    for line in dict.fromkeys(
        " ".join(line.split()) for line in words(values, "names").splitlines()
    ):
        if line:
            _add(meeting, line, by, at)
    after = replace(meeting, recorded=at, recorded_by=by, drop_ins=number(values, "drop_ins"))
    return changing.change(meeting, after, by, at, event="recorded")


def _add(meeting: Meeting, line: str, by: str, at: int) -> None:
    """Somebody who dropped in; with an email they are known by it, and have signed up before if it has."""
    email = next(
        (one for one in (part.strip("<>()[],;:") for part in line.split()) if "@" in one), ""
    )
    name = " ".join(part for part in line.split() if "@" not in part).strip(" ,;:-")[:120]
    if not name and not email:
        return
    email = email if addresses.plain(email) else ""
    key = rows.key_for(meeting.id, email or name)
    before = rows.guest(meeting.id, key)
    if before is not None:
        met.record_came(meeting, before, True, False, at)
        owner_of(meeting).came(meeting, before, at)
        return
    lang = meeting.language if meeting.language in vocabulary.LETTERS_LANGUAGES else "en"
    who = SignUp(
        key, meeting.id, at, by, part=DROP_IN, name=name or email, email=email, lang=lang,
        came=True, told=meeting.sequence, told_at=meeting.at,
    )  # fmt: skip
    row = create(rows.guest_key(meeting.id, key), who.to_row())
    dynamodb.transact([row, *met.written(meeting, who, at)])
    owner_of(meeting).came(meeting, who, at)


def counted(meeting: Meeting) -> dict[str, int]:
    """How many came, by how they are known."""
    people = rows.guests(meeting.id)
    return {
        "signed_up": sum(one.part == GUEST and one.coming for one in people),
        "came": sum(one.part == GUEST and one.came is True for one in people),
        "named": sum(one.part == DROP_IN and one.came is True for one in people),
        "drop_ins": meeting.drop_ins,
    }
