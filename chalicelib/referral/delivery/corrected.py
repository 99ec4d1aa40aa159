"""A session is one entry: what asks when it may be recorded twice, and what a correction of it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.now import now
from chalicelib.domain.calendar import local
from chalicelib.domain.errors import Invalid
from chalicelib.referral.delivery import series, service_form, session_times
from chalicelib.referral.events import told_in
from chalicelib.referral.model import Referral, Sessions
from chalicelib.web.forms import Values
from chalicelib.web.languages import N_
from chalicelib.workflow.cases import Entry, enters, valid

SAME_DAY: Final = N_("You have recorded a session on this day already. Say which one this is.")


def same_session(sessions: Sessions, day: str, values: Values) -> None:
    """Ask before a second session of one day counts. Raises Invalid."""
    if day == sessions.last and values.get("same_day") != service_form.SECOND:
        raise Invalid({"same_day": SAME_DAY})


def meant(values: Values) -> bool:
    """Whether the consultant says that it is the session that they recorded last."""
    return service_form.is_held(values) and values.get("same_day") == service_form.SAME


def newest(state: Referral, log: Sequence[Entry]) -> int:
    """The version of what was recorded last for the open task, if its consultant recorded it; else 0."""
    n = state.task.number if state.task is not None else 0
    entry = next((one for one in reversed(valid(log)) if enters(one, n)), None)
    theirs = entry is not None and entry.actor == f"consultant:{state.consultant}"
    return entry.version if entry is not None and theirs else 0


def recorded(state: Referral, entry: Entry) -> Values:
    """The form's values for an entry, decided on ``state``."""
    told, before = told_in(entry), state.sessions or Sessions()
    session = told.get("session")
    found: Values = {"happened": service_form.MOVE}
    if session is not None:
        found = {name: session[name] for name in ("day", "minutes", "mode", "classroom", "note")
                 if name in session}  # fmt: skip
        planned = session_times.day_of(before.next) if before.next else ""
        as_planned = service_form.PLANNED if session["day"] == planned else service_form.OTHER
        found["happened"] = as_planned if session["held"] else service_form.NO_SHOW
    kept = entry.changes.get("sessions")
    after = Sessions.model_validate(kept) if kept else before
    if session is not None or after.next:
        found |= _next(before, told.get("next"), after)
    if told.get("join"):
        found["join"] = told["join"]
    if review := told.get("review"):
        found |= {"review": review.get("words", ""), "course": review.get("course", "")}
        found["planned"] = after.planned
    return found


def _next(before: Sessions, start: int | None, after: Sessions) -> Values:
    if start is None:
        return {"next": service_form.NOT_AGREED}
    if start == series.as_planned(before) and start > now():
        return {"next": service_form.AS_PLANNED}
    found: Values = {"next": service_form.ANOTHER, "next_day": session_times.day_of(start)}
    found["next_time"] = f"{local(start):%H:%M}"
    return found | ({"next_mode": after.mode} if after.mode != before.mode else {})
