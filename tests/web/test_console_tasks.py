"""Every task that waits for staff is in the queue and on the list, opened there, and leads back there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.referral.safety.flag import flag
from chalicelib.workflow import board
from chalicelib.workflow.lists import overview, queue
from chalicelib.workflow.storage import side_task_rows, store
from infra import answers
from infra.bench.big.cases import reference as made_up
from tests.episode import STAGES
from tests.web.conftest import Browser, Page
from tests.web.staff import becomes, press, signed_in
from tests.web.taskpages import inside
from tests.workflow.lifecycle import LifecycleHarness
from tests.world import World

DANGER = {"protocol": "danger_911", "completed": "no"}
DAY = 86400
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def no_memory() -> Iterator[None]:
    """Nothing is known from a test before, and nothing is left for the next."""
    people.forget()
    overview.forget()
    yield
    overview.forget()


def listed(page: Page) -> list[str]:
    """The references of a page, in order, each once."""
    found = re.findall(r"/console/referrals/([0-9A-Z-]{11})\"", page.body)
    return list(dict.fromkeys(found))


def copies(world: World, reference: str, count: int, **changes: object) -> list[str]:
    """Further cases that stand where this one does, sent before it, the oldest first."""
    row = world.table.get_item(Key={"pk": f"R#{reference}", "sk": "REFERRAL"})["Item"]
    made = [made_up(count * 1000 + n) for n in range(count)]
    for number, name in enumerate(made):
        world.table.put_item(Item=renamed(row, reference, name, count - number) | changes)
    return made


def renamed(row: Row, was: str, now: str, earlier: int) -> Row:
    sent = int(row["submitted"]) - 60 * earlier
    again = row | {"pk": f"R#{now}", "submitted": sent, "gsi1sk": f"{sent}#{now}"}
    return again | ({"gsi2sk": row["gsi2sk"].replace(was, now)} if "gsi2sk" in row else {})


def flagged(world: World, reference: str) -> int:
    """Somebody is in danger: the number of the task beside."""
    flag(reference, DANGER, "consultant:ben-okafor", "s:1", world.at)
    (n,) = world.state(reference).side_tasks
    return n


# -- the queue -------------------------------------------------------------------------------------
@pytest.mark.promise("lists-complete")
def test_the_newest_and_most_urgent_task_stands_first_behind_a_thousand_older_cases(
    world: World, client: Client
) -> None:
    offered = world.offered()
    copies(world, offered, 1100)
    calm = world.submit(suspension_expulsion_status="none", behavior_serious=["none"])
    for reference in (calm, urgent := world.submit()):
        world.step("decide_eligibility", reference)
        world.step("ask_triage", reference)
    page = signed_in(world, client, "specialist").get("/console/queue")
    assert listed(page) == [urgent, calm]


@pytest.mark.promise("lists-complete")
def test_an_answered_task_is_in_no_queue_from_that_moment(world: World, client: Client) -> None:
    reference = STAGES["waits_for_triage"](world)
    sofia = signed_in(world, client, "specialist")
    assert listed(sofia.get("/console/queue")) == [reference]
    world.answer(reference, answers.example(world.state(reference), world.at))
    state = world.state(reference)
    assert state.task is None  # and nobody was asked anything since
    assert listed(sofia.get("/console/queue")) == []


def test_a_list_says_within_a_minute_that_nobody_was_asked_after_an_answer(
    world: World, client: Client
) -> None:
    reference = world.offered()
    world.answer(reference, {"decision": "accept"})
    cora = signed_in(world, client, "coordinator")
    store.rearm(world.state(reference), 0, world.at + 60)  # as the scheduler does
    assert listed(cora.get("/console?waits=nobody")) == [reference]
    assert listed(cora.get("/console?waits=consultant")) == []


def test_somebodys_own_and_everybody_elses_follow_page_by_page_by_when_they_are_due(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    reference = STAGES["waits_for_triage"](world)
    row = world.table.get_item(Key={"pk": f"R#{reference}", "sk": "REFERRAL"})["Item"]
    dues: dict[str, list[str]] = {"sofia-south": [], "nina-north": [], "": [], "zoe": []}
    for number in range(40):
        who, due = list(dues)[number * 7 % 4], world.at + number * 13 % 40 * 3600
        name = made_up(number + 1)
        place = {"gsi2sk": f"{who}#{due:011d}#{name}#000001"}
        waits = {"waits": f"triage:specialist:{who}:{world.at}:{due}"}
        world.table.put_item(Item=renamed(row, reference, name, number) | place | waits)
        dues[who].append(f"{due}#{name}")
    world.table.delete_item(Key={"pk": f"R#{reference}", "sk": "REFERRAL"})
    becomes(world, "sofia-south", counties="all")
    sofia = signed_in(world, client, "specialist")
    own = [one[-11:] for one in sorted(dues["sofia-south"])]
    rest = [one[-11:] for who, of in dues.items() if who != "sofia-south" for one in of]
    in_order = sorted(one for who in dues if who != "sofia-south" for one in dues[who])
    seen = list(walked(sofia, "mine"))
    assert [name for page in seen for name in listed_under(page, "yours")] == own
    seen = list(walked(sofia, "others"))
    assert [name for page in seen for name in listed_under(page, "theirs")] == [
        one[-11:] for one in in_order
    ]
    assert f'Yours <small class="muted numbers">{len(own)}<' in seen[0].body
    assert f'Of your colleagues <small class="muted numbers">{len(rest)}<' in seen[-1].body


def walked(browser: Browser, section: str) -> Iterator[Page]:
    """Each page of one part of the queue."""
    page = browser.get("/console/queue")
    for _ in range(40):
        yield page
        more = [one for one in page.links if one.startswith(f"/console/queue?{section}=")]
        if not more:
            return
        page = browser.get(more[-1].replace("&amp;", "&"))
    raise AssertionError("pages without end")


def listed_under(page: Page, place: str) -> list[str]:
    """The references under a heading."""
    part = page.body.partition(f'<h2 id="{place}">')[2].partition("<h2")[0]
    return list(dict.fromkeys(re.findall(r"/console/referrals/([0-9A-Z-]{11})\"", part)))


# -- tasks beside the lifecycle --------------------------------------------------------------------
@pytest.mark.promise("every-task-seen")
def test_a_concern_about_danger_is_in_the_queue_on_the_list_and_on_the_page_of_its_case(
    world: World, client: Client
) -> None:
    reference = STAGES["waits_for_summary"](world)
    n = flagged(world, reference)
    task = side_task_rows.get(reference, n)
    assert task is not None
    lead = signed_in(world, client, "supervisor")
    page = lead.get("/console/queue")
    assert listed(page) == [reference] and "safety concern" in page.text
    assert f'name="n" value="{n}"' in page.body and "Due" in page.text
    for query in ("", f"?waits={task.role}"):
        page = lead.get(f"/console{query}")
        assert listed(page) == [reference] and 'class="beside"' in page.body, query
    page = lead.get(f"/console/referrals/{reference}")
    assert "Open tasks" in page.text and people.staff_member(task.assignee)["name"] in page.text
    assert f'name="n" value="{n}"' in page.body
    world.at = task.due + 1
    assert "Late" in lead.get("/console").text


@pytest.mark.promise("every-task-seen", "reassign-with-note")
def test_a_task_beside_is_taken_over_answered_and_gone(world: World, client: Client) -> None:
    reference = STAGES["waits_for_summary"](world)
    n = flagged(world, reference)
    before = side_task_rows.get(reference, n)
    assert before is not None
    sam = signed_in(world, client, "supervisor")
    who = "sam-lead" if before.assignee != "sam-lead" else "sue-lead"
    if who == "sue-lead":
        becomes_another(world, who)
        sam = signed_in(world, client, "supervisor", who=who)
    assert "Take over this task" in sam.get("/console/queue").text
    target = press(
        sam, f"/console/referrals/{reference}/task", follow=False, n=str(n), _back="/console/queue"
    ).headers["Location"]
    taken = side_task_rows.get(reference, n)
    assert taken is not None and taken.assignee == who and taken.first_valid_link == 2
    entry = store.log(world.state(reference))[-1]
    assert (entry.event, entry.actor) == ("task_taken", f"staff:{who}")
    assert entry.payload["from"] == before.assignee
    page = sam.get(str(target))
    assert page.status == 200 and "Back to the console" in page.text
    assert "Open my task" in sam.get("/console/queue").text
    store.change(reference, lambda state: ended(state, n, world.at))
    assert listed(sam.get("/console/queue")) == []
    assert 'class="beside"' not in sam.get("/console").body


def becomes_another(world: World, who: str) -> None:
    row = world.table.get_item(Key={"pk": people.STAFF, "sk": "sam-lead"})["Item"]
    world.table.put_item(Item=row | {"sk": who, "id": who, "name": "Sue Lead"})
    people.forget()


def ended(state: Any, n: int, at: int) -> Any:
    from chalicelib.workflow.cases import Entry
    from chalicelib.workflow.events import TASK_VOID
    from chalicelib.workflow.side_tasks import void

    changes, rows = void(state, n, at)
    entry = Entry(event=TASK_VOID, at=at, actor="clock", command="end", changes=changes)
    return entry, rows


# -- the way back ----------------------------------------------------------------------------------
@pytest.mark.promise("every-task-seen")
@pytest.mark.parametrize(
    "came", ["/console/queue", "/console?waits=me&stage=tiers", "/console/referrals/{reference}"]
)
def test_a_task_opened_from_the_console_leads_back_to_where_it_was_opened(
    world: World, client: Client, came: str
) -> None:
    reference = STAGES["waits_for_triage"](world)
    came = came.format(reference=reference)
    sofia = signed_in(world, client, "specialist")
    sofia.get(f"/console/referrals/{reference}")
    page = press(sofia, f"/console/referrals/{reference}/task", n=task_number(world, reference),
                 _back=came)  # fmt: skip
    back = f'<a class="back" href="{came.replace("&", "&amp;")}">'
    assert back in page.body
    page = inside(sofia, world.link(reference))
    assert back in page.body
    world.answer(reference, answers.example(world.state(reference), world.at))
    page = sofia.get(page.path)
    assert back in page.body and "Go on in the console" in page.text


@pytest.mark.parametrize(
    "came", ["", "https://elsewhere.test/", "//elsewhere.test", "/console/../logout", "/status",
             "/console?q=<b>", "/consoles", "javascript:alert(1)"]
)  # fmt: skip
def test_the_way_back_leads_to_the_console_only(world: World, client: Client, came: str) -> None:
    reference = STAGES["waits_for_triage"](world)
    sofia = signed_in(world, client, "specialist")
    sofia.get(f"/console/referrals/{reference}")
    page = press(sofia, f"/console/referrals/{reference}/task", n=task_number(world, reference),
                 _back=came)  # fmt: skip
    assert page.status == 200 and "Back to the console" not in page.text


def test_whoever_opens_another_task_in_this_browser_sees_no_way_to_the_console(
    world: World, client: Client
) -> None:
    reference = STAGES["waits_for_triage"](world)
    other = world.offered()
    sofia = signed_in(world, client, "specialist")
    sofia.get(f"/console/referrals/{reference}")
    press(sofia, f"/console/referrals/{reference}/task", n=task_number(world, reference),
          _back="/console/queue")  # fmt: skip
    assert "Back to the console" not in sofia.get(f"/t/{world.link(other)}").text


def test_two_tasks_that_are_open_at_once_lead_back_each_to_where_it_was_opened(
    harness: LifecycleHarness, client: Client
) -> None:
    called, other = harness.submit(**answers.BY_PHONE), harness.submit()
    (beside,) = called.state.side_tasks
    sofia = signed_in(harness.world, client, "specialist")
    opened = [
        (called.reference, task_number(harness.world, called.reference), "/console/queue"),
        (called.reference, str(beside), f"/console/referrals/{called.reference}"),
        (other.reference, task_number(harness.world, other.reference), "/console?q=late"),
    ]
    for case, n, came in opened:
        sofia.get(f"/console/referrals/{case}")
        press(sofia, f"/console/referrals/{case}/task", n=n, _back=came)
    for case, n, came in opened:
        back = f'<a class="back" href="{came}">'
        assert back in sofia.get(f"/task/{case}/{n}").body, (n, came)


def task_number(world: World, reference: str) -> str:
    task = world.state(reference).task
    assert task is not None
    return str(task.number)


# -- what a list is narrowed to --------------------------------------------------------------------
@pytest.mark.promise("lists-complete")
def test_a_filter_shows_its_first_hits_at_once_and_how_many_there_are(
    world: World, client: Client
) -> None:
    copies(world, world.offered(), 700)
    wanted = copies(world, world.offered(), 60, county="alpine", tier="targeted")
    cora = signed_in(world, client, "coordinator")
    page = cora.get("/console?county=alpine&tier=targeted&waits=consultant")
    assert listed(page) == wanted[: board.PAGE] and "60 in all" in page.text
    seen = []
    for _ in range(3):
        seen += listed(page)
        more = [one for one in page.links if "from=" in one]
        page = cora.get(more[-1]) if more else page
    assert seen == wanted
    assert "762 in all" in cora.get("/console").text
    assert "No request fits these filters" in cora.get("/console?county=alpine&stage=tiers").text


@pytest.mark.promise("lists-complete")
def test_staff_of_some_counties_find_theirs_among_all(world: World, client: Client) -> None:
    copies(world, world.offered(), 300)
    mine = copies(world, world.offered(), 3, county="alpine")
    becomes(world, "cora-match", counties=["alpine", "fresno"])
    cora = signed_in(world, client, "coordinator")
    assert listed(cora.get("/console")) == mine and "3 in all" in cora.page.text
    assert listed(cora.get("/console?county=los_angeles")) == []


@pytest.mark.promise("lists-complete")
def test_what_was_read_of_many_cases_serves_every_filter_for_less_than_a_minute(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(overview.time, "monotonic", lambda: clock[0])
    copies(world, world.offered(), 400)
    cora = signed_in(world, client, "coordinator")
    assert "401 in all" in cora.get("/console?stage=match").text
    new = world.submit(county="alpine")
    assert listed(cora.get("/console?county=alpine")) == []
    clock[0] += 46
    assert listed(cora.get("/console?county=alpine")) == [new]
