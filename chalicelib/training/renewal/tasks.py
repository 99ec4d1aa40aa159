"""What is asked in a renewal: the consultant signs the agreement once more, or sends the new certificate, which a
coordinator checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.aws.now import now as this_moment
from chalicelib.aws.writes import Key, field, update
from chalicelib.directory import people
from chalicelib.domain.calendar import midnight, pacific_date
from chalicelib.domain.service_standards import Deadline, business_days
from chalicelib.training import agreement_text
from chalicelib.training.renewal import credentials, model, rule
from chalicelib.training.renewal.model import NAME, Renewal, RenewalChanges, RenewalPayload
from chalicelib.web.forms import Field, Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.web.text_input import Answer
from chalicelib.workflow.cases import valid
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import Kind, Outcome, TaskPage, TaskPolicy, TaskWords
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import ending

SIGN, NO = "sign", "no"
SENT, GOOD, AGAIN = "sent", "good", "ask_again"
DONE, LEFT, OTHER = "renewed", "not_wanted", "credential"
NO_LINK: Final = N_("Type an address that begins with https://")
PAST: Final = N_("That day is over. Give the last day of the new one.")


def over(
    state: Renewal, verdict: str, status: str, at: int, letter: str = "", to: str = ""
) -> Outcome:
    """The end that is itself the answer."""
    mails = (
        [SendLetter(letter=letter, to=to or f"consultant:{state.consultant}", always=True)]
        if letter
        else []
    )
    changes, effects, rows = ending(state, status=status, closure=status, at=at, mails=mails)
    return Outcome(verdict, changes, effects=effects, same_transaction=rows, reason=status)


def lapsed(state: Renewal, at: int) -> Outcome:
    """No answer in all the time; or it was renewed another way meanwhile, by staff."""
    row = people.consultant_now(state.consultant)
    ends = dict(row).get(f"{state.what}_until")
    if isinstance(ends, int) and ends > max(state.ends, at):
        return over(state, "expired", model.RENEWED, at)
    return over(state, "expired", model.LAPSED, at, "renewal/lapsed" if row.get("active") else "")


def not_wanted(state: Renewal, at: int) -> Outcome:
    """A coordinator hears of it."""
    lead = people.in_charge("coordinator", state.county)
    return over(state, LEFT, model.LEFT, at, "renewal/not_wanted", f"staff:{lead}")


# -- the agreement -----------------------------------------------------------------------------------
def _signature(name: str) -> Field:
    return Field(
        "signed_name",
        "text",
        N_("If you agree: type your full name"),
        hint=N_("This is your signature."),
        max_length=100,
        missing=N_("Type your name to sign."),
        autocomplete="name",
        when=lambda values: values.get("decision") == name,
    )


def agreement_form(state: Renewal) -> Form:
    """Sign, or not."""
    return Form(
        radios(
            "decision",
            N_("Do you want to go on as a consultant?"),
            (SIGN, N_("Yes, I agree and sign")),
            (NO, N_("No, I do not want to go on")),
        ),
        _signature(SIGN),
    )


def decide_agreement(state: Renewal, values: Values, at: int) -> Outcome:
    """The new last day stands on the row by the same press."""
    if values["decision"] == NO:
        return not_wanted(state, at)
    until = rule.next_end(state.ends, at)
    row = update(Key(people.CONSULTANTS, state.consultant)).set(agreement_until=until)
    made = over(state, DONE, model.RENEWED, at, "renewal/renewed")
    told = RenewalPayload(
        text=agreement_text.VERSION, signed_name=words(values, "signed_name"), until=until
    )
    rows = [*made.same_transaction, row.only_if(field("active").equals(True))]
    return replace(made, payload=told, same_transaction=rows)


RENEW_AGREEMENT: Final = Kind[Renewal](
    name="agreement_renewal",
    stage=NAME,
    role="consultant",
    deadline=Deadline("onboarding", None),
    letter="renewal/agreement",
    words=TaskWords(
        title=N_("Sign your agreement for another year"),
        waiting=N_("Waiting for the consultant to renew their agreement"),
        short=N_("to renew their agreement"),
        then=N_("If nobody answers, it ends %(when)s."),
        overdue=N_(
            "A consultant's agreement ends, and they have not signed it again. They get no new offers."
        ),
        asked=N_("The consultant was asked to renew their agreement."),
        answered={
            DONE: N_("The consultant renewed their agreement."),
            LEFT: N_("The consultant does not want to go on."),
            OTHER: N_("It is about a credential."),
        },
        expired=N_("The agreement was not renewed."),
        said={
            DONE: N_("Thank you. Your agreement is renewed. We are sending you its new last day."),
            LEFT: N_("Thank you for telling us. A coordinator will write to you."),
        },
        refused=N_("You are not active in the directory. Please call us."),
    ),
    policy=TaskPolicy(signature=True, agrees=lambda values: values.get("decision") == SIGN),
    page=TaskPage(
        form=agreement_form,
        details=lambda state: {"sections": agreement_text.SECTIONS, "ends": state.ends},
        template="renewal/agreement.html",
        shows_details_first=True,
    ),
    decide=decide_agreement,
    expire=lapsed,
    outcomes=frozenset({DONE, LEFT, OTHER, "expired"}),
    examples={DONE: {"decision": SIGN, "signed_name": "Alma Reyes"}, LEFT: {"decision": NO}},
)


# -- a credential ------------------------------------------------------------------------------------
def _link(text: Answer) -> str | None:
    return None if str(text).startswith("https://") and " " not in str(text) else NO_LINK


def sent_when(values: Values) -> bool:
    """Whether a new certificate is sent."""
    return values.get("decision") == SIGN


def credential_form(state: Renewal) -> Form:
    """Where the new certificate is, and until when it is good."""
    today = pacific_date(this_moment()).isoformat()
    return Form(
        radios(
            "decision",
            N_("Do you have the new one?"),
            (SIGN, N_("Yes, and I sign that it is mine")),
            (NO, N_("No, I do not renew it")),
        ),
        Field("evidence", "text", N_("A link to it"), check=_link, when=sent_when,
              hint=N_("For example in your cloud storage, or on the page of who issued it.")),
        Field("until", "date", N_("Until which day is it good?"), minimum=today, missing=PAST, when=sent_when),
        _signature(SIGN),
    )  # fmt: skip


def decide_credential(state: Renewal, values: Values, at: int) -> Outcome:
    """A coordinator checks it."""
    if values["decision"] == NO:
        return not_wanted(state, at)
    told = RenewalPayload(
        evidence=words(values, "evidence"), signed_name=words(values, "signed_name")
    )
    changes = RenewalChanges(status=model.TO_CHECK, until=words(values, "until"))
    return Outcome(SENT, changes, told, final=False)


def credential_details(state: Renewal) -> TemplateValues:
    """What it is, until when, and what a coordinator wrote."""
    found = credentials.one_of(state.consultant, state.credential)
    return {"credential": found, "ends": state.ends, "note": _told(state, "note")}


def _told(state: Renewal, name: str) -> str:
    said = [str(text) for one in valid(store.log(state)) if (text := dict(one.payload).get(name))]
    return said[-1] if said else ""


def _in_a_year(state: Renewal, at: int) -> Values:
    until = pacific_date(at + 365 * rule.DAY).isoformat()
    return {
        "decision": SIGN,
        "evidence": "https://example.org/demo",
        "until": until,
        "signed_name": "Alma Reyes",
    }


RENEW_CREDENTIAL: Final = Kind[Renewal](
    name="credential_renewal",
    stage=NAME,
    role="consultant",
    deadline=Deadline("onboarding", None),
    letter="renewal/credential",
    words=TaskWords(
        title=N_("Send us your new certificate"),
        waiting=N_("Waiting for the consultant to send a new certificate"),
        short=N_("to send a new certificate"),
        then=N_("If nobody answers, it ends %(when)s."),
        overdue=N_(
            "A consultant's credential ends, and no new one has come. They get no new offers."
        ),
        asked=N_("The consultant was asked for a new certificate."),
        answered={
            SENT: N_("The consultant sent a new certificate."),
            LEFT: N_("The consultant does not renew it."),
        },
        expired=N_("The credential was not renewed."),
        said={
            SENT: N_("Thank you. A coordinator will check it."),
            LEFT: N_("Thank you for telling us. A coordinator will write to you."),
        },
    ),
    policy=TaskPolicy(undo=True, signature=True),
    page=TaskPage(
        form=credential_form,
        details=credential_details,
        template="renewal/credential.html",
        shows_details_first=True,
    ),
    decide=decide_credential,
    expire=lapsed,
    outcomes=frozenset({SENT, LEFT, "expired"}),
    examples={SENT: _in_a_year, LEFT: {"decision": NO}},
)


# -- checked by a coordinator ------------------------------------------------------------------------
def check_form(state: Renewal) -> Form:
    """Good, or once more."""
    return Form(
        radios(
            "decision",
            N_("Is the new certificate good?"),
            (GOOD, N_("Yes: it counts from now on")),
            (AGAIN, N_("No: ask them once more")),
        ),
        textarea(
            "note",
            N_("What should they read?"),
            when=lambda values: values.get("decision") == AGAIN,
        ),
    )


def decide_check(state: Renewal, values: Values, at: int) -> Outcome:
    """It stands on the consultant's row by the same press."""
    if values["decision"] == AGAIN:
        return Outcome(AGAIN, RenewalChanges(status=model.ASKED, until=None),
                       RenewalPayload(note=words(values, "note")), final=False)  # fmt: skip
    found = credentials.one_of(state.consultant, state.credential)
    ends = midnight(date.fromisoformat(state.until)) + rule.DAY
    new = replace(found, ends=ends, evidence=_told(state, "evidence"), at=at)
    made = over(state, GOOD, model.RENEWED, at, "renewal/renewed")
    rows = [*made.same_transaction, *credentials.recording(new)]
    return replace(made, payload=RenewalPayload(until=ends), same_transaction=rows)


