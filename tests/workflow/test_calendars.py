"""What a phone shows is what the case says, on both sides, at each moment of any life."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from chalicelib.domain.calendar import PACIFIC, local
from chalicelib.domain.errors import Invalid
from chalicelib.referral import pauses
from chalicelib.referral.matching import reassign
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.model import Referral
from chalicelib.referral.reopen import reopen
from chalicelib.referral.status import session
from chalicelib.referral.status.view import view
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store
from chalicelib.workflow.undo import take_back
from infra import answers
from tests import episode
from tests.phone import Phone

from .lifecycle import LifecycleHarness, act, at

pytestmark = pytest.mark.promise("calendar-follows")
DAY = 86400
ANA = "ana@example.org"


def case_says(state: Referral, now: int) -> list[int]:
    """The sessions to come that both sides agreed on, reckoned from the plan by hand."""
    sessions, pause = state.sessions, state.pause
    standing = pause.status if pause else state.status
    if sessions is None or not state.open or not state.consultant or standing != "in_service":
        return []
    days = [sessions.next] if sessions.next else []
    if base := sessions.every and (sessions.slot or sessions.next):
        begin = local(base).replace(tzinfo=None)
        for n in range(1, sessions.planned - sessions.held):
            later = begin + timedelta(days=sessions.every * n)
            days.append(int(later.replace(tzinfo=PACIFIC).timestamp()))
    days = [one for one in days if one not in sessions.off]
    return [one for one in days if one > now and one >= (pause.until if pause else 0)]


class Life:
    """One referral with the phones of all who have to do with it."""

    def __init__(self, harness: LifecycleHarness, moment: str, seed: object = 0) -> None:
        self.random, self.number = Random(str(seed)), count()
        self.story, self.world = at(harness, moment), harness.world
        self.phones: dict[str, Phone] = defaultdict(Phone)
        self.read = 0
        self.open_letters()

    def open_letters(self) -> None:
        """Everybody opens the files that came since, in whatever order."""
        self.story.harness.settle()
        news = self.world.mails[self.read :]
        self.read = len(self.world.mails)
        for mail in self.random.sample(news, len(news)):
            self.phones[mail.to].take(mail.files)

    def agrees(self) -> list[int]:
        """Check everybody's phone; returns what is to come."""
        self.open_letters()
        state, now = self.story.state, self.world.at
        said = case_says(state, now)
        length = 60 * (state.sessions.minutes if state.sessions else 0)
        planned = [(one, one + length) for one in said]
        for to, phone in self.phones.items():
            theirs = to in (ANA, f"{state.consultant}@example.org")
            assert phone.shows(now) == (planned if theirs else []), (to, state.status)
        told = view(state, store.log(state), now, lambda who: who).appointment
        assert (told.at if told else None) == (said[0] if said else None)
        return said

    def does(self, **raw: Any) -> None:
        """The consultant sends the session page."""
        if episode.cleaned(self.story.state, self.story.asks, raw).ok:
            self.story.says(**raw)

    def name(self) -> str:
        return f"life:{next(self.number)}"

    def soon(self, least: int = 1) -> dict[str, Any]:
        when = answers.day(self.world.at, self.random.randrange(least, 12))
        return {"next_day": when, "next_time": self.random.choice(["09:00", "15:30"])}


def held(life: Life) -> None:
    """A session takes place when it was planned; the next one as planned, or on another day."""
    state = life.story.state
    life.world.at = answers.time_of_answer(state, life.world.at)
    raw = answers.example(state, life.world.at)
    if "end_reason" not in raw and life.random.random() < 0.6:
        raw |= {"next": "as_planned", "next_day": "", "next_time": ""}
    life.does(**raw)


def held_on_another_day(life: Life) -> None:
    today = answers.day(life.world.at)
    raw = {"happened": "other", "day": today, "minutes": 45, "mode": "virtual", "next": "another"}
    life.does(**raw, **life.soon(), review="Calmer", course="continue")


def missed(life: Life) -> None:
    life.world.at = answers.time_of_answer(life.story.state, life.world.at)
    life.does(happened="no_show", next="another", **life.soon())


def moved(life: Life) -> None:
    life.does(happened="move", **life.soon())


def paused_by_consultant(life: Life) -> None:
    until = answers.day(life.world.at, life.random.randrange(2, 40))
    life.does(happened="pause", pause_reason="site_asked", pause_until=until)


def paused_by_provider(life: Life) -> None:
    until = life.world.at + life.random.randrange(2, 40) * DAY
    if life.story.state.open:
        why = ("paused_by_site", "site_asked")
        store.change(
            life.story.reference,
            lambda state: pauses.paused(
                state, *why, life.world.at, until, "provider", life.name()
            ),
        )  # fmt: skip


def resumed(life: Life) -> None:
    store.change(
        life.story.reference,
        lambda state: pauses.resumed(state, life.world.at, "provider", life.name()),
    )


def time_passes(life: Life) -> None:
    life.world.at += life.random.randrange(1, 9) * DAY
    life.story.harness.run_scheduler()


def handed_over(life: Life) -> None:
    life.does(happened="hand_over", hand_over_note="Mornings are hard")


def reassigned(life: Life) -> None:
    state = life.story.state
    found = ranking(state).candidates
    new = next((one.id for one in found if one.id != state.consultant), "")
    new = life.random.choice([new, ""])
    reassign.hand_on(state.reference, state.consultant, new, "A note", "leave", "staff:olga-office",
                     life.name(), life.world.at)  # fmt: skip


def declined(life: Life) -> None:
    """The provider cannot make one of the sessions."""
    state = life.story.state
    number, start = life.random.choice([*state.appointments.items()] or [(0, 0)])

    def decide(now: Referral) -> Command | None:
        return session.declined(now, number, start, {}, life.name(), life.world.at)

    store.change(state.reference, decide)


def undone(life: Life) -> None:
    newest = store.log(life.story.state)[-1]
    if number := newest.payload.get("task"):
        take_back(life.story.reference, number, newest.actor, life.world.at, life.name())


def withdrawn(life: Life) -> None:
    life.story.withdraws_quietly()


def reopened(life: Life) -> None:
    reopen(life.story.reference, "need_again", "provider", life.name(), life.world.at)


def ended(life: Life) -> None:
    life.does(happened="end", end_reason="site_closed")


def usual(life: Life) -> None:
    """Whoever is asked does what is usual."""
    if life.story.asks:
        act(life.story)


IN_SERVICE: list[Callable[[Life], None]] = [
    held, held, held, held_on_another_day, missed, moved, moved, paused_by_consultant,
    declined, declined, paused_by_provider, resumed, time_passes, handed_over, reassigned, undone, undone, withdrawn,
    ended,
]  # fmt: skip
ELSEWHERE: list[Callable[[Life], None]] = [usual, usual, usual, usual, undone, reopened]


@pytest.mark.parametrize("seed", range(10))
def test_ten_random_lives_show_on_every_phone_what_the_case_says(
    harness: LifecycleHarness, seed: int
) -> None:
    life = Life(harness, "service", seed)
    shown = [len(life.agrees())]
    for _ in range(12):
        life.world.at += 700
        acts = IN_SERVICE if life.story.asks == "service" else ELSEWHERE
        happens = life.random.choice(acts)
        # What does not fit is refused, as a session that is still to come.
        with suppress(Invalid):
            happens(life)
        shown.append(len(life.agrees()))
    assert shown[0] > 0
