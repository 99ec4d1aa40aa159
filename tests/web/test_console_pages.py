"""The console's pages: who may see which, what they say, and what a press does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.aws import stepfunctions
from chalicelib.aws.settings import settings
from chalicelib.console import run as run_page
from chalicelib.directory import contacts, people
from chalicelib.routes import ROUTES
from chalicelib.web import links
from chalicelib.workflow.storage import store
from tests.episode import STAGES
from tests.web.conftest import Browser, Page, the_app
from tests.web.staff import PEOPLE, becomes, press, signed_in
from tests.world import World

ROLES = tuple(PEOPLE)
ANYWHERE = "0123-4567-8"  # no reference of ours


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that knows no run; tests that need one bring their own."""
    people.forget()
    monkeypatch.setattr(stepfunctions, "describe", lambda machine, name: None)
    monkeypatch.setattr(stepfunctions, "history", lambda machine, name: [])
    monkeypatch.setattr(stepfunctions, "definition", lambda machine: {})


@pytest.fixture
def nina(world: World, client: Client) -> Browser:
    """A specialist's browser."""
    return signed_in(world, client, "specialist")


# Every route of the console: what those get who may use it. Others get 403, and anonymous visitors
# the sign-in.
ANSWERS: dict[tuple[str, str], int] = {
    ("/console", "GET"): 200,
    ("/console/queue", "GET"): 200,
    ("/console/helpline", "GET"): 200,
    ("/console/helpline/call", "GET"): 200,
    ("/console/helpline/call", "POST"): 422,
    ("/console/helpline/contacts/{contact}", "GET"): 404,
    ("/console/helpline/hours", "GET"): 200,
    ("/console/helpline/hours", "POST"): 303,
    ("/console/helpline/scripts", "GET"): 200,
    ("/console/helpline/scripts", "POST"): 303,
    ("/console/helpline/resources", "GET"): 200,
    ("/console/helpline/resources", "POST"): 422,
    ("/console/records", "GET"): 200,
    ("/console/people/{person}", "GET"): 200,
    ("/console/people/{person}", "POST"): 422,
    ("/console/sites/{site}", "GET"): 200,
    ("/console/sites/{site}", "POST"): 422,
    ("/console/search", "GET"): 200,
    ("/console/search", "POST"): 303,
    ("/console/referrals/{reference}", "GET"): 200,
    ("/console/referrals/{reference}/task", "POST"): 303,
    ("/console/referrals/{reference}/redact", "GET"): 200,
    ("/console/referrals/{reference}/redact", "POST"): 422,
    ("/console/referrals/{reference}/urgency", "GET"): 200,
    ("/console/referrals/{reference}/urgency", "POST"): 422,
    ("/console/emergencies", "GET"): 200,
    ("/console/emergencies", "POST"): 422,
    ("/console/emergencies/{key}", "GET"): 404,
    ("/console/emergencies/{key}", "POST"): 404,
    ("/console/emergencies/{key}/pause", "GET"): 404,
    ("/console/emergencies/{key}/pause", "POST"): 404,
    ("/console/emergencies/{key}/extend", "GET"): 404,
    ("/console/emergencies/{key}/extend", "POST"): 404,
    ("/console/emergencies/{key}/report", "GET"): 404,
    ("/console/emergencies/{key}/report", "POST"): 404,
    ("/console/emergencies/{key}/report/csv", "GET"): 404,
    ("/console/emergencies/{key}/report/pdf", "GET"): 404,
    ("/console/new", "GET"): 200,
    ("/console/new", "POST"): 303,
    ("/console/referrals/{reference}/safety", "GET"): 200,
    ("/console/referrals/{reference}/safety", "POST"): 422,
    ("/console/referrals/{reference}/reopen", "GET"): 303,
    ("/console/referrals/{reference}/reopen", "POST"): 303,
    ("/console/referrals/{reference}/behalf/{n}", "GET"): 303,
    ("/console/referrals/{reference}/behalf/{n}", "POST"): 303,
    ("/console/referrals/{reference}/behalf/{n}/paper", "GET"): 303,
    ("/console/referrals/{reference}/status", "GET"): 200,
    ("/console/referrals/{reference}/act", "GET"): 200,
    ("/console/referrals/{reference}/act/change", "GET"): 200,
    ("/console/referrals/{reference}/act/change/{slug}", "GET"): 200,
    ("/console/referrals/{reference}/act/change/{slug}", "POST"): 422,
    ("/console/referrals/{reference}/papers", "GET"): 200,
    ("/console/referrals/{reference}/papers/{paper}", "GET"): 200,
    ("/console/referrals/{reference}/act/session", "GET"): 303,
    ("/console/referrals/{reference}/act/session", "POST"): 303,
    ("/console/referrals/{reference}/act/step-up", "GET"): 200,
    ("/console/referrals/{reference}/act/step-up", "POST"): 422,
    ("/console/referrals/{reference}/act/note", "GET"): 200,
    ("/console/referrals/{reference}/act/note", "POST"): 422,
    ("/console/referrals/{reference}/act/end", "GET"): 200,
    ("/console/referrals/{reference}/act/end", "POST"): 422,
    ("/console/referrals/{reference}/act/cancel", "GET"): 200,
    ("/console/referrals/{reference}/act/cancel", "POST"): 422,
    ("/console/referrals/{reference}/pause", "GET"): 200,
    ("/console/referrals/{reference}/pause", "POST"): 422,
    # A referral without a consultant leads back to its own page.
    ("/console/referrals/{reference}/consultant", "GET"): 303,
    ("/console/referrals/{reference}/consultant", "POST"): 303,
    ("/console/consultants", "GET"): 200,
    ("/console/consultants/{consultant}", "GET"): 200,
    ("/console/consultants/{consultant}", "POST"): 422,
    ("/console/consultants/{consultant}/away", "POST"): 422,
    **{(f"/console/{page}", method): answer
       for page in ("staff/new", "staff/{member}", "staff/{member}/away",                     "consultants/new", "consultants/import",
                    "consultants/{consultant}/details", "programs")
       for method, answer in (("GET", 200), ("POST", 422))},
    # Who leads nothing has nothing to hand over.
    **{(f"/console/{page}/things", method): 200
       for page in ("staff/{member}", "consultants/{consultant}") for method in ("GET", "POST")},
    ("/console/staff", "GET"): 200,
    ("/console/supervision", "GET"): 200,
    ("/console/supervision/log", "GET"): 303,
    ("/console/supervision/log", "POST"): 303,
    ("/console/supervision/threshold", "GET"): 200,
    ("/console/supervision/threshold", "POST"): 422,
    ("/console/caseloads", "GET"): 200,
    ("/console/caseloads/{consultant}", "GET"): 200,
    ("/console/referrals/{reference}/letters/{letter}", "POST"): 303,
    ("/console/letters", "GET"): 200,
    ("/console/mail", "GET"): 200,
    ("/console/mail", "POST"): 303,
    ("/console/runs/{machine}/{name}", "GET"): 200,
    ("/console/reconcile", "GET"): 200,
    ("/console/reconcile", "POST"): 303,
    ("/console/runs/{machine}/{name}/restart", "POST"): 422,
    ("/console/assign", "GET"): 200,
    ("/console/assign", "POST"): 303,
    ("/console/emergencies/{key}/assign", "GET"): 404,
    ("/console/emergencies/{key}/assign", "POST"): 404,
    ("/console/emergencies/{key}/call-up", "GET"): 404,
    ("/console/emergencies/{key}/call-up", "POST"): 404,
    ("/console/emergencies/{key}/deployments", "GET"): 404,
    ("/console/communities", "GET"): 200,
    ("/console/communities", "POST"): 422,
    ("/console/communities/sessions", "GET"): 200,
    ("/console/communities/sessions/new", "GET"): 200,
    ("/console/communities/sessions/new", "POST"): 422,
    ("/console/training", "GET"): 200,
    ("/console/training", "POST"): 422,
    ("/console/training/apply", "GET"): 200,
    ("/console/training/apply", "POST"): 200,
    **{("/console/training/applications/{reference}/withdraw", method): 404
       for method in ("GET", "POST")},
    ("/console/training/rubric", "GET"): 200,
    ("/console/training/rubric", "POST"): 422,
    ("/console/training/cohorts/{cohort}", "GET"): 404,
    # A case of another type is no trainee.
    ("/console/training/trainees/{reference}", "GET"): 404,
    ("/console/training/meetings", "GET"): 200,
    ("/console/training/meetings/{meeting}", "GET"): 404,
    **{(f"/console/training/meetings/{{meeting}}/{page}", method): 404
       for page in ("attendance", "called", "cancel", "change") for method in ("GET", "POST")},
    **{(f"/console/training/trainees/{{reference}}/{page}", method): 404
       for page in ("again", "change", "record", "place") for method in ("GET", "POST")},
    ("/console/training/practicums", "GET"): 200,
    **{("/console/training/practicums/{reference}", method): 404 for method in ("GET", "POST")},
    **{(f"/console/training/cohorts/{{cohort}}/{page}", method): 404
       for page in ("change", "enroll", "requirements", "coursework", "coursework/{item}", "sessions", "groups",
                    "groups/{group}", "applications", "reviewers") for method in ("GET", "POST")},
    ("/console/open-door", "GET"): 200,
    ("/console/open-door/new", "GET"): 200,
    ("/console/open-door/new", "POST"): 422,
    **{(f"/console/communities/{path}", method): 404
       for path in ("seasons/{season}", *(f"groups/{{group}}/{way}" for way in ("change", "close", "desk", "meeting", "reopen")))
       for method in ("GET", "POST")},
    ("/console/communities/groups/{group}", "GET"): 404,
    ("/console/communities/meetings", "GET"): 200,
    ("/console/communities/meetings/{meeting}", "GET"): 404,
    **{(f"/console/communities/meetings/{{meeting}}/{page}", method): 404
       for page in ("attendance", "called", "cancel", "change") for method in ("GET", "POST")},
    **{(f"/console/{room}/{{meeting}}/{page}", method): 404
       for room in ("open-door", "communities/sessions")
       for page in ("add", "attendance", "called", "cancel", "change", "off") for method in ("GET", "POST")},
    ("/console/open-door/{meeting}", "GET"): 404,
    ("/console/training/renewals", "GET"): 200,
    ("/console/consultants/{consultant}/credentials", "GET"): 200,
    ("/console/consultants/{consultant}/credentials", "POST"): 422,
    ("/console/training/onboarding", "GET"): 200,
    ("/console/training/onboarding", "POST"): 422,
    **{("/console/training/onboarding/{reference}/again", method): 404 for method in ("GET", "POST")},
    ("/console/training/certificates", "GET"): 200,
    ("/console/training/certificates/new", "GET"): 200,
    ("/console/training/certificates/new", "POST"): 422,
    ("/console/training/certificates/{certificate}", "GET"): 404,
    ("/console/training/certificates/{certificate}/pdf", "GET"): 404,
    **{(f"/console/training/certificates/{{certificate}}/{page}", method): 404
       for page in ("change", "reissue") for method in ("GET", "POST")},
    ("/console/communities/sessions/{meeting}", "GET"): 404,
}  # fmt: skip
ROLES_OF = {(route.path, route.method): route.who.roles for route in ROUTES if route.who.roles}


