"""The county of a case, for whoever must know it before, or without, loading the case."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.aws import dynamodb
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.domain.roles import Scope
from chalicelib.workflow.storage import keys

LENGTH = len("0000-0000-0")


def of_case(typed: str) -> list[str]:
    """The county of a case by its reference as somebody typed it. Raises NotFound."""
    reference = normalize_reference(typed)
    if reference is None:
        raise NotFound(typed)
    where = keys.state(reference)
    # A case that is a moment old may not be everywhere yet: a miss is looked at again.
    row = dynamodb.get(where) or dynamodb.get(where, consistent=True)
    if row is None:
        raise NotFound(typed)
    return [str(row.get("county", ""))]


def of_run(name: str) -> list[str]:
    """The same by the name of one of its runs, which begins with the reference. Raises NotFound."""
    return of_case(name[:LENGTH])


def within(scope: Scope, references: Iterable[str]) -> set[str]:
    """Those of these cases that are in somebody's counties; nothing is read for who has them all."""
    asked = set(references)
    if scope.counties is None:
        return asked
    rows = dynamodb.batch_get([keys.state(one) for one in sorted(asked)])
    found = {keys.reference_of(str(row["pk"])): str(row.get("county", "")) for row in rows}
    return {reference for reference, county in found.items() if scope.covers(county)}
