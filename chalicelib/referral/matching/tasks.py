"""An offer to a consultant, and the coordinator's assignment when offers found nobody."""

from __future__ import annotations

from chalicelib.aws.writes import Write
from chalicelib.directory.people import consultant as consultant_row
from chalicelib.directory.people import release_place, reserve_place
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.referral.events import NOT_SERVED, ReferralPayload
from chalicelib.referral.matching import offer_facts
from chalicelib.referral.matching.ranking import ranking
from chalicelib.referral.matching.rules import CRITERIA
from chalicelib.referral.matching.waiting import (
    LANGUAGE,
    PLACE,
    WAIT,
    asked_anew,
    could_do_without,
    way_on,
)
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.records import episode
from chalicelib.referral.rows import waitlist_rows
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.referral.task_facts import county
from chalicelib.web.forms import Form, Values, radios, select, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import Changes
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import (
    ASKED_AGAIN,
    Kind,
    Outcome,
    TaskPage,
    TaskPolicy,
    TaskWords,
)
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

ACCEPT, DECLINE = "accept", "decline"
ASK = "ask_provider"
# What the coordinator may ask the provider to do without.
WITHOUT = {
    LANGUAGE: N_("Ask the provider: start with an interpreter, or meet by video?"),
    PLACE: N_("Ask the provider: meet by video with somebody from elsewhere?"),
}
FOUND = N_("We found a consultant for you: %(name)s.")
NEXT_CONSULTANT = N_("The consultant could not take it. We are asking another one.")


def offer_form(state: Referral) -> Form:
    """Accept, or decline with a reason."""
    return Form(
        radios(
            "decision",
            N_("Can you take this consultation?"),
            (ACCEPT, N_("Yes, I accept. Show me how to reach the provider.")),
            (DECLINE, N_("No, offer it to somebody else.")),
        ),
        select(
            "decline_reason",
            N_("Why not?"),
            *vocabulary.DECLINE_REASONS.items(),
            hint=N_("It helps us to make better offers. Nobody is blamed."),
            when=lambda values: values.get("decision") == DECLINE,
        ),
    )


def _without_consultant(state: Referral, no: str) -> tuple[Changes, list[Write]]:
    """The changes and the row that take an offer back: the place returns in the same write, which counts
    what kind of no it was."""
    changes = ReferralChanges(consultant=None, declined=[*state.declined, state.consultant])
    return changes, [release_place(state.consultant, state.reference, no=no)]


def _found(consultant: str) -> SendLetter:
    """The letter that introduces a consultant; it loses its reason when they no longer have it."""
    return SendLetter(letter="matching/found", to="provider", names=consultant)


def decide_offer(state: Referral, values: Values, now: int) -> Outcome:
    """Accepting keeps the place that the offer holds; declining returns it."""
    if values["decision"] == ACCEPT:
        return Outcome(
            verdict="accepted",
            changes={"status": "matched"},
            payload=ReferralPayload(consultant=state.consultant),
            effects=[_found(state.consultant)],
        )
    changes, also = _without_consultant(state, "declines")
    return Outcome(
        verdict="declined",
        changes=changes,
        payload=ReferralPayload(consultant=state.consultant),
        same_transaction=also,
        final=False,
        reason=str(values["decline_reason"]),
    )


def expire_offer(state: Referral, now: int) -> Outcome:
    """Silence rolls over to the next consultant."""
    changes, also = _without_consultant(state, "silences")
    data = ReferralPayload(consultant=state.consultant)
    return Outcome(
        verdict="expired", changes=changes, payload=data, same_transaction=also, final=False
    )


def contact_details(state: Referral) -> TemplateValues:
    """What the consultant sees: of an offer what decides, of a consultation all of the request."""
    if state.status == "match_proposed":
        return {"facts": offer_facts.once_they_have_acted(state)}
    return {
        "request": request_of(state),
        "contact": state.contact,
        "from_specialist": episode(store.log(state)).for_consultant,
        "interpreter": state.with_interpreter,
    }


def coordinator_form(state: Referral) -> Form:
    """Assign one of those who could serve, look again, or say that nobody can."""
    found = ranking(state)
    assign = "assign"
    options = tuple((c.id, str(consultant_row(c.id).get("name", c.id))) for c in found.candidates)
    choices = [
        ("look_again", N_("Look again: offer it again to everyone who fits")),
        ("cannot_be_served", N_("We cannot serve this request. Help the provider to other help.")),
    ]
    if way_on(state, found) == "no_room":
        keep = N_("Keep it on the waitlist: it is offered as soon as somebody is free")
        choices.insert(0, (WAIT, keep))
    if way := could_do_without(found):
        choices.insert(0, (ASK, WITHOUT[way]))
    if options:
        choices.insert(0, (assign, N_("Assign a consultant I have talked with")))
    who = radios(
        "consultant",
        N_("Which consultant?"),
        *options,
        when=lambda values: values.get("decision") == assign,
    )
    return Form(
        radios("decision", N_("What should happen?"), *choices),
        *([who] if options else []),
        textarea("note", N_("Note for the record"), required=False),
    )