def address(path: str, reference: str) -> str:
    return path.format(
        reference=reference,
        machine="referral",
        name=f"{reference}-referral-1",
        key="butte-1",
        contact="1792512000-0123456789abcdef",
        consultant="ben-okafor",
        member="sofia-south",
        n="1",
        letter="1.1",
        slug="contact",
        paper="answers",
        season="none",
        group="none",
        meeting="none",
        cohort="none",
        item="none",
        certificate="none",
        person=contacts.hashed("email|ana@example.org"),
        site=contacts.hashed("program|demo center|los_angeles"),
    )


@pytest.mark.promise("deny-by-default")
def test_every_route_of_the_console_is_in_the_matrix() -> None:
    app = the_app().routes.items()
    console = {(p, m) for p, methods in app for m in methods if p.startswith("/console")}
    # A HEAD is answered as its GET (tests/security).
    console = {(p, m) for p, m in console if m != "HEAD"}
    assert console == set(ANSWERS) == set(ROLES_OF)


# Who may open what, said apart from the routes, so that a line there that lets too many in is seen: all that
# a specialist works on; and what a coordinator and an administrator may not, who may all else.
SPECIALIST = re.compile(
    r"\w+ /console(|/(queue|search|records|new|letters|helpline(/(call|resources|scripts|contacts/.+))?"
    r"|(people|sites)/.+|referrals/.+(?<!/consultant)|training/(apply|applications/.+)"
    r"|(open-door|(communities|training)/(meetings|sessions))"
    r"(/\{meeting\}(/(add|attendance|called|off))?)?))|GET /console/runs/\{machine\}/\{name\}"
)
NO_COORDINATOR = re.compile(
    r"\w+ /console/(mail|staff.*|programs|consultants/import|helpline/hours|supervision/threshold"
    r"|training/(rubric|cohorts/\{cohort\}/reviewers)|referrals/\{reference\}/redact"
    r"|emergencies/\{key\}(?!/(assign|deployments)).*)|POST /console/emergencies"
)
NO_ADMIN = re.compile(
    r"\w+ /console/(helpline/(call|resources|scripts)|referrals/\{reference\}/(act|behalf|papers).*"
    r"|training/applications/.+)"
    r"|POST /console/(people|sites)/.+"
)


