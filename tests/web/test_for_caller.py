"""Staff key in a request for somebody who called; the caller gets the letters."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.test import Client

from chalicelib.workflow.storage import store
from tests.web.staff import signed_in
from tests.world import World

from .conftest import PEOPLE, Browser

pytestmark = pytest.mark.promise("request-for-a-caller")


@pytest.fixture
def nina(world: World, client: Client) -> Browser:
    return signed_in(world, client, "specialist")


def reference_of(table: Any) -> str:
    (row,) = [r for r in table.scan()["Items"] if r["sk"] == "REFERRAL"]
    return str(row["pk"]).removeprefix("R#")


@pytest.mark.parametrize("who", PEOPLE)
def test_every_kind_of_care_fits_on_one_page(
    nina: Browser, world: World, table: Any, who: str
) -> None:
    answers = PEOPLE[who]
    assert "kind of care" in nina.get("/console/new").text.lower()
    page = nina.get(f"/console/new?setting={answers['setting']}")
    assert page.status == 200 and len(page.names) > 15
    nina.answer({**answers, "came_by": "phone"})
    reference = reference_of(table)
    assert nina.page.path == f"/console/referrals/{reference}"
    assert "Entered for the provider by" in nina.page.text
    entry = store.log(world.state(reference))[0]
    assert entry.actor == "staff:sofia-south" and entry.payload["came_by"] == "phone"
    world.relay()
    assert [m.to for m in world.mails] == ["rosa@example.org"], "the caller gets the confirmation"


def test_nothing_is_lost_when_an_answer_is_missing(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    answers = {**PEOPLE["center"], "came_by": "phone", "contact_email": "rosa at example"}
    page = nina.answer(answers)
    assert page.status == 422 and page.errors == ["contact_email"]
    assert "rosa at example" in page.body and "Sunny Days" in page.body
    page = nina.answer({**PEOPLE["center"], "came_by": "phone"})
    assert page.path.startswith("/console/referrals/")


@pytest.mark.promise("double-press")
def test_pressing_twice_is_one_request(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    body = {**nina.page.hidden, **PEOPLE["center"], "came_by": "phone"}
    for _ in range(3):
        nina.post("/console/new", body)
    assert reference_of(table)


@pytest.mark.promise("duplicate-request")
def test_an_open_request_of_the_same_caller_is_linked_and_asked(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    nina.answer({**PEOPLE["center"], "came_by": "phone"})
    first = reference_of(table)
    nina.get("/console/new?setting=center")
    page = nina.answer({**PEOPLE["center"], "came_by": "phone"})
    assert page.status == 409 and f"/console/referrals/{first}" in page.links
    page = nina.answer({**PEOPLE["center"], "came_by": "phone", "twin_ok": "yes"})
    assert page.path.startswith("/console/referrals/") and first in page.text


def test_a_number_that_was_not_ours_makes_nothing(nina: Browser, table: Any) -> None:
    nina.get("/console/new?setting=center")
    body = {**nina.page.hidden, **PEOPLE["center"], "came_by": "phone", "_ticket": "x.y.z"}
    assert nina.post("/console/new", body).status == 422
    assert not [r for r in table.scan()["Items"] if r["sk"] == "REFERRAL"]
