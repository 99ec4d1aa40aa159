"""The pages behind a guest's mailed links: "I cannot come" in one press, and the two questions afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib import rooms
from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import field, update
from chalicelib.meetings import links, rows, sign_up, telling
from chalicelib.meetings.model import Meeting, SignUp
from chalicelib.meetings.owners import Step, owner_of
from chalicelib.web.forms import Form, Values, radios, textarea, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import HELPLINE, N_
from chalicelib.web.pages import current, form, render
from chalicelib.web.press import STALE, FormPage, heard_before, shown_by_us
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.cases import Contact

# The name of the button that begins a next step, with what is known of whoever came.
NEXT: Final = "_next"
Begin = Callable[[Contact, str], Response]
CANNOT, NOT_ME, COMES = "cannot", "not_me", "comes"
SAYING: Final = Form(
    radios(
        "decision",
        N_("Can you come?"),
        (CANNOT, N_("I cannot come")),
        (COMES, N_("I will come: nothing changes")),
        (NOT_ME, N_("I did not sign up"), N_("We will not write to you about it again.")),
    )
)
ASKED: Final = Form(
    radios(
        "useful",
        N_("Was it worth your time?"),
        ("yes", N_("Yes")),
        ("partly", N_("Partly")),
        ("no", N_("No")),
    ),
    textarea(
        "wish",
        N_("What would you like to talk about next time?"),
        required=False,
        max_length=500,
        hint=N_("The people who plan our meetings read it. Do not write a child's name."),
    ),
)


def cannot_come(link: str) -> Response:
    """Show the meeting; take somebody off its list."""
    found = links.read(links.CANNOT_COME, link, now())
    if found is None:
        return _gone()
    meeting, who = found
    page = FormPage(
        "meetings/cannot_come.html",
        SAYING,
        subject=f"meeting|{meeting.id}|{who.key}",
        facts=lambda: {**_words(meeting, who), "link": link, "open": _may_say(meeting, who)},
    )

    def act(values: Values, command: str) -> str:
        at, back = now(), f"/meeting/no/{link}"
        if heard_before(command):
            return back
        not_me = values["decision"] == NOT_ME
        if _may_say(meeting, who) and sign_up.decline(meeting, who, at, quietly=not_me):
            off = rows.guest(meeting.id, who.key)
            if off is not None:
                telling.tell(meeting, off, at)
        return back

    return page.answer(act, no=COMES, back=f"/meeting/no/{link}")


def _may_say(meeting: Meeting, who: SignUp) -> bool:
    return meeting.on and who.coming and now() < meeting.ends


def thanks(link: str) -> Response:
    """The two questions, and what else there is for somebody who came."""
    found = links.read(links.THANKS, link, now())
    if found is None:
        return _gone()
    meeting, who = found

    def facts() -> TemplateValues:
        steps = [*owner_of(meeting).steps(meeting, who)]
        return {**_words(meeting, who), "link": link, "steps": steps, "answered": bool(who.useful)}

    def act(values: Values, command: str) -> str:
        if heard_before(command):
            return f"/meeting/thanks/{link}"
        said = {"useful": values["useful"], "wish": words(values, "wish") or None}
        row = update(rows.guest_key(meeting.id, who.key)).set_or_remove(said)
        dynamodb.write(row.only_if(field("pk").exists()))
        return f"/meeting/thanks/{link}"

    subject = f"thanks|{meeting.id}|{who.key}"
    page = FormPage("meetings/thanks.html", ASKED, subject=subject, facts=facts)
    chosen = one(form(), NEXT)
    if current().method != "POST" or not chosen:
        return page.answer(act)
    offered = [step.begin for step in owner_of(meeting).steps(meeting, who) if step.begin]
    if chosen not in offered or not shown_by_us(subject):
        return page.show(notice=STALE)
    begin: Begin = registry.load(rooms.NEXT_STEPS[chosen])
    return begin(Contact(name=who.name, email=who.email, phone=who.phone), who.lang)


def helpline() -> Step:
    """The step that is there for everybody."""
    return Step(
        N_("Talk with a person"),
        N_("Call the helpline, Monday to Friday, 8 to 5. It is free. Or tell us when to call you."),
        begin="a_call",
        press=N_("Call me back"),
        phone=HELPLINE,
    )


def _words(meeting: Meeting, who: SignUp) -> TemplateValues:
    return {"meeting": meeting, "who": who, "owner": owner_of(meeting)}


def _gone() -> Response:
    return render("meetings/gone.html", 410)
