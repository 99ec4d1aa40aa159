"""What a run's history tells: the states it passed, where it stands, and what broke.

Only names, times, errors, and the ids of input and output are read. The parameters of a task hold
the engine's token and are never looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from chalicelib.domain.json_values import Json
from chalicelib.web.languages import N_
from chalicelib.workflow.reconciler.causes import SHOWN, WORKED, RunError, error_in

ENDED_BADLY = ("FAILED", "ABORTED", "TIMED_OUT")
STATUS_WORDS = {
    "RUNNING": N_("Running"),
    "SUCCEEDED": N_("Ended as planned"),
    "FAILED": N_("Failed"),
    "ABORTED": N_("Stopped by hand"),
    "TIMED_OUT": N_("Its time was over"),
    "PENDING_REDRIVE": N_("About to be started again"),
}
# The verdict with which a run ends when a step of it broke, and what its end is called then.
FAILED = "failed"
GAVE_UP_WORDS = N_("Ended because a step broke")
# The word with which we stop a run of an older generation.
REPLACED = "Superseded"
REPLACED_WORDS = N_("Replaced by a newer run")


@dataclass(frozen=True)
class Visit:
    """One stay in a state: UTC seconds, ``left`` is None while it lasts. ``broke``: what it should do
    failed, or the run that it started did."""

    state: str
    entered: int
    left: int | None = None
    broke: bool = False

    @property
    def seconds(self) -> int:
        """How long it lasted; 0 while it does."""
        return (self.left - self.entered) if self.left is not None else 0


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

    ``replaced``: we stopped it ourselves, because a newer run took over. ``gave_up``: it ended by its own
    path for steps that broke. ``stands``: the trouble after which nothing has worked yet.
    """

    status: str = ""
    started: int | None = None
    stopped: int | None = None
    visits: list[Visit] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    troubles: list[RunError] = field(default_factory=list)
    input: str = ""
    output: str = ""
    replaced: bool = False
    gave_up: bool = False
    stands: RunError | None = None

    @property
    def current(self) -> str:
        """The state in which the run waits now, or ""."""
        last = self.visits[-1] if self.visits else None
        running = self.status == "RUNNING"
        return last.state if running and last is not None and last.left is None else ""

    @property
    def failed(self) -> str:
        """The state in which the run broke for good, or ""."""
        broken = self.gave_up or (self.status in ENDED_BADLY and not self.replaced)
        return self.visits[-1].state if broken and self.visits else ""

    @property
    def struggling(self) -> bool:
        """Whether the state in which the run stands has failed and is tried again."""
        return bool(self.current) and self.stands is not None and self.stands.after == "again"

    @property
    def walked(self) -> set[tuple[str, str]]:
        """The ways that were taken."""
        names = [visit.state for visit in self.visits]
        return set(pairwise(names))

    def mark_of(self, state: str) -> str:
        """``current``, ``failed``, ``passed`` or "" for a state that was not reached."""
        if state == self.current:
            return "current"
        last = next((v for v in reversed(self.visits) if v.state == state), None)
        if last is None:
            return ""
        return "failed" if last.broke or state == self.failed else "passed"


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
    for event in events:
        _follow(story, event)
    story.replaced = story.status == "ABORTED" and about.get("error") == REPLACED
    story.gave_up = (
        story.status == "SUCCEEDED" and _verdict(about.get("output"), "verdict") == FAILED
    )
    _tell_the_end(story, about)
    return story


def _follow(story: Story, event: Json) -> None:
    """Take one event into the story."""
    at, kind = _seconds(event.get("timestamp")) or 0, str(event.get("type", ""))
    if "stateEnteredEventDetails" in event:
        story.visits.append(Visit(str(event["stateEnteredEventDetails"]["name"]), at))
    state = story.visits[-1].state if story.visits else ""
    story.happenings.append(Happening(int(event.get("id", 0)), at, state, kind))
    if "stateExitedEventDetails" in event:
        _leave(story, event["stateExitedEventDetails"], kind, at)
        return
    found = error_in(event)
    if found is not None and found[0] != REPLACED:
        _note(
            story, RunError(state, *found, at, "ended" if kind.startswith("Execution") else "again")
        )
    elif kind in WORKED and not (kind == "TaskSubmitted" and _went_on(story)):
        story.stands = None
        _mark(story, broke=False)


def _went_on(story: Story) -> bool:
    """Whether what stands broken is behind it: that somebody is asked about it mends nothing."""
    return story.stands is not None and story.stands.after == "went_on"


def _note(story: Story, trouble: RunError) -> None:
    """Something broke. What the run did not survive is told once."""
    if trouble.after == "ended":
        story.troubles = [one for one in story.troubles if not _same(one, trouble)]
    story.troubles.append(trouble)
    story.stands = trouble
    _mark(story, broke=True)


def _mark(story: Story, **how: Any) -> None:
    if story.visits:
        story.visits[-1] = replace(story.visits[-1], **how)


def _leave(story: Story, details: Json, kind: str, at: int) -> None:
    """The run went on: what its last try failed with did not end it, but what it should do failed."""
    name, visit = str(details["name"]), story.visits[-1] if story.visits else None
    if visit is None or visit.state != name or visit.left is not None:
        return
    if visit.broke:
        story.stands = story.troubles[-1] = replace(story.troubles[-1], after="went_on")
    elif kind.startswith("Task") and _verdict(details.get("output"), "answer", "verdict") == FAILED:
        _note(story, RunError(name, FAILED, "", at, "went_on"))
    _mark(story, left=at)


def _verdict(text: object, *path: str) -> str:
    """The word under a path of an output; empty where there is none."""
    try:
        value = json.loads(str(text)) if text else None
    except ValueError:
        return ""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _tell_the_end(story: Story, about: Json) -> None:
    """Where the history does not say what ended a run, the description may."""
    badly = story.status in ENDED_BADLY and not story.replaced
    if not badly or any(trouble.after == "ended" for trouble in story.troubles):
        return
    error = about.get("error") or ("ExecutionAborted" if story.status == "ABORTED" else "")
    if error:
        cause, at = str(about.get("cause") or "")[:SHOWN], story.stopped or 0
        _note(story, RunError(story.failed, str(error), cause, at, "ended"))


def _same(one: RunError, last: RunError) -> bool:
    return (one.state, one.error) == (last.state, last.error) and last.at - one.at <= 60


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