@pytest.mark.promise("deny-by-default")
def test_each_role_may_open_what_its_work_needs_and_nothing_else() -> None:
    routes = {f"{method} {path}": roles for (path, method), roles in ROLES_OF.items()}

    def of(role: str) -> set[str]:
        return {route for route, roles in routes.items() if role in roles}

    alone = {one for one in routes if re.match(r"\w+ /console/(mail|staff)", one)}
    assert of("specialist") == {one for one in routes if SPECIALIST.fullmatch(one)}
    assert of("coordinator") == {one for one in routes if not NO_COORDINATOR.fullmatch(one)}
    assert of("supervisor") == routes.keys() - alone
    assert of("admin") == {one for one in routes if not NO_ADMIN.fullmatch(one)}


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ANSWERS, ids=str)
def test_each_role_gets_what_the_matrix_says(
    world: World, client: Client, route: tuple[str, str], role: str
) -> None:
    path, method = route
    browser = signed_in(world, client, role)
    target = address(path, world.submit())
    if method == "GET":
        page = browser.get(target, follow=False)
    else:
        browser.get("/console")
        page = press(browser, target, follow=False, n="1")
    assert page.status == (ANSWERS[route] if role in ROLES_OF[route] else 403)


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("route", ANSWERS, ids=str)
def test_nobody_gets_in_without_a_session(
    world: World, client: Client, route: tuple[str, str]
) -> None:
    path, method = route
    target = address(path, world.submit())
    for cookie in ("", "x", "A" * 43):
        browser = Browser(client)
        browser.cookies = {"staff": cookie} if cookie else {}
        page = browser.send(method, target, b"", FORM if method == "POST" else {})
        assert page.status == 303 and str(page.headers["Location"]).startswith("/login")
        assert page.body == ""


