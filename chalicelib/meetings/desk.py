"""What staff do with meetings, for the pages of any room: its forms, its previews, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.now import now
from chalicelib.aws.writes import field, update
from chalicelib.directory import people
from chalicelib.domain.calendar import midnight
from chalicelib.domain.errors import AlreadyDone
from chalicelib.meetings import (
    attendance,
    changing,
    entering,
    hosts,
    rows,
    series,
    sign_up,
    telling,
)
from chalicelib.meetings.model import COMING, GUEST, HOST, Meeting, SignUp
from chalicelib.meetings.owners import Owner
from chalicelib.meetings.sign_up import CLOSED, FULL
from chalicelib.web.forms import Field, Form, Values, checkboxes, radios, several, words
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show

NOON: Final = 43200
CHANGED = N_(
    "Somebody changed this meeting meanwhile. Please look at it as it is now, then press again."
)
DONE_WITH = N_("This meeting is over, or it was canceled. Nothing was changed.")
ALREADY = N_("They have signed up already. Nothing was changed.")
FEWER = N_("More people than that have signed up.")
NO_DAY = N_("No day fits. Please check the days and the rule for holidays.")
NEITHER = N_("Type an email address, or a name and a phone number.")
EVENTS: Final = {
    "entered": N_("Entered"),
    "moved": N_("Moved"),
    "changed": N_("Changed"),
    "cancelled": N_("Canceled"),
    "recorded": N_("Recorded who came"),
}


def list_page(owner: Owner) -> Response:
    """A room's meetings that are to come, and the last that are over."""
    at = now()
    return show(
        "meetings/desk_list.html",
        owner=owner,
        ahead=rows.ahead(owner.name, at),
        over=rows.over(owner.name, at, 20),
        host_name=hosts.name,
    )


def enter_page(owner: Owner) -> Response:
    """The form for one meeting or a series; the days are shown before a second press enters them."""
    at, by = now(), current_staff().actor
    like = rows.find(one(current().query, "like"))
    start = entering.again(like) if like is not None and like.room == owner.name else {}

    def page(known: Values | None = None) -> FormPage:
        preview = entering.dates(known) if known else []
        return FormPage(
            "meetings/desk_enter.html",
            entering.entering_form(at),
            # Who only looks at the days may look again.
            once=bool(one(form(), "_dates")),
            known=known or start,
            check=_wrong,
            facts=lambda: {
                "owner": owner,
                "preview": preview,
                "mark": entering.mark(known) if known else "",
                "noon": lambda day: midnight(day) + NOON,
            },
            draw=show,
        )

    def act(values: Values, command: str) -> str | Response:
        if one(form(), "_dates") != entering.mark(values):
            return page(values).show()
        made = entering.enter_all(owner.name, values, by, at, command)
        return owner.console(made[0]) if len(made) == 1 else owner.desk

    return page().answer(act)


def _wrong(values: Values) -> dict[str, str]:
    found = entering.wrong(values) or entering.too_late(values, now())
    if not found and words(values, "first") and ("repeat" in values):
        complete = values["repeat"] == entering.ONCE or words(values, "last")
        if complete and not [day for day in entering.dates(values) if day.held]:
            return {"first": NO_DAY}
    return found


def one_page(owner: Owner, meeting: Meeting) -> Response:
    """A meeting: who comes, whom letters do not reach, and what was done."""
    attendance.looked(meeting, current_staff().actor)
    return show("meetings/desk_one.html", **_facts(owner, meeting))


def _facts(owner: Owner, meeting: Meeting) -> TemplateValues:
    everybody = rows.guests(meeting.id)
    guests = [who for who in everybody if who.part != HOST]
    return {
        "owner": owner,
        "meeting": meeting,
        "people": guests,
        "by_letter": [(w.name, w.email) for w in everybody if w.coming and w.by_letter],
        "host": hosts.name(meeting.host),
        "told": told(meeting, everybody),
        "to_call": to_call(meeting, everybody),
        "done": rows.all_done(meeting.id),
        "events": EVENTS,
        "name": people.name_of,
        "counted": attendance.counted(meeting),
        "over": now() >= meeting.ends,
        "begun": now() >= meeting.begins,
    }


def told(meeting: Meeting, everybody: list[SignUp]) -> dict[str, int]:
    """How many have heard how the meeting stands now: by letter, by phone, and who has not yet."""
    some = [who for who in everybody if who.coming and who.part in (GUEST, HOST)]
    letter = [who for who in some if who.by_letter]
    heard = [who for who in letter if who.told is not None and who.told >= meeting.sequence]
    called = [who for who in some if not who.by_letter and _called(meeting, who)]
    waits = [who for who in letter if who not in heard]
    return {
        "letter": len(heard),
        "called": len(called),
        "waits": len(waits),
        "to_call": len(some) - len(letter) - len(called),
    }


def to_call(meeting: Meeting, everybody: list[SignUp]) -> list[SignUp]:
    """Who comes, has no letter, and has not heard by phone how the meeting stands now."""
    some = [who for who in everybody if who.coming and who.part == GUEST and not who.by_letter]
    return [who for who in some if not _called(meeting, who)]


def _called(meeting: Meeting, who: SignUp) -> bool:
    return who.called is not None and who.called >= meeting.sequence


