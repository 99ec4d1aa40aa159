"""In an emergency the ordinary requests of its area pause, each by a command of its own, and go on by
themselves afterwards, one after the other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain.calendar import into_business_time, local
from chalicelib.referral.pauses import paused, resumed
from chalicelib.services.emergency import counting, moved, pausing
from chalicelib.workflow import board
from chalicelib.workflow.lists import overview
from chalicelib.workflow.storage import store
from tests.web.staff import press, signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.workflow.test_emergency import MILD

YES = {"decision": "yes"}


def declared(harness: LifecycleHarness, days: int = 5, zips: tuple[str, ...] = ()) -> Emergency:
    until = (local(harness.world.at) + timedelta(days=days)).date().isoformat()
    one = Emergency(
        ("los_angeles",), harness.world.at, until, "wildfire", "staff:ada-admin", zips=zips
    )
    emergencies.declare(one)
    return one


def ordinary(harness: LifecycleHarness, count: int) -> list[Story]:
    """So many routine requests at the specialist's first call, a minute after each other."""
    found = []
    for _ in range(count):
        story = harness.submit(**MILD)
        assert story.state.priority in pausing.ORDINARY
        found.append(story)
        harness.world.at += 60
    return found


def pauses(harness: LifecycleHarness, client: Client, one: Emergency) -> str:
    """An admin sees the list and presses; returns what the page said before."""
    ada = signed_in(harness.world, client, "admin")
    shown = ada.get(f"/console/emergencies/{one.id}/pause").text
    press(ada, f"/console/emergencies/{one.id}/pause", **YES)
    harness.run_scheduler()
    return shown


def on_hold(story: Story) -> bool:
    return story.state.pause is not None and story.state.status == "disaster_pause"


@pytest.mark.promise("emergency-pauses")
def test_the_list_is_shown_then_each_is_paused_and_told_in_two_lines(
    client: Client, harness: LifecycleHarness
) -> None:
    first, second = ordinary(harness, 2)
    elsewhere = harness.submit(county="kern")
    one = declared(harness)
    tagged, sent = harness.submit(), len(harness.world.mails)
    shown = pauses(harness, client, one)
    assert "2 would pause" in shown and first.reference in shown and second.reference in shown
    assert tagged.reference not in shown and elsewhere.reference not in shown
    assert on_hold(first) and on_hold(second)
    assert not on_hold(tagged) and not on_hold(elsewhere)
    told = [m for m in harness.world.mails[sent:] if "because of an emergency" in m.subject]
    assert {m.to for m in told} >= {"ana@example.org"}
    ada = signed_in(harness.world, client, "admin")
    page = ada.get(f"/console/emergencies/{one.id}/pause").text
    assert "What became of each" in page and page.count("Paused") >= 2


