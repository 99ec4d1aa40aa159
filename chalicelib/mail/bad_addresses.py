"""A letter came back: flag the address, ask once for a better one, and stop the clock.

Flagging and mending are parts of ordinary commands. The flag is the address itself, beside the one on
file: whoever changes the address, by whatever way, is free of it.
"""

from __future__ import annotations

from chalicelib.aws.log import logger
from chalicelib.aws.now import scaled
from chalicelib.aws.writes import Write
from chalicelib.directory import mail_choices, people
from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.mail import letter_rows
from chalicelib.mail.addressees import address, blocked, holder, person
from chalicelib.workflow.case_types import applicant_of, type_of
from chalicelib.workflow.cases import Case, Changes, Command, Entry
from chalicelib.workflow.effects import Effect, SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import asked_at, kind_of, letter_of
from chalicelib.workflow.pause import later, pause, resume
from chalicelib.workflow.side_tasks import begin
from chalicelib.workflow.storage import store

FIX_CONTACT, FIX_PERSON = "fix_contact", "fix_person"
DAY = 86400
# Rows of letters that one command touches at most; a transaction takes a hundred members.
MOST = 60


def flag(reference: str, to: str, failed: str, at: int, why: str) -> bool:
    """Flag the address ``failed`` of ``to`` and open the one task that asks for a better one.

    False when there is nothing to do: the address on file is another one by now, or it is flagged
    already. Raises TryAgain.
    """

    def decide(state: Case) -> Command | None:
        found = address(state, to)
        if found["bad"] or not addresses.same(str(found["email"]), failed):
            return None
        return _flagged(state, to, str(found["email"]), at, why)

    try:
        before = store.load(reference, consistent=True)
        after = store.change(reference, decide, before)
    except (NotFound, store.Refused):
        return False  # unknown, or another referral's report was faster
    people.forget()
    return after.version > before.version


def _flagged(state: Case, to: str, email: str, at: int, why: str) -> Command:
    kind = kind_of(FIX_CONTACT if to == applicant_of(state) else FIX_PERSON)
    asked = repairer(state, to)
    begun = begin(state, kind, asked, at, {"to": to})
    changes = begun.changes.copy()
    also = list(begun.same_transaction)
    task = state.task
    waits = task is not None and holder(state, task) == to
    if to == applicant_of(state):
        changes["contact"] = state.contact.model_copy(update={"bad": email, "fix": begun.number})
        if waits and state.open and state.pause is None:
            changes |= pause(
                state, *type_of(state).address_pause, at, patience(state, at), by="system"
            )
    else:
        also.append(people.flag_email(to, email))
        if task is not None and waits:
            # No pause: an offer that nobody reads must move on. The time is given back with the fix.
            about = {"blocked": begun.number, "since": at}
            changes["task"] = task.model_copy(update={"about": about})
    entry = Entry(
        event=of_task(kind.name, "asked"),
        at=at,
        actor="system",
        command=f"bad:{to}:{state.version}",
        changes=changes,
        payload={"to": to, "asked": asked, "fix": begun.number, "why": why} | begun.payload,
        effects=begun.effects,
    )
    logger().warning("address failed", extra={"referral": state.reference, "to": to, "why": why})
    return entry, also


def pause_for_address(state: Case, changes: Changes, at: int) -> Changes:
    """The changes that let a task of the provider rest while somebody looks for their address."""
    then = state.model_copy(update={"status": changes.get("status", state.status)})
    return pause(then, *type_of(state).address_pause, at, patience(state, at), by="system")


def patience(state: Case, at: int) -> int:
    """Until when a pause for an address lasts: a day longer than its task, which asks again."""
    return asked_at(kind_of(FIX_CONTACT), state.priority, at).expires + max(60, scaled(0, DAY))


def repairer(state: Case, to: str) -> str:
    """Whose task it is to find the address: the first in line who is somebody else, reachable, and may know whose
    case it is."""
    roles = ("coordinator", "supervisor", "admin")
    line = [people.in_charge(role, state.county) for role in roles]
    if to == applicant_of(state):
        line = [state.in_role("specialist"), people.in_charge("specialist", state.county), *line]
    able = [
        who
        for who in line
        if who
        and f"staff:{who}" != to
        and not blocked(people.staff_member(who))
        and not type_of(state).withheld(state, f"staff:{who}")
    ]
    return (able or [who for who in line if who] or [""])[0]


