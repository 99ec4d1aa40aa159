"""What an applicant said, beside the state of the application: the room of applications writes it, and whoever
trains them reads it.

| what                     | pk      | sk          |
|--------------------------|---------|-------------|
| what an applicant said   | R#{ref} | APPLICATION |
"""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, create
from chalicelib.domain.errors import NotFound
from chalicelib.workflow.storage import keys

SK: Final = "APPLICATION"


class Said(BaseModel):
    """The answers. ``spoken``: language -> level. ``links``: addresses of work, which reviewers do not see."""

    model_config = ConfigDict(extra="ignore", defer_build=True)
    motivation: str = ""
    experience: str = ""
    spoken: dict[str, str] = Field(default_factory=dict)
    counties: list[str] = Field(default_factory=list)
    settings: list[str] = Field(default_factory=list)
    availability: list[str] = Field(default_factory=list)
    time: str = ""
    links: str = ""


def said_by(application: str) -> Said:
    """What the applicant said. Raises NotFound."""
    row = dynamodb.get(_key(application), consistent=True)
    if row is None:
        raise NotFound(application)
    return Said.model_validate(row)


def write(application: str, said: Said) -> Write:
    """Keep it with the application, once."""
    return create(_key(application), said.model_dump(exclude_defaults=True))


def _key(application: str) -> Key:
    return Key(keys.case_pk(application), SK)
