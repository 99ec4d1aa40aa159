"""The provider cannot make a session: one press, from a letter's page or the status page.

The link opens this page alone, without a code: it shows when the session is and when the others are, and
nothing of the request.
"""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.ids import normalize_reference
from chalicelib.domain.roles import CONSULTANT, STAFF
from chalicelib.referral.events import SESSION_DECLINED, ReferralPayload
from chalicelib.referral.model import Referral, ReferralChanges
from chalicelib.referral.sessions import link as session_link
from chalicelib.referral.sessions.deadlines import nothing_planned
from chalicelib.referral.status.acting import THEMSELVES, Acting
from chalicelib.web.forms import Form, Values, radios, textarea, words
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect, render
from chalicelib.web.press import FormPage
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Command, Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.storage import store

CANNOT, CAN = "cannot", "can"
TEMPLATE: Final = "status/session.html"
FORM: Final = Form(
    radios(
        "decision",
        N_("Can you make it?"),
        (CANNOT, N_("I cannot make it: we need a new time")),
        (CAN, N_("I can make it: nothing changes")),
    ),
    textarea(
        "wish",
        N_("If not: when would suit you better?"),
        hint=N_("You can leave it open. Your consultant reads it. Do not write a child's name."),
        required=False,
        max_length=500,
        when=lambda values: values.get("decision") == CANNOT,
        readers=(STAFF, CONSULTANT),
    ),
)


def cannot_make_it(link: str) -> Response:
    """Show a session; take what the provider says of it."""
    number, flat = session_link.session_of(link, now())
    reference = normalize_reference(flat)
    if reference is None:
        return redirect("/status")
    state = store.load(reference, Referral, consistent=True)
    days = ahead(state)
    others = {at: session_link.path(reference, n) for n, at in days.items() if n != number}
    facts: TemplateValues = {"start": None, "others": others, "state": state, "link": link}
    start = days.get(number)
    if start is None:
        return render(TEMPLATE, **facts)

    def act(values: Values, command: str) -> str:
        at = now()

        def decide(state: Referral) -> Command | None:
            return declined(state, number, start, values, command, at)

        store.change(reference, decide, press=command)
        return f"/session/{link}"

    page = FormPage(
        TEMPLATE,
        FORM,
        # A form that showed another time decides nothing on this one.
        subject=f"session|{reference}|{start}",
        version=state.version,
        facts=lambda: {**facts, "start": start},
    )
    return page.answer(act, no=CAN, back="/status/view")


def ahead(state: Referral) -> dict[int, int]:
    """The sessions that the provider can say no to, by number (UTC seconds): those still to come, while
    the consultant can plan another time."""
    if state.task is None or state.task.kind != "service":
        return {}
    return {number: at for number, at in sorted(state.appointments.items()) if at > now()}


def declined(
    state: Referral,
    number: int,
    start: int,
    values: Values,
    command: str,
    at: int,
    acting: Acting = THEMSELVES,
) -> Command | None:
    """The session loses its time, the others keep theirs, and the consultant is asked for a new one."""
    sessions, task, wish = state.sessions, state.task, words(values, "wish")
    if sessions is None or task is None or ahead(state).get(number) != start:
        return None
    changes = ReferralChanges(sessions=sessions.model_copy(update={"off": [*sessions.off, start]}))
    if start == sessions.next:
        slot = (sessions.slot or start) if sessions.every else None
        changes["sessions"] = sessions.model_copy(update={"next": None, "slot": slot})
        changes["task"] = nothing_planned(task, at)
    payload = ReferralPayload(moved_from=start)
    if wish:
        payload["wish"] = wish
    letter = SendLetter(
        letter="status/session_declined", to=recipient(state, "consultant"), task=task.number
    )
    entry = Entry(
        event=SESSION_DECLINED,
        at=at,
        actor=acting.actor,
        command=command,
        changes=changes,
        payload=payload | acting.told,
        effects=[letter],
    )
    return entry, ()
