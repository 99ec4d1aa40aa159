"""What is written down of a contact: the shortest call first, all else behind it.

The first six questions and Enter are enough. The others have an answer that is true when nobody asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.services.helpline import words as kept_words
from chalicelib.services.helpline.contacts import NOT_SAID
from chalicelib.services.helpline.words import (
    BECOMES_REQUEST,
    CALLS_BACK,
    HAND_OVERS,
    NOBODY_SPOKE,
)
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Option,
    Values,
    checkboxes,
    select,
    several,
    textarea,
    words,
)
from chalicelib.web.languages import N_

UNSAID: Final = (NOT_SAID, N_("They did not say"))
TOPICS: Final = {**vocabulary.CONCERNS, **kept_words.CONTACT_TOPICS}
FARTHEST: Final = timedelta(days=90)
# What a call begins with: true when nobody says otherwise.
USUAL: Final[Values] = {"language": "en", "channel": "phone", "repeat": "not_asked"}
FIRST: Final = ("county", "language", "role", "setting", "topic", "disposition")
# What is asked again once we called: how it was, not whether we may call.
ABOUT_A_CALL: Final = (*FIRST, "topics", "hand_over_to", "unmet", "unmet_note")
NEVER_AFTER_A_TALK: Final = (*NOBODY_SPOKE, CALLS_BACK)


def _spoken(values: Values) -> bool:
    """Whether somebody of ours talked with them."""
    return values.get("disposition") not in NOBODY_SPOKE


def follows_up(values: Values) -> bool:
    """Whether they agree to be asked how it went."""
    return "yes" in several(values, "follow_up")


def promises(values: Values) -> bool:
    """Whether somebody of ours will call them."""
    return values.get("disposition") == CALLS_BACK or follows_up(values)


def _handed_over(values: Values) -> bool:
    return values.get("disposition") in HAND_OVERS


def about_them() -> list[Field]:
    """Who called, from where, and about what."""
    return [
        select(
            "county",
            N_("County"),
            *vocabulary.COUNTY_NAMES.items(),
            UNSAID,
            when=_spoken,
        ),
        select("language", N_("Language of the call"), *vocabulary.LANGUAGES.items()),
        select("role", N_("Who calls"), *vocabulary.REQUESTER_ROLES.items(), UNSAID, when=_spoken),
        select("setting", N_("Kind of care"), *vocabulary.SETTINGS.items(), UNSAID, when=_spoken),
        select("topic", N_("What it is about"), *TOPICS.items(), when=_spoken),
        select(
            "disposition",
            N_("What came of it"),
            *vocabulary.DISPOSITIONS.items(),
            ahead=True,
        ),
    ]


def _how_it_was() -> list[Field]:
    return [
        select("channel", N_("How they reached us"), *kept_words.CHANNELS.items()),
        checkboxes(
            "interpreter",
            N_("Interpreter line"),
            ("yes", N_("An interpreter was on the line")),
            required=False,
        ),
        select("repeat", N_("First or again?"), *kept_words.REPEAT.items()),
        checkboxes("topics", N_("What else it was about"), *TOPICS.items(), required=False),
        select(
            "hand_over_to",
            N_("To whom did you hand over?"),
            *kept_words.HAND_OVER_TO.items(),
            hint=N_("Only for a live hand-over."),
            when=_handed_over,
        ),
        checkboxes(
            "unmet",
            N_("What did they need that nobody could give?"),
            *kept_words.UNMET.items(),
            required=False,
        ),
        textarea(
            "unmet_note",
            N_("In a few words"),
            rows=2,
            hint=NO_CHILD,
            required=False,
            max_length=300,
        ),
    ]


def _to_call_them(at: int) -> list[Field]:
    today = pacific_date(at)

    def again(values: Values) -> bool:
        return values.get("disposition") == CALLS_BACK

    return [
        checkboxes(
            "follow_up",
            N_("May we call them to ask how it went?"),
            ("yes", N_("Yes, they agree to a call")),
            required=False,
            ahead=True,
        ),
        Field(
            "call_day",
            "date",
            N_("On which day should we call?"),
            hint=N_("For a call back, or for the follow-up that they agree to."),
            minimum=today.isoformat(),
            maximum=(today + FARTHEST).isoformat(),
            when=promises,
        ),
        Field("call_time", "time", N_("At what time? Pacific time"), when=again),
        Field(
            "phone",
            "tel",
            N_("Their phone number"),
            hint=N_("Only if we will call them, or they want to be found again."),
            required=False,
        ),
        Field("name", "text", N_("What should we call them?"), required=False, max_length=80),
        Field("email", "email", N_("Their email address"), required=False),
    ]


def _safety() -> list[Field]:
    def chosen(values: Values) -> bool:
        return bool(values.get("protocol"))

    return [
        select(
            "protocol",
            N_("Was there a safety concern? Which steps apply?"),
            *vocabulary.SAFETY_PROTOCOLS.items(),
            hint=N_("We keep only what you choose here, the time, and your role."),
            required=False,
            ahead=True,
        ),
        select(
            "protocol_done",
            N_("Did you go through the steps above?"),
            *vocabulary.YES_NO.items(),
            when=chosen,
        ),
    ]


def call_form(at: int, resources: Sequence[Option] = ()) -> Form:
    """Everything about one contact that is written down ``at`` (UTC seconds); ``resources`` may be sent."""
    sent = checkboxes(
        "resources",
        N_("What should we send them?"),
        *resources,
        hint=N_("By email. Or open it beside the form and read it aloud."),
        required=False,
    )
    return Form(
        *about_them(),
        *_safety(),
        *_how_it_was(),
        *([sent] if resources else []),
        *_to_call_them(at),
    )


NO_ADDRESS: Final = N_("Type the address to which we should send it.")
NO_NUMBER: Final = N_("Type the number that we should call.")


def together(values: Values) -> dict[str, str]:
    """What is wrong with several answers together: msgids by field."""
    if promises(values) and not values.get("phone"):
        return {"phone": NO_NUMBER}
    if several(values, "resources") and not values.get("email"):
        return {"email": NO_ADDRESS}
    return {}


def becomes_request(values: Values) -> bool:
    """Whether the request form is next."""
    return words(values, "disposition") == BECOMES_REQUEST
