"""The action plan: the consultant writes goals, the provider agrees or asks for changes."""

from __future__ import annotations

from typing import Final

from chalicelib.directory import people
from chalicelib.domain.calendar import local
from chalicelib.domain.errors import Invalid
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF
from chalicelib.referral import request_changes
from chalicelib.referral.delivery.session_times import day_of, instant, problem_ahead
from chalicelib.referral.delivery.words import (
    FEWER_THAN_HELD,
    FOUR_TO_TWELVE,
    LENGTHS,
    MODES,
    modes,
)
from chalicelib.referral.events import PlanTold, ReferralPayload, told_in
from chalicelib.referral.model import Referral, ReferralChanges, Sessions
from chalicelib.referral.records import (
    LEAST_SESSIONS,
    MOST_SESSIONS,
    RHYTHMS,
    Plan,
    episode,
    plan_of,
)
from chalicelib.referral.rows import plan_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.sessions import join
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Values,
    number,
    radios,
    select,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Changes, Entry
from chalicelib.workflow.kinds import Outcome
from chalicelib.workflow.storage import store

AGREE, CHANGES, PLANNED = "agreed", "changes_asked", "planned"
WEEK: Final = 7 * 86400
ALL: Final = (STAFF, CONSULTANT, PROVIDER)
"""A plan is read by everybody who works on it."""
GOALS = (
    (N_("Goal 1"), N_("What you will do for goal 1")),
    (N_("Goal 2"), N_("What you will do for goal 2")),
    (N_("Goal 3"), N_("What you will do for goal 3")),
    (N_("Goal 4"), N_("What you will do for goal 4")),
)
IN_ENGLISH = N_("Write in English: the provider reads the goals in English.")
IN_SPANISH = N_("Write in Spanish: the provider reads the goals in Spanish.")


def _goal(number: int, hint: str) -> list[Field]:
    goal, doing = GOALS[number - 1]
    return [
        textarea(
            f"goal_{number}",
            goal,
            hint=hint if number == 1 else "",
            required=number == 1,
            max_length=300,
            rows=2,
            readers=ALL,
        ),
        textarea(
            f"doing_{number}",
            doing,
            hint=NO_CHILD if number == 1 else "",
            max_length=300,
            rows=2,
            when=lambda values: bool(values.get(f"goal_{number}")),
            readers=ALL,
        ),
    ]


def form(state: Referral) -> Form:
    """One to four goals, how many sessions, and the first one."""
    hint = IN_SPANISH if state.language == "es" else IN_ENGLISH
    goals = [one for number in range(1, len(GOALS) + 1) for one in _goal(number, hint)]
    return Form(
        *goals,
        Field(
            "planned",
            "number",
            N_("How many sessions do you plan?"),
            hint=N_("From 4 to 12."),
            minimum=LEAST_SESSIONS,
            maximum=max(MOST_SESSIONS, (state.sessions or Sessions()).planned),
            missing=FOUR_TO_TWELVE,
            width="short",
            readers=ALL,
        ),
        Field("first_day", "date", N_("Day of the first session"), readers=ALL),
        Field("first_time", "time", N_("Time of the first session (Pacific time)"), readers=ALL),
        select(
            "rhythm",
            N_("How often will you meet?"),
            *RHYTHMS.items(),
            hint=N_("The provider gets all days for their calendar. You can move each one later."),
        ),
        select("minutes", N_("How long is a session?"), *LENGTHS.items()),
        radios("mode", N_("How will you meet?"), *modes(state)),
        join.asked(
            N_("If you meet online: the address to join"),
            N_("The whole link, if you have it. You can add or change it with each session."),
            when=lambda values: values.get("mode") == join.ONLINE,
            readers=ALL,
        ),
    )


def known(state: Referral) -> Values:
    """What the form starts with: the newest version, so that a wish changes it and loses nothing."""
    plan, sessions = plan_rows.latest(state.reference), state.sessions or Sessions()
    values: Values = {"planned": sessions.planned or None}
    return values | _written(plan) if plan is not None else values


def _written(plan: Plan) -> Values:
    """A plan as its form shows it, without what is chosen for each version."""
    values: Values = {"minutes": str(plan.minutes), "rhythm": str(plan.every)}
    if join.good(plan.join):
        values[join.NAME] = plan.join
    for n, goal in enumerate(plan.goals, start=1):
        values |= {f"goal_{n}": goal.text, f"doing_{n}": goal.doing}
    if plan.start:
        values["first_day"] = day_of(plan.start)
        values["first_time"] = local(plan.start).strftime("%H:%M")
    return values


