"""A seat from registration to the end of the season, with the real table, relay and scheduler."""

from __future__ import annotations

import pytest

from chalicelib.aws import dynamodb
from chalicelib.domain.calendar import local
from chalicelib.meetings import attendance
from chalicelib.services.communities import groups, information, line
from chalicelib.services.communities.events import OFFERED
from chalicelib.services.communities.model import Seat, told_in
from chalicelib.workflow import board, tasks, undo
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.storage import lines, store
from tests.communities.script import DAY, begins, leaves, season, wrong
from tests.meetings import entered, now
from tests.web.conftest import Browser
from tests.workflow.lifecycle import LifecycleHarness, Story


def seat(reference: str) -> Seat:
    state = store.load(reference, Seat, consistent=True)
    assert same_story(fold(Seat, reference, store.log(state)), state)
    return state


def asks(reference: str) -> str:
    task = seat(reference).task
    return task.kind if task is not None else ""


def says(harness: LifecycleHarness, reference: str, **values: object) -> None:
    task = seat(reference).task
    assert task is not None
    tasks.answer(
        reference, task.number, dict(values), "provider", f"says:{task.number}", harness.world.at
    )  # type: ignore[arg-type]
    harness.settle()
    assert wrong([seat(one) for one in _all(harness)]) == []


def _all(harness: LifecycleHarness) -> list[str]:
    return [
        name.rpartition("-seat-")[0] for machine, name in harness.engine.runs if machine == "seat"
    ]


def registered(
    harness: LifecycleHarness, *chosen: str, languages: tuple[str, ...] = ("es",)
) -> str:
    reference = begins(harness.world, languages)
    harness.settle()
    says(harness, reference, decision="register", groups=list(chosen))
    harness.world.at += 60
    return reference


def passes(harness: LifecycleHarness, seconds: int) -> None:
    harness.world.at += seconds
    harness.run_scheduler()
    harness.settle()


def to(harness: LifecycleHarness, reference: str) -> list[str]:
    address = seat(reference).contact.email
    return [mail.subject for mail in harness.world.mails if mail.to == address]


def test_a_free_seat_is_theirs_at_once_and_a_full_group_makes_a_line(
    harness: LifecycleHarness,
) -> None:
    season(harness.world, martes=1)
    first = registered(harness, "martes")
    second = registered(harness, "martes")
    assert (seat(first).status, seat(first).group, asks(first)) == ("seated", "martes", "season")
    assert (seat(second).status, asks(second)) == ("waiting", "seat_wait")
    assert groups.group("martes").held == [first]
    assert to(harness, first)[-1].startswith("Su lugar en una Comunidad de Apoyo")
    assert not harness.world.broken


@pytest.mark.promise("seat-capacity", "seat-line-in-order")
def test_a_freed_seat_is_offered_to_the_first_in_line_and_after_a_day_to_the_next(
    harness: LifecycleHarness,
) -> None:
    season(harness.world, martes=1)
    first, second, third = (registered(harness, "martes") for _ in range(3))
    leaves(first, "leave", harness.world.at)
    passes(harness, 60)
    assert asks(second) == "seat_offer" and asks(third) == "seat_wait"
    assert groups.group("martes").held == [second]
    task = seat(second).task
    assert task is not None and task.expires - task.opened == DAY
    passes(harness, DAY)
    passes(harness, 60)
    assert asks(second) == "seat_wait" and asks(third) == "seat_offer"
    says(harness, third, decision="take")
    assert seat(third).status == "seated" and groups.group("martes").held == [third]


@pytest.mark.promise("seat-offer-sleeps")
def test_no_clock_of_an_offer_runs_out_while_people_sleep(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1)
    first, second = registered(harness, "martes"), registered(harness, "martes")
    harness.world.at += 13 * 3600  # ten at night
    leaves(first, "leave", harness.world.at)
    passes(harness, 60)
    task = seat(second).task
    assert task is not None and task.kind == "seat_offer"
    assert local(task.expires).hour == 17
    assert local(task.expires).date() > local(task.opened).date()


def test_who_says_no_keeps_the_place_in_line_for_other_groups(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1, jueves=1)
    first = registered(harness, "martes")
    other = registered(harness, "jueves")
    second = registered(harness, "martes", "jueves")
    leaves(first, "leave", harness.world.at)
    passes(harness, 60)
    says(harness, second, decision="not_this")
    assert asks(second) == "seat_wait" and groups.group("martes").held == []
    passes(harness, 60)
    assert asks(second) == "seat_wait", "nobody is offered twice what they did not take"
    leaves(other, "leave too", harness.world.at)
    passes(harness, 60)
    assert (asks(second), seat(second).group) == ("seat_offer", "jueves")