BY_LINK = [
    (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route.path))), frozenset(route.who.roles))
    for route in ROUTES
    if route.method == "GET" and route.who.roles
]


def leads_to(path: str) -> frozenset[str]:
    """The roles that may open a page of the console by a link; none for what no route answers."""
    found = (roles for pattern, roles in BY_LINK if pattern.fullmatch(path))
    return next(found, frozenset())


@pytest.mark.promise("deny-by-default")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_the_console_leads_its_reader_to_one_that_they_may_not_open(
    world: World, client: Client, role: str
) -> None:
    reference, browser = world.submit(), signed_in(world, client, role)
    opened = 0
    for (path, method), status in ANSWERS.items():
        if (method, status) == ("GET", 200) and role in ROLES_OF[path, method]:
            page = browser.get(address(path, reference))
            links = set(re.findall(r'href="(/console[^"?#]*)', page.body))
            assert [one for one in links if role not in leads_to(one)] == [], path
            opened += bool(links)
    assert opened > 10


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.promise("console-presses-are-ours")
@pytest.mark.parametrize("route", [r for r in ANSWERS if r[1] == "POST"], ids=str)
@pytest.mark.parametrize("fault", ["no nonce", "another's nonce", "another site", "stale"])
def test_a_press_that_no_page_of_this_session_shows_does_nothing(
    world: World, client: Client, route: tuple[str, str], fault: str
) -> None:
    browser = signed_in(world, client, "supervisor")
    reference = world.submit()
    before = world.state(reference)
    browser.get("/console")
    nonce, more = browser.page.hidden["_nonce"], {}
    if fault == "another's nonce":
        other = signed_in(world, client, "admin")
        nonce = other.get("/console").hidden["_nonce"]
    elif fault == "another site":
        more = {"sec_fetch_site": "cross-site"}
    elif fault == "stale":
        nonce = "1" + nonce[1:]
    fields = {"n": "1", "reason": "because"} | ({} if fault == "no nonce" else {"_nonce": nonce})
    page = browser.post(address(route[0], reference), fields, False, **more)
    assert page.status == 403
    assert world.state(reference) == before