def check_details(state: Renewal) -> TemplateValues:
    """What they sent."""
    found = credentials.one_of(state.consultant, state.credential)
    name = people.consultant(state.consultant).get("name", "")
    ends = midnight(date.fromisoformat(state.until)) if state.until else 0
    return {"credential": found, "name": name, "evidence": _told(state, "evidence"), "until": ends}


CHECK: Final = Kind[Renewal](
    name="credential_check",
    stage=NAME,
    role="coordinator",
    deadline=Deadline("assignment", business_days(5)),
    letter="renewal/check",
    words=TaskWords(
        title=N_("Check a consultant's new certificate"),
        waiting=N_("Waiting for a coordinator to check the new certificate"),
        short=N_("to check the new certificate"),
        then=N_("If nobody answers, the same is asked again %(when)s."),
        overdue=N_("A coordinator should check a consultant's new certificate."),
        asked=N_("A coordinator was asked to check the new certificate."),
        answered={
            GOOD: N_("The new certificate is good."),
            AGAIN: N_("The consultant is asked for another certificate."),
        },
        expired=N_("Nobody checked the new certificate in time."),
        said={
            GOOD: N_("It counts from now on. We wrote to them."),
            AGAIN: N_("We ask them once more."),
        },
    ),
    policy=TaskPolicy(),
    page=TaskPage(
        form=check_form,
        details=check_details,
        template="renewal/check.html",
        shows_details_first=True,
    ),
    decide=decide_check,
    outcomes=frozenset({GOOD, AGAIN, "expired"}),
    examples={
        GOOD: {"decision": GOOD},
        AGAIN: {"decision": AGAIN, "note": "The link shows another paper."},
    },
)
