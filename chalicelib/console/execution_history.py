"""What a run's history tells: the states it passed, where it stands, and what broke.

Only names, times, errors, and the ids of input and output are read. The parameters of a task hold
the engine's token and are never looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from chalicelib.domain.json_values import Json
from chalicelib.web.languages import N_

ENDED_BADLY = ("FAILED", "ABORTED", "TIMED_OUT")
STATUS_WORDS = {
    "RUNNING": N_("Running"),
    "SUCCEEDED": N_("Ended as planned"),
    "FAILED": N_("Failed"),
    "ABORTED": N_("Stopped by hand"),
    "TIMED_OUT": N_("Its time was over"),
    "PENDING_REDRIVE": N_("About to be started again"),
}
CAUSES = {
    "States.Timeout": N_("A step took longer than it may."),
    "States.TaskFailed": N_("A step failed and could not be tried again."),
    "States.Runtime": N_("The run came to a place that its definition does not provide for."),
    "States.HeartbeatTimeout": N_("A step gave no sign of life."),
    "States.Permissions": N_("The run may not do what its definition asks for."),
    "States.DataLimitExceeded": N_("A step answered with more than a run can carry."),
    "NeedsAttention": N_("The person who should repair it could not be asked."),
}
SHOWN = 600
# The word with which we stop a run of an older generation.
REPLACED = "Superseded"
REPLACED_WORDS = N_("Replaced by a newer run")


@dataclass(frozen=True)
class Visit:
    """One stay in a state: UTC seconds, ``left`` is None while it lasts."""

    state: str
    entered: int
    left: int | None = None

    @property
    def seconds(self) -> int:
        """How long it lasted; 0 while it does."""
        return (self.left - self.entered) if self.left is not None else 0


@dataclass(frozen=True)
class Trouble:
    """An error in a state. ``caught``: the run went on by its own path."""

    state: str
    error: str
    cause: str
    at: int
    caught: bool = True

    @property
    def words(self) -> str:
        """The cause as a msgid."""
        return CAUSES.get(self.error, N_("A step broke with an error."))


@dataclass(frozen=True)
class Happening:
    """A line of the event table."""

    number: int
    at: int
    state: str
    type: str


@dataclass
class Story:
    """A run as its history tells it. ``status`` is the engine's word, "" when it knows no run.

    ``replaced``: we stopped it ourselves, because a newer run took over.
    """

    status: str = ""
    started: int | None = None
    stopped: int | None = None
    visits: list[Visit] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    input: str = ""
    output: str = ""
    replaced: bool = False

    @property
    def current(self) -> str:
        """The state in which the run waits now, or ""."""
        last = self.visits[-1] if self.visits else None
        running = self.status == "RUNNING"
        return last.state if running and last is not None and last.left is None else ""

    @property
    def failed(self) -> str:
        """The state in which the run broke for good, or ""."""
        if self.replaced or self.status not in ENDED_BADLY or not self.visits:
            return ""
        return self.visits[-1].state

    @property
    def walked(self) -> set[tuple[str, str]]:
        """The ways that were taken."""
        names = [visit.state for visit in self.visits]
        return set(pairwise(names))

    def mark_of(self, state: str) -> str:
        """``current``, ``failed``, ``passed`` or "" for a state that was not reached."""
        if state == self.current:
            return "current"
        if state == self.failed:
            return "failed"
        return "passed" if any(v.state == state for v in self.visits) else ""


def told(description: Json | None, events: list[Json]) -> Story:
    """The story of a run from the engine's description and history (either may be missing)."""
    about = description or {}
    story = Story(
        status=str(about.get("status", "")),
        started=_seconds(about.get("startDate")),
        stopped=_seconds(about.get("stopDate")),
        input=ids_only(str(about.get("input") or "")),
        output=ids_only(str(about.get("output") or "")),
    )
    state = ""
    for event in events:
        at, kind = _seconds(event.get("timestamp")) or 0, str(event.get("type", ""))
        if "stateEnteredEventDetails" in event:
            state = str(event["stateEnteredEventDetails"]["name"])
            story.visits.append(Visit(state, at))
        story.happenings.append(Happening(int(event.get("id", 0)), at, state, kind))
        if "stateExitedEventDetails" in event:
            _leave(story, str(event["stateExitedEventDetails"]["name"]), at)
        _note_trouble(story, event, state, kind, at)
    _settle_troubles(story)
    story.replaced = story.status == "ABORTED" and about.get("error") == REPLACED
    if (
        story.status in ENDED_BADLY
        and not story.replaced
        and about.get("error")
        and not _final(story)
    ):
        cause = str(about.get("cause") or "")[:SHOWN]
        at = story.stopped or 0
        story.troubles.append(Trouble(story.failed, str(about["error"]), cause, at, caught=False))
    return story


def _leave(story: Story, state: str, at: int) -> None:
    for number in range(len(story.visits) - 1, -1, -1):
        visit = story.visits[number]
        if visit.state == state and visit.left is None:
            story.visits[number] = Visit(state, visit.entered, at)
            return


def _note_trouble(story: Story, event: Json, state: str, kind: str, at: int) -> None:
    """Errors come under many event types; each has its own details with ``error`` and ``cause``."""
    details = next((v for k, v in event.items() if k.endswith("EventDetails")), None)
    if not isinstance(details, dict) or "error" not in details:
        return
    final = kind.startswith("Execution")
    cause = str(details.get("cause") or "")[:SHOWN]
    story.troubles.append(Trouble(state, str(details["error"]), cause, at, caught=not final))


def _settle_troubles(story: Story) -> None:
    """What the run did not survive was not caught, and is told once; our own stop is no trouble."""
    story.troubles = [trouble for trouble in story.troubles if trouble.error != REPLACED]
    final = [trouble for trouble in story.troubles if not trouble.caught]
    story.troubles = [
        trouble
        for trouble in story.troubles
        if trouble in final or not any(_same(trouble, last) for last in final)
    ]


def _same(one: Trouble, last: Trouble) -> bool:
    return (one.state, one.error) == (last.state, last.error) and last.at - one.at <= 60


def _final(story: Story) -> bool:
    return any(not trouble.caught for trouble in story.troubles)


def _seconds(moment: object) -> int | None:
    if isinstance(moment, datetime):
        return int(moment.timestamp())
    return int(moment) if isinstance(moment, int | float) else None


def ids_only(text: str) -> str:
    """Input or output for reading: JSON laid out, tokens and long texts left out."""
    try:
        value = json.loads(text) if text else None
    except ValueError:
        return ""
    if value is None:
        return ""
    return json.dumps(_harmless(value), indent=2, ensure_ascii=False)[:4000]


def _harmless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _harmless(v) for k, v in value.items() if "token" not in str(k).lower()}
    if isinstance(value, list):
        return [_harmless(v) for v in value]
    if isinstance(value, str) and len(value) > 200:
        return value[:60] + "…"
    return value