def decide_coordinator(state: Referral, values: Values, now: int) -> Outcome:
    """An assignment takes the place in the same write; a full consultant refuses."""
    data = ReferralPayload(note=words(values, "note"))
    # Whatever is decided, the place in line is used, given up, or taken anew by the next step.
    left = waitlist_rows.leave(state)
    match values["decision"]:
        case "assign":
            chosen = str(values["consultant"])
            return Outcome(
                verdict="assigned",
                changes=ReferralChanges(status="matched", consultant=chosen),
                payload=data | ReferralPayload(consultant=chosen),
                effects=[_found(chosen)],
                same_transaction=[reserve_place(chosen, state.reference, now), left],
            )
        case "look_again":
            return Outcome(
                "offer_again",
                ReferralChanges(declined=asked_anew(state)),
                data,
                same_transaction=[left],
                final=False,
            )
        case "ask_provider":
            return _ask_provider(state, data)
        case "wait":
            return Outcome(WAIT, payload=data, same_transaction=[left], final=False)
        case _:
            mail = SendLetter(letter="matching/cannot_be_served", to="provider", always=True)
            changes, effects, also = ending(
                state,
                status="cannot_be_served",
                closure="",
                at=now,
                reason="no_consultant",
                mails=[mail],
            )
            return Outcome("cannot_be_served", changes, data, effects, also, event=NOT_SERVED)


def _ask_provider(state: Referral, data: ReferralPayload) -> Outcome:
    """The provider chooses what they can do without; the place in line stays meanwhile."""
    way = could_do_without(ranking(state))
    if not way:
        raise Invalid({"decision": N_("Somebody fits by now. Please look again.")})
    return Outcome(way, payload=data, final=False)


def coordinator_details(state: Referral) -> TemplateValues:
    """The ranked list, every exclusion reason, the request and the contact."""
    return {
        "ranking": ranking(state),
        "names": consultant_row,
        "criteria": CRITERIA,
        "request": request_of(state),
        "contact": state.contact,
        "may_ask": True,
    }


OFFER = Kind[Referral](
    name="offer",
    stage="match",
    role="consultant",
    deadline=Deadline("offer_answer", None),
    letter="matching/offer",
    words=TaskWords(
        title=N_("Say whether you can take a consultation"),
        aim=N_("We aim to have an answer from a consultant by %(date)s."),
        waiting=N_("Waiting for the consultant to accept"),
        short=N_("to accept the offer"),
        then=N_("Moves to the next consultant %(when)s."),
        overdue=N_("A consultant should answer an offer."),
        asked={
            "": N_("Offered to %(who)s."),
            "previous": N_("Offered to %(who)s first: the previous consultant of this site."),
        },
        answered={
            "accepted": N_("%(who)s accepted."),
            "declined": N_("%(who)s declined. The offer moves on."),
        },
        expired=N_("%(who)s did not answer in time. The offer moves on."),
        provider_asked=N_("We asked a consultant to work with you."),
        provider_answered={
            "accepted": FOUND,
            "declined": NEXT_CONSULTANT,
        },
        provider_expired=NEXT_CONSULTANT,
        said={
            "accepted": N_("You accepted this consultation. Thank you."),
            "declined": N_("You declined. We are asking somebody else."),
        },
    ),
    policy=TaskPolicy(
        sensitive=True,
        proves=lambda values: values.get("decision") == ACCEPT,
        undo=True,
    ),
    page=TaskPage(
        form=offer_form,
        facts=offer_facts.neutral,
        details=contact_details,
        shows_details_after=True,
        leads_to={"accepted": "first_contact"},
    ),
    decide=decide_offer,
    expire=expire_offer,
    outcomes=frozenset({"accepted", "declined", "no_room", "exhausted", "expired"}),
    examples={
        "accepted": {"decision": ACCEPT},
        "declined": {"decision": DECLINE, "decline_reason": "no_time"},
    },
)

COORDINATOR = Kind[Referral](
    name="coordinator",
    stage="match",
    role="coordinator",
    deadline=Deadline("assignment", business_days(20)),
    letter="matching/coordinator",
    words=TaskWords(
        title=N_("Find a consultant: the offers found nobody"),
        waiting=N_("Waiting for the coordinator to find a consultant"),
        short=N_("to find a consultant"),
        then=ASKED_AGAIN,
        overdue=N_("A coordinator should find a consultant."),
        asked=N_("The offers found nobody. %(who)s was asked to find a consultant."),
        answered={
            "assigned": N_("%(who)s was assigned."),
            "wait": N_("It stays in line until somebody is free."),
            "offer_again": N_("It is offered again to everyone who fits."),
            LANGUAGE: N_("The coordinator asks the provider what they can do without."),
            PLACE: N_("The coordinator asks the provider what they can do without."),
        },
        expired=N_("No consultant was found in time. The coordinator is asked again."),
        provider_asked=N_("No consultant was free. A coordinator is looking for one."),
        provider_answered={
            "assigned": FOUND,
            "offer_again": N_("We are asking consultants again."),
            "wait": N_("You stay on the waitlist and keep your place."),
            LANGUAGE: N_("A coordinator has a question for you. You get it by email."),
            PLACE: N_("A coordinator has a question for you. You get it by email."),
        },
        refused=N_("This consultant has no free place anymore. Please choose another."),
    ),
    policy=TaskPolicy(sensitive=True, undo=True),
    page=TaskPage(
        form=coordinator_form,
        facts=county,
        details=coordinator_details,
        template="matching/coordinator.html",
        shows_details_first=True,
    ),
    decide=decide_coordinator,
    outcomes=frozenset(
        {"assigned", "offer_again", WAIT, LANGUAGE, PLACE, "cannot_be_served", "expired"}
    ),
    examples={
        "offer_again": {"decision": "look_again"},
    },
)