def test_a_role_that_was_never_given_is_no_role(world: World, client: Client) -> None:
    browser = signed_in(world, client, "specialist")
    becomes(world, "sofia-south", role="provider")
    assert browser.get("/console", follow=False).status == 303


def test_where_one_wanted_to_go_is_kept_for_after_the_sign_in(
    world: World, browser: Browser
) -> None:
    page = browser.get("/console?stage=match&waits=me", follow=False)
    assert page.headers["Location"] == "/login?next=%2Fconsole%3Fstage%3Dmatch%26waits%3Dme"


# -- the list ------------------------------------------------------------------------------------


def references(page: Page) -> list[str]:
    return re.findall(r'class="ref" href="/console/referrals/([^"]+)"', page.body)


def test_an_empty_network_says_what_will_come(nina: Browser) -> None:
    page = nina.get("/console")
    assert page.status == 200 and "New ones appear here by themselves" in page.text


def test_the_list_says_who_is_waited_for_since_when_and_marks_what_is_late(
    world: World, nina: Browser
) -> None:
    reference = world.offered()
    page = nina.get("/console")
    assert references(page) == [reference]
    for words in (
        "Consultant to accept the offer",
        "0 s",
        "On time",
        "Los Angeles",
    ):
        assert words in page.text
    world.at += 9 * 86400
    page = nina.send("GET", "/login")  # the first session is over
    browser = signed_in(world, nina.client, "specialist")
    assert "Late" in browser.get("/console").text and "9 d" in browser.page.text


def test_the_oldest_request_comes_first_and_pages_follow_without_gap_or_repeat(
    world: World, nina: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.workflow import board

    monkeypatch.setattr(board, "PAGE", 4)
    made = []
    for _ in range(9):
        made.append(world.submit())
        world.at += 60
    seen, page = [], nina.get("/console")
    for number in range(3):
        seen += references(page)
        more = [x for x in page.links if x.startswith("/console?from=")]
        assert bool(more) == (number < 2)
        assert ("First page" in page.text) == (number > 0)
        if more:
            page = nina.get(more[0])
    assert seen == made


def test_filters_live_in_the_address_and_narrow_the_list(world: World, nina: Browser) -> None:
    one = world.offered()
    two = world.submit(county="fresno")
    world.step("decide_eligibility", two)
    world.step("ask_triage", two)
    assert references(nina.get("/console")) == [one, two] or set(references(nina.page)) == {
        one,
        two,
    }
    for query, found in {
        "stage=match": [one],
        "stage=tiers": [two],
        "tier=intensive&county=fresno": [two],
        "waits=consultant": [one],
        "waits=specialist": [two],
        "waits=nobody": [],
        "mark=late": [],
        "show=closed": [],
        "stage=nonsense": [one, two],
    }.items():
        page = nina.get(f"/console?{query}")
        assert sorted(references(page)) == sorted(found), query
    page = nina.get("/console?stage=match")
    assert "/console?stage=match&amp;tier=targeted" in page.body  # chips keep the others
    assert 'href="/console" aria-current="true"' in page.body or "press to remove" in page.text
    assert "Clear all filters" in page.text


def test_waiting_for_me_means_me(world: World, client: Client) -> None:
    reference = STAGES["waits_for_triage"](world)
    assert world.state(reference).specialist == "sofia-south"
    sofia = signed_in(world, client, "specialist")
    nina = signed_in(world, client, "specialist", who="nina-north")
    assert references(sofia.get("/console?waits=me")) == [reference]
    assert references(nina.get("/console?waits=me")) == []


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "MTIzI0FCQ0Q", "é", "a" * 500, "..", "W10"])
def test_a_cursor_that_we_did_not_make_means_the_first_page(
    world: World, nina: Browser, cursor: str
) -> None:
    reference = world.submit()
    page = nina.get(f"/console?from={cursor}")
    assert page.status == 200 and references(page) == [reference]