@pytest.mark.promise("seat-language")
def test_nobody_is_offered_a_group_that_they_cannot_follow(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1, monday=1)
    english = registered(harness, "monday", languages=("en",))
    waits = registered(harness, "monday", languages=("en",))
    spanish = registered(harness, "martes")
    behind = registered(harness, "martes")
    leaves(spanish, "leave", harness.world.at)
    passes(harness, 60)
    assert asks(waits) == "seat_wait" and asks(behind) == "seat_offer"
    (offer,) = [e for e in store.log(seat(behind)) if e.event == OFFERED]
    assert told_in(offer)["passed"] == [{"reference": waits, "rules": ["language", "other_times"]}]
    assert seat(english).status == "seated"


@pytest.mark.promise("seat-next-season")
def test_who_waited_is_offered_a_seat_of_the_next_season_before_anybody_new(
    harness: LifecycleHarness,
) -> None:
    season(harness.world, martes=1, jueves=1)
    registered(harness, "martes"), registered(harness, "jueves")
    waits = registered(harness, "martes")
    groups.add(groups.Season("fall", "Fall", "2030-09-01", "2030-12-01", "2020-01-01"))
    new = groups.Group(
        "lunes", "fall", "lunes", "es", "staff:x", 1, 4, harness.world.at + 90 * DAY,
        harness.world.at + 120 * DAY, harness.world.at,
    )  # fmt: skip
    groups.add(new)
    newcomer = registered(harness, "lunes")
    assert asks(newcomer) == "seat_wait", "the free seat is for who waits since before"
    passes(harness, 60)
    assert (asks(waits), seat(waits).group) == ("seat_offer", "lunes")


def test_an_answer_is_taken_back_with_its_seat(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1)
    reference = begins(harness.world)
    harness.settle()
    says(harness, reference, decision="register", groups=["martes"])
    assert seat(reference).status == "seated"
    assert undo.take_back(reference, 1, "provider", harness.world.at + 30, "back")
    harness.settle()
    assert asks(reference) == "registration" and groups.group("martes").held == []
    assert groups.roster("martes") == {}


def test_whoever_is_silent_twice_leaves_the_line_and_is_told(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1, jueves=1)
    first, other = registered(harness, "martes"), registered(harness, "jueves")
    waits = registered(harness, "martes", "jueves")
    for number, one in enumerate((first, other)):
        leaves(one, f"leave:{number}", harness.world.at)
        passes(harness, 60)
        passes(harness, 4 * DAY)
        passes(harness, 60)
    assert (seat(waits).status, seat(waits).closure) == ("withdrawn", "no_answer")
    assert not any(groups.group(one).held for one in ("martes", "jueves"))
    assert not harness.world.broken


def test_the_season_ends_and_the_run_with_it(harness: LifecycleHarness) -> None:
    season(harness.world)
    reference = registered(harness, "martes")
    passes(harness, 61 * DAY)
    assert (seat(reference).status, seat(reference).closure) == ("completed", "attended_in_part")
    assert harness.engine.runs["seat", f"{reference}-seat-1"].status == "SUCCEEDED"
    assert groups.roster("martes")[reference]["how"] == groups.LEFT
    assert groups.group("martes").held == []


def test_the_mailed_link_registers_in_spanish(harness: LifecycleHarness, client: object) -> None:
    season(harness.world)
    reference = begins(harness.world)
    harness.settle()
    browser = Browser(client, "es")  # type: ignore[arg-type]
    page = browser.get(f"/t/{harness.world.mails[-1].link}")
    assert page.status == 200 and "martes" in page.text
    sent = {**page.hidden, "decision": "register", "groups": "jueves"}
    answered = browser.post(f"/t/{harness.world.mails[-1].link}", sent)
    assert answered.status == 200, answered.text
    harness.settle()
    assert seat(reference).group == "jueves"


def test_seats_stand_on_a_board_of_their_own(harness: LifecycleHarness) -> None:
    season(harness.world)
    reference = registered(harness, "martes")
    (line_,), _ = board.page("open", "", harness.world.at, case_type="seat")
    assert line_.reference == reference
    assert not board.page("open", "", harness.world.at)[0]


@pytest.mark.promise("seat-capacity")
def test_the_last_place_goes_to_one_of_two_who_come_at_once(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1)
    assert dynamodb.write(groups.take_place("martes", "first"))
    assert not dynamodb.write(groups.take_place("martes", "second"))
    assert groups.group("martes").held == ["first"]


@pytest.mark.parametrize(
    "step",
    [
        "ask_information_session",
        "ask_registration",
        "ask_seat_wait",
        "ask_seat_offer",
        "ask_season",
    ],
)
def test_a_broken_step_asks_a_person_and_goes_on_where_it_stood(
    harness: LifecycleHarness, step: str
) -> None:
    season(harness.world)
    harness.fail_step(step)
    informed = step != "ask_information_session"
    story = Story(harness, begins(harness.world, informed=informed))
    harness.settle()
    for decision in ("later", "take"):
        if story.asks != "repair":
            story.says(decision=decision)
    assert story.asks == "repair"
    story.falls_silent()
    assert story.asks == "repair", "whoever should repair it is asked again"
    story.says(decision="restart")
    gone_on = "seat_offer" if step == "ask_seat_wait" else step.removeprefix("ask_")
    assert story.asks == gone_on


