"""A request that is kept because someone is in danger, and is never sent: whose it was is forgotten as soon
as its draft is gone and the concern is settled.

What stays is what the Network may keep of a concern: its type, when, whose role, what was done, and the
county. The clock is woken by a row of its own beside the case.
"""

from __future__ import annotations

from typing import Final

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.writes import Key, Update, Write, create, delete, put, update
from chalicelib.referral.events import UNSENT_FORGOTTEN
from chalicelib.referral.model import DRAFT, Referral, ReferralChanges
from chalicelib.referral.request import Request
from chalicelib.referral.rows import request_drafts, request_rows
from chalicelib.workflow.cases import CLOCK, Command, Contact, Entry
from chalicelib.workflow.storage import free_text, indexes, keys, store

ROW: Final = "UNSENT"
DAY: Final = 86400
REACHED_BY: Final = ("contact_name", "contact_email", "contact_phone")


def watch(reference: str, draft: str, until: int) -> Write:
    """The row that wakes the clock when the draft with this key is over."""
    woken = {"wpk": keys.WAKE_PARTITION, "wake_at": until}
    return create(Key(keys.case_pk(reference), ROW), {"draft": draft, **woken})


def draft_deleted(reference: str, at: int) -> None:
    """Whoever began it deleted it: nothing waits for the draft's own end anymore."""
    indexes.wake_later(keys.case_pk(reference), ROW, at)


def look(pk: str, sk: str, at: int) -> None:
    """Forget whose it was, if the time has come; look again when it may have. The clock calls."""
    state = store.load(keys.reference_of(pk), Referral, consistent=True)
    row = dynamodb.get(Key(pk, sk), consistent=True) or {}
    draft = request_drafts.by_key(str(row.get("draft", "")), at)
    waits = draft is not None and not draft.sent_at
    if state.status == DRAFT and (waits or state.side_tasks):
        indexes.wake_later(pk, sk, draft.expires_at if draft and waits else at + DAY)
        return
    if state.status == DRAFT:
        _forget(state.reference, at)
    dynamodb.write(delete(Key(pk, sk)))


def _forget(reference: str, at: int) -> None:
    """First the command, which brings every older entry into the log; then the rows that tell. Begun again
    after a crash, it goes on."""

    def decide(state: Referral) -> Command | None:
        newest = store.pending_entry(state)
        if state.status != DRAFT or (newest and newest.event == UNSENT_FORGOTTEN):
            return None
        left = Request(county=state.county or None, setting=state.setting or None)
        found_by = request_rows.findable(reference, left, Contact(), at)
        kept = {"at": at, "answers": left.model_dump(mode="json", exclude_defaults=True)}
        entry = Entry(
            event=UNSENT_FORGOTTEN,
            at=at,
            actor=CLOCK,
            command=f"forget:{state.version}",
            changes=ReferralChanges(contact=Contact()),
        )
        return entry, [put(keys.request(reference), {**kept, **found_by})]

    store.change(reference, decide)
    texts = free_text.of(reference, (), ())
    free_text.take_out(reference, [one.id for one in texts], [one.words for one in texts])
    for row in dynamodb.query(keys.case_pk(reference), consistent=True):
        if str(row["sk"]).startswith(keys.LOG) and (changed := _without_contact(row)):
            dynamodb.write(changed)


def _without_contact(row: Item) -> Update | None:
    """A row of the log without how to reach them; None where it does not say."""
    changed, any_left = update(keys.key_of(row)), False
    if row.get("changes", {}).get("contact"):
        changed, any_left = changed.set_at(("changes", "contact"), {}), True
    for side in ("before", "after"):
        for name in REACHED_BY:
            if row.get("payload", {}).get(side, {}).get(name):
                path = ("payload", side, name)
                changed, any_left = changed.set_at(path, free_text.TAKEN_OUT), True
    return changed if any_left else None
