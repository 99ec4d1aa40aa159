"""The applications of a cohort, and who reviews them: rows of one partition.

| what                          | pk            | sk                 |
|-------------------------------|---------------|--------------------|
| an application for it         | APPLYING#{id} | APPLIED#{ref}      |
| a reviewer, and how many      | APPLYING#{id} | REVIEWER#{who}     |
| offers that staff made        | APPLYING#{id} | OFFERS#{id}        |
| that reviewers were named     | APPLYING#{id} | REVIEWS            |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, Write, create, field, update
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications.model import ASKED, Application
from chalicelib.workflow.storage.store import states

APPLIED: Final = "APPLIED#"
REVIEWER: Final = "REVIEWER#"
OFFERS: Final = "OFFERS#"


@dataclass(frozen=True)
class Reviewer:
    """``who``: ``consultant:id`` or ``staff:id``. ``asked``: how many applications they were given."""

    who: str
    asked: int = 0


def partition(cohort: str) -> str:
    """The partition of a cohort's applications."""
    return f"APPLYING#{cohort}"


def id_of(pk: str) -> str:
    """The cohort that a partition belongs to."""
    return pk.partition("#")[2]


def offers(cohort: str, key: str) -> Key:
    """The offers that staff made in one press, as far as the clock has come with them."""
    return Key(partition(cohort), OFFERS + key)


def listed(cohort: str, reference: str) -> Write:
    """List an application under its cohort."""
    return create(Key(partition(cohort), APPLIED + reference), {})


def applications(cohort: str) -> list[Application]:
    """Every application for a cohort, as it stands."""
    rows = dynamodb.query(partition(cohort), APPLIED, consistent=True)
    found = states([str(row["sk"]).removeprefix(APPLIED) for row in rows])
    return [one for one in found if isinstance(one, Application)]


# -- reviewers -------------------------------------------------------------------------------------
def reviewers(cohort: str) -> list[Reviewer]:
    """Who reviews for a cohort, whoever has the fewest first."""
    rows = dynamodb.query(partition(cohort), REVIEWER, consistent=True)
    found = [
        Reviewer(str(row["sk"]).removeprefix(REVIEWER), int(row.get("asked", 0)))
        for row in rows
        if not row.get("over")
    ]
    return sorted(found, key=lambda one: (one.asked, one.who))


def to_score(consultant: str, now: int) -> list[str]:
    """The applications that a consultant is asked to score, for the list of all that they are asked."""
    who = f"consultant:{consultant}"
    open_to_them = (
        one.id
        for one in cohorts.cohorts()
        if one.begins > now and dynamodb.get(_reviewer(one.id, who)) is not None
    )
    return [
        one.reference
        for cohort in open_to_them
        for one in applications(cohort)
        if one.open and one.reviews.get(who) == ASKED
    ]


def name(cohort: str, who: str, reviews: bool) -> None:
    """Let somebody review for a cohort, or give them no more."""
    row = update(_reviewer(cohort, who)).set_or_remove({"over": None if reviews else True})
    dynamodb.write(row.set(named=True))


def counted(cohort: str, who: str, by: int) -> Write:
    """They have one application more to score, or one less."""
    return update(_reviewer(cohort, who)).add("asked", by).only_if(field("pk").exists())


def _reviewer(cohort: str, who: str) -> Key:
    return Key(partition(cohort), REVIEWER + who)
