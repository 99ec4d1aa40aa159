"""The page of a case that is no referral: where it stands, its open tasks, and what happened.

What is particular to a type of case, as where its answers lead, is linked to (``CaseType.ways``).
"""

from __future__ import annotations

from functools import partial
from typing import Final

from chalice.app import Response

from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.console import timeline
from chalicelib.console.case_record import mails_of, runs_of
from chalicelib.console.sentence import sentence
from chalicelib.console.take_over import shown
from chalicelib.console.trouble import SideState, causes, look
from chalicelib.domain import vocabulary
from chalicelib.domain.roles import ROLE_WORDS
from chalicelib.mail.resend import goes_to
from chalicelib.web import way_back
from chalicelib.web.languages import N_, long_words, when_words
from chalicelib.web.pages import current
from chalicelib.web.routing import may_open
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.board import MARKS
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case
from chalicelib.workflow.machines import titles
from chalicelib.workflow.on_behalf import may_record
from chalicelib.workflow.storage import store

# Who gave an answer that staff write down; of anybody else, "them".
RECORD: Final = {
    "provider": N_("Record an answer for the provider"),
    "consultant": N_("Record an answer for the consultant"),
}
THEIRS: Final = N_("Record an answer for them")


def _told_by_phone(state: Case, seen: SideState, at: int) -> list[tuple[str, str]]:
    """Where staff write down an answer that somebody tells them."""
    tasks = [*([state.task] if state.task else []), *seen.tasks]
    return [
        (
            f"/console/referrals/{state.reference}/behalf/{task.number}",
            RECORD.get(task.role, THEIRS),
        )
        for task in tasks
        if may_record(current_staff().role, state, task, at)
    ]


def show_other(state: Case) -> Response:
    """The page. Contact data is shown on demand, and looking at it is logged."""
    who, lang, at = current_staff(), current().lang, now()
    kind = type_of(state)
    withheld = kind.withheld(state, who.actor)
    contact = current().query.get("contact") == ["yes"] and not withheld
    if contact:
        logger().info("contact viewed", extra={"referral": state.reference, "actor": who.actor})
    entries, seen = store.log(state), look(state)
    said = sentence(state, entries, at, lang, seen)
    again = partial(goes_to, state, entries, contact=contact)
    tasks = [*([state.task] if state.task else []), *seen.tasks]
    return show(
        "console/other_case.html",
        version=state.version,
        state=state,
        called=titles().get(kind.parent, kind.name),
        stands=kind.statuses.get(state.status),
        said=said,
        mark_word=MARKS[said.mark],
        causes=causes(state, seen) if said.mark == "attention" else [],
        tasks=[shown(task, who, at) for task in tasks if task.role != "system"],
        marks=MARKS,
        roles={**ROLE_WORDS, **vocabulary.OWNERS},
        ways=[
            *(way for way in kind.ways(state) if may_open(who.role, way[0])),
            *_told_by_phone(state, seen, at),
        ],
        runs=list(reversed(runs_of(state, entries))),
        machines=titles(),
        contact=state.contact if contact else None,
        withheld=withheld,
        lines=timeline.lines(
            entries, mails_of(state.reference), at, lang, who.role, again, contact=contact
        ),
        back=way_back.here(),
        when=lambda instant: when_words(instant, at, lang),
        long=lambda seconds: long_words(seconds, lang),
    )
