"""An administrator adds, changes, sends on leave and lets go of staff; each press says first what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb, user_pool
from chalicelib.aws.errors import AwsError
from chalicelib.console.people import hand_over, sign_ins
from chalicelib.directory import people
from chalicelib.domain.calendar import local
from tests import episode
from tests.web.conftest import Browser, Page
from tests.web.staff import becomes, press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("people-managed-in-the-console")

NEW = {
    "name": "Jo Doe",
    "email": "jo@example.org",
    "role": "specialist",
    "where": "some",
    "counties": ["fresno", "kern"],
    "letters_language": "es",
}


class Pool:
    """Who may sign in, and with which role; ``refuses``: AWS's word for why it takes nothing."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.refuses = ""

    def let_in(self, email: str, group: str, groups: object) -> bool:
        if self.refuses:
            raise AwsError(self.refuses, operation="AdminCreateUser")
        new = email not in self.users
        self.users[email] = group
        return new

    def let_out(self, email: str) -> None:
        self.users.pop(email, None)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setattr(user_pool, "let_in", made.let_in)
    monkeypatch.setattr(user_pool, "let_out", made.let_out)
    return made


@pytest.fixture
def ada(world: World, client: Client, pool: Pool) -> Browser:
    people.forget()
    return signed_in(world, client, "admin")


def done(browser: Browser, path: str, **fields: str | list[str]) -> Page:
    """Send a form, read what it will do, and press again."""
    browser.get(path)
    page = press(browser, path, **fields)
    assert "This is what it does" in page.text, page.text
    return press(browser, path, seen=page.hidden["seen"], **fields)


def clock(world: World) -> None:
    for member, row in sign_ins.standing().items():
        if "wake_at" in row:
            sign_ins.look(sign_ins.PARTITION, sign_ins.SK + member, world.at)


def staff_by_email() -> dict[str, people.Person]:
    people.forget()
    return {row["email"]: row for row in people.staff()}


def test_somebody_is_added_with_a_user_of_the_sign_in(
    world: World, ada: Browser, pool: Pool
) -> None:
    ada.get("/console/staff/new")
    page = press(ada, "/console/staff/new", **NEW)
    assert "AWS mails a first password to jo@example.org" in page.text
    assert "Fresno, Kern" in page.text and "jo@example.org" not in staff_by_email()
    page = press(ada, "/console/staff/new", seen=page.hidden["seen"], **NEW)
    row = staff_by_email()["jo@example.org"]
    assert page.path == f"/console/staff/{row['id']}" and "jo" not in row["id"]
    assert "It takes a minute" in page.text and pool.users == {}
    clock(world)
    assert pool.users == {"jo@example.org": "specialist"}
    assert "Can sign in" in ada.get(page.path).text
    assert row["counties"] == ["fresno", "kern"] and row["active"] is True


def test_an_address_that_is_somebodys_already_is_refused(ada: Browser) -> None:
    for email in ("sofia-south@example.org", "ben-okafor@example.org"):
        ada.get("/console/staff/new")
        page = press(ada, "/console/staff/new", **{**NEW, "email": email})
        assert page.status == 422 and page.errors == ["email"] and "has this address" in page.text


def test_what_the_page_said_is_said_again_when_it_would_do_something_else(ada: Browser) -> None:
    ada.get("/console/staff/new")
    page = press(ada, "/console/staff/new", **NEW)
    page = press(ada, "/console/staff/new", seen=page.hidden["seen"], **{**NEW, "where": "all"})
    assert "This is what it does" in page.text and "all of California" in page.text
    assert "jo@example.org" not in staff_by_email()


def test_another_address_takes_the_sign_in_along(world: World, ada: Browser, pool: Pool) -> None:
    pool.users = {"sofia-south@example.org": "specialist"}
    path = "/console/staff/sofia-south"
    done(
        ada, path, name="Sofia South", email="sofia@example.org", role="specialist", where="all",
        letters_language="en",
    )  # fmt: skip
    clock(world)
    assert pool.users == {"sofia@example.org": "specialist"}


def test_a_sign_in_is_made_anew_for_who_lost_their_phone(
    world: World, ada: Browser, pool: Pool
) -> None:
    pool.users = {"cora-match@example.org": "of the lost phone"}
    done(ada, "/console/staff/cora-match/away", what="anew")
    clock(world)
    assert pool.users == {"cora-match@example.org": "coordinator"}
    assert sign_ins.standing()["cora-match"]["invited"] == world.at


