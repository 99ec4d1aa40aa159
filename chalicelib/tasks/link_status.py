"""Where a linked task stands: open, answered, over, or its link no longer good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from chalicelib.directory import people
from chalicelib.domain.errors import NotFound
from chalicelib.domain.plain.values import frozen
from chalicelib.web import links
from chalicelib.web.links import Link
from chalicelib.workflow.case_types import recipient, type_of
from chalicelib.workflow.cases import Case, Entry, Payload, Task, valid
from chalicelib.workflow.events import answered_kind, of_task
from chalicelib.workflow.kinds import Kind, kind_of
from chalicelib.workflow.pause import over
from chalicelib.workflow.side_tasks import find
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.side_task_rows import SideTask

# ``superseded``: there is a newer link for the same person; ``elsewhere``: somebody else has the task.
# An answered task stays ``answered`` when its link ends: it opens nothing, and tells what was said.
Stand = Literal["open", "answered", "over", "expired", "superseded", "elsewhere", "unknown"]


@frozen
class Standing:
    """What a link leads to. ``state``, ``kind`` are None only for ``unknown``; ``entry`` is what
    ended the task; ``who`` the consultant or staff id that the task was given to."""

    stand: Stand
    link: Link | None = None
    state: Case | None = None
    kind: Kind | None = None
    entry: Entry | None = None
    who: str = ""
    log: tuple[Entry, ...] = ()  # if it was read
    since: tuple[Entry, ...] = ()  # what has come since the task was asked, if that alone was read
    ended: bool = False  # the link is past its end, whatever became of the task

    @property
    def may_see_details(self) -> bool:
        """Whether the holder of this task may (still) see names, concerns and contact.

        A consultant who is no longer the referral's own may not, nor when it was taken back.
        """
        if self.state is None or self.kind is None:
            return False
        if self.kind.role != "consultant":
            return True
        return self.who == self.state.in_role(self.kind.role) and self.state.status != "withdrawn"


def standing(text: str, at: int) -> Standing:
    """Look a link up. Nothing is written, whatever it is.

    An unknown, mangled or forged link all come out as ``unknown``, after the same look-up. Of staff who
    are not active anymore, every link has ended, as their session has.
    """
    found = _look_up(text, at)
    if _has_left(found):
        return replace(found, stand="elsewhere")
    return replace(found, ended=found.link is not None and at >= found.link.expires)


def _has_left(found: Standing) -> bool:
    if found.state is None or found.kind is None or not found.who:
        return False
    to, _, who = recipient(found.state, found.kind.role, found.who).partition(":")
    return to == "staff" and not people.is_active(who)


def _look_up(text: str, at: int) -> Standing:
    link = links.read(text)
    try:
        state = store.load_with_neighbors(link.reference if link else "0000-0000-0")
    except NotFound:
        state = None
    if link is None or state is None or link.n > state.tasks:
        return Standing("unknown")
    task = state.task
    if task is not None and task.number == link.n:
        kind = kind_of(task.kind)
        if link.number < task.first_valid_link:
            who = _holder(store.log(state), link)
            moved = who != task.assignee
            stand: Stand = "elsewhere" if moved else "superseded"
            return Standing(stand, link, state, kind, who=who)
        # A hold stops the task's clock, never the link's.
        stand = "expired" if at >= link.expires or over(state, task, at) else "open"
        return Standing(stand, link, state, kind, who=task.assignee)
    return _not_the_open_one(link, state, at) or Standing("unknown")


def _not_the_open_one(link: Link, state: Case, at: int) -> Standing | None:
    """A task beside, or one that ended; the log tells of the lifecycle's own, so that none looks for a row
    beside."""
    if link.n in state.side_tasks:
        return _beside(link, state, at)
    return (
        _just_over(link, state)
        or _over_lately(link, state)
        or _over(link, state, store.log(state))
        or _beside(link, state, at)
    )


def _beside(link: Link, state: Case, at: int) -> Standing | None:
    """A task beside: its row tells whether it is open, and who ended it how. None for no such task."""
    view = find(state, link.n)
    if view is None:
        return None
    task = view.task
    assert isinstance(task, SideTask)
    kind = kind_of(task.kind)
    stand: Stand = "open"
    entry: Entry | None = None
    if task.over == "void" or (not task.over and not view.open and not kind.policy.after_close):
        stand = "over"
    elif task.over:
        stand = "answered"
        told: Payload = {"task": task.number, "beside": task.kind, "verdict": task.over}
        entry = Entry(
            event=of_task(task.kind, "answered"),
            at=task.ended,
            actor=task.actor,
            command="",
            payload=told,
        )
    elif link.number < task.first_valid_link:
        stand = "elsewhere" if task.role == "consultant" and view.handed_on else "superseded"
    elif at >= min(link.expires, task.expires):
        stand = "expired"
    return Standing(stand, link, view, kind, entry, task.assignee)


def _just_over(link: Link, state: Case) -> Standing | None:
    """A task of the lifecycle that was answered a moment ago: the row itself tells all, without the
    log. None when it does not."""
    newest = store.pending_entry(state)
    # Where somebody took over, an older link may be another's: then only the log tells.
    if state.handed_on or newest is None or not _ends(newest, link.n):
        return None
    if not (name := answered_kind(newest.event)):
        return None
    kind = kind_of(name)
    # Whose answer it was, also when staff wrote it down.
    who = str(newest.payload.get("for") or newest.actor).partition(":")[2]
    return Standing("answered", link, state, kind, newest, who)


def _over_lately(link: Link, state: Case) -> Standing | None:
    """The same of a task that was asked not long ago: all that was said of it has come since. None for others."""
    # Where somebody took over, what came before it tells whose an older link was.
    since = [] if state.handed_on else store.log_of_task(state, link.n)
    found = _over(link, state, since) if since else None
    return replace(found, log=(), since=found.log) if found is not None else None


def _over(link: Link, state: Case, entries: Sequence[Entry]) -> Standing | None:
    """A task of the lifecycle that ended: how, and to whom it had been given. None for no such task."""
    stand: Stand = "over"
    asked: Task | None = None
    ended: Entry | None = None
    for entry in valid(entries):
        task = entry.changes.get("task")
        if task is not None and task.number == link.n:
            asked = task
        if _ends(entry, link.n):
            ended = entry
    if asked is None:
        return None
    kind = kind_of(asked.kind)
    answered = ended is not None and answered_kind(ended.event)
    who = _holder(entries, link)
    if who != asked.assignee or _taken_from(who, kind, state, entries):
        stand = "elsewhere"
    elif answered:
        stand = "answered"
    elif any(entry.payload.get("was_on") == link.n for entry in entries):
        stand = "elsewhere"  # an offer that was taken back and made to somebody else
    return Standing(stand, link, state, kind, ended, who, tuple(entries))


def _holder(entries: Sequence[Entry], link: Link) -> str:
    """Whose link this is: who had the task when a link of that number was the newest."""
    had = ""
    for entry in entries:
        task = entry.changes.get("task")
        if task is not None and task.number == link.n:
            had = task.assignee if not had or task.link_number <= link.number else had
    return had


def _taken_from(who: str, kind: Kind, state: Case, entries: Sequence[Entry]) -> bool:
    """Whether staff gave the consultation to somebody else since: every link of before has ended,
    those of tasks that were answered, too."""
    if kind.role != "consultant" or not who or who == state.in_role(kind.role):
        return False
    return any(
        e.event in type_of(state).hands_on
        and who == str(e.payload.get("from") or e.payload.get("consultant"))
        for e in entries
    )


def _ends(entry: Entry, n: int) -> bool:
    """True for the entry that ended task ``n``; entries of a task that takes many do not."""
    over = "task" in entry.changes and entry.changes["task"] is None
    return over and entry.payload.get("task") == n
