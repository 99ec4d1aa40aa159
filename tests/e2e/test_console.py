"""Staff sign in and look at where requests stand."""

from __future__ import annotations

from concurrent.futures import Future

from infra.case import Case
from infra.stack import LocalStack
from tests.e2e.visitor import Visitor


def signs_in(person: Visitor, stack: LocalStack, role: str = "admin") -> None:
    """Through the hosted login, as a person of the demo network."""
    who = next(one for one in stack.run["logins"].values() if one["group"] == role)
    person.open("/console")
    assert person.path == "/login"
    person.press("Sign in")
    assert not person.page.url.startswith(stack.base_url), "the login is not hosted"
    person.page.fill("#username", who["email"])
    person.page.fill("#password", who["password"])
    person.press("Sign in")
    assert person.path == "/console", person.text


def test_staff_follow_a_request_from_the_list_to_its_run(
    desk: Visitor, stack: LocalStack, cases: dict[str, Future[Case]]
) -> None:
    case = cases["matched"].result()
    signs_in(desk, stack)
    _finds_it_in_the_list(desk, case)
    _reads_its_page(desk, case)
    _watches_its_run(desk, case)
    desk.press("Sign out")
    desk.open("/console")
    assert desk.path == "/login"


def _rows(desk: Visitor) -> list[str]:
    return desk.page.locator("table.requests tbody tr").all_inner_texts()


def _finds_it_in_the_list(desk: Visitor, case: Case) -> None:
    assert any(case.reference in row for row in _rows(desk))
    desk.page.get_by_text("Filters", exact=True).click()
    desk.follow("Consultant match")
    assert "stage=match" in desk.page.url
    assert case.reference not in " ".join(_rows(desk))
    desk.follow("Clear all filters")
    desk.page.get_by_text("Filters", exact=True).click()
    desk.page.select_option("#county", "los_angeles")
    desk.press("Show")
    assert "county=los_angeles" in desk.page.url
    assert any(case.reference in row for row in _rows(desk))
    desk.open("/console?show=closed&tier=universal")
    assert "No request fits these filters" in desk.text
    desk.open("/console/queue").open("/console")
    desk.page.fill("#q", case.reference.lower())
    desk.press("Find")


def _reads_its_page(desk: Visitor, case: Case) -> None:
    assert desk.path == f"/console/referrals/{case.reference}"
    assert "Waiting for the consultant to reach the provider" in desk.text
    assert case.email not in desk.page.content()
    desk.press("Call or write to the provider")
    assert case.email in desk.text


def _watches_its_run(desk: Visitor, case: Case) -> None:
    """The machine drawn, the state it stands at, the same as a table, and one sentence."""
    desk.page.locator(".runs li", has_text="now").locator("a").first.click()
    desk.page.wait_for_url("**/console/runs/**")
    desk.look()
    assert "Waiting for the consultant to reach the provider" in _sentence(desk)
    drawn = desk.page.locator("svg.machine")
    here = drawn.locator("g.box.current")
    assert here.count() == 1 and here.bounding_box()
    state = (here.locator("title").text_content() or "").partition(":")[0]
    table = desk.page.locator("tbody tr", has_text="here now").locator("th")
    assert state and state in (table.first.text_content() or "")
    # Its parent stands at the same stage, with the earlier ones behind it.
    desk.page.locator(".trail a").last.click()
    desk.page.wait_for_url("**/runs/referral/**")
    desk.look()
    assert drawn.locator("g.box.current").count() == 1
    assert drawn.locator("g.box.passed").count() >= 3


def _sentence(desk: Visitor) -> str:
    return desk.page.locator("p.sentence").inner_text()
