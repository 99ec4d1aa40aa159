"""When a cohort meets, who comes and makes it up, and what each trainee hears and has of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chalicelib.domain.calendar import local, typed
from chalicelib.meetings import attendance, rows
from chalicelib.meetings import changing as meetings_changed
from chalicelib.meetings.entering import BY_DATE, MONTHLY
from chalicelib.meetings.groups import listed
from chalicelib.meetings.groups.members import key_of
from chalicelib.meetings.model import Meeting
from chalicelib.training.trainees import acts, completion, progress
from chalicelib.training.trainees.completion import Part, sentence
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.opening import ON_LISTS
from chalicelib.training.trainees.schedule import lists, plan, small_groups
from chalicelib.training.trainees.schedule.plan import Whose
from chalicelib.training.trainees.schedule.small_groups import SmallGroup
from chalicelib.workflow.effects import TellRoom
from chalicelib.workflow.storage import store
from tests.cohorts import FACILITATOR
from tests.training.script import BY, changes, confirms, decides, enrolled, short_cohort
from tests.workflow.lifecycle import LifecycleHarness

WHEN = {"time": "17:30", "on_holiday": "next", "minutes": 90, "language": "es",
        "host": FACILITATOR, "join": "https://meet.example.org/fall"}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "repeat", "on_holiday", "days"),
    [
        # A day 31 is the last day of a shorter month, over the year's end and a leap February.
        ("2027-10-31", BY_DATE, "keep",
         ["2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2026-12-31", BY_DATE, "keep", ["2026-12-31", "2027-01-31", "2027-02-28"]),
        # The second Tuesday; a holiday is held on the next business day, or made up at the end.
        ("2026-10-13", MONTHLY, "keep", ["2026-10-13", "2026-11-10", "2026-12-08", "2027-01-12"]),
        ("2026-12-25", BY_DATE, "next", ["2026-12-28", "2027-01-25"]),
        ("2026-12-25", BY_DATE, "skip", ["2027-01-25", "2027-02-25"]),
    ],
)  # fmt: skip
def test_monthly_meetings_fall_on_the_days_of_their_rule(
    first: str, repeat: str, on_holiday: str, days: list[str]
) -> None:
    values = {"first": first, "repeat": repeat, "on_holiday": on_holiday, "times": len(days)}
    assert [day.isoformat() for day in plan.planned(values)] == days


def entered(harness: LifecycleHarness, first: str, times: int, group: str = "") -> list[Meeting]:
    """Monthly meetings of the cohort, or of a small group, as staff enter them."""
    room = plan.SMALL_GROUPS if group else plan.SESSIONS
    whose = Whose(room, group or "fall", {"en": "Fall", "es": "Otoño"}, "")
    values = {**WHEN, "first": first, "repeat": MONTHLY, "times": times}
    return plan.enter(whose, values, BY, harness.world.at, f"enter {group}")


def test_a_series_stays_at_its_hour_when_the_clocks_change(harness: LifecycleHarness) -> None:
    short_cohort(harness.world)
    made = entered(harness, "2026-10-27", 6)
    assert [local(one.at).strftime("%H:%M") for one in made] == ["17:30"] * 6
    assert made[1].at - made[0].at == 28 * 86400 + 3600  # the clocks went back in between


def trainee(reference: str) -> Trainee:
    return store.load(reference, Trainee, consistent=True)


def said(reference: str, at: int, lang: str = "en") -> list[str]:
    return [sentence(one, lang) for one in progress.parts(trainee(reference), at)]


def came(meeting: Meeting, *, to: Sequence[str] = (), made_up: Sequence[str] = ()) -> None:
    values = {"came": [key_of(one) for one in to], "made_up": [key_of(one) for one in made_up]}
    attendance.record(rows.load(meeting.id), values, FACILITATOR, meeting.ends)


@pytest.mark.promise("training-explained")
def test_sessions_are_counted_make_ups_too_and_what_is_missing_is_said(
    harness: LifecycleHarness,
) -> None:
    short_cohort(harness.world, sessions=3)
    rosa = enrolled(harness.world)
    harness.settle()
    made = entered(harness, "2026-11-10", 3)
    changes(rosa, lambda one: acts.schedule(one, BY, "tell", harness.world.at), "tell")
    at = made[0].at - 86400
    assert said(rosa, at)[0] == "Monthly sessions: 0 of 3. 3 are still to come."
    lists.put_right(trainee(rosa), 1, TellRoom(room=ON_LISTS, about={"groups": ["fall"]}))
    came(made[0], to=[rosa])
    came(made[1])
    at = made[1].ends + 60
    assert said(rosa, at)[0] == (
        "Monthly sessions: 1 of 3. One make-up is missing. One is still to come."
    )
    assert said(rosa, at, "es")[0].startswith("Sesiones mensuales: 1 de 3. Falta recuperar una.")
    came(made[1], made_up=[rosa])
    at = made[2].ends + 60
    assert said(rosa, at)[0] == "Monthly sessions: 2 of 3. For one, nobody has said yet who came."
    came(made[2], to=[rosa])
    assert said(rosa, at)[0] == "Monthly sessions: 3 of 3. Met."
    # All but the coursework is there; with it, a coordinator is asked.
    confirms(rosa, at)
    harness.settle()
    task = trainee(rosa).task
    assert task is not None and task.kind == "training_completion"


def test_the_last_attendance_completes_it_at_once(harness: LifecycleHarness) -> None:
    short_cohort(harness.world, sessions=1)
    made = entered(harness, "2026-11-10", 1)
    rosa = enrolled(harness.world)
    harness.settle()
    confirms(rosa, harness.world.at)
    harness.settle()
    came(made[0], to=[rosa])
    harness.settle()
    task = trainee(rosa).task
    assert task is not None and task.kind == "training_completion"


def test_a_canceled_session_is_nobodys_absence(harness: LifecycleHarness) -> None:
    assert completion.needed(9, 9, 0) == completion.needed(9, 9, 1) == 9
    assert completion.needed(9, 8, 1) == 8 and completion.needed(9, 3, 0) == 9
    short_cohort(harness.world, sessions=2)
    rosa = enrolled(harness.world)
    made = entered(harness, "2026-11-10", 2)
    meetings_changed.cancel(made[0], BY, harness.world.at)
    assert said(rosa, harness.world.at)[0] == "Monthly sessions: 0 of 1. One is still to come."


def test_who_is_enrolled_is_on_the_lists_and_hears_with_a_calendar_file(
    harness: LifecycleHarness,
) -> None:
    short_cohort(harness.world)
    made = entered(harness, "2026-11-10", 2)
    rosa = enrolled(harness.world)
    harness.settle()
    (letter,) = [m for m in harness.world.mails if m.to == trainee(rosa).contact.email]
    assert letter.file is not None and letter.file.content.count("BEGIN:VEVENT") == 2
    guests = [rows.guest(one.id, key_of(rosa)) for one in made]
    assert all(one is not None and one.coming and one.told is not None for one in guests)
    decides(rosa, {"decision": "leave", "until": "2027-03-01"}, harness.world.at, "leave")
    harness.settle()
    guests = [rows.guest(one.id, key_of(rosa)) for one in made]
    assert not any(one is not None and one.coming for one in guests)
    harness.world.at = typed("2026-11-01", "10:00")
    decides(rosa, {"decision": "back"}, harness.world.at, "back")
    harness.settle()
    guests = [rows.guest(one.id, key_of(rosa)) for one in made]
    assert all(one is not None and one.coming for one in guests)


def test_what_took_place_during_a_leave_can_be_made_up(harness: LifecycleHarness) -> None:
    short_cohort(harness.world, sessions=1)
    (made,) = entered(harness, "2026-11-10", 1)
    rosa = enrolled(harness.world)
    harness.settle()
    decides(rosa, {"decision": "leave", "until": "2027-03-01"}, harness.world.at, "leave")
    harness.settle()
    assert attendance.listed(made) == []
    harness.world.at = made.ends + 86400
    decides(rosa, {"decision": "back"}, harness.world.at, "back")
    harness.settle()
    assert [one.key for one in attendance.listed(made)] == [key_of(rosa)]
    came(made, made_up=[rosa])
    assert said(rosa, harness.world.at)[0] == "Monthly sessions: 1 of 1. Met."


@pytest.mark.promise("training-transfer-keeps")
def test_what_somebody_came_to_in_an_earlier_cohort_counts_in_the_later_one(
    harness: LifecycleHarness,
) -> None:
    short_cohort(harness.world, sessions=2)
    short_cohort(harness.world, "spring", sessions=2)
    made = entered(harness, "2026-11-10", 2)
    rosa = enrolled(harness.world)
    harness.settle()
    came(made[0], to=[rosa])
    decides(rosa, {"decision": "transfer", "cohort": "spring"}, harness.world.at, "transfer")
    harness.settle()
    assert said(rosa, harness.world.at)[0] == "Monthly sessions: 1 of 2. One is still to come."


def test_a_small_group_brings_its_meetings_and_the_facilitator_a_page(
    harness: LifecycleHarness,
) -> None:
    short_cohort(harness.world, small_groups=1)
    small_groups.add(SmallGroup("blue", "fall", "Blue", FACILITATOR))
    made = entered(harness, "2026-11-12", 1, "blue")
    rosa = enrolled(harness.world)
    harness.settle()
    at = harness.world.at
    changes(rosa, lambda one: acts.place(one, "blue", FACILITATOR, BY, "place", at), "place")
    harness.settle()
    assert listed.meetings("blue") == [rows.load(made[0].id)]
    assert rows.guest(made[0].id, key_of(rosa)) is not None
    subjects = [m.subject for m in harness.world.mails]
    assert any(one.startswith("Sus reuniones en el programa") for one in subjects)
    assert any("trainees: meetings and coursework" in one for one in subjects)
    assert said(rosa, at)[0] == "Meetings of the small group: 0 of 1. One is still to come."


def test_hours_are_said_as_people_write_them() -> None:
    assert sentence(Part("practicum", 570, 480), "en") == "Practicum: 9.5 of 8 hours. Met."
    assert sentence(Part("practicum", 435, 480, waits=90), "es") == (
        "Práctica: 7.25 de 8 horas. Horas que faltan: 0.75. "
        "Horas que esperan la confirmación del proveedor o la proveedora: 1.5."
    )
