"""An answer that was told to staff: who told it and how stand beside it, and its owner is told.

Whoever cannot be mailed hears on the phone what is asked: the page has the words to say, in their
language, and the text that they agree to, to read aloud or to print.
"""

from __future__ import annotations

from dataclasses import replace

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.mail.addressees import address
from chalicelib.mail.phone.sayings import saying, settle
from chalicelib.web.forms import Field, Form, Values, radios
from chalicelib.web.languages import N_
from chalicelib.web.pages import redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues, html
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.case_types import applicant_of, called, recipient
from chalicelib.workflow.cases import Case, Task
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.on_behalf import agreed_unread, may_record, told, ways
from chalicelib.workflow.side_tasks import asked_by
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.store import Refused
from chalicelib.workflow.tasks import answer

WHO = Field(
    "told_by",
    "text",
    N_("Who told you this?"),
    hint=N_("The name of the person that you talked with."),
    missing=N_("Type the name of the person who told you."),
    max_length=100,
)
HOW_TOLD = radios("told_how", N_("How did they tell you?"), *ways())
# What a page of staff may not show without a note that it was looked at.
PERSONAL = frozenset({"contact", "request"})
UNREAD = N_(
    "Read all of it to them first, or mail it to them on paper. Then say here which it was."
)
OVER = N_("This was answered meanwhile, or is not asked anymore. Nothing was recorded.")


def record(reference: str, n: str) -> Response:
    """The form, for whoever may record this answer; then record it in the name of its owner. The first
    valid answer wins, whoever gave it."""
    view, task = _found(reference, n)
    if task is None:
        return redirect(f"/console/referrals/{view.reference}")
    kind, to, number = kind_of(task.kind), recipient(view, task.role, task.assignee), task.number

    def act(values: Values, command: str) -> str:
        answers = dict(values)
        by, how = str(answers.pop("told_by")), str(answers.pop("told_how"))
        if agreed_unread(kind, answers, how):
            raise Invalid({"told_how": UNREAD})
        said = told(to, by, how, kind.name)
        actor = current_staff().actor
        try:
            answer(view.reference, number, answers, actor, command, now(), told=said)
        except Refused:
            raise Hindered(kind.words.refused or OVER) from None
        except AlreadyDone:
            raise Hindered(OVER) from None
        if called(view, to):
            settle(view.reference, actor, to)
        return f"/console/referrals/{view.reference}"

    return _page(view, task).answer(act)


def paper(reference: str, n: str) -> Response:
    """The text that somebody agrees to, to be printed, signed and mailed."""
    view, task = _found(reference, n)
    kind = kind_of(task.kind) if task is not None else None
    if task is None or kind is None or kind.policy.agrees is None:
        return redirect(f"/console/referrals/{view.reference}")
    found = _told_in(view, task)
    sheet = html("tasks/sheet.html", found["told_in"], state=view, kind=kind, text=found["text"])
    return show("tasks/paper.html", state=view, task=task, told_in=found["told_in"], sheet=sheet)


def _found(reference: str, n: str) -> tuple[Case, Task | None]:
    """The referral as the task sees it, and the task if this member of staff may record it."""
    state = store.look_up(reference, Case)
    number = int(n) if n.isascii() and n.isdigit() and len(n) < 5 else 0
    view = asked_by(state, number) if number else None
    task = view.task if view is not None else None
    may = may_record(current_staff().role, view or state, task, now())
    return view or state, task if may else None


def _page(view: Case, task: Task) -> FormPage:
    kind = kind_of(task.kind)
    asked = Form(*kind.page.form(view).fields, WHO, replace(HOW_TOLD, options=ways(kind)))

    def facts() -> TemplateValues:
        to = recipient(view, task.role, task.assignee)
        unmailed = called(view, to)
        return {
            "state": view,
            "kind": kind,
            "task": task,
            "facts": kind.page.facts(view),
            "owner": "" if task.role == applicant_of(view) else address(view, to)["name"],
            "called": unmailed,
            "saying": saying(view, task.number, to) if unmailed else None,
            **_told_in(view, task),
        }

    known = kind.page.known(view)
    return FormPage(
        "tasks/behalf.html", asked, version=view.version, known=known, facts=facts, draw=show
    )


def _told_in(view: Case, task: Task) -> TemplateValues:
    """What is asked about, drawn in the language of whoever is asked; nothing where it is personal."""
    kind = kind_of(task.kind)
    lang = address(view, recipient(view, task.role, task.assignee))["language"]
    details = kind.page.details(view)
    text = ""
    if details and not PERSONAL & set(details):
        text = html(kind.page.template, lang, details=details, kind=kind, state=view, task=task)
    return {"text": text, "told_in": lang}