@pytest.mark.promise("emergency-pauses")
def test_all_are_counted_before_the_press_however_many_a_page_shows(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PAGE", 1)
    first, second = ordinary(harness, 2)
    one = declared(harness)
    ada = signed_in(harness.world, client, "admin")
    page = ada.get(f"/console/emergencies/{one.id}/pause")
    assert "2 would pause" in page.text and second.reference not in page.text
    page = ada.get(next(link for link in page.links if "from=1" in link))
    assert "2 would pause" in page.text and second.reference in page.text
    assert first.reference not in page.text


@pytest.mark.promise("emergency-pauses")
def test_nobody_is_reminded_meanwhile_and_all_go_on_one_after_the_other_by_the_last_day(
    client: Client, harness: LifecycleHarness
) -> None:
    stories = ordinary(harness, 3)
    one = declared(harness)
    pauses(harness, client, one)
    ends = [story.state.pause.until for story in stories if story.state.pause]
    begin = into_business_time(one.over)
    assert ends == sorted(set(ends)) and ends[0] == begin and ends[-1] - begin <= pausing.SPREAD
    sent = len(harness.world.mails)
    harness.world.at = one.over - 60
    harness.run_scheduler()
    assert len(harness.world.mails) == sent and all(map(on_hold, stories))
    for number, end in enumerate(ends):
        harness.world.at = end
        harness.run_scheduler()
        assert [on_hold(story) for story in stories] == [n > number for n in range(3)]
        task = stories[number].state.task
        assert task is not None and task.due > harness.world.at, "the time is given back"


@pytest.mark.promise("emergency-pauses")
def test_ended_early_they_go_on_in_the_same_order_but_sooner(
    client: Client, harness: LifecycleHarness
) -> None:
    stories = ordinary(harness, 2)
    one = declared(harness, days=30)
    pauses(harness, client, one)
    harness.world.at += 2 * 86400
    ada = signed_in(harness.world, client, "admin")
    ada.get(f"/console/emergencies/{one.id}")
    press(ada, f"/console/emergencies/{one.id}", note="The fire is out, they say.")
    begin = into_business_time(harness.world.at)
    harness.world.at = begin
    harness.run_scheduler()
    assert [on_hold(story) for story in stories] == [False, True]
    harness.world.at = begin + pausing.APART
    harness.run_scheduler()
    assert not any(map(on_hold, stories))
    assert pausing.standing(one.id) is not None


@pytest.mark.promise("emergency-pauses")
def test_with_a_later_last_day_they_stay_paused_as_long_and_in_their_order(
    client: Client, harness: LifecycleHarness
) -> None:
    *stories, let_go = ordinary(harness, 3)
    one = declared(harness)
    pauses(harness, client, one)
    at = harness.world.at
    store.change(let_go.reference, lambda state: resumed(state, at, "staff:ada-admin", "c1"))
    later, sent = one.over + 2 * 86400, len(harness.world.mails)
    ada = signed_in(harness.world, client, "admin")
    ada.get(f"/console/emergencies/{one.id}/extend")
    day = (local(one.over) + timedelta(days=1)).date().isoformat()
    page = press(ada, ada.page.path, until=one.until, note="The fire goes on, they say.")
    assert page.errors == ["until"]
    page = press(ada, page.path, until=day, note="The fire goes on, they say.")
    assert "The fire goes on" in page.text
    harness.run_scheduler()
    begin = into_business_time(later)
    ends = [story.state.pause.until for story in stories if story.state.pause]
    assert ends == [begin, begin + pausing.APART] and not on_hold(let_go)
    assert len(harness.world.mails) > sent, "they are told the new day"
    harness.world.at = one.over + 86400
    harness.run_scheduler()
    assert all(map(on_hold, stories))
    harness.world.at = ends[-1]
    harness.run_scheduler()
    assert not any(map(on_hold, stories))


@pytest.mark.promise("emergency-pauses", "crash-anywhere")
def test_a_crash_in_the_middle_is_gone_on_from_and_pauses_nobody_twice(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = ordinary(harness, 3)
    one = declared(harness)
    write, calls = store.change, []

    def dies(reference: str, *more: object, **named: object) -> object:
        if calls.count("paused") == 1:
            raise KeyboardInterrupt  # as a process that is killed, past every handler
        calls.append("paused")
        return write(reference, *more, **named)  # type: ignore[arg-type]

    work = {
        "counties": ["los_angeles"],
        "total": 3,
        "at": harness.world.at,
        "by": "staff:ada-admin",
    }
    pausing.begin(one, work["counties"], 3, str(work["by"]), harness.world.at)
    with monkeypatch.context() as broken:
        broken.setattr(pausing.store, "change", dies)
        with pytest.raises(KeyboardInterrupt):
            pausing.go_on(f"EMERGENCY#{one.id}", "PAUSE", harness.world.at)
    assert sum(map(on_hold, stories)) == 1
    harness.world.at += 60
    harness.run_scheduler()
    assert all(map(on_hold, stories))
    for story in stories:
        events = [entry.event for entry in store.log(story.state)]
        assert events.count("paused") == 1


@pytest.mark.promise("emergency-pauses")
def test_only_the_zip_codes_of_the_area_pause_and_who_is_pressed_goes_on(
    client: Client, harness: LifecycleHarness
) -> None:
    inside = harness.submit(**MILD)
    one = declared(harness, zips=("999",))
    shown = pauses(harness, client, one)
    assert "No ordinary request is open there" in shown and not on_hold(inside)


@pytest.mark.promise("emergency-report")
def test_the_report_is_counted_by_the_clock_and_saved_as_pdf_and_csv(
    client: Client, harness: LifecycleHarness
) -> None:
    one = declared(harness)
    story = harness.submit(**MILD)
    harness.world.at += 2 * 3600
    story.triaged()
    ada = signed_in(harness.world, client, "admin")
    path = f"/console/emergencies/{one.id}/report"
    assert "Nothing was counted yet" in ada.get(path).text
    assert "We are counting now" in press(ada, path).text
    harness.run_scheduler()
    page = ada.get(path)
    assert "Requests by county" in page.text and "fewer than 11" in page.text
    saved = ada.get(f"{path}/csv").body
    assert "Requests,In all,1,1,<11" in saved
    assert "Hours from the request to the first talk,Specialist: half of them within,2,1" in saved
    assert ada.get(f"{path}/pdf").body.startswith("%PDF")
    elsewhere = harness.submit(county="kern")
    harness.world.at = one.over
    harness.run_scheduler()
    ada = signed_in(harness.world, client, "admin")
    assert "In all,1,1" in ada.get(f"{path}/csv").body, elsewhere.reference


@pytest.mark.promise("emergency-pauses")
def test_after_an_early_end_the_page_says_when_each_goes_on(
    client: Client, harness: LifecycleHarness
) -> None:
    ordinary(harness, 2)
    one = declared(harness, days=30)
    pauses(harness, client, one)
    ada = signed_in(harness.world, client, "admin")
    ada.get(f"/console/emergencies/{one.id}")
    press(ada, f"/console/emergencies/{one.id}", note="The fire is out, they say.")
    turns = pausing.turns(one)
    begin = into_business_time(harness.world.at)
    assert sorted(turns.values()) == [begin, begin + pausing.APART]
    page = ada.get(f"/console/emergencies/{one.id}/pause")
    assert page.text.count("Paused") == 2 and "they go on one after the other" in page.text
    assert len(set(re.findall(r'data-label="Goes on">(.*?)</td>', page.body))) == 2


@pytest.mark.promise("emergency-pauses", "crash-anywhere")
@pytest.mark.parametrize("how", ["ended", "longer"])
def test_a_press_that_dies_after_its_write_leaves_nothing_undone(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (story,) = ordinary(harness, 1)
    one = declared(harness, days=30)
    pauses(harness, client, one)
    monkeypatch.setattr(moved, "follow", lambda key, at: None)  # it died before
    path = f"/console/emergencies/{one.id}"
    ada = signed_in(harness.world, client, "admin")
    if how == "ended":
        ada.get(path)
        press(ada, path, note="The fire is out, they say.")
    else:
        ada.get(f"{path}/extend")
        until = (local(one.over) + timedelta(days=1)).date().isoformat()
        press(ada, f"{path}/extend", until=until, note="The fire goes on, they say.")
    harness.run_scheduler()
    if how == "ended":
        harness.world.at = into_business_time(harness.world.at)
    harness.world.at += 60
    harness.run_scheduler()
    hold = story.state.pause
    assert hold is None if how == "ended" else hold and hold.until > one.over + 86400


@pytest.mark.promise("emergency-pauses")
def test_a_look_that_began_before_the_end_does_not_put_the_pause_to_sleep(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    (story,) = ordinary(harness, 1)
    one = declared(harness, days=30)
    pausing.begin(one, ["los_angeles"], 1, "staff:ada-admin", harness.world.at)
    real = pausing._DOING["pause"]

    def meanwhile(*given: Any) -> int:
        done = real(*given)
        emergencies.end(one.id, harness.world.at, "staff:x", "over")
        pausing.end(one.id, harness.world.at)
        return done

    with monkeypatch.context() as patch:
        patch.setitem(pausing._DOING, "pause", meanwhile)  # type: ignore[arg-type]
        pausing.go_on(f"EMERGENCY#{one.id}", "PAUSE", harness.world.at)
    assert on_hold(story) and pausing.busy(one.id)
    harness.world.at = into_business_time(harness.world.at + 60)
    harness.run_scheduler()
    assert not on_hold(story)


@pytest.mark.promise("emergency-pauses")
def test_what_could_not_go_on_is_tried_again_and_what_another_emergency_paused_stays(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, breaks = ordinary(harness, 2)
    one = declared(harness, days=30)
    pauses(harness, client, one)
    at = harness.world.at
    store.change(other.reference, lambda state: resumed(state, at, "staff:ada-admin", "c1"))
    again = [*pausing.WHY, at + 60, at + 9 * 86400, "staff:x", "c2"]
    store.change(other.reference, lambda state: paused(state, *again))  # type: ignore[arg-type]
    harness.world.at = into_business_time(at + 120)
    emergencies.end(one.id, harness.world.at, "staff:x", "over")
    pausing.end(one.id, harness.world.at)
    harness.world.at += pausing.APART
    with monkeypatch.context() as broken:
        broken.setattr(pausing.pauses, "resumed", lambda *given: 1 / 0)
        harness.run_scheduler()
    assert on_hold(breaks)
    harness.world.at += pausing.AGAIN_IN
    harness.run_scheduler()
    assert not on_hold(breaks) and on_hold(other)


@pytest.mark.promise("emergency-report")
def test_what_came_in_the_last_moment_is_in_the_report_and_a_request_taken_back_too(
    client: Client, harness: LifecycleHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        overview, "FEW", -1
    )  # as a large board, of which a process keeps what it read
    one = declared(harness)
    harness.submit(**MILD).withdraws()
    counting.begin(one.id, harness.world.at)
    harness.run_scheduler()
    last = harness.submit(**MILD)
    ada = signed_in(harness.world, client, "admin")
    path = f"/console/emergencies/{one.id}"
    ada.get(path)
    press(ada, path, note="The fire is out, they say.")
    harness.run_scheduler()
    saved = ada.get(f"{path}/report/csv").body
    assert "Requests,In all,2,2,<11" in saved and "Requests,Open,1,1,<11" in saved
    assert "How they ended,Withdrawn" in saved, (saved, last.reference)
