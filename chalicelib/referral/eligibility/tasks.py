"""The specialist confirms a negative eligibility result, or goes on with a reason."""

from __future__ import annotations

from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral import information_request, second_review
from chalicelib.referral.eligibility import reasons
from chalicelib.referral.eligibility.alternatives import ALTERNATIVES
from chalicelib.referral.eligibility.information import INFORMATION as INFORMATION
from chalicelib.referral.events import ReferralPayload, told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.request import QUESTIONS
from chalicelib.referral.rows import decision_rows
from chalicelib.referral.rows.request_rows import answers
from chalicelib.referral.task_facts import county_and_setting
from chalicelib.web.forms import Form, Values, checkboxes, radios, select, several, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.events import of_task
from chalicelib.workflow.kinds import (
    TO_REPAIR,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.stage_change import afterwards
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

# What a specialist may decide: verdict of the run -> (status, closure, label). FHIR: rejected.
RESULTS = {
    "not_eligible": ("not_eligible", "", N_("Not eligible: show other places to turn to")),
    "redirected_local": (
        "redirected_local",
        "transferred_local_program",
        N_("Another service fits better: show where"),
    ),
    "out_of_scope": (
        "out_of_scope",
        "out_of_scope_discovered",
        N_("They ask for something that we do not do: show who does"),
    ),
    "duplicate": ("redirected_local", "duplicate", N_("It is the same as another open request")),
}
GO_ON = "eligible"


def form(state: Referral) -> Form:
    """Confirm with the way that it ends, or go on with a reason."""
    return Form(
        radios(
            "decision",
            N_("What is your decision?"),
            *((key, label) for key, (_, _, label) in RESULTS.items()),
            (GO_ON, N_("Go on: the Network can serve this request")),
            (information_request.ASK, N_("Ask the provider for more")),
        ),
        information_request.wanted(
            state.setting, lambda values: values.get("decision") == information_request.ASK
        ),
        select(
            "override_reason",
            N_("Why does it go on?"),
            *vocabulary.ELIGIBILITY_OVERRIDE_REASONS.items(),
            when=lambda values: values.get("decision") == GO_ON,
        ),
        second_review.why_field(lambda values: values.get("decision") == GO_ON),
        checkboxes(
            "alternatives",
            N_("Where can they turn to?"),
            *((a.id, a.label) for a in ALTERNATIVES.values()),
            hint=N_("At least one. The letter names them with phone number and hours."),
            when=lambda values: values.get("decision") in RESULTS,
        ),
        textarea("note", N_("Note for the record"), required=False),
    )


def decide(state: Referral, values: Values, now: int) -> Outcome:
    """Go on, or end with a reason and at least one live alternative."""
    verdict = str(values["decision"])
    note = words(values, "note")
    if verdict == GO_ON:
        reason = str(values["override_reason"])
        by = state.task.assignee if state.task else ""
        told = ReferralPayload(note=note, why=words(values, "override_text"), by=by)
        if second_review.wanted():
            return Outcome(second_review.VERDICT, payload=told, reason=reason)
        return Outcome(GO_ON, {"status": "in_triage"}, told, reason=reason)
    if verdict == information_request.ASK:
        fields = several(values, "ask_fields")
        return Outcome(
            verdict=information_request.ASK,
            # A restarted run hears from here that the provider is asked.
            changes={"done": {**state.done, "decide_eligibility": "ask"}},
            payload=ReferralPayload(note=note, fields=fields),
            same_transaction=[
                information_request.put(
                    state.reference, fields, f"staff:{state.task.assignee if state.task else ''}"
                )
            ],
            final=False,
        )
    status, closure, _ = RESULTS[verdict]
    decision = decision_rows.of(state.reference, "eligibility")
    mail = SendLetter(letter="eligibility/other_help", to="provider", always=True)
    changes, effects, also = ending(
        state, status=status, closure=closure, at=now, reason=verdict, mails=[mail]
    )
    if verdict != "duplicate":  # they are served under their other request
        after, starts = afterwards(state, "check_in")
        changes, effects = changes | after, [*starts, *effects]
    data = ReferralPayload(
        note=note,
        alternatives=several(values, "alternatives"),
        reasons=decision.get("reasons", []),
    )
    return Outcome(verdict, changes, data, effects, also, reason=verdict)


def details(state: Referral) -> TemplateValues:
    """The rules' result with its reasons, the request, the contact, and what was asked before."""
    asked = information_request.of(state.reference)
    ended = [e for e in store.log(state) if e.event.startswith("information_")] if asked else []
    return {
        "decision": decision_rows.of(state.reference, "eligibility"),
        "for_staff": reasons.for_staff,
        "request": answers(state.reference),
        "contact": state.contact,
        "refused": second_review.refusal(state, "eligibility_review"),
        "asked": asked,
        "questions": {name: QUESTIONS[name].listed for name in asked.get("fields", [])},
        "silent": bool(ended) and ended[-1].event == of_task("information", "expired"),
    }


CONFIRMATION = Kind[Referral](
    name="eligibility_confirmation",
    stage="eligibility",
    role="specialist",
    deadline=Deadline("eligibility_confirmation", business_days(10)),
    letter="eligibility/confirmation",
    words=TaskWords(
        title=N_("Confirm that a request does not fit our service"),
        aim=N_("We aim to write to you by %(date)s."),
        waiting=N_("Waiting for the specialist to confirm that the request does not fit"),
        short=N_("to confirm the eligibility decision"),
        then=TO_REPAIR,
        overdue=N_("A specialist should confirm that a request does not fit, or let it go on."),
        asked=N_("%(who)s was asked to confirm the eligibility decision."),
        answered={
            "eligible": N_("Decided otherwise: the request goes on."),
            "not_eligible": N_("Confirmed: not eligible. The provider was told where to turn."),
            "redirected_local": N_(
                "Confirmed: another service fits better. The provider was told where to turn."
            ),
            "out_of_scope": N_(
                "Confirmed: it is not something that we do. The provider was told where to turn."
            ),
            "ask_provider": N_("The provider should answer more first: %(fields)s."),
            "duplicate": N_("Confirmed: it is the same as another open request."),
            "second_person": N_(
                "Decided otherwise: the request should go on. A second person must agree."
            ),
        },
        expired=N_("Nobody confirmed the eligibility decision in time."),
        provider_answered={
            "eligible": N_("A specialist looked at your request. It goes on."),
            "second_person": N_(
                "A specialist looked at your request. A colleague looks at it too."
            ),
            "ask_provider": N_("A specialist looked at your request and needs a few more answers."),
            "duplicate": N_("You have another open request with us. We closed this one."),
            "": N_("A specialist looked at your request. We told you where you can get help."),
        },
    ),
    policy=TaskPolicy(sensitive=True),
    page=TaskPage(
        form=form,
        facts=county_and_setting,
        details=details,
        template="eligibility/confirmation.html",
        shows_details_first=True,
    ),
    decide=decide,
    outcomes=frozenset(
        {*RESULTS, GO_ON, information_request.ASK, second_review.VERDICT, "expired"}
    ),
    examples={
        "not_eligible": {"decision": "not_eligible", "alternatives": ["helpline"]},
        "redirected_local": {"decision": "redirected_local", "alternatives": ["helpline"]},
        GO_ON: {
            "decision": GO_ON,
            "override_reason": "in_scope_part",
            "override_text": "They also ask about the classroom.",
        },
    },
)


def review_decide(state: Referral, values: Values, now: int) -> Outcome:
    """A second person agrees that the request goes on, or sends it back with a note."""
    entry = second_review.written(state, CONFIRMATION.name)
    if entry is None or (state.task and state.task.assignee in second_review.authors(entry)):
        raise Invalid({"decision": second_review.NOT_YOURSELF})
    data: ReferralPayload = {"from": told_in(entry).get("by", ""), "note": words(values, "note")}
    if values["decision"] == second_review.REFUSE:
        return second_review.sent_back(state, CONFIRMATION.name, data)
    return Outcome(GO_ON, {"status": "in_triage"}, data, reason=entry.reason)


def review_details(state: Referral) -> TemplateValues:
    """The rules' result, the request, and why a colleague wants to go on."""
    override = second_review.details(
        state, CONFIRMATION.name, vocabulary.ELIGIBILITY_OVERRIDE_REASONS
    )
    return {
        "decision": decision_rows.of(state.reference, "eligibility"),
        "for_staff": reasons.for_staff,
        "request": answers(state.reference),
        "override": override,
    }


REVIEW = Kind[Referral](
    name="eligibility_review",
    stage="eligibility",
    role="specialist",
    deadline=Deadline("eligibility_confirmation", business_days(10)),
    letter="eligibility/review",
    words=TaskWords(
        title=N_("Look at a request that should go on against our rules"),
        aim=N_("We aim to write to you by %(date)s."),
        waiting=N_("Waiting for a second person to agree that the request goes on"),
        short=N_("to agree that the request goes on"),
        then=TO_REPAIR,
        overdue=N_("A second person should look at a request that goes on against our rules."),
        asked=N_("%(who)s was asked to look at it as a second person."),
        answered={
            "eligible": N_("%(who)s agreed with %(from)s: the request goes on."),
            "refused": N_("%(who)s did not agree with %(from)s, who decides again."),
        },
        expired=N_("No second person looked at it in time."),
        provider_answered={"eligible": N_("A specialist looked at your request. It goes on.")},
        said={second_review.REFUSED: second_review.BACK},
    ),
    page=TaskPage(
        form=second_review.form,
        facts=county_and_setting,
        details=review_details,
        template="eligibility/confirmation.html",
        shows_details_first=True,
    ),
    decide=review_decide,
    outcomes=frozenset({GO_ON, second_review.REFUSED, "nobody", "expired"}),
    examples={
        GO_ON: {"decision": second_review.APPROVE},
        second_review.REFUSED: {
            "decision": second_review.REFUSE,
            "note": "Please call them once more before.",
        },
    },
)
