"""Open-Door sessions used in ways that nobody meant, and whole series moved, canceled and continued."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.meetings import changing, rows
from chalicelib.meetings.model import Meeting
from tests.meetings import DAY, clock, entered, now, sign
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.web.test_open_door import NEW, TYPED, links
from tests.world import World

pytestmark = pytest.mark.promise("open-door", "meetings-places", "meetings-told")
ONE = {name: text for name, text in TYPED.items() if name not in ("repeat", "last", "on_holiday")}
ANA = {"name": "Ana Díaz", "phone": "213-555-0142", "lang": "es"}


def own(meeting: Meeting) -> str:
    return f"/console/open-door/{meeting.id}"


def test_who_calls_twice_has_one_place_whoever_answers(world: World, client: Client) -> None:
    meeting = entered(world, capacity=3)
    for role, phone in (("specialist", ANA["phone"]), ("coordinator", "(213) 555 0142")):
        staff = signed_in(world, client, role)
        staff.get(f"{own(meeting)}/add")
        page = press(staff, f"{own(meeting)}/add", **{**ANA, "phone": phone})
    assert "They have signed up already." in page.text and now(meeting).taken == 1


def test_a_meeting_is_not_entered_or_moved_into_the_past(world: World, client: Client) -> None:
    cora = signed_in(world, client, "coordinator")
    cora.get(NEW)
    world.at = int(now(entered(world, days=1)).at) - DAY + 7200
    today = {"first": rows.ahead("open_door", world.at)[0].starts[:10], "time": "00:01"}
    cora = signed_in(world, client, "coordinator")
    cora.get(NEW)
    from chalicelib.domain.calendar import pacific_date

    today["first"] = pacific_date(world.at).isoformat()
    assert press(cora, NEW, **{**TYPED, **today, "repeat": "once"}).errors == ["time"]
    meeting = rows.ahead("open_door", world.at)[0]
    cora.get(f"{own(meeting)}/change")
    assert press(cora, f"{own(meeting)}/change", **{**ONE, **today}).errors == ["time"]


def test_what_is_off_is_not_changed_or_canceled_again_and_nobody_is_written_to(
    world: World, client: Client
) -> None:
    meeting = entered(world)
    sign(world, meeting)
    clock(world)
    cora = signed_in(world, client, "coordinator")
    cora.get(f"{own(meeting)}/change")
    shown = dict(cora.page.hidden)
    changing.cancel(meeting, "staff:sam-lead", world.at)
    assert len(clock(world)) == 1
    for way in ("change", "cancel"):
        page = cora.post(f"{own(meeting)}/{way}", {**shown, **ONE})
        assert "Nothing was changed." in page.text
    assert clock(world) == [] and len(rows.all_done(meeting.id)) == 2


def test_a_replayed_press_signs_nobody_up_again_who_has_said_no_since(
    world: World, client: Client
) -> None:
    meeting = entered(world, capacity=1)
    browser = Browser(client)
    page = browser.get(f"/open-door/{meeting.id}")
    sent = {**page.hidden, "email": "rosa@example.org"}
    browser.post(page.path, sent)
    browser.get(links(world.mails[-1].text, "no")[0])
    browser.answer({"decision": "cannot"})
    assert browser.post(page.path, sent).status == 200 and now(meeting).taken == 0
    # Who presses anew comes after all, and hears of it.
    browser.get(page.path)
    browser.answer({"email": "rosa@example.org"})
    kinds = [mail.tags["kind"] for mail in world.mails]
    assert kinds == ["signed_up", "taken_off", "signed_up"] and now(meeting).taken == 1


@pytest.mark.parametrize("what", ["no", "thanks", "host"])
@pytest.mark.parametrize("text", ["x", "a-b-c", "%C3%B1", "0" * 300])
def test_a_mangled_link_says_so(client: Client, what: str, text: str) -> None:
    assert Browser(client).get(f"/meeting/{what}/{text}").status == 410


def series(world: World, client: Client) -> tuple[Browser, list[Meeting]]:
    cora = signed_in(world, client, "coordinator")
    cora.get(NEW)
    shown = press(cora, NEW, **TYPED)
    press(cora, NEW, **{**TYPED, "_dates": shown.hidden["_dates"]})
    return cora, rows.ahead("open_door", world.at)


def test_a_whole_series_is_canceled_from_one_on_and_everybody_told(
    world: World, client: Client
) -> None:
    cora, made = series(world, client)
    for one in made:
        sign(world, one)
    clock(world)
    cora.get(f"{own(made[1])}/cancel")
    assert press(cora, f"{own(made[1])}/cancel").errors == ["which"]
    press(cora, f"{own(made[1])}/cancel", which="later", why_en="The grant has ended.")
    assert [now(one).on for one in made] == [True, False, False, False, False]
    told = [mail.to for mail in clock(world) if mail.tags["kind"] == "cancelled"]
    assert told.count("rosa@example.org") == 4
    # The last one left has none after it to ask about.
    assert "which" not in cora.get(f"{own(made[0])}/cancel").names


def test_a_whole_series_moves_by_as_many_days_and_keeps_its_hour_over_the_change_of_clocks(
    world: World, client: Client
) -> None:
    cora, made = series(world, client)
    changing.change(
        made[2], now(made[2]).__class__(**{**made[2].to_row(), "title": {"en": "Own topic"}}),
        "staff:sam-lead", world.at,
    )  # fmt: skip
    cora.get(f"{own(made[1])}/change")
    moved = {**ONE, "first": "2026-12-23", "time": "18:00", "which": "later"}
    press(cora, f"{own(made[1])}/change", **moved)
    stand = [now(one) for one in made]
    assert [one.starts for one in stand] == [
        "2026-11-24T17:30", "2026-12-23T18:00", "2027-01-27T18:00", "2027-02-24T18:00",
        "2027-03-24T18:00",
    ]  # fmt: skip
    assert stand[2].title == {"en": "Own topic"} and stand[2].host == TYPED["host"]
    assert (stand[4].at - stand[3].at) % DAY == DAY - 3600


def test_a_series_is_continued_with_all_but_its_days_filled_in(
    world: World, client: Client
) -> None:
    cora, made = series(world, client)
    page = cora.get(own(made[-1]))
    (path,) = [link for link in page.links if "like=" in link]
    form = cora.get(path).body
    assert 'value="When a day is hard"' in form and 'value="17:30"' in form
    assert "2027-03-23" not in form
