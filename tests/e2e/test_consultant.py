"""From the specialist's mailed link to the first session, each person in a browser of their own."""

from __future__ import annotations

from concurrent.futures import Future

import requests

from infra.answers import ACCEPTED, DECLINED, TRIAGED
from infra.case import BROWSERS, Case, day
from infra.player import KNOWN
from tests.canary import sings
from tests.e2e.conftest import People
from tests.e2e.visitor import DESK, Values, Visitor

PERSONAL = ("Demo Provider", "Demo site", "90012")


def _next_link(case: Case) -> str:
    """The link of the next task, as its mail has it."""
    return _next_mail(case)[0]


def _next_mail(case: Case) -> tuple[str, str]:
    """The same, and to whom it was mailed."""
    case.n += 1
    return case.box.link(case.reference, case.n)


def _proves(person: Visitor, case: Case, to: str, code: str) -> None:
    """Type the mailed code; from now on this browser is known, also to the rest of the play."""
    assert person.asks("#task") == ["_code", "_again"] and case.email not in person.page.content()
    person.fill({"_code": code}, "#task").press("Go on")
    cookies = {c.get("name"): str(c.get("value")) for c in person.context.cookies()}
    with BROWSERS.of(case.base_url, to) as jar:
        jar[KNOWN] = cookies[KNOWN]


def _at_home(person: Visitor, case: Case, to: str) -> Visitor:
    """The same person on another day, in the browser that is known."""
    with BROWSERS.of(case.base_url, to) as jar:
        cookie = {"name": KNOWN, "value": jar[KNOWN], "url": case.base_url}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    return person


def _personal(case: Case) -> tuple[str, ...]:
    return (*PERSONAL, case.email)


def _answers(person: Visitor, values: Values) -> None:
    """Fill in the decision and press; the page says what was recorded."""
    # What the plan says of a session lies folded away, filled in.
    chosen = person.page.locator("#task input:checked:not(details input)")
    assert not chosen.count(), "an answer is chosen beforehand"
    person.fill(values, "#task").press("Send my answer")
    assert "/task/" in person.path and person.page.url.endswith("recorded=yes"), person.text
    assert person.page.get_by_role("status").count()


def test_a_referral_goes_from_the_specialist_to_the_first_session(
    people: People, cases: dict[str, Future[Case]]
) -> None:
    case = cases["sent"].result()
    _the_specialist_confirms(people(), case)
    consultant = people()
    _the_consultant_accepts(consultant, case)
    talk = {"talked": "phone", "day": day(), "planned": "4", "mode": "virtual"}
    _the_consultant_goes_on_to_the_first_contact(consultant, case, talk)
    provider = people()
    _the_provider_signs(provider, case)
    plan = {"goal_1": "Calm mornings", "doing_1": "A routine with pictures", "planned": "4"}
    first = {"first_day": day(1), "first_time": "10:00", "rhythm": "7", "minutes": "60"}
    case.task("action plan written", {**plan, **first, "mode": "virtual"})
    _the_provider_agrees_to_the_plan(provider, case)
    _the_consultant_logs_a_session(people(size=DESK, script=True), case)


def _the_specialist_confirms(person: Visitor, case: Case) -> None:
    """Nothing personal until the tick; then the request, how to reach the provider, and why."""
    link, to = _next_mail(case)
    person.open(link)
    assert case.reference in person.text
    assert not sings(_personal(case), person.page.content())
    person.press("Show the details")
    assert "tick the box" in person.text and case.email not in person.page.content()
    code = case.code_for(to)
    person.fill({"mine": "yes"}, "#task").press("Show the details")
    # A wrong code first: the page says so, and still has everything.
    person.fill({"_code": "12345"}, "#task").press("Go on")
    assert person.page.locator(".errors a[href='#_code']").count() == 1
    _proves(person, case, to, code())
    assert person.path.startswith("/task/")
    assert all(words in person.text for words in ("Demo Provider", case.email))
    _answers(person, TRIAGED)


def _the_consultant_accepts(person: Visitor, case: Case) -> None:
    """The offer shows no personal data; accepting shows how to reach the provider."""
    link, to = _next_mail(case)
    person.open(link)
    assert "Los Angeles" in person.text
    assert not sings(_personal(case), person.page.content())
    # To decline asks for a reason, and only then: an error, and nothing is decided.
    assert not person.page.locator("#decline_reason").is_visible()
    person.fill({"decision": DECLINED["decision"]}, "#task").press("Send my answer")
    assert person.page.locator(".errors a[href='#decline_reason']").count() == 1
    code = case.code_for(to)
    person.fill(ACCEPTED, "#task").press("Send my answer")
    _proves(person, case, to, code())
    assert person.page.get_by_role("status").count()
    assert all(words in person.text for words in ("Demo Provider", case.email))
    # The same link again says what was recorded, and to a browser that is not known nothing else.
    person.open(link)
    assert "This was answered on" in person.text
    with requests.Session() as stranger:
        assert not sings(_personal(case), stranger.get(link, timeout=60).text)


def _the_consultant_goes_on_to_the_first_contact(person: Visitor, case: Case, talk: Values) -> None:
    """No letter is needed: the offer's own link leads on to the page of the first contact."""
    if "mine" in person.asks("#task"):
        person.fill({"mine": "yes"}, "#task").press("Show the details")
    assert "What comes next for you" in person.text
    for _ in range(60):
        person.press("Go on", "link")
        if person.page.locator("#task").count():
            break
        person.page.wait_for_timeout(500)
    case.n += 1
    assert person.path == f"/task/{case.reference}/{case.n}"
    _answers(person, talk)


def _the_provider_signs(person: Visitor, case: Case) -> None:
    person.open(_next_link(case))
    if "mine" in person.asks("#task"):
        person.fill({"mine": "yes"}, "#task").press("Show the details")
    _answers(person, {"decision": "agreed", "signed_name": "Demo Provider"})


def _the_provider_agrees_to_the_plan(person: Visitor, case: Case) -> None:
    person.open(_next_link(case))
    if "mine" in person.asks("#task"):
        person.fill({"mine": "yes"}, "#task").press("Show the details")
    assert "Calm mornings" in person.text
    _answers(person, {"decision": "agreed"})


def _the_consultant_logs_a_session(person: Visitor, case: Case) -> None:
    link, to = _next_mail(case)
    _at_home(person, case, to).open(link)
    later = [person.page.locator(f"#{name}") for name in ("day", "minutes", "next_day")]
    assert not any(one.is_visible() for one in later), "questions that nothing calls for yet"
    session = {"happened": "other", "day": day()}  # length and way as planned
    coming = {"next": "another", "next_day": day(2), "next_time": "10:00"}
    _answers(person, {**session, **coming, "note": "A calm start"})
    person.press("Go back to the task", "link")
    assert "Held: 1 of 4 sessions" in person.text
