"""Take the pictures in docs/pictures anew: ``python -m tests.e2e.pictures``.

The people and the places are those of the demo network.
"""

from __future__ import annotations

import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.answers import ACCEPTED, TRIAGED
from infra.case import FFN, REQUEST, Case, day
from infra.stack import LocalStack
from tests.e2e.test_console import signs_in
from tests.e2e.visitor import DESK, Visitor, chromium, visitor

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
# More people in the list: each setting, another language, some further on than others.
OTHERS = (
    {
        "county": "fresno",
        "setting": "fcch_small",
        "requester_role": "owner_licensee",
        "focus": ["home"],
    },
    {"county": "san_diego", **FFN},
    {"county": "sacramento", "suspension_expulsion_status": "none", "behavior_serious": ["none"]},
)

TALK = {"talked": "phone", "day": day(), "planned": "4", "mode": "virtual"}


def _keep(person: Visitor, name: str, *, whole: bool = False, height: int = 0) -> None:
    """Save what is seen, or the whole page."""
    if height:
        person.page.set_viewport_size({"width": person.size["width"], "height": height})
    target = FOLDER / f"{name}.png"
    person.page.screenshot(path=target, full_page=whole, animations="disabled", caret="hide")
    print(f"{target.name}: {target.stat().st_size // 1024} KB")


def _form(person: Visitor) -> None:
    """The request form, in both languages, up to a page that shows what it is like."""
    person.open("/start").fill(REQUEST).press("Continue")
    for _ in range(12):
        if person.path == "/request/behavior":
            break
        person.fill(REQUEST).press("Continue")
    person.fill({"suspension_expulsion_status": "suspension_considered"})
    _keep(person, "form_360")
    person.press("Español")
    _keep(person, "form_es_360")


def _status(person: Visitor, case: Case) -> None:
    person.open(f"/status?reference={case.reference}").press("Mail me a code")
    letter = case.box.wait(
        "code", 20, lambda m: case.email in m["to"] and re.search(r"\b\d{6}\b", m["text"])
    )
    person.fill({"code": re.findall(r"\b\d{6}\b", letter["text"])[0]}).press("See the status")
    _keep(person, "status_360", height=1000)


def _open_task(person: Visitor, case: Case, height: int) -> None:
    case.n += 1
    person.open(case.box.link(case.reference, case.n)[0])
    _keep(person, f"task_{person.size['width']}", height=height)


def _prepare(stack: LocalStack) -> tuple[Case, Case, Case]:
    """A referral at its offer, one in its sessions, one at its agreement (returned); some others."""

    def case(number: int) -> Case:
        return Case(f"{number}", stack.base_url, stack.run["messages"], lambda line: None)

    def offered() -> Case:
        one = case(1)
        one.request()
        one.task("tier confirmed", TRIAGED)
        return one

    def served() -> Case:
        one = case(2)
        one.request(contact_name="Robin Example")
        one.matched(ACCEPTED)
        one.in_service()
        one.session(1)
        return one

    def signing() -> Case:
        one = case(9)
        one.request()
        one.matched(ACCEPTED)
        one.task("first contact logged", TALK)
        one.box.link(one.reference, one.n + 1)
        return one

    with ThreadPoolExecutor(3) as pool:
        others = [pool.submit(case(i).request, **more) for i, more in enumerate(OTHERS, start=3)]
        ways = [pool.submit(way) for way in (offered, served, signing)]
        for one in others:
            one.result()
        first, second, third = (way.result() for way in ways)
        return first, second, third


def main() -> int:
    """Start a stack of its own, bring some referrals on their way, and look."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalStack(Path(folder) / "local") as stack,
        chromium() as browser,
    ):
        offered, served, signing = _prepare(stack)
        phone = visitor(browser, stack.base_url)
        desk = visitor(browser, stack.base_url, size=DESK, script=True)
        desk.open("/")
        _keep(desk, "landing_1280", height=820)
        _form(phone)
        _open_task(visitor(browser, stack.base_url), offered, 900)
        offered.n -= 1
        _open_task(visitor(browser, stack.base_url, size=DESK, script=True), offered, 1000)
        _status(visitor(browser, stack.base_url), served)
        signs_in(desk, stack)
        _keep(desk, "list_1280", height=900)
        desk.open(f"/console/referrals/{served.reference}")
        _keep(desk, "case_1280", height=760)
        desk.open(f"/console/referrals/{signing.reference}")
        desk.page.locator(".runs li", has_text="now").locator("a").first.click()
        desk.page.wait_for_url("**/console/runs/**")
        desk.page.wait_for_load_state()
        _keep(desk, "run_1280", height=1000)
        desk.open("/mailbox")
        _keep(desk, "mailbox_1280", height=800)
    return 0


if __name__ == "__main__":
    sys.exit(main())
