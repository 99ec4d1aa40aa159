"""Staff change how soon help is needed in the middle of a case: the open task's clock follows.

More urgent counts from now and never makes anything later; less urgent counts from when the task
was opened and never makes anything earlier. A wait whose clock is the same at every urgency stays.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write
from chalicelib.domain import vocabulary
from chalicelib.referral import second_review
from chalicelib.referral.events import REOPENED, URGENCY_CHANGED, ReferralPayload, told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.rows import waitlist_rows
from chalicelib.web.forms import Form, Values, radios, select
from chalicelib.web.languages import N_
from chalicelib.web.press import FormPage
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.cases import Changes, Command, Entry, Task, valid
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.kinds import asked_at, kind_of, letter_of
from chalicelib.workflow.storage import store

ORDER: Final = list(vocabulary.PRIORITIES)
SAME: Final = N_("That is how it is now. Choose another one.")
ASKS: Final = Form(
    radios("priority", N_("How soon is help needed?"), *vocabulary.PRIORITIES.items()),
    select("reason", N_("Why do you change it?"), *vocabulary.OVERRIDE_REASONS.items()),
    second_review.why_field(lambda values: True),
)


def rearmed(task: Task, was: str, priority: str, at: int) -> Task:
    """The task with the instants of another urgency, as of ``at`` (UTC seconds)."""
    kind = kind_of(task.kind)
    if kind.deadline is None:
        return task
    if asked_at(kind, was, task.opened) == asked_at(kind, priority, task.opened):
        return task
    sooner = ORDER.index(priority) > ORDER.index(was)
    new = asked_at(kind, priority, at if sooner else task.opened)
    pick = min if sooner else max
    # Who was told that it is overdue is not told again, unless there is time anew.
    told = task.escalate is None and (sooner or new.due <= at)
    return task.model_copy(
        update={
            "due": pick(task.due, new.due),
            "remind": [i for i in new.remind if i > at and task.role != "system"],
            "escalate": None if told else pick(task.escalate or new.escalate, new.escalate),
            "expires": pick(task.expires, new.expires),
        }
    )


def _goes_by_urgency(task: Task) -> bool:
    """Of what nobody is asked, only the place in line; the wait for a language is the same for all."""
    return task.role != "system" or (task.kind == "waitlist" and not task.about)


def said_by_staff(state: Referral) -> str:
    """The urgency that staff set in mid-case, or the lowest. The rules, when they look again at
    changed answers, may propose more, never less; opened again, all is decided anew."""
    said = ORDER[0]
    if state.priority == said:
        return said
    for entry in valid(store.log(state)):
        if entry.event == URGENCY_CHANGED:
            said = told_in(entry)["priority"]
        elif entry.event == REOPENED:
            said = ORDER[0]
    return said


def change(
    reference: str, priority: str, reason: str, why: str, actor: str, command: str
) -> Referral:
    """Write the new urgency down and re-arm the open task; nothing for one that has ended.

    Whoever is asked hears at once when it became more urgent. Raises NotFound and TryAgain.
    """
    at = now()

    def decide(state: Referral) -> Command | None:
        if not state.open or state.priority == priority:
            return None
        changes: Changes = {"priority": priority}
        data = ReferralPayload(urgency_was=state.priority, priority=priority, why=why)
        effects: list[Effect] = []
        task = state.task
        if task is not None and _goes_by_urgency(task):
            after = rearmed(task, state.priority, priority, at)
            changes["task"] = after
            kind = kind_of(task.kind)
            if kind.letter and after.due < task.due:
                effects = [letter_of(kind, state, task.number, task.assignee, reminder=True)]
        entry = Entry(
            event=URGENCY_CHANGED,
            at=at,
            actor=actor,
            reason=reason,
            command=command,
            changes=changes,
            payload=data,
            effects=effects,
        )
        return entry, _place(state, priority)

    return store.change(reference, decide, press=command)


def _place(state: Referral, priority: str) -> list[Write]:
    """The rows that move a referral in line to its new place at once: the next one freed is theirs."""
    task = state.task
    if task is None or task.kind not in waitlist_rows.WAITING:
        return []
    if not waitlist_rows.in_line(store.log(state)):
        return []
    after = state.model_copy(update={"priority": priority})
    return [waitlist_rows.leave(state), waitlist_rows.join(after, task.number)]


def change_urgency(reference: str) -> Response:
    """Ask for the new urgency and the reason; then write it down."""
    state = store.look_up(reference, Referral)

    def act(values: Values, command: str) -> str:
        priority, reason = str(values["priority"]), str(values["reason"])
        why, actor = str(values["override_text"]), current_staff().actor
        change(state.reference, priority, reason, why, actor, command)
        return f"/console/referrals/{state.reference}"

    return _page(state).answer(act)


def _page(state: Referral) -> FormPage:
    def check(values: Values) -> dict[str, str]:
        same = state.open and values.get("priority") == state.priority
        return {"priority": SAME} if same else {}

    now_is = vocabulary.PRIORITIES.get(state.priority, state.priority)
    facts = {"state": state, "priority": now_is}
    return FormPage(
        "tiers/urgency.html",
        ASKS,
        version=state.version,
        check=check,
        facts=lambda: facts,
        draw=show,
    )
