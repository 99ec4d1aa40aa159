"""What an episode came to, read from its log alone, whatever the log holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.referral.records import Session, episode
from chalicelib.workflow.cases import Entry

AT = 1_800_000_000


def entry(kind: str, verdict: str = "", at: int = AT, **data: Any) -> Entry:
    suffix = "expired" if verdict == "expired" else "answered"
    return Entry(
        event=f"{kind}_{suffix}",
        at=at,
        actor="test",
        command=f"{kind}:{at}",
        payload={"verdict": verdict, **data},
    )


def session(day: str, minutes: int = 60, **more: Any) -> Entry:
    return entry("service", "held", session={"held": True, "day": day, "minutes": minutes, **more})


def plan(*goals: str) -> Entry:
    return entry("plan", "planned", plan={"goals": [{"text": g, "doing": "d"} for g in goals]})


def test_an_empty_log_is_an_empty_episode() -> None:
    found = episode([])
    assert (found.plan, found.agreed_plan, found.minutes, found.stipend) == (None, None, 0, False)


def test_sessions_are_numbered_and_their_minutes_added_up() -> None:
    found = episode(
        [
            session("2026-05-06", 60, classroom="Room 2", note="private"),
            entry("service", "missed", session={"held": False, "day": "2026-05-13"}),
            session("2026-05-20", 45),
            entry("service", "completed", end_reason="done", session={"day": "2026-05-27"}),
        ]
    )
    assert [(s.number, s.held) for s in found.sessions] == [
        (1, True),
        (2, False),
        (3, True),
        (4, True),
    ]
    assert found.minutes == 105 and len(found.missed) == 1
    assert found.end_reason == "done"


def test_only_the_version_that_the_provider_agreed_to_is_the_agreed_plan() -> None:
    found = episode(
        [
            plan("a"),
            entry("plan_agreement", "changes_asked", wish="more time"),
            plan("a", "b"),
            entry("plan_agreement", "agreed", at=AT + 5),
        ]
    )
    assert found.plans[0].wish == "more time" and found.plans[0].agreed is None
    assert found.agreed_plan == found.plan == found.plans[1]
    assert found.plans[1].agreed == AT + 5 and found.plans[1].version == 2


def test_silence_about_a_plan_is_forgotten_with_its_next_version() -> None:
    silent = [plan("a"), entry("plan_agreement", "expired")]
    assert episode(silent).silent
    assert not episode([*silent, plan("a")]).silent


@pytest.mark.parametrize(("data", "due"), [({"stipend": True}, True), ({}, False)])
def test_an_answered_survey_may_earn_a_stipend(data: dict[str, Any], due: bool) -> None:
    assert episode([entry("survey", "answered", **data)]).stipend is due
    assert not episode([entry("survey", "expired", **data)]).stipend


@pytest.mark.parametrize(
    ("day", "moment"), [("2026-05-06", 1778094000), ("", AT), ("not a day", AT)]
)
def test_a_sessions_day_is_shown_as_noon_pacific(day: str, moment: int) -> None:
    assert Session(number=1, held=True, day=day, at=AT).moment == moment


TYPES = [
    "first_contact_answered", "agreement_answered", "plan_answered", "plan_agreement_answered",
    "plan_agreement_expired", "service_answered", "summary_answered", "survey_answered",
    "follow_up_answered", "something_new",
]  # fmt: skip
LEAF = st.none() | st.integers() | st.text(max_size=9) | st.booleans()
STRANGE = st.dictionaries(
    st.sampled_from(
        ["verdict", "signed_name", "question", "next", "moved_from", "stipend", "closure"]
    ),
    LEAF,
)
NESTED = st.fixed_dictionaries(
    {},
    optional={
        "session": st.dictionaries(st.sampled_from(["day", "minutes", "held", "note"]), LEAF),
        "review": st.dictionaries(st.sampled_from(["words", "course"]), LEAF),
        "plan": st.dictionaries(st.sampled_from(["planned", "mode", "minutes"]), LEAF),
    },
)


@pytest.mark.promise("older-and-newer-data")
@given(st.lists(st.tuples(st.sampled_from(TYPES), STRANGE, NESTED), max_size=12))
def test_any_log_of_newer_or_older_code_can_be_read(
    told: list[tuple[str, dict[str, Any], dict[str, Any]]],
) -> None:
    entries = [
        Entry(event=kind, at=AT, actor="x", command=str(n), payload=flat | nested)
        for n, (kind, flat, nested) in enumerate(told)
    ]
    found = episode(entries)
    assert len(found.held) + len(found.missed) == len(found.sessions)
    assert found.minutes == sum(s.minutes for s in found.held)