def test_a_typed_reference_or_run_name_leads_to_its_page(world: World, nina: Browser) -> None:
    reference = world.submit()
    sloppy = reference.lower().replace("-", " ")
    for typed, target in {
        reference: f"/console/referrals/{reference}",
        f" {sloppy} ": f"/console/referrals/{reference}",
        f"{reference}-match-2": f"/console/runs/match/{reference}-match-2",
        f"{reference}-follow_up-1": f"/console/runs/follow_up/{reference}-follow_up-1",
    }.items():
        nina.get("/console")
        page = press(nina, "/console/search", follow=False, q=typed)
        assert page.headers["Location"] == target


def test_closed_requests_have_their_own_list(world: World, nina: Browser) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = world.offered()
    withdraw(reference, "not_needed", "press")
    assert references(nina.get("/console")) == []
    page = nina.get("/console?show=closed")
    assert references(page) == [reference] and "Withdrawn" in page.text


# -- the queue -----------------------------------------------------------------------------------


def test_the_queue_holds_tasks_of_ones_own_role_the_next_due_first(
    world: World, client: Client
) -> None:
    calm = world.submit(suspension_expulsion_status="none", behavior_serious=["none"])
    world.step("decide_eligibility", calm)
    world.step("ask_triage", calm)
    urgent = STAGES["waits_for_triage"](world)
    offered = world.offered()
    sofia = signed_in(world, client, "specialist")
    assert references(sofia.get("/console/queue")) == [urgent, calm]
    assert offered not in sofia.page.body
    assert "Yours" in sofia.page.text and "Of your colleagues" not in sofia.page.text
    assert "Talk with the provider" in sofia.page.text
    becomes(world, "nina-north", counties="all")
    nina = signed_in(world, client, "specialist", who="nina-north")
    assert "(Sofia South)" in nina.get("/console/queue").text
    assert "Yours" not in nina.page.text
    cora = signed_in(world, client, "coordinator")
    assert "Nothing waits for you" in cora.get("/console/queue").text
    sam = signed_in(world, client, "supervisor")
    assert references(sam.get("/console/queue")) == [urgent, calm]


# -- tasks opened from the console ---------------------------------------------------------------


def open_task(browser: Browser, world: World, reference: str) -> Page:
    browser.get(f"/console/referrals/{reference}")
    task = world.state(reference).task
    n = str(task.number) if task else "1"
    return press(browser, f"/console/referrals/{reference}/task", follow=False, n=n)


def test_staff_open_their_own_task_without_a_change(world: World, nina: Browser) -> None:
    reference = STAGES["waits_for_triage"](world)
    before = world.state(reference)
    page = open_task(nina, world, reference)
    target = str(page.headers["Location"])
    assert target.startswith("/t/") and world.state(reference) == before
    link = links.read(target.removeprefix("/t/"))
    assert link is not None and link.reference == reference
    assert link.expires <= world.at + 4 * 3600
    assert nina.get(target).status == 200


@pytest.mark.promise("reassign-with-note")
def test_taking_over_is_written_down_and_ends_the_older_link(world: World, client: Client) -> None:
    reference = STAGES["waits_for_triage"](world)
    mailed = world.link(reference)
    becomes(world, "nina-north", counties="all")
    nina = signed_in(world, client, "specialist", who="nina-north")
    assert "Take over this task" in nina.get(f"/console/referrals/{reference}").text
    target = str(open_task(nina, world, reference).headers["Location"])
    task = world.state(reference).task
    assert task is not None and task.assignee == "nina-north" and task.token
    entry = store.log(world.state(reference))[-1]
    assert (entry.event, entry.actor) == ("task_taken", "staff:nina-north")
    assert entry.payload["from"] == "sofia-south"
    assert nina.get(target).status == 200
    assert nina.get(f"/t/{mailed}").status == 410
    page = nina.get(f"/console/referrals/{reference}")
    assert "Nina North took over a task of Sofia South" in page.text


