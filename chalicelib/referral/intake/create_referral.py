"""Turn a checked draft into a referral: one press, one referral, one run, one mail."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write, create, put
from chalicelib.directory import emergencies
from chalicelib.directory.people import in_charge
from chalicelib.mail.texts import consent
from chalicelib.referral import safety_flag
from chalicelib.referral.events import SUBMITTED, ReferralPayload
from chalicelib.referral.model import DRAFT, Referral, ReferralChanges
from chalicelib.referral.request import Request
from chalicelib.referral.rows import request_rows, sites
from chalicelib.workflow.cases import Command, Contact, Entry
from chalicelib.workflow.effects import SendLetter, StartRun
from chalicelib.workflow.storage import keys, store


def submit(
    reference: str,
    request: Request,
    lang: str,
    actor: str = "provider",
    told: ReferralPayload | None = None,
) -> None:
    """Record a request under the reference that was reserved when its draft began.

    ``actor`` is who keyed it in; ``told`` goes with the entry as ids. A replay, from another tab or
    after a lost reply, finds the referral that is there. Raises TryAgain when the table is busy;
    nothing is lost then.
    """
    at = now()
    contact = contact_of(request)
    consents, texts = consent.given(
        Referral(reference=reference),
        contact,
        request.letters_language or lang,
        f"request {actor}",
        at,
    )
    entry = _submitted(reference, request, lang, actor, told or {}, at)
    entry = entry.model_copy(update={"effects": [*entry.effects, *texts]})
    answers = request.model_dump(mode="json", exclude_defaults=True)
    found_by = request_rows.findable(reference, request, contact, at)
    row = {"at": at, "answers": answers, **found_by}
    rows: list[Write] = [create(keys.request(reference), row), *consents]
    first = entry
    if request.safety_now == "yes":
        # The on-call lead is paged with the very press, before anything else leaves.
        here = Referral(reference=reference, county=request.county or "")
        begun = safety_flag.raised(here, safety_flag.DANGER, "no", "provider", at)
        first = entry.model_copy(
            update={
                "changes": entry.changes | begun.changes,
                "payload": entry.payload | {"about": begun.payload["about"]},
                "effects": [*begun.effects, *entry.effects],
            }
        )
        rows += begun.same_transaction
    sites.note(request, reference, at)
    try:
        store.create(Referral(reference=reference), first, rows)
    except (store.Conflict, store.Refused):
        # A replay, or the lead was paged before: then the case is there, and the rest follows.
        def decide(state: Referral) -> Command | None:
            again = [put(keys.request(reference), row), *consents]
            return (entry, again) if state.status == DRAFT else None

        store.change(reference, decide)


def _submitted(
    reference: str, request: Request, lang: str, actor: str, told: ReferralPayload, at: int
) -> Entry:
    """The entry with which the run begins, and the receipt leaves."""
    return Entry(
        event=SUBMITTED,
        at=at,
        actor=actor,
        command=f"submit:{reference}",
        changes=known(request, lang)
        | _incident(request)
        | ReferralChanges(status="submitted", stage="eligibility", submitted=at),
        payload=ReferralPayload(notice=request.notice_version) | told,
        effects=[
            StartRun(machine="referral", stage="eligibility", generation=1),
            SendLetter(letter="intake/receipt", to="provider"),
        ],
    )


def known(request: Request, lang: str) -> ReferralChanges:
    """What the state repeats of the answers, and who is in charge."""
    return ReferralChanges(
        county=request.county or "",
        setting=request.setting or "",
        language=request.letters_language or lang,
        modality=request.way_to_meet,
        contact=contact_of(request),
        specialist=in_charge("specialist", request.county or ""),
    )


def _incident(request: Request) -> ReferralChanges:
    """The declared emergency that a request of its area belongs to from the first moment on."""
    if request.incident:
        return ReferralChanges(incident=request.incident)
    here = emergencies.shown(request.county or "-", request.zip or "")
    return ReferralChanges(incident=here[0].id) if here else {}


def contact_of(request: Request) -> Contact:
    """How to reach whoever asks."""
    return Contact(
        name=request.contact_name or "",
        email=request.contact_email or "",
        phone=request.contact_phone or "",
        by=request.contact_by or "email",
    )
