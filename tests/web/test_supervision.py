"""Hours of reflective supervision: logged by either side, counted by one rule, and told before they lapse."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import people
from chalicelib.training.supervision import log, look, rows
from chalicelib.training.supervision.rows import COUNTS, GROUP, REFUSED, WAITS
from tests.supervision import (
    ALMA,
    BEN,
    DANA,
    DAY,
    day_of,
    endorsed,
    facilitated,
    meeting,
    supervised,
)
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.world import World

pytestmark = pytest.mark.promise("supervision-current")


def said(world: World, who: str) -> list[str]:
    return [one.said for one in rows.meetings(who, world.at)]


def letters(world: World, who: str) -> list[str]:
    return [
        m.subject
        for m in world.mails
        if m.to == f"{who}@example.org" and "supervision" in m.subject.lower()
    ]


def test_without_a_threshold_nobody_is_due_and_the_pages_say_so(
    world: World, client: Client
) -> None:
    endorsed(world)
    look.look(world.at)
    assert rows.standings() == {}
    assert (
        "No threshold is entered"
        in signed_in(world, client, "supervisor").get("/console/supervision").text
    )
    own = supervised(world, Browser(client), ALMA)
    assert "has not entered yet how many hours" in own.get("/mine").text


def test_who_facilitates_sees_the_hours_that_they_gave_a_group_once(
    world: World, client: Client
) -> None:
    endorsed(world)
    day = meeting(world, ALMA, 0)
    log.by_facilitator([day], f"consultant:{BEN}", world.at)
    group = [meeting(world, who, 0, 90, GROUP) for who in (ALMA, DANA)]
    log.by_facilitator(group, f"consultant:{BEN}", world.at)
    page = supervised(world, Browser(client), BEN).get("/mine")
    assert "Reflective supervision that you gave 2.5" in page.text


def test_what_somebody_logs_counts_once_their_facilitator_has_confirmed_it(
    world: World, client: Client
) -> None:
    facilitated(world)
    own, ben = supervised(world, Browser(client), ALMA), supervised(world, Browser(client), BEN)
    own.get("/mine/supervision/log")
    typed = {"facilitator": BEN, "day": day_of(world, 2), "minutes": "120", "way": "alone"}
    assert "Waits for the facilitator" in own.answer(typed).text
    assert rows.standings()[ALMA][0] == "due"
    look.look(world.at + DAY)
    assert letters(world, BEN) == ["Please confirm supervision meetings"]
    look.look(world.at + 2 * DAY)
    assert len(letters(world, BEN)) == 1, "once, and again after a week"
    assert "1 to confirm" in ben.get("/mine").text
    ben.get("/mine/people/confirm")
    ben.answer({f"m_{day_of(world, 2)}_{ALMA}_alone": "yes"})
    assert said(world, ALMA) == [COUNTS] and rows.standings()[ALMA][0] == "current"
    assert "You are current until" in own.get("/mine").text
    own.get("/mine/supervision/log")
    assert "on record already" in own.answer(typed).text, "both sides mean the same meeting"


def test_a_facilitator_logs_a_meeting_of_several_at_once_and_it_counts(
    world: World, client: Client
) -> None:
    facilitated(world)
    ben = supervised(world, Browser(client), BEN)
    ben.get("/mine/people/log")
    typed = {"people": [ALMA, DANA], "day": day_of(world, 1), "minutes": "120"}
    assert "A meeting alone is with one person" in ben.answer({**typed, "way": "alone"}).text
    page = ben.answer({**typed, "way": "group"})
    assert page.text.count("2 of 2 hours") == 2
    assert {rows.standings()[who][0] for who in (ALMA, DANA)} == {"current"}


def test_what_is_not_right_does_not_count_until_the_facilitator_has_said(
    world: World, client: Client
) -> None:
    facilitated(world)
    log.by_facilitator([meeting(world, ALMA, 1, 120)], f"consultant:{BEN}", world.at)
    own = supervised(world, Browser(client), ALMA)
    own.get("/mine/supervision/wrong")
    own.answer({"meeting": rows.meetings(ALMA, world.at)[0].key.sk})
    assert said(world, ALMA) == [WAITS] and rows.standings()[ALMA][0] == "due"
    (asked,) = rows.asked(BEN)
    log.answer(asked[0], False, world.at)
    assert said(world, ALMA) == [REFUSED] and rows.asked(BEN) == []


def test_only_hours_with_a_facilitator_whose_endorsement_held_that_day_are_taken(
    world: World, client: Client
) -> None:
    facilitated(world)
    people.set_fields(BEN, {"endorsed_until": world.at - 5 * DAY})
    own = supervised(world, Browser(client), ALMA)
    own.get("/mine/supervision/log")
    typed = {"facilitator": BEN, "minutes": "60", "way": "alone"}
    page = own.answer({**typed, "day": day_of(world, 1)})
    assert page.status == 422 and "was over on that day" in page.text
    assert own.answer({**typed, "day": day_of(world, 9)}).status == 200
    assert len(rows.meetings(ALMA, world.at)) == 1


def test_who_must_meet_hears_thirty_and_seven_days_before_and_when_it_lapsed_once_each_in_their_language(
    world: World,
) -> None:
    facilitated(world)
    people.set_fields(ALMA, {"letters_language": "es"})
    log.by_facilitator([meeting(world, ALMA, 0, 120)], f"consultant:{BEN}", world.at)
    start, heard = world.at, []
    for days in range(75):
        for _ in range(2):  # the same day again, and a replay
            look.look(start + days * DAY)
        heard += [days] * (len(letters(world, ALMA)) + len(spanish(world)) - len(heard))
    # The 53rd and the 60th day are Saturdays: letters to people who work here wait for Monday.
    assert heard == [30, 55, 62]
    assert "ya no están al día" in spanish(world)[-1]
    assert rows.standings()[ALMA] == ("lapsed", "")
    log.by_facilitator([meeting(world, ALMA, -74, 120)], f"consultant:{BEN}", start + 74 * DAY)
    assert rows.standings()[ALMA][0] == "current"


def spanish(world: World) -> list[str]:
    return [
        m.subject
        for m in world.mails
        if m.to == f"{ALMA}@example.org" and "horas de supervisión" in m.subject
    ]


def test_a_letter_waits_for_the_morning_and_is_not_lost(world: World) -> None:
    facilitated(world)
    night = world.at + 12 * 3600 + 61 * DAY
    look.look(night)
    assert letters(world, ALMA) == []
    again = int((dynamodb.get(rows.NOW) or {})["again"])
    assert again == night + look.AGAIN
    look.each_minute(night + 12 * 3600)
    assert letters(world, ALMA) == ["Your supervision hours have lapsed"]


def test_staff_enter_what_is_asked_for_and_see_who_is_due(world: World, client: Client) -> None:
    endorsed(world)
    sam = signed_in(world, client, "supervisor")
    sam.get("/console/supervision/threshold")
    typed = {
        "who": "consultants",
        "since": day_of(world, 30),
        "hours": "2",
        "days": "20",
        "alone": "3",
    }
    assert "more than the hours in all" in sam.answer(typed).text
    assert sam.answer({**typed, "alone": ""}).status == 200
    look.each_minute(world.at + 60)
    page = sam.get(f"/console/supervision?of={BEN}")
    assert "2 hours within 20 days" in page.text and page.text.count("Due") >= 3
    sam.get("/console/supervision/log?of=staff:sam-lead")
    form = {
        "facilitator": BEN,
        "people": [ALMA],
        "day": day_of(world, 1),
        "minutes": "120",
        "way": "group",
    }
    press(sam, "/console/supervision/log?of=staff:sam-lead", **form)
    assert rows.standings()[ALMA][0] == "due" and rows.meetings(ALMA, world.at)[0].way == GROUP


def test_the_directory_shows_how_supervision_stands_and_is_narrowed_by_it(
    world: World, client: Client
) -> None:
    facilitated(world)
    log.by_facilitator([meeting(world, ALMA, 1, 120)], f"consultant:{BEN}", world.at)
    cora = signed_in(world, client, "coordinator")
    page = cora.get("/console/consultants?stands=current")
    assert "Alma Reyes" in page.text and "Dana Kim" not in page.text
    assert "Dana Kim" in cora.get("/console/consultants?stands=due").text
    assert "Ben Okafor" in cora.get("/console/consultants?stands=facilitator").text


def test_nothing_of_what_was_said_is_asked_or_kept(world: World, client: Client) -> None:
    facilitated(world)
    log.by_themselves(meeting(world, ALMA, 1), world.at)
    kept = dynamodb.query(f"SUPERVISED#{ALMA}", "MET#")[0]
    assert kept.keys() == {"pk", "sk", "minutes", "said", "by", "at"}
    own = supervised(world, Browser(client), ALMA)
    assert "<textarea" not in own.get("/mine/supervision/log").body


def test_who_has_left_is_on_nobodys_page_anymore(world: World) -> None:
    facilitated(world)
    assert [row["id"] for row in rows.people_of(BEN)] == [ALMA, DANA]
    people.set_fields(DANA, {"active": False})
    look.look(world.at + DAY)
    assert [row["id"] for row in rows.people_of(BEN)] == [ALMA] and DANA not in rows.standings()
    people.set_fields(DANA, {"active": True})
    look.look(world.at + 2 * DAY)
    assert [row["id"] for row in rows.people_of(BEN)] == [ALMA, DANA]


def test_a_press_that_comes_twice_and_both_sides_of_one_meeting_count_once(world: World) -> None:
    facilitated(world)
    one = meeting(world, ALMA, 1, 60)
    log.by_themselves(one, world.at)
    for _ in range(2):
        log.by_facilitator([one], f"consultant:{BEN}", world.at)
    assert [(m.minutes, m.said) for m in rows.meetings(ALMA, world.at)] == [(60, COUNTS)]
    assert rows.asked(BEN) == []


def test_a_supervisor_hears_once_of_all_of_theirs_whose_hours_have_lapsed(world: World) -> None:
    facilitated(world, since=100)
    day = world.at
    for days in range(0, 84, 7):
        for _ in range(2):
            look.look(day + days * DAY)
    heard = [m for m in world.mails if "of your consultants have lapsed" in m.subject]
    assert len(heard) == 1 and heard[0].to.startswith("sam"), "one letter for all, and once"
