"""The provider chose to wait until their consultant is back: who waits for whom, since when."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.console.sentence import sentence
from chalicelib.directory import people
from chalicelib.referral.matching import consultant_leave
from chalicelib.referral.model import Referral
from chalicelib.web.languages import translator
from chalicelib.workflow import scheduler
from chalicelib.workflow.cases import fold, same_story
from chalicelib.workflow.storage import store
from infra import answers
from tests import episode
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.test_consultant_pages import choices, row_of
from tests.web.test_status_pages import enter
from tests.world import World

DAY = 86400


@pytest.fixture(autouse=True)
def afresh() -> None:
    people.forget()


def on_leave(world: World, reference: str, days: int = 20) -> Referral:
    """Their consultant goes away for so many days, and the provider waits."""
    key, until = world.state(reference).consultant, world.at + days * DAY
    consultant_leave.begin(key, consultant_leave.LEAVE, world.at, until)
    away = consultant_leave.Departure(
        key, consultant_leave.LEAVE, until, "", "staff:cora-match", world.at, f"leave of {days}"
    )
    results = consultant_leave.move_all(away, {reference: consultant_leave.HOLD})
    assert [result.done for result in results] == [True]
    return world.state(reference)


def test_waiting_for_a_leave_is_no_pause_of_the_site_and_our_clock_runs_on(world: World) -> None:
    reference = episode.in_service(world)
    before = world.state(reference)
    state = on_leave(world, reference)
    assert (state.status, state.reason) == ("consultant_away", "provider_waits")
    world.at += 20 * DAY
    scheduler.look(reference, world.at)
    after = world.state(reference)
    assert (after.status, after.pause, after.paused) == (before.status, None, 0)
    assert before.task is not None and after.task is not None
    assert after.task.expires == before.task.expires + 20 * DAY
    assert same_story(fold(Referral, reference, store.log(after)), after)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_provider_reads_whom_they_wait_for_since_when(
    world: World, client: Client, lang: str
) -> None:
    _ = translator(lang)
    reference = episode.in_service(world)
    on_leave(world, reference)
    world.at += 3 * DAY
    browser = Browser(client, lang)
    page = enter(world, browser, reference)
    date = {"en": "October 20", "es": "20 de octubre"}[lang]
    told = _("Your consultant is away. You chose on %(date)s to wait for them.", date="X")
    assert told.split("X")[0] in page.text and date in page.text
    assert _("Your consultant") in page.text.split(_("Who acts next"))[1][:40]
    assert _("Your consultant is away, and you wait until they are back.") in page.text
    back = {"en": "November 9", "es": "9 de noviembre"}[lang]
    assert back in page.text.split(_("By when"))[1][:90]
    assert _("Go on now") not in page.text, "nobody is there to go on"
    for path in ("/status/pause", "/status/resume"):
        assert browser.get(path).path == "/status/view"


def test_nobody_is_called_waited_for_while_the_provider_waits(world: World, client: Client) -> None:
    reference = world.matched()
    world.step("ask_first_contact", reference)
    episode.post(world, reference, **(answers.TALKED | {"day": answers.day(world.at)}))
    world.step("ask_agreement", reference)
    on_leave(world, reference)
    page = enter(world, Browser(client), reference)
    assert "We are waiting for you" not in page.text


def test_the_letter_says_who_waits_for_whom_from_when_until_when(world: World) -> None:
    reference = episode.in_service(world)
    world.relay()
    since = len(world.mails)
    on_leave(world, reference)
    world.relay()
    (letter,) = [m for m in world.mails[since:] if m.to == "ana@example.org"]
    assert letter.subject.startswith("Your request waits for your consultant")
    assert "You chose to wait for your consultant, who is away." in letter.text
    assert re.search("since [A-Za-z]+, October 20", letter.text) and "November 9" in letter.text
    assert "pause" not in letter.text.lower()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_console_says_who_waits_for_whom_since_when(
    world: World, client: Client, lang: str
) -> None:
    _ = translator(lang)
    reference = episode.in_service(world)
    state = on_leave(world, reference)
    world.at += 2 * DAY
    said = sentence(state, store.log(state), world.at, "en")
    assert said.text.startswith(
        "The provider waits for the consultant, who is away, since Tuesday at 9:00 AM (2 d), until"
    )
    assert said.mark == "paused"
    browser = signed_in(world, client, "coordinator", lang)
    page = browser.get(f"/console/referrals/{reference}")
    assert _("The site asked for a pause") not in page.text
    assert _("Paused by the site") not in page.text
    assert _("The provider chose to wait until the consultant is back") in page.text
    assert _("Of it not counted") not in page.text, "our clock runs on"


def test_the_list_shows_what_is_on_hold_as_such_and_never_as_late(
    world: World, client: Client
) -> None:
    reference = episode.in_service(world)
    on_leave(world, reference, 60)
    world.at += 50 * DAY
    page = signed_in(world, client, "coordinator").get("/console")
    row = page.body.split(reference, 1)[1].split("</tr>")[0]
    assert "Consultant away" in row and "Paused" in row and "Late" not in row
    assert "50 d" in row, "since when"


def test_the_consultant_reads_that_it_waits_until_they_are_back(world: World) -> None:
    from chalicelib.tasks.task_list import work_of

    reference = episode.in_service(world)
    state = on_leave(world, reference)
    (line,), _others = work_of(state.consultant, people.consultant(state.consultant), world.at)
    assert state.pause is not None
    assert (line.held, line.until) == ("Waits until you are back", state.pause.until)


def test_a_leave_that_ends_earlier_ends_the_wait_and_both_are_told(
    world: World, client: Client
) -> None:
    reference = episode.in_service(world)
    state = on_leave(world, reference)
    world.relay()
    since = len(world.mails)
    world.at += 7 * DAY
    browser = signed_in(world, client, "coordinator")
    path = f"/console/consultants/{state.consultant}"
    browser.get(path)
    press(browser, path, act="return")
    press(browser, path, act="return")
    after = world.state(reference)
    assert after.pause is None and after.status == "in_service"
    world.relay()
    told = sorted(m.to for m in world.mails[since:])
    assert told == sorted(["ana@example.org", f"{state.consultant}@example.org"])


def test_a_leave_that_gets_longer_can_be_waited_for_longer(world: World, client: Client) -> None:
    reference = episode.in_service(world)
    first = on_leave(world, reference)
    world.at += 5 * DAY
    page = signed_in(world, client, "coordinator").get(f"/console/consultants/{first.consultant}")
    assert "hold" in choices(page, row_of(reference))
    later = on_leave(world, reference, 30)
    assert first.pause is not None and later.pause is not None
    assert later.pause.since == first.pause.since and later.pause.until == world.at + 30 * DAY
    assert later.pause.status == "in_service"


def test_somebody_else_who_takes_over_ends_the_wait(world: World, client: Client) -> None:
    reference = episode.in_service(world)
    state = on_leave(world, reference)
    world.at += 5 * DAY
    browser = signed_in(world, client, "coordinator")
    path = f"/console/consultants/{state.consultant}"
    new = choices(browser.get(path), row_of(reference))[0]
    press(
        browser, f"{path}/away", what="leave", note="They like calls.",
        leave_from=answers.day(world.at, 0), leave_until=answers.day(world.at, 15), **{row_of(reference): new},
    )  # fmt: skip
    after = world.state(reference)
    assert (after.consultant, after.status, after.pause) == (new, "in_service", None)
    assert state.task is not None and after.task is not None
    assert after.task.expires == state.task.expires + 5 * DAY
    assert after.task.assignee == new


def test_the_site_can_pause_and_its_pause_is_not_counted_as_time_with_them(world: World) -> None:
    reference = episode.in_service(world)
    episode.post(
        world, reference, happened="pause", pause_reason="site_asked",
        pause_until=answers.day(world.at, 10),
    )  # fmt: skip
    world.at += 3 * DAY
    assert episode.post(world, reference, happened="resume").paused == 0
    episode.post(
        world, reference, happened="pause", pause_reason="permission_not_given",
        pause_until=answers.day(world.at, 10),
    )  # fmt: skip
    world.at += 3 * DAY
    assert episode.post(world, reference, happened="resume").paused == 3 * DAY


@pytest.mark.promise("bounce-repaired")
def test_our_letters_do_not_reach_them_the_sentence_says_so_and_not_that_we_paused(
    world: World,
) -> None:
    from chalicelib.mail.bad_addresses import flag

    reference = world.matched()
    world.step("ask_first_contact", reference)
    episode.post(world, reference, **(answers.TALKED | {"day": answers.day(world.at)}))
    world.step("ask_agreement", reference)
    assert flag(reference, "provider", "ana@example.org", world.at, "bounced")
    state = world.state(reference)
    assert state.pause is not None
    said = sentence(state, store.log(state), world.at, "en")
    assert said.mark == "blocked" and "Paused by the Network" not in said.text
    assert "The clock stands still meanwhile." in said.text
