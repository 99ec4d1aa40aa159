"""Everybody hears once of what concerns them, by letter and in their calendar."""

from __future__ import annotations

import pytest

from chalicelib.aws import ses
from chalicelib.domain.calendar import local
from chalicelib.mail.delivery_reports import record
from chalicelib.meetings import changing, rows, sign_up, telling
from tests.meetings import DAY, JOIN, clock, entered, now, sign
from tests.world import Mail, World

pytestmark = pytest.mark.promise("meetings-told")


def kinds(mails: list[Mail]) -> list[tuple[str, str]]:
    return [(one.to, one.tags["kind"]) for one in mails]


def test_the_link_to_join_is_mailed_a_day_and_an_hour_before_and_not_sooner(world: World) -> None:
    meeting = entered(world)
    sign(world, meeting)
    assert kinds(clock(world)) == [("rosa@example.org", "signed_up")]
    assert JOIN not in world.mails[-1].text + world.mails[-1].html
    assert clock(world, meeting.at - DAY - 60) == []
    for before in (DAY, 3600):
        (reminder,) = clock(world, meeting.at - before)
        assert reminder.tags["kind"] == "reminder" and JOIN in reminder.text
        assert clock(world, world.at + 120) == []
    assert JOIN not in "".join(file.content for mail in world.mails for file in mail.files)


def test_who_signs_up_late_gets_the_link_at_once_and_no_reminder_twice(world: World) -> None:
    meeting = entered(world, days=1 / 48)
    sign(world, meeting)
    (only,) = clock(world)
    assert only.tags["kind"] == "signed_up" and JOIN in only.text
    assert clock(world, meeting.at - 60) == []


def test_what_the_mail_service_does_not_take_now_leaves_a_minute_later_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = entered(world)
    real = ses.send

    def busy(*letter: object) -> str:
        raise ses.PostBusy(5, "busy")

    monkeypatch.setattr(ses, "send", busy)
    sign(world, meeting)
    assert clock(world) == []
    monkeypatch.setattr(ses, "send", real)
    assert len(clock(world, world.at + 90)) == 1
    assert clock(world, world.at + 90) == []


def test_a_letter_whose_sender_died_is_sent_again_after_five_minutes_and_not_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = entered(world)
    who = sign(world, meeting)
    with monkeypatch.context() as broken:
        broken.setattr(telling, "_send", lambda *_: (_ for _ in ()).throw(RuntimeError("died")))
        telling.tell(now(meeting), who, world.at)
    assert clock(world, world.at + 60) == []
    assert len(clock(world, world.at + 400)) == 1


def test_a_move_is_told_to_who_comes_and_their_reminders_move_with_it(world: World) -> None:
    meeting = entered(world, days=3)
    sign(world, meeting)
    sign(world, meeting, "luis@example.org", lang="es")
    gone = sign(world, meeting, "ana@example.org")
    clock(world)
    sign_up.decline(meeting, gone, world.at)
    assert kinds(clock(world)) == [("ana@example.org", "taken_off")]
    later = local(meeting.at + 7 * DAY).strftime("%Y-%m-%dT%H:%M")
    moved = changing.move(
        now(meeting), later, "staff:ada-admin", world.at, {"en": "The host is ill."}
    )
    told = clock(world)
    assert sorted(kinds(told)) == [("luis@example.org", "changed"), ("rosa@example.org", "changed")]
    assert all("The host is ill." in one.text for one in told)
    assert clock(world, meeting.at - 60) == []
    assert len(clock(world, moved.at - DAY)) == 2


def test_a_cancellation_is_told_once_and_ends_everything(world: World) -> None:
    meeting = entered(world)
    sign(world, meeting)
    changing.cancel(meeting, "staff:ada-admin", world.at)
    # Whoever was not even told that they are signed up hears this alone.
    assert kinds(clock(world)) == [("rosa@example.org", "cancelled")]
    assert clock(world, meeting.at - 60) == []
    assert [done["event"] for done in rows.all_done(meeting.id)] == ["cancelled", "entered"]


def test_whom_letters_do_not_reach_gets_no_more_of_them_and_is_to_be_called(world: World) -> None:
    meeting = entered(world)
    who = sign(world, meeting)
    (letter,) = clock(world)
    report = {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"status": "5.1.1"}]},
        "mail": {"tags": {name: [value] for name, value in letter.tags.items()}},
    }
    assert record(report)
    found = rows.guest(meeting.id, who.key)
    assert found is not None and (found.by_letter, found.failed) == (False, "bounced")
    assert clock(world, meeting.at - 60) == []
