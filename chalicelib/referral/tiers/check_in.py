"""Two weeks after a lighter support, or after we sent somebody elsewhere: did it help?

Nobody is asked before the day. An open request ends here with its named end, or goes back to the
specialist under the same reference; after a closed one a wish for a call becomes a person's task.
"""

from __future__ import annotations

from typing import Final

from chalicelib import rooms
from chalicelib.domain import vocabulary
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral.aim import CALL
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.provider_calls import asked_for as call
from chalicelib.referral.records import episode
from chalicelib.referral.rests import CHECK_IN_REST, rested
from chalicelib.referral.task_facts import county
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.workflow import registry
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.stage_change import MOVED, afterwards, onward
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

STAGE: Final = "check_in"
WAITS: Final = "waits"
HELPED, NOT_HELPED = "helped", "not_helped"
FOUND, NOT_FOUND, CALL_WANTED = "found", "not_found", "call_wanted"


def over(state: Referral) -> bool:
    """True when nothing is left to ask: it ended otherwise (after a "no" the stage is this one)."""
    return not state.open and state.stage != STAGE


def form(state: Referral) -> Form:
    """One question, and a free word: about the support, or about the help found elsewhere."""
    if state.open:
        question = radios(
            "decision",
            N_("Did the support help?"),
            (HELPED, N_("Yes, it helped"), N_("Then we will close your request.")),
            (
                NOT_HELPED,
                N_("No, or not enough"),
                N_("Then a specialist will talk with you again. You keep your number."),
            ),
        )
    else:
        question = radios(
            "decision",
            N_("Did you find help?"),
            (FOUND, N_("Yes, I found help")),
            (NOT_FOUND, N_("No, but I do not need anything now")),
            (CALL_WANTED, N_("No. Please call me")),
        )
    more = textarea(
        "note",
        N_("Is there anything else you want to tell us?"),
        hint=NO_CHILD,
        required=False,
        rows=4,
    )
    return Form(question, more)


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """The end, a step up inside the same request, or a wish for a call."""
    choice = str(values["decision"])
    data = ReferralPayload(note=words(values, "note"))
    if not state.open:
        if choice == CALL_WANTED:
            return Outcome(CALL_WANTED, payload=data)
        return Outcome(choice, changes={"stage": "closed"}, payload=data)
    if choice == NOT_HELPED:
        return not_enough(state, data)
    return given(state, now, "goals_met", data)


def not_enough(state: Referral, data: ReferralPayload) -> Outcome:
    """A step up inside the same request: the specialist decides again."""
    changes, effects = onward(state, "tiers")
    told = ReferralPayload(**data, stood={"tier": state.tier})
    return Outcome(MOVED, changes | {"status": "in_triage"}, told, effects, final=False)


def expire(state: Referral, now: int) -> Outcome:
    """No answer is an answer: the support stands, and the request rests."""
    if not state.open:
        return Outcome("expired", changes={"stage": "closed"})
    return given(state, now, "transferred_tier", {})


def given(state: Referral, at: int, closure: str, data: ReferralPayload) -> Outcome:
    """The named end of a lighter support; a consultation that came before keeps its own reason,
    and its survey and follow-up begin now, at the real end."""
    record = episode(store.log(state))
    closure = record.summary.closure if record.summary is not None else closure
    changes, effects, also = ending(state, status="closed", closure=closure, at=at)
    if record.held:
        after, starts = afterwards(state, "follow_up")
        changes, effects = changes | after, [*starts, *effects]
    return Outcome(state.tier, changes, data, effects, also)


def waits_until(state: Referral, now: int) -> int:
    """Until when we do not ask, because the support itself has not begun; 0 when nothing keeps us."""
    if not state.open or state.tier != "targeted":
        return 0
    until: int = registry.load(rooms.SUPPORT_WAITS)(state.reference, now)
    return until


def rested_so_far(state: Referral, now: int) -> Outcome:
    """The day has come; or the support has not begun, and the check-in waits with the provider."""
    return Outcome(WAITS, final=False) if waits_until(state, now) else rested(state)