@pytest.mark.parametrize(
    ("stage", "role"),
    [
        ("offer_is_out", "supervisor"),
        ("offer_is_out", "specialist"),
        ("waits_for_agreement", "admin"),
        ("waits_for_triage", "coordinator"),
        ("waits_for_triage", "admin"),
        ("tier_is_decided", "supervisor"),
    ],
)
def test_nobody_answers_in_the_place_of_a_consultant_a_provider_or_another_role(
    world: World, client: Client, stage: str, role: str
) -> None:
    reference = STAGES[stage](world)
    browser = signed_in(world, client, role)
    before = world.state(reference)
    page = open_task(browser, world, reference)
    assert page.headers["Location"] == f"/console/referrals/{reference}"
    assert world.state(reference) == before
    assert 'name="n"' not in browser.get(f"/console/referrals/{reference}").body


@pytest.mark.parametrize("n", ["", "0", "99", "x", "-1", "1e3", "٣"])
def test_a_task_that_is_over_leads_back_to_its_request(world: World, nina: Browser, n: str) -> None:
    reference = STAGES["waits_for_triage"](world)
    nina.get(f"/console/referrals/{reference}")
    page = press(nina, f"/console/referrals/{reference}/task", follow=False, n=n)
    assert page.headers["Location"] == f"/console/referrals/{reference}"


# -- one referral --------------------------------------------------------------------------------

CONTACT = ("Ana Demo", "ana@example.org")


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_request_renders_at_every_stage_in_both_languages(
    world: World, client: Client, stage: str, lang: str
) -> None:
    reference = STAGES[stage](world)
    world.relay()
    browser = signed_in(world, client, "supervisor", lang)
    page = browser.get(f"/console/referrals/{reference}")
    assert page.status == 200 and page.lang == lang
    assert 'class="sentence' in page.body and 'class="timeline"' in page.body
    assert not re.search(r"Recorded:|Se registró:|%\(|_asked|_answered|_expired", page.text)
    assert not any(secret in page.body for secret in CONTACT)
    assert "token-" not in page.body


@pytest.mark.promise("act-for-caller")
def test_a_case_begins_with_what_it_is_about_and_one_press_shows_whom_to_call(
    world: World, nina: Browser
) -> None:
    reference = world.submit(contact_phone="(415) 555-0199", availability=["evenings"])
    path = f"/console/referrals/{reference}"
    page = nina.get(path)
    begin = page.text.partition("What happened")[0]
    about = begin.partition("What it is about")[2].partition("Call or write to the provider")[0]
    for words in ("Demo Center", "Los Angeles", "Child care center", "Behavior that we find",
                  "English", "Routine", "Evenings"):  # fmt: skip
        assert words in about, words
    assert "tel:415" not in page.body and "ana@example.org" not in page.body
    page = nina.get(f"{path}?contact=yes")
    assert [one for one in page.links if one.startswith("tel:") and "555" in one]
    assert page.text.index("555-0199") < page.text.index("Act for the caller")


