"""What a provider told us: the request's answers, read with tolerance (F47).

Old and new code read each other's rows: a missing answer is unknown, an answer of the wrong shape
counts as missing, an unknown field is ignored. Nothing here judges an answer; forms do that before
it is stored, rules do it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple | set | frozenset):
        return ()
    found = [text for item in value if (text := _text(item))]
    return tuple(sorted(found) if isinstance(value, set | frozenset) else dict.fromkeys(found))


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        return None


Text = Annotated[str | None, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Number = Annotated[int | None, BeforeValidator(_number)]


class Request(BaseModel):
    """The answers of one request. None or an empty tuple means: not answered.

    Choices hold the ids of ``words.ANSWER_LABELS``; ``children_enrolled`` and ``prior_contacts``
    are numbers (2 = two or more contacts in 90 days).
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    county: Text = None
    setting: Text = None
    requester_role: Text = None
    director_knows: Text = None
    site_name: Text = None
    city: Text = None
    zip: Text = None
    license_number: Text = None
    age_bands: Texts = ()
    children_enrolled: Number = None
    classroom: Text = None
    focus: Texts = ()
    concerns: Texts = ()
    suspension_expulsion_status: Text = None
    behavior_serious: Texts = ()
    circumstances: Texts = ()
    recent_event: Text = None
    safety_now: Text = None
    support_wanted: Texts = ()
    outside_scope: Texts = ()
    prior_contacts: Number = None
    language: Text = None
    language_required: Text = None
    modality: Text = None
    availability: Texts = ()
    funding: Texts = ()
    same_consultant: Text = None
    exclude_consultant: Text = None
    contact_name: Text = None
    contact_email: Text = None
    contact_phone: Text = None
    contact_by: Text = None
    anything_else: Text = None
    notice_version: Text = None
    letters_language: Text = None

    @classmethod
    def from_answers(cls, answers: Mapping[str, Any]) -> Request:
        """Read stored or submitted answers; never fails on content."""
        return cls.model_validate(dict(answers))

    def as_dict(self) -> dict[str, Any]:
        """The answers that were given, JSON serialisable; missing ones are left out."""
        found = self.model_dump(mode="json")
        return {name: value for name, value in found.items() if value not in (None, [])}


FIELDS: Final = tuple(Request.model_fields)

PERSONAL: Final = frozenset(
    {
        "site_name",
        "city",
        "zip",
        "license_number",
        "classroom",
        "exclude_consultant",
        "contact_name",
        "contact_email",
        "contact_phone",
        "anything_else",
    }
)
"""Answers that name or locate somebody: never in a decision, a run, a log or an offer (S28)."""
