"""The reconciler's page in the console: what was found, and the button."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.findings import FINDINGS, REPAIRS
from tests.web.staff import press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("reconciler-finds-lost-writes")

ROW = {"referrals": 3, "runs": 6, "looked": 2, "failed": 0, "left": 0, "by": "staff:cora-match"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    people.forget()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_shows_the_last_rounds_with_every_finding_in_words(
    world: World, client: Client, lang: str
) -> None:
    reference = world.submit()
    repairs = [*REPAIRS] * 2
    findings = [
        {"reference": reference, "finding": finding, "repair": repair}
        for finding, repair in zip(FINDINGS, repairs, strict=False)
    ]
    rows.note_round(world.at, {**ROW, "findings": findings})
    page = signed_in(world, client, "coordinator", lang).get("/console/reconcile")
    assert page.status == 200 and page.lang == lang
    assert page.body.count(f"/console/referrals/{reference}") == len(findings)
    for words in (*FINDINGS, *REPAIRS):
        assert not words or f">{words}<" not in page.body
    assert len(page.ids) == len(set(page.ids))


def test_the_button_asks_for_one_round_however_often_it_is_pressed(
    world: World, client: Client
) -> None:
    staff = signed_in(world, client, "coordinator")
    assert "There was no look yet" in staff.get("/console/reconcile").text
    assert rows.wished() == {}
    for _ in range(2):
        page = press(staff, "/console/reconcile")
        assert page.status == 200 and "begins within a minute" in page.text
    wish = rows.wished()
    assert wish["by"] == "staff:cora-match" and wish["wake_at"] == world.at


def test_a_press_without_the_pages_own_nonce_does_nothing(world: World, client: Client) -> None:
    staff = signed_in(world, client, "admin")
    staff.get("/console/reconcile")
    assert staff.post("/console/reconcile", {"_nonce": "x"}).status == 403
    assert rows.wished() == {}


def test_a_row_keeps_a_bounded_number_of_findings(world: World) -> None:
    many = [{"reference": "x", "finding": "no_run", "repair": "restarted"}] * 80
    rows.note_round(world.at, {**ROW, "findings": many})
    (row,) = rows.rounds()
    assert len(row["findings"]) == rows.FINDINGS_KEPT and row["more"] == 30