def change_page(owner: Owner, meeting: Meeting) -> Response:
    """Move or change a meeting; everybody who comes is told, and their number stands on the page."""
    at, by = now(), current_staff().actor
    others = series.later(meeting, at)

    def check(values: Values) -> dict[str, str]:
        places, found = values.get("capacity"), {}
        most = max(one.taken for one in [meeting, *series.meant(values, others)])
        if isinstance(places, int) and places < most:
            found["capacity"] = FEWER
        if entering.starts(values) != meeting.starts:
            found |= entering.too_late(values, at)
        return found

    def act(values: Values, command: str) -> str:
        _still_ahead(meeting, at)
        after = entering.as_typed(meeting, values, at)
        _keep(lambda: changing.change(
            meeting, after, by, at, hosts.rows_for(after, meeting.host, by, at)
        ))  # fmt: skip
        left = series.change(meeting, after, series.meant(values, others), by, at)
        return owner.console(left[0] if left else meeting)

    return FormPage(
        "meetings/desk_change.html",
        Form(*series.asked(others), *entering.changing_form(at, meeting).fields),
        version=meeting.version,
        once=True,
        known=entering.known(meeting),
        check=check,
        facts=lambda: _facts(owner, meeting),
        draw=show,
    ).answer(act)


def cancel_page(owner: Owner, meeting: Meeting) -> Response:
    """Cancel a meeting; everybody who comes is told, and their number stands on the page."""
    at, by = now(), current_staff().actor
    others = series.later(meeting, at)

    def act(values: Values, command: str) -> str:
        _still_ahead(meeting, at)
        why = entering.said(values)
        _keep(lambda: changing.cancel(meeting, by, at, why))
        left = series.cancel(series.meant(values, others), by, at, why)
        return owner.console(left[0] if left else meeting)

    return FormPage(
        "meetings/desk_cancel.html",
        Form(*series.asked(others), *entering.said_form().fields),
        version=meeting.version,
        once=True,
        facts=lambda: _facts(owner, meeting),
        draw=show,
    ).answer(act)


def _still_ahead(meeting: Meeting, at: int) -> None:
    """Raises Hindered for a meeting that is over or off: nobody would be told."""
    if not meeting.open_at(at):
        raise Hindered(DONE_WITH)


def _keep(write: Callable[[], Meeting]) -> None:
    try:
        write()
    except AlreadyDone:
        raise Hindered(CHANGED) from None


ADDING: Final = Form(
    Field("email", "email", N_("Email"), required=False, hint=N_("The letters go there.")),
    Field("name", "text", N_("Name"), required=False, max_length=120),
    Field("phone", "tel", N_("Phone"), required=False, hint=N_("For who has no email.")),
    radios(
        "lang",
        N_("In which language do we write or call?"),
        ("en", N_("English")),
        ("es", N_("Spanish")),
    ),
)


def add_page(owner: Owner, meeting: Meeting) -> Response:
    """Sign somebody up who called: by email, or by name and phone, who are then called."""
    at, by = now(), current_staff().actor

    def check(values: Values) -> dict[str, str]:
        reached = words(values, "email") or (words(values, "name") and words(values, "phone"))
        return {} if reached else {"email": NEITHER}

    def act(values: Values, command: str) -> str:
        who = sign_up.guest(
            meeting,
            at,
            by,
            email=words(values, "email"),
            key="" if words(values, "email") else _key_by_phone(meeting, values),
            name=words(values, "name"),
            phone=words(values, "phone"),
            lang=words(values, "lang"),
        )
        became = sign_up.sign_up(who, at)
        if became != "signed_up":
            raise Hindered({"full": FULL, "closed": CLOSED}.get(became, ALREADY))
        kept = rows.guest(meeting.id, who.key)
        if kept is not None:
            telling.tell(rows.load(meeting.id), kept, at)
        return owner.console(meeting)

    return FormPage(
        "meetings/desk_add.html",
        ADDING,
        once=True,
        check=check,
        facts=lambda: _facts(owner, meeting),
        draw=show,
    ).answer(act)


def _key_by_phone(meeting: Meeting, values: Values) -> str:
    """The same for the same person at the same number, whoever of staff signs them up."""
    digits = "".join(filter(str.isdigit, words(values, "phone")))[-10:]
    return rows.key_for(meeting.id, f"{' '.join(words(values, 'name').split())}|{digits}")


def attendance_page(owner: Owner, meeting: Meeting) -> Response:
    """Who came, recorded by staff."""
    at, by = now(), current_staff().actor
    asked = attendance.listed(meeting)
    attendance.looked(meeting, by)

    def act(values: Values, command: str) -> str:
        if at < meeting.begins or not meeting.on:
            raise Hindered(N_("You can say who came once the meeting has begun."))
        _keep(lambda: attendance.record(meeting, values, by, at))
        return owner.console(meeting)

    return FormPage(
        "meetings/desk_attendance.html",
        attendance.attendance_form(asked, of_group=bool(meeting.group)),
        version=meeting.version,
        once=True,
        known=attendance.known(meeting, asked),
        facts=lambda: {
            **_facts(owner, meeting),
            "people": asked,
            "name_of": attendance.shown,
            "action": f"{owner.console(meeting)}/attendance",
        },
        draw=show,
    ).answer(act)


def called_page(owner: Owner, meeting: Meeting) -> Response:
    """Who was called, because no letter reaches them."""
    waiting = to_call(meeting, rows.guests(meeting.id))
    attendance.looked(meeting, current_staff().actor)
    asked = Form(
        checkboxes(
            "called",
            N_("Whom did you tell how the meeting stands?"),
            *((who.key, f"{attendance.shown(who)} {who.phone}".strip()) for who in waiting),
        )
    )

    def act(values: Values, command: str) -> str:
        for key in several(values, "called"):
            told = {"called": meeting.sequence, "told_at": meeting.at}
            row = update(rows.guest_key(meeting.id, key)).set(told)
            dynamodb.transact(
                [row.only_if(field("status").equals(COMING)), sign_up.woken(meeting, now())]
            )
        return owner.console(meeting)

    return FormPage(
        "meetings/desk_called.html",
        asked,
        once=True,
        facts=lambda: _facts(owner, meeting),
        draw=show,
    ).answer(act)