@pytest.mark.parametrize("decision", ["seat_offer", "information_session", "information_wait"])
def test_whoever_does_not_want_it_anymore_is_asked_nothing_more(
    harness: LifecycleHarness, decision: str
) -> None:
    season(harness.world)
    session = entered(harness.world, days=3, room="communities", language="es")
    story = Story(harness, begins(harness.world, informed=decision == "seat_offer"))
    harness.settle()
    if decision != "information_session":
        story.says(decision="later" if decision == "seat_offer" else session.id)
    assert story.asks == decision
    leaves(story.reference, "leave", harness.world.at)
    harness.settle()
    assert not story.asks and story.run("seat").where == "Over"


def test_whoever_missed_the_information_session_is_asked_again(harness: LifecycleHarness) -> None:
    season(harness.world)
    missed = entered(harness.world, days=3, room="communities", language="es")
    later = entered(harness.world, days=30, room="communities", language="es")
    story = Story(harness, begins(harness.world, informed=False))
    harness.settle()
    story.says(decision=missed.id)
    assert story.asks == "information_wait"
    passes(harness, 3 * DAY + 7200)
    attendance.record(now(missed), {}, "staff:ada-admin", harness.world.at)
    for _ in range(8):
        passes(harness, 3 * 3600)
    assert story.asks == "information_session"
    form = kind_of("information_session").page.form(story.state)
    assert later.id in [option[0] for option in form.fields[0].options]


def test_nobody_is_asked_to_choose_of_no_information_session(harness: LifecycleHarness) -> None:
    season(harness.world)
    story = Story(harness, begins(harness.world, informed=False))
    harness.settle()

    def asked() -> tuple[str, int]:
        (letter,) = [one for one in harness.world.mails if one.tags.get("ref") == story.reference]
        form = kind_of("information_session").page.form(story.state)
        return letter.subject, len(form.fields[0].options)

    subject, choices = asked()
    assert "todavía no hay una Sesión Informativa" in subject and choices == 2
    harness.world.mails.clear()
    entered(harness.world, days=30, room="communities", language="es")
    story.says(decision="later")
    passes(harness, 7 * DAY + 3600)
    subject, choices = asked()
    assert "elija una Sesión Informativa" in subject and choices == 3


@pytest.mark.promise("drop-ins-are-known")
def test_who_drops_in_at_an_information_session_may_register(harness: LifecycleHarness) -> None:
    season(harness.world)
    session = entered(harness.world, days=3, room="communities", language="es")
    asked = begins(harness.world, informed=False, email="rosa@example.org")
    harness.settle()
    harness.world.at = session.ends + 60
    typed = "Rosa Díaz, rosa@example.org\nAna, ana@example.org\nLuz"
    attendance.record(now(session), {"names": typed}, "staff:ada-admin", harness.world.at)
    harness.settle()
    for _ in range(2):
        passes(harness, 3 * 3600)
    assert asks(asked) == "registration"
    assert information.been_to_one("ANA@example.org")
    assert not information.been_to_one("luis@example.org")
    passes(harness, 60)
    thanked = [m.to for m in harness.world.mails if m.tags.get("kind") == "thanks"]
    assert sorted(thanked) == ["ana@example.org", "rosa@example.org"]


def test_whoever_waits_a_month_stands_where_they_stood(harness: LifecycleHarness) -> None:
    season(harness.world, martes=1, jueves=1)
    for _ in range(2):
        taken = Story(harness, begins(harness.world))
        harness.settle()
        taken.says(decision="later").says(decision="take")
    story = Story(harness, begins(harness.world))
    harness.settle()
    story.says(decision="later")
    place = line.place(seat(story.reference))
    assert story.asks == "seat_wait"
    story.falls_silent()
    assert story.asks == "seat_wait" and line.place(seat(story.reference)) == place
    assert [one.place for one in lines.rows(line.LINE)] == [place]


def test_a_broken_wait_for_the_session_goes_on_where_it_stood(harness: LifecycleHarness) -> None:
    season(harness.world)
    session = entered(harness.world, days=3, room="communities", language="es")
    harness.fail_step("ask_information_wait")
    story = Story(harness, begins(harness.world, informed=False))
    harness.settle()
    assert story.says(decision=session.id).asks == "repair"
    assert story.says(decision="restart").asks == "information_wait"


def test_while_nobody_can_be_asked_to_repair_the_clock_begins_it_again(
    harness: LifecycleHarness,
) -> None:
    season(harness.world)
    harness.fail_step("ask_registration")
    harness.fail_step("ask_repair")
    story = Story(harness, begins(harness.world))
    harness.settle()
    assert story.run("seat").where == "Left for the reconciler" and not story.asks
    for _ in range(4):
        passes(harness, 61)
    assert story.asks == "registration"
