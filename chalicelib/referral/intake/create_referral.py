"""Turn a checked draft into a referral: one press, one referral, one run, one mail."""

from __future__ import annotations

from chalicelib.aws.now import now
from chalicelib.aws.writes import Write, create
from chalicelib.directory.people import in_charge
from chalicelib.referral import safety_flag
from chalicelib.referral.events import SUBMITTED, ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.request import Request
from chalicelib.referral.rows import request_rows, sites
from chalicelib.workflow.cases import Changes, Contact, Entry
from chalicelib.workflow.effects import Effect, SendLetter, StartRun
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
    at, contact = now(), _contact(request)
    changes: Changes = ReferralChanges(
        status="submitted",
        stage="eligibility",
        county=request.county or "",
        setting=request.setting or "",
        language=request.letters_language or lang,
        modality=request.way_to_meet,
        submitted=at,
        contact=contact,
        specialist=in_charge("specialist", request.county or ""),
    )
    data = ReferralPayload(notice=request.notice_version) | (told or {})
    effects: list[Effect] = [
        StartRun(machine="referral", stage="eligibility", generation=1),
        SendLetter(letter="intake/receipt", to="provider"),
    ]
    rows: list[Write] = []
    if request.safety_now == "yes":
        # The on-call lead is paged with the very press, before anything else leaves.
        here = Referral(reference=reference, county=request.county or "")
        begun = safety_flag.raised(here, safety_flag.DANGER, "no", "provider", at)
        changes |= begun.changes
        data["about"] = begun.payload["about"]
        effects, rows = [*begun.effects, *effects], begun.same_transaction
    entry = Entry(
        event=SUBMITTED,
        at=at,
        actor=actor,
        command=f"submit:{reference}",
        changes=changes,
        payload=data,
        effects=effects,
    )
    answers = request.model_dump(mode="json", exclude_defaults=True)
    found_by = request_rows.findable(reference, request, contact, at)
    row = create(keys.request(reference), {"at": at, "answers": answers, **found_by})
    sites.note(request, reference, at)
    try:
        store.create(Referral(reference=reference), entry, [row, *rows])
    except (store.Conflict, store.Refused):
        store.load(reference, Referral, consistent=True)  # a replay: the referral stands


def _contact(request: Request) -> Contact:
    return Contact(
        name=request.contact_name or "",
        email=request.contact_email or "",
        phone=request.contact_phone or "",
        by=request.contact_by or "email",
    )
