"""A half-written answer survives closing the phone: kept by a press, shown again to its writer.

It is shown only where the details may be seen, because it may speak of people. The first
choice of a form is never restored: an answer leaves by a choice that was made for it.
"""

from __future__ import annotations

from chalicelib.domain.errors import NotFound
from chalicelib.web.forms import Cleaned, Field, Form
from chalicelib.workflow.cases import Case
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import indexes, store, task_drafts
from chalicelib.workflow.storage.task_drafts import Typed

WRITTEN = ("text", "textarea")
KEEP_SECONDS = 30 * 86400


def keeps(form: Form) -> bool:
    """Whether a form has anything that one may want to finish later."""
    return any(field.kind in WRITTEN for field in form.fields)


def _filled(raw: Typed) -> Typed:
    found = {name: [v.replace("\r\n", "\n") for v in values if v] for name, values in raw.items()}
    return {name: values for name, values in found.items() if values}


def _in_order(typed: Typed) -> Typed:
    return {name: sorted(values) for name, values in typed.items()}


def keep(state: Case, form: Form, cleaned: Cleaned, starts: Cleaned, at: int, shown: int) -> str:
    """Keep what was typed for the open task. Returns ``kept``, ``nothing`` new, ``too long``, or
    ``older``: something from a newer page is kept.

    ``starts``: what the form showed before anybody typed; ``shown``: when.
    """
    task = state.task
    assert task is not None
    typed = _filled({k: v for k, v in cleaned.raw.items() if k not in cleaned.unsure})
    before = task_drafts.get(state.reference, task.number, at) if typed else None
    choices = decisive(form)
    known = [_filled(starts.raw), *([before] if before else [])]
    known += [{k: v for k, v in one.items() if k not in choices} for one in known]
    known += [{**known[0], **one} for one in known[1:]]  # as the page shows it
    # A page sends several choices of one question in its own order.
    if not typed or any(_in_order(typed) == _in_order(one) for one in known):
        return "nothing"
    if not task_drafts.fits(typed):
        return "too long"
    end = min(task.expires, at + KEEP_SECONDS)
    kept = task_drafts.keep(state.reference, task.number, typed, at, end, shown)
    return "kept" if kept else "older"


def restored(state: Case, form: Form, starts: Cleaned, at: int, *, fresh: bool) -> Cleaned:
    """The form with what was kept for the open task; as it starts when nothing was.

    ``fresh``: it was kept a moment ago, so look twice.
    """
    task = state.task
    assert task is not None
    if fresh:
        typed = task_drafts.get(state.reference, task.number, at, consistent=True)
    else:
        typed = task_drafts.known(state, task.number, at)
    if typed is None:
        return starts
    names = {field.name for field in form.fields} - decisive(form)
    shown = {name: values for name, values in typed.items() if name in names}
    return Cleaned(values=starts.values, raw={**starts.raw, **shown})


def decisive(form: Form) -> set[str]:
    """The choices that say what an answer is: the first that must be made, and what is read ahead."""
    first = first_choice(form)
    return {first.name if first else "", *(f.name for f in form.fields if f.ahead)}


def first_choice(form: Form) -> Field | None:
    """The first choice that must be made; None where none must."""
    choices = ("radios", "select", "checkboxes")
    return next((f for f in form.fields if f.kind in choices and f.required), None)


def look(pk: str, sk: str, now: int) -> None:
    """The clock's look: a draft of a task that is over goes; another is looked at again later."""
    reference, n = pk.removeprefix("R#"), task_drafts.number(sk)
    try:
        over = asked_by(store.load(reference), n) is None
    except NotFound:
        over = True
    if over or task_drafts.get(reference, n, now) is None:
        task_drafts.forget(reference, n)
    else:
        indexes.wake_later(pk, sk, now + task_drafts.LOOK_AGAIN)