def recorded(state: Referral, entry: Entry) -> Values:
    """The whole form of a version that was written."""
    told = told_in(entry).get("plan")
    if told is None:
        return {}
    plan = plan_of(told, 1, entry.at)
    return _written(plan) | {"planned": plan.planned, "mode": plan.mode}


def example(state: Referral, now: int) -> Values:
    """Two goals, and the first session in a week."""
    return {
        "goal_1": "Calm mornings",
        "doing_1": "Picture schedule by the door",
        "goal_2": "Talk with families",
        "doing_2": "A weekly note home",
        "planned": 6,
        "first_day": day_of(now + WEEK),
        "first_time": "10:00",
        "rhythm": "7",
        "minutes": 60,
        "mode": "virtual" if state.setting == "ffn" else "onsite",
    }


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """A new version of the plan, kept beside the older ones in the same write."""
    start = instant(str(values["first_day"]), str(values["first_time"]))
    if problem := problem_ahead(start, now):
        raise Invalid({"first_day": problem})
    goals = [
        {"text": words(values, f"goal_{n}"), "doing": words(values, f"doing_{n}")}
        for n in range(1, len(GOALS) + 1)
        if values.get(f"goal_{n}")
    ]
    planned, minutes = number(values, "planned"), number(values, "minutes")
    mode = str(values["mode"])
    every = int(words(values, "rhythm"))
    plan: PlanTold = {
        "goals": goals,
        "planned": planned,
        "start": start,
        "every": every,
        "minutes": minutes,
        "mode": mode,
    }
    if given := words(values, join.NAME):
        plan["join"] = given
    before = state.sessions or Sessions()
    if planned < before.held:
        raise Invalid({"planned": FEWER_THAN_HELD})
    # A plan after a change of consultant does not forget what was held.
    sessions = before.model_copy(
        update={
            "planned": planned, "next": start, "every": every, "slot": None, "mode": mode,
            "minutes": minutes, "join": join.counted(state, values) if given else 0,
        }
    )  # fmt: skip
    return Outcome(
        PLANNED,
        changes=ReferralChanges(sessions=sessions),
        payload=ReferralPayload(plan=plan),
        same_transaction=[plan_rows.added(state.reference, plan, now)],
    )


def details(state: Referral) -> TemplateValues:
    """Request and contact; what the provider asked, and an older version with its wish."""
    log = store.log(state)
    record = episode(log)
    return {
        "request": request_of(state),
        "contact": state.contact,
        "from_specialist": record.for_consultant,
        "interpreter": state.with_interpreter,
        **record.notes_for(state.consultant),
        "changed": request_changes.told(log),
        "questions": record.questions,
        "plan": record.plan,
        "silent": record.silent,
        "hand_over": record.hand_overs[-1] if record.hand_overs else None,
    }


def agreement_form(state: Referral) -> Form:
    """Agree, or say what should change."""
    return Form(
        radios(
            "decision",
            N_("Does this plan work for you?"),
            (AGREE, N_("Yes, I agree to this plan")),
            (CHANGES, N_("I would like changes")),
        ),
        textarea(
            "wish",
            N_("If you would like changes: what should be different?"),
            hint=N_("Your consultant will read this. Do not write a child's name."),
            missing=N_("Tell your consultant what should be different."),
            rows=4,
            readers=ALL,
            when=lambda values: values.get("decision") == CHANGES,
        ),
    )


def agrees(values: Values) -> bool:
    """Whether an answer agrees to the plan."""
    return values.get("decision") == AGREE


def _back_to_the_plan(state: Referral) -> Changes:
    """The plan counts as not written, so that the run (or a restarted one) asks for it anew."""
    return {"done": {kind: said for kind, said in state.done.items() if kind != "plan"}}


def decide_agreement(state: Referral, values: Values, now: int) -> Outcome:
    """Agreement begins the service."""
    if values["decision"] == CHANGES:
        wish = ReferralPayload(wish=str(values["wish"]))
        return Outcome(CHANGES, _back_to_the_plan(state), wish, final=False)
    return Outcome(AGREE, changes={"status": "in_service"})


def expire_agreement(state: Referral, now: int) -> Outcome:
    """No word from the provider: back to the consultant, who can talk with them."""
    return Outcome("expired", _back_to_the_plan(state), final=False)


def agreement_details(state: Referral) -> TemplateValues:
    """The goals and the first session, as the provider reads them."""
    plan = plan_rows.latest(state.reference)
    return {
        "plan": plan,
        "mode": MODES.get(plan.mode, "") if plan else "",
        "join": join.good(plan.join) if plan else "",
        "rhythm": RHYTHMS.get(str(plan.every), "") if plan else "",
        "days": list((state.sessions or Sessions()).days().values()),
        "consultant": people.consultant(state.consultant).get("name", ""),
    }