REST = Kind[Referral](
    name=CHECK_IN_REST,
    stage=STAGE,
    role="system",
    words=TaskWords(
        title=N_("Wait until the day of the check-in"),
        aim=N_("We aim to ask you by %(date)s if it helped."),
        waiting=N_("Resting until the day of the check-in"),
        short=N_("until the day of the check-in"),
        then=N_("The provider is asked whether it helped %(when)s."),
        asked=N_("The check-in rests for two weeks."),
        expired={
            "": N_("The two weeks are over."),
            WAITS: N_("The provider waits for a group, so the check-in waits, too."),
        },
    ),
    policy=TaskPolicy(after_close=True),
    decide=rested,
    expire=rested_so_far,
    outcomes=frozenset({"due", WAITS, MOVED}),
)

CHECK_IN = Kind[Referral](
    name="check_in",
    stage=STAGE,
    role="provider",
    deadline=Deadline("follow_up_answer", business_days(5), remind_when_due=True),
    letter="tiers/check_in",
    words=TaskWords(
        title=N_("Tell us if you found the help that you need"),
        waiting=N_("Waiting for the provider to say whether it helped"),
        short=N_("to say whether it helped"),
        then=N_("If nobody answers, the check-in ends %(when)s."),
        overdue=N_("The provider should tell us if the support or the other place helped."),
        asked=N_("The provider was asked whether it helped."),
        answered={
            "": N_("The provider said whether it helped."),
            "universal": N_("The provider said that the support helped."),
            "targeted": N_("The provider said that the support helped."),
            "moved": N_(
                "The provider said that the support was not enough. It goes back to the specialist."
            ),
            "found": N_("The provider found help."),
            "not_found": N_("The provider found no help and needs none now."),
            "call_wanted": N_("The provider found no help and wants a call."),
        },
        expired=N_("The check-in ended without an answer."),
        provider_asked=N_("We asked you if you found the help that you need."),
        provider_answered={
            "moved": N_("You told us that it was not enough. A specialist will look at it again."),
            "call_wanted": N_("You asked us to call you."),
            "": N_("You told us how it went."),
        },
        said={
            "universal": N_("Thank you. We are glad that it helped, and we closed your request."),
            "targeted": N_("Thank you. We are glad that it helped, and we closed your request."),
            MOVED: N_("Thank you for telling us. A specialist will talk with you again."),
            FOUND: N_("Thank you. We are glad that you found help."),
            NOT_FOUND: N_("Thank you for telling us."),
            CALL_WANTED: N_("Thank you for telling us. A specialist will call you."),
        },
    ),
    policy=TaskPolicy(after_close=True),
    page=TaskPage(form=form),
    decide=decide,
    expire=expire,
    outcomes=frozenset({*vocabulary.TIERS, MOVED, FOUND, NOT_FOUND, CALL_WANTED, "expired"}),
    examples={
        "universal": {"decision": HELPED},
        MOVED: {"decision": NOT_HELPED},
        FOUND: {"decision": FOUND},
        NOT_FOUND: {"decision": NOT_FOUND},
        CALL_WANTED: {"decision": CALL_WANTED},
    },
)


def call_expire(state: Referral, now: int) -> Outcome:
    """The supervisor heard of it when it was due; a request that is closed rests in the end."""
    return Outcome("expired", changes={"stage": "closed"})


CALL_BACK = Kind[Referral](
    name="call_back",
    stage=STAGE,
    role="specialist",
    deadline=call.DEADLINE,
    letter="tiers/call_back",
    words=call.with_ends(
        TaskWords(
            title=N_("Call a provider who asked for a call"),
            aim=CALL,
            waiting=N_("Waiting for the specialist to call a provider who found no help"),
            short=N_("to call a provider who found no help"),
            then=N_("If nobody calls, the check-in ends %(when)s."),
            overdue=N_("A specialist should call a provider who found no help."),
            asked=N_("%(who)s was asked to call the provider."),
            expired=N_("Nobody called the provider in time."),
            next=N_("You asked us for a call. A specialist will call you."),
        )
    ),
    policy=call.POLICY,
    page=call.page(county),
    decide=call.decided(ReferralChanges(stage="closed")),
    expire=call_expire,
    outcomes=call.OUTCOMES,
    examples=call.EXAMPLES,
)