@pytest.mark.promise("looks-and-changes-audited")
def test_contact_is_shown_on_demand_and_the_look_is_logged(
    world: World, nina: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    reference = world.submit()
    before = world.table.scan()["Items"]
    nina.get(f"/console/referrals/{reference}")
    assert "contact viewed" not in caplog.text
    page = nina.get(f"/console/referrals/{reference}?contact=yes")
    assert all(word in page.text for word in CONTACT)
    (record,) = [r for r in caplog.records if r.getMessage() == "contact viewed"]
    assert vars(record)["actor"] == "staff:sofia-south" and vars(record)["referral"] == reference
    assert "ana@example.org" not in str(vars(record))
    assert world.table.scan()["Items"] == before  # a GET writes nothing


@pytest.mark.promise("rules-dated-and-explained")
def test_the_decision_and_the_proposal_show_every_condition(world: World, nina: Browser) -> None:
    reference = STAGES["waits_for_triage"](world)
    page = nina.get(f"/console/referrals/{reference}")
    for rule in [f"E{n}" for n in range(1, 10)] + [f"T{n}" for n in range(11)]:
        assert f"<strong>{rule}</strong>" in page.body
    assert "eligibility-1" in page.text and "The rules propose: Consultation" in page.text


def test_the_timeline_is_newest_first_with_actor_cause_and_both_times(
    world: World, nina: Browser
) -> None:
    reference = world.offered()
    world.relay()
    world.at += 60
    world.answer(reference, {"decision": "decline", "decline_reason": "too_far"})
    page = nina.get(f"/console/referrals/{reference}")
    texts = re.findall(r'<p class="text">(.*?)</p>', page.body)
    assert "declined. The offer moves on." in texts[0]
    assert texts[-1] == "The provider sent the request."
    assert "It is too far for me" in page.text and "Letter to" in page.text and "Sent" in page.text
    assert re.search(r'title="\d{4}-\d\d-\d\d \d\d:\d\d UTC">today at \d+:\d\d [AP]M<', page.body)


def test_the_timeline_is_filtered_by_kind(world: World, nina: Browser) -> None:
    reference = world.offered()
    world.relay()
    whole = nina.get(f"/console/referrals/{reference}").body.count('<p class="text">')
    parts = 0
    for kind in ("decisions", "tasks", "mail", "runs"):
        page = nina.get(f"/console/referrals/{reference}?kind={kind}")
        parts += page.body.count('<p class="text">')
    assert whole == parts > 4
    assert "Nothing of this kind has happened" in page.text


@pytest.mark.promise("delivery-on-timeline")
def test_a_bounced_letter_stands_out_on_the_timeline(world: World, nina: Browser) -> None:
    from chalicelib.mail.delivery_reports import record

    reference = world.offered()
    world.relay()
    tags = {name: [value] for name, value in world.mails[-1].tags.items()}
    record({"eventType": "Bounce", "mail": {"tags": tags}, "bounce": {"bounceType": "Permanent"}})
    page = nina.get(f"/console/referrals/{reference}?kind=mail")
    assert '<li class="mail trouble">' in page.body and "Bounced" in page.text
    assert "(Permanent)" in page.text


@pytest.mark.promise("typed-text-never-obeyed")
def test_what_a_person_typed_is_shown_and_never_run(world: World, nina: Browser) -> None:
    evil = "<script>alert(1)</script>"
    reference = world.submit(site_name=evil, anything_else=evil, contact_name=evil)
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    world.answer(reference, {"talked": "phone", "decision": "confirm", "note": evil})
    page = nina.get(f"/console/referrals/{reference}?contact=yes")
    assert evil not in page.body and page.body.count("&lt;script&gt;alert") == 5


@pytest.mark.promise("another-id-looks-missing")
@pytest.mark.parametrize(
    "reference", [ANYWHERE, "x", "7K3M-9QXA-5", "%2e%2e", "ZZZZ-ZZZZ-Z", "a" * 80]
)
def test_a_request_that_is_not_there_looks_like_any_other(nina: Browser, reference: str) -> None:
    page = nina.get(f"/console/referrals/{reference}")
    assert page.status == 404 and page.heading == "We could not find that page."


def test_another_way_to_write_a_reference_leads_to_its_one_address(
    world: World, nina: Browser
) -> None:
    reference = world.submit()
    page = nina.get(f"/console/referrals/{reference.lower()}", follow=False)
    assert page.headers["Location"] == f"/console/referrals/{reference}"


def test_lists_never_ask_the_engine(
    world: World, nina: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.offered()

    def asked(*_: Any) -> None:
        raise AssertionError("a list asked the engine")

    for name in ("describe", "history", "definition"):
        monkeypatch.setattr(stepfunctions, name, asked)
    for path in ("/console", "/console/queue", f"/console/referrals/{reference}"):
        assert nina.get(path).status == 200
    assert run_page.EVENTS_SHOWN


@pytest.mark.promise("deploy-trusted")
def test_the_foot_of_the_console_says_which_release_it_is(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMIT", "1a2b3c4d5e")
    monkeypatch.setenv("DEPLOYED_AT", "2026-11-30T16:12:00Z")
    settings.cache_clear()
    foot = signed_in(world, client, "admin").get("/console").text
    settings.cache_clear()
    assert "Version 1a2b3c4d5e, deployed on Monday, November 30, 2026 at 8:12 AM." in foot
