"""The specialist's triage: the talk with the provider is recorded, the tier confirmed or changed."""

from __future__ import annotations

from chalicelib.calls.form import later, recorded, with_told, with_tries
from chalicelib.calls.record import or_try
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.domain.vocabulary import HOME_BASED
from chalicelib.referral import information_request, second_review
from chalicelib.referral.aim import CALL
from chalicelib.referral.events import ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.provider_calls import words as calls
from chalicelib.referral.provider_calls.calling import PROVIDER
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.referral.tiers.facts import group_languages, told
from chalicelib.web.forms import NO_CHILD, Form, Values, radios, select, several, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import (
    TO_REPAIR,
    Fact,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.stage_change import MOVED, onward

NOT_YET = "not_yet"
TALKS = {**calls.TALKS, NOT_YET: N_("Not yet: I ask the provider for more answers first")}
CONFIRM, CHANGE = "confirm", "change"
MORE_FIRST = (information_request.ASK, N_("Not yet: ask the provider for more first"))
DECISION = radios(
    "decision",
    N_("Does the proposed support fit?"),
    (CONFIRM, N_("Yes, go on with the proposal")),
    (CHANGE, N_("No, change it")),
    MORE_FIRST,
)


def proposed(state: Referral) -> bool:
    """True when the rules proposed a tier; T10 leaves it to the talk."""
    return bool(state.tier)


def form(state: Referral) -> Form:
    """The triage form: with a proposal one press confirms it, without one the tier is chosen."""

    def changes(values: Values) -> bool:
        return not proposed(state) or values.get("decision") == CHANGE

    def otherwise(values: Values) -> bool:
        return proposed(state) and values.get("decision") == CHANGE

    tiers = tuple(vocabulary.TIERS.items())
    if not proposed(state):
        tiers = (*tiers, MORE_FIRST)
    fields = [
        *([DECISION] if proposed(state) else []),
        radios("tier", N_("Which kind of support fits?"), *tiers, when=changes),
        radios(
            "priority",
            N_("How soon is help needed?"),
            *vocabulary.PRIORITIES.items(),
            when=lambda values: changes(values) and not _asks(values),
        ),
        information_request.wanted(state.setting, _asks),
        select(
            "override_reason",
            N_("Why do you change it?"),
            *vocabulary.OVERRIDE_REASONS.items(),
            when=otherwise,
        ),
        second_review.why_field(otherwise),
        textarea(
            "note",
            N_("What should the consultant know?"),
            hint=NO_CHILD,
            required=False,
            rows=4,
            readers=(STAFF, CONSULTANT),
        ),
    ]
    return Form(*fields)


def _asks(values: Values) -> bool:
    """Whether the provider is to answer more questions first."""
    return information_request.ASK in (values.get("decision"), values.get("tier"))


def _ask_first(state: Referral, values: Values) -> Outcome:
    """Back to eligibility with the wanted questions; the rules look again at what comes back."""
    fields = several(values, "ask_fields")
    changes, effects = onward(state, "eligibility")
    by = f"staff:{state.task.assignee if state.task else ''}"
    data = ReferralPayload(fields=fields, note=words(values, "note"))
    also = [information_request.put(state.reference, fields, by)]
    return Outcome(MOVED, changes, data, effects, also, final=False)


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Confirm or change the tier; the run goes on with the tier as its verdict."""
    if _asks(values):
        return _ask_first(state, values)
    if values["talked"] == NOT_YET:
        raise Invalid({"talked": N_("Please talk with the provider first, or ask them for more.")})
    changed = not proposed(state) or values.get("decision") == CHANGE
    tier = str(values["tier"] if changed else state.tier)
    priority = str(values["priority"] if changed else state.priority)
    if changed and proposed(state) and (tier, priority) == (state.tier, state.priority):
        raise Invalid({"tier": N_("This is the proposal itself. Choose yes above, or change it.")})
    data = ReferralPayload(
        tier=tier,
        priority=priority,
        stood={"tier": state.tier, "priority": state.priority},
        note=words(values, "note"),
    )
    reason = str(values.get("override_reason") or "")
    if changed and proposed(state):
        data["why"] = words(values, "override_text")
        data["by"] = state.task.assignee if state.task else ""
        if second_review.wanted():
            return Outcome(second_review.VERDICT, payload=data, reason=reason)
    return assigned(tier, priority, data, reason)


def assigned(tier: str, priority: str, data: ReferralPayload, reason: str = "") -> Outcome:
    """The tier is decided: the run hears it, and who waits for a consultant is told what is there
    meanwhile."""
    mails = []
    if tier in ("intensive", "emergency"):
        mails.append(SendLetter(letter="tiers/decided", to="provider"))
    changes = ReferralChanges(tier=tier, priority=priority, status="tier_assigned")
    return Outcome(tier, changes, data, mails, reason=reason)


def facts(state: Referral) -> list[Fact]:
    """What the link's first page may show."""
    proposed = (N_("Proposed support"), [vocabulary.TIERS.get(state.tier, N_("No proposal"))])
    return [*county_and_setting(state), proposed]


def details(state: Referral) -> TemplateValues:
    """The request and how to reach the provider, for the specialist who opened the task."""
    request = request_of(state)
    return {
        "request": request,
        "no_group": state.setting in HOME_BASED and not group_languages(request),
        "contact": state.contact,
        "proposal": decision_rows.of(state.reference, "tiers"),
        "told": told(state),
        "refused": second_review.refusal(state, "tier_review"),
    }


TRIAGE = Kind[Referral](
    name="triage",
    stage="tiers",
    role="specialist",
    deadline=Deadline("triage_call", business_days(10)),
    letter="tiers/triage",
    words=TaskWords(
        title=N_("Talk with the provider and decide on the support"),
        aim=CALL,
        waiting=N_("Waiting for the specialist to talk with the provider and decide on the tier"),
        short=N_("to talk with the provider and decide on the tier"),
        then=TO_REPAIR,
        overdue=N_("A specialist should talk with the provider and decide on the support."),
        asked=N_("%(who)s was asked to talk with the provider. Proposal: %(proposed)s."),
        answered={
            "": N_("The tier was decided: %(tier)s, %(priority)s."),
            "moved": N_("The provider should answer more first: %(fields)s."),
            "second_person": N_(
                "Decided otherwise: %(tier)s, %(priority)s. A second person must agree."
            ),
            **calls.LOGGED,
        },
        expired=N_("Nobody decided on the tier in time."),
        provider_asked=N_("We asked a Network specialist to contact you."),
        provider_answered={
            "intensive": N_("A specialist decided with you: you get consultation."),
            "emergency": N_("A specialist decided with you: you get emergency support."),
            "second_person": N_("A specialist talked with you. A colleague looks at it too."),
            "moved": N_("A specialist looked at your request and needs a few more answers."),
            **calls.TOLD,
            "": N_("A specialist decided with you which support you get."),
        },
        said=calls.SAID,
    ),
    policy=TaskPolicy(
        many=True,
        sensitive=True,
        undo=True,
        undo_rows=lambda state: information_request.taken_back(state.reference),
    ),
    page=TaskPage(
        form=with_tries(PROVIDER, form, TALKS),
        facts=facts,
        details=with_told(PROVIDER, details),
        template="provider_calls/call.html",
        recorded=recorded,
        shows_details_first=True,
    ),
    decide=or_try(PROVIDER, decide),
    outcomes=frozenset(
        {*vocabulary.TIERS, MOVED, second_review.VERDICT, *calls.OUTCOMES, "expired"}
    ),
    examples={
        "intensive": {"talked": "phone", "decision": CONFIRM},
        "universal": {
            "talked": "phone",
            "decision": CHANGE,
            "tier": "universal",
            "priority": "routine",
            "override_reason": "learned_in_call",
            "override_text": "They told us more on the phone.",
        },
        calls.NOT_REACHED: {calls.TALKED: "no_answer"},
        calls.VOICEMAIL: {calls.TALKED: "voicemail_es"},
        calls.CALL_LATER: later,
    },
)