def test_a_change_that_comes_while_the_pool_is_being_changed_is_not_lost(
    world: World, ada: Browser, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(ada, "/console/staff/new", **NEW)
    member, real = str(staff_by_email()["jo@example.org"]["id"]), pool.let_in

    def meanwhile(email: str, group: str, groups: object) -> bool:
        monkeypatch.setattr(user_pool, "let_in", real)
        becomes(world, member, active=False)
        dynamodb.write(sign_ins.wish(member, "let go", world.at))
        return real(email, group, groups)

    monkeypatch.setattr(user_pool, "let_in", meanwhile)
    clock(world)
    assert pool.users == {"jo@example.org": "specialist"}
    clock(world)
    assert pool.users == {}


def test_what_aws_refuses_is_tried_again_and_said(world: World, ada: Browser, pool: Pool) -> None:
    done(ada, "/console/staff/new", **NEW)
    pool.refuses = "AccessDeniedException"
    clock(world)
    assert "AWS refuses to change it" in ada.get("/console/staff").text
    pool.refuses = ""
    clock(world)
    assert pool.users == {"jo@example.org": "specialist"}
    assert "AWS refuses to change it" not in ada.get("/console/staff").text


def test_who_is_let_go_leaves_no_task_behind(
    world: World, ada: Browser, client: Client, pool: Pool
) -> None:
    reference = episode.walk(world, to="triage")
    world.table.put_item(
        Item={**people.staff_now("sofia-south"), "pk": "STAFF", "sk": "maya-south", "id": "maya-south",
              "email": "maya@example.org", "name": "Maya South"}
    )  # fmt: skip
    pool.users = {"sofia-south@example.org": "specialist"}
    people.forget()
    sofia = signed_in(world, client, "specialist")
    world.relay()
    page = done(ada, "/console/staff/sofia-south/away", what="left")
    assert "Goes on with Maya South" in page.text
    task = world.state(reference).task
    assert task is not None and task.assignee == "maya-south"
    assert hand_over.tasks_of("sofia-south", world.at) == []
    assert not [mail for mail in world.mails if mail.to == "maya@example.org"]
    world.relay()
    told = [mail for mail in world.mails if mail.to == "maya@example.org"]
    assert len(told) == 1 and reference in told[0].subject and "/t/" in told[0].text
    clock(world)
    assert pool.users == {}
    assert sofia.get("/console").path == "/login"
    assert people.in_charge("specialist", "fresno") == "maya-south"


def test_tasks_that_a_press_left_behind_are_given_by_another(
    world: World, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the row is written: nobody gets the tasks before somebody presses again."""
    reference = episode.walk(world, to="triage")
    second = {
        **people.staff_now("sofia-south"),
        "pk": "STAFF",
        "sk": "maya-south",
        "id": "maya-south",
    }
    world.table.put_item(Item=second | {"email": "maya@example.org", "name": "Maya South"})
    people.forget()
    with monkeypatch.context() as patch:
        patch.setattr(hand_over, "SECONDS", -1.0)
        page = done(ada, "/console/staff/sofia-south/away", what="left")
    assert "Did not move yet" in page.text
    assert [task.reference for task in hand_over.tasks_of("sofia-south", world.at)] == [reference]
    page = done(ada, "/console/staff/sofia-south/away", what="hand")
    assert "Goes on with Maya South" in page.text
    assert hand_over.tasks_of("sofia-south", world.at) == []


def test_a_confirmed_press_that_comes_twice_adds_one_person(ada: Browser) -> None:
    ada.get("/console/staff/new")
    page = press(ada, "/console/staff/new", **NEW)
    sent = {**NEW, "seen": page.hidden["seen"], "_nonce": page.nonce("/console/staff/new")}
    ada.post("/console/staff/new", sent)
    again = ada.post("/console/staff/new", sent)
    assert again.status == 422 and "was sent before" in again.text
    assert len([row for row in people.staff() if row["email"] == NEW["email"]]) == 1


def test_who_works_for_some_counties_gives_no_others(
    world: World, client: Client, pool: Pool
) -> None:
    becomes(world, "ada-admin", counties=["fresno", "kern"])
    ada = signed_in(world, client, "admin")
    ada.get("/console/staff/new")
    for more in ({"where": "all"}, {"counties": ["fresno", "yolo"]}):
        page = press(ada, "/console/staff/new", **{**NEW, **more})
        assert page.status == 422 and "Choose only from those" in page.text
    done(ada, "/console/staff/new", **NEW)
    # They cannot make themselves more, either.
    fields = {"name": "Ada", "email": "ada-admin@example.org", "role": "admin"}
    ada.get("/console/staff/ada-admin")
    page = press(ada, "/console/staff/ada-admin", where="all", letters_language="en", **fields)
    assert page.status == 422
    ada.get("/console/staff/sam-lead")
    fields = {"name": "Sam", "email": "s@example.org", "role": "admin", "counties": ["kern"]}
    page = press(ada, "/console/staff/sam-lead", where="some", letters_language="en", **fields)
    assert page.status == 403 and people.staff_now("sam-lead")["role"] == "supervisor"


def test_the_only_administrator_stays_one(ada: Browser) -> None:
    ada.get("/console/staff/ada-admin/away")
    page = press(ada, "/console/staff/ada-admin/away", what="left")
    assert page.status == 422 and "only administrator" in page.text
    fields = {
        "name": "Ada",
        "email": "ada-admin@example.org",
        "where": "all",
        "letters_language": "en",
    }
    page = press(ada, "/console/staff/ada-admin", role="specialist", **fields)
    assert page.status == 422 and "only administrator" in page.text


def test_no_new_task_goes_to_who_is_on_leave_and_again_after_it(world: World, ada: Browser) -> None:
    both = {
        **people.staff_now("cora-match"),
        "pk": "STAFF",
        "sk": "dora",
        "id": "dora",
        "email": "d@example.org",
    }
    world.table.put_item(Item=both)
    people.forget()
    today, last = (local(world.at) + timedelta(days=n) for n in (0, 3))
    days = {"leave_from": today.date().isoformat(), "leave_until": last.date().isoformat()}
    page = done(ada, "/console/staff/cora-match/away", what="leave", tasks="keep", **days)
    assert page.status == 200
    assert people.in_charge("coordinator", "fresno") == "dora"
    done(ada, "/console/staff/cora-match/away", what="return")
    becomes(world, "dora", active=False)
    assert people.in_charge("coordinator", "fresno") == "cora-match"


@pytest.mark.promise("fewest-tasks-first")
def test_a_task_goes_to_whoever_has_the_fewest(world: World) -> None:
    second = {
        **people.staff_now("sofia-south"),
        "pk": "STAFF",
        "sk": "maya-south",
        "id": "maya-south",
    }
    world.table.put_item(Item=second)
    people.forget()
    taken = [people.in_charge("specialist", "los_angeles") for _ in range(6)]
    assert sorted(taken) == ["maya-south"] * 3 + ["sofia-south"] * 3
