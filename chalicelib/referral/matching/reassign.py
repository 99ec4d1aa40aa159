"""Give an open referral to another consultant, or back to the match: one command each.

The old place returns and the new one is held in the same write as the state, the open task and its
links; whoever is full refuses the whole of it.
"""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.directory.people import release_place, reserve_place
from chalicelib.referral import events
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.pauses import for_leave
from chalicelib.referral.sessions.deadlines import nothing_planned
from chalicelib.workflow.cases import Case, Changes, Command, Entry, Task
from chalicelib.workflow.effects import Effect, SendLetter, TellRoom
from chalicelib.workflow.kinds import Outcome, asked_at, kind_of, letter_of, task_of
from chalicelib.workflow.pause import lifted, resume
from chalicelib.workflow.stage_change import move
from chalicelib.workflow.storage import side_task_rows, store
from chalicelib.workflow.tasks import answered

# Where a referral has a consultant who can be replaced: an offer is out, or somebody accepted.
STAGES = ("match", "delivery", "closure")


def replaceable(state: Referral) -> bool:
    """Whether the referral is with a consultant now. Between an offer's two steps it is not yet."""
    in_flight = state.status == "match_proposed" and state.task is None
    return state.open and bool(state.consultant) and state.stage in STAGES and not in_flight


def offering(state: Referral) -> bool:
    """Whether the consultant has not accepted yet."""
    return state.status == "match_proposed"


def give_to(
    state: Referral, new: str, note: str, reason: str, actor: str, command: str, at: int
) -> Command:
    """The command that gives a referral to ``new``: an offer as an offer, a consultation at once."""
    old = state.consultant
    also = [release_place(old, state.reference), reserve_place(new, state.reference, at)]
    if offering(state):
        changes, effects = _offer_to(state, new, at)
        event = events.OFFER_MOVED
    else:
        changes, effects = _consultation_to(state, new, at)
        event = events.REASSIGNED
        for n in state.side_tasks:
            task = side_task_rows.get(state.reference, n)
            if (
                task is not None
                and not task.over
                and (task.role, task.assignee) == ("consultant", old)
            ):
                also.append(side_task_rows.rewrite(state.reference, task.given_to(new)))
                effects.append(letter_of(kind_of(task.kind), state, n, new))
    data: events.ReferralPayload = {"consultant": new, "from": old, "note": note, "why": reason}
    if offering(state) and state.task is not None:
        data["was_on"] = state.task.number
    entry = Entry(
        event=event, at=at, actor=actor, reason=reason, command=command,
        changes=changes, payload=data, effects=effects,
    )  # fmt: skip
    return entry, also


def _offer_to(state: Referral, new: str, at: int) -> tuple[Changes, list[Effect]]:
    """A new offer, with its own number and time, which the same run waits for."""
    assert state.task is not None
    kind = kind_of("offer")
    limits = asked_at(kind, state.priority, at)
    task = task_of(Task, kind, state.tasks + 1, new, at, limits)
    task.token = state.task.token
    changes = ReferralChanges(
        consultant=new,
        declined=[*state.declined, state.consultant],
        task=task,
        tasks=task.number,
    )
    return changes, [
        SendLetter(letter="matching/offer", to=f"consultant:{new}", task=task.number),
        SendLetter(letter="matching/offer_over", to=f"consultant:{state.consultant}"),
    ]


def _consultation_to(state: Referral, new: str, at: int) -> tuple[Changes, list[Effect]]:
    # Whoever takes over is not away: nobody waits for the leave anymore.
    changes: Changes = resume(state, at) if for_leave(state) else {}
    changes |= ReferralChanges(consultant=new, previous=state.consultant)
    task = changes.get("task") or state.task
    theirs = task is not None and task.role == "consultant"
    if task is not None and theirs:
        changes["task"] = task.given_to(new)
    if state.sessions is not None and state.in_service:
        # The days were agreed with somebody else.
        changes |= ReferralChanges(sessions=state.sessions.without_days())
        if task is not None and theirs:
            changes["task"] = nothing_planned(task.given_to(new), at)
    return changes, [
        SendLetter(
            letter="matching/taken_over",
            to=f"consultant:{new}",
            task=task.number if task is not None and theirs else None,
        ),
        SendLetter(letter="matching/handed_on", to=f"consultant:{state.consultant}"),
        SendLetter(letter="matching/new_consultant", to="provider", names=new),
    ]


def look_for_somebody(
    state: Referral, note: str, reason: str, actor: str, command: str, at: int
) -> Command:
    """The command that takes a referral from its consultant, back to the match: an open offer goes to
    the next candidate, a consultation begins a new generation. What is signed and agreed stays."""
    old = state.consultant
    also = [release_place(old, state.reference)]
    data = events.ReferralPayload(consultant=old, note=note, why=reason)
    gone = ReferralChanges(consultant=None, declined=[*state.declined, old])
    if offering(state):
        assert state.task is not None
        data["was_on"] = state.task.number
        over = SendLetter(letter="matching/offer_over", to=f"consultant:{old}")
        outcome = Outcome(
            "declined", gone, data, [over], also,
            final=False, event=events.OFFER_WITHDRAWN, reason=reason,
        )  # fmt: skip
        return answered(state, kind_of(state.task.kind), outcome, actor, command, at), also
    changes, effects = move(state, "match")
    changes |= lifted(state, at)
    changes |= gone | ReferralChanges(previous=old, status="tier_assigned")
    if state.sessions is not None:
        changes |= ReferralChanges(sessions=state.sessions.without_days())
    effects += [
        SendLetter(letter="delivery/handed_over", to="provider"),
        SendLetter(letter="matching/handed_on", to=f"consultant:{old}"),
    ]
    entry = Entry(
        event=events.TAKEN_BACK, at=at, actor=actor, reason=reason, command=command,
        changes=changes, payload=data, effects=effects,
    )  # fmt: skip
    return entry, also


def hand_on(
    reference: str, old: str, new: str, note: str, reason: str, actor: str, command: str, at: int
) -> bool:
    """Take a referral from ``old`` and give it to ``new``, or look for somebody if that is empty.

    False when ``old`` does not have it (any more): pressed twice, it is done once. Raises
    store.Refused when ``new`` has no place anymore, NotFound and TryAgain.
    """

    def decide(state: Referral) -> Command | None:
        if state.consultant != old or not replaceable(state):
            return None
        if not new:
            return look_for_somebody(state, note, reason, actor, command, at)
        return give_to(state, new, note, reason, actor, command, at)

    return store.change(reference, decide, press=command).command == command


def told(state: Case, version: int, about: TellRoom) -> None:
    """Look for another consultant in place of one whom the provider does not want, once for an entry."""
    old, command = str(about.about["consultant"]), f"another:{state.reference}:{version}"
    hand_on(state.reference, old, "", "", "provider_asked", "provider", command, now())