def mended(view: Case, to: str, email: str, at: int) -> tuple[Changes, list[Effect], list[Write]]:
    """Changes, effects and rows that put a good address in place of the flagged one.

    ``view`` is the referral as the task beside sees it. The open task gets a new link and its time
    back, what was parked leaves, and what came back is sent again where it still makes sense.
    """
    state = view.model_copy(update={"task": view.main_task, "main_task": None})
    changes, effects = unpaused(state, to, at)
    also = mail_choices.moved(str(address(state, to)["email"]), email, at)
    if to == applicant_of(state):
        changes["contact"] = state.contact.model_copy(update={"email": email, "bad": "", "fix": 0})
    else:
        also.append(people.mend_email(to, email, str(person(to).get("email_bad", ""))))
        people.forget()
    again, rows = _what_did_not_arrive(state, to, changes, at)
    return changes, effects + again, also + rows


def called_instead(view: Case, to: str, at: int) -> tuple[Changes, list[Effect], list[Write]]:
    """The same where no address works: an applicant is called, and what was parked is said."""
    state = view.model_copy(update={"task": view.main_task, "main_task": None})
    changes, effects = unpaused(state, to, at)
    if to != applicant_of(state):
        return changes, effects, []
    changes["contact"] = state.contact.model_copy(update={"fix": 0, "by": "phone"})
    again, rows = _what_did_not_arrive(state, to, changes, at)
    return changes, effects + again, rows


def _what_did_not_arrive(
    state: Case, to: str, changes: Changes, at: int
) -> tuple[list[Effect], list[Write]]:
    """Effects that repeat what ``to`` did not get, and the rows of those letters; an open task of theirs
    gets a new link in ``changes``."""
    task = changes.get("task") or state.task
    effects: list[Effect] = []
    n = 0
    if task is not None and holder(state, task) == to and (kind := kind_of(task.kind)).letter:
        n = task.number
        newest = {"link_number": task.link_number + 1, "first_valid_link": task.link_number + 1}
        changes["task"] = task.model_copy(update=newest)
        effects.append(letter_of(kind, state, n, task.assignee))
    again, rows = _letters(state, to, n, at)
    return effects + again, rows


def unpaused(state: Case, to: str, at: int) -> tuple[Changes, list[Effect]]:
    """Changes that let the lifecycle's clock go on, the time that was lost given back."""
    if (
        state.pause is not None
        and state.pause.reason == type_of(state).address_pause[1]
        and to == applicant_of(state)
    ):
        return resume(state, at), []
    task = state.task
    if task is not None and holder(state, task) == to and task.about.get("blocked"):
        moved = later(task, max(0, at - int(task.about.get("since", at))))
        return {"task": moved.model_copy(update={"about": {}})}, []
    return {}, []


def _rows(state: Case, to: str) -> list[letter_rows.LetterRow]:
    """The newest letters to somebody: of this case, and for staff and consultants of others."""
    mine = [
        r | {"reference": state.reference} for r in letter_rows.of(state.reference, consistent=True)
    ]
    if to != applicant_of(state):
        others = letter_rows.listed(letter_rows.UNDELIVERED, MOST)
        mine += [r for r in others if r["reference"] != state.reference]
    return [r for r in mine if r.get("to") == to][-MOST:]


def _letters(state: Case, to: str, n: int, at: int) -> tuple[list[Effect], list[Write]]:
    """What becomes of the letters that did not reach ``to``: effects to repeat, and their rows.

    The letter of task ``n`` is written anew already.
    """
    again: list[Effect] = []
    rows: list[Write] = []
    for row in _rows(state, to):
        own = row["reference"] == state.reference
        if row.get("status") == letter_rows.PARKED:
            done = own and n and row.get("task") == n
            rows.append(letter_rows.replaced(row) if done else letter_rows.wake(row, at))
        elif row.get("gsi1pk") == letter_rows.UNDELIVERED and not row.get("channel"):
            rows.append(letter_rows.off_the_list(row))
            effect = store.effect(state, row["v"], row["number"]) if own else None
            if not isinstance(effect, SendLetter) or row["status"] == "complained":
                continue
            if effect.task is None:
                again.append(effect.repeated(row["v"]))
    return again, rows
