"""Staff are listed, added and changed. Each press shows first what it will do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, Write, create, field, update
from chalicelib.console.people import hand_over, preview, sign_ins
from chalicelib.directory import mail_choices, people
from chalicelib.directory.people import Person
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.roles import ADMIN, ALL_COUNTIES, ROLE_WORDS, Scope
from chalicelib.entries import new_people
from chalicelib.referral.matching.consultants_page import ELSEWHERE
from chalicelib.web.forms import (
    Field,
    Form,
    Values,
    checkboxes,
    radios,
    select,
    several,
    words,
)
from chalicelib.web.http_input import Refused
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.lists.queue import QueuedTask

HOME: Final = "/console/staff"
ALL, SOME = "all", "some"

LAST_ADMIN: Final = N_("They are the only administrator. Make somebody else one first.")
NOT_YOURS: Final = N_("You work for some counties alone. Choose only from those.")

ASKED: Final = Form(
    Field("name", "text", N_("Name"), max_length=80),
    Field("email", "email", N_("Email"), hint=N_("They sign in with it, and get their letters there.")),
    radios("role", N_("Role"), *ROLE_WORDS.items()),
    radios("where", N_("Whose requests do they see and work on?"),
           (ALL, N_("All of California")), (SOME, N_("Of some counties"))),
    checkboxes("counties", N_("Counties"), *((slug, one.name) for slug, one in vocabulary.COUNTIES.items()),
               when=lambda values: values.get("where") == SOME),
    select("letters_language", N_("Language of their letters"), *vocabulary.LETTERS_LANGUAGES.items()),
)  # fmt: skip


# -- everybody --------------------------------------------------------------------------------------
def show_list() -> Response:
    """Everybody with their role, counties, open tasks, leave, and whether they can sign in."""
    at, wished = now(), sign_ins.standing()
    everybody = sorted(people.staff(), key=lambda row: (not row.get("active"), _name(row)))
    lines = [
        {
            "row": row,
            "name": _name(row),
            "role": ROLE_WORDS.get(row.get("role", ""), row.get("role", "")),
            "counties": _counties(row),
            "tasks": len(hand_over.tasks_of(str(row["id"]), at)),
            "leave": leave_of(row, at),
            "sign_in": _sign_in(row, wished.get(str(row["id"]), {})),
        }
        for row in everybody
    ]
    return show("console/staff.html", lines=lines)


def _name(row: Person) -> str:
    return str(row.get("name") or row["id"])


def _counties(row: Person) -> list[str]:
    """The names of their counties; empty for all of California."""
    own = people.scope_of(row).counties
    return [] if own is None else [vocabulary.COUNTY_NAMES.get(one, one) for one in sorted(own)]


def leave_of(row: Person, at: int) -> tuple[int, int] | None:
    """First and last instant of a leave that is not over."""
    until = row.get("on_leave_until", 0)
    return (row.get("on_leave_from", at), until) if until > at else None


IN: Final = N_("Can sign in")
OUT: Final = N_("Cannot sign in")
SOON: Final = N_("Being changed. It takes a minute.")
REFUSED: Final = N_("AWS refuses to change it. It is tried again every two minutes.")


def _sign_in(row: Person, wished: Item) -> str:
    """How far their sign-in is: a msgid."""
    if "failed" in wished:
        return REFUSED
    if "wake_at" in wished:
        return SOON
    return IN if row.get("active") is True else OUT


# -- a new one, and changes -------------------------------------------------------------------------
def add() -> Response:
    """A new member of staff: their row, and a user of the sign-in for the same address."""

    def effects(values: Values) -> Sequence[str]:
        _free(values, "")
        _, role = translator(current().lang), ROLE_WORDS[words(values, "role")]
        said = [
            _(N_("AWS mails a first password to %(email)s. It is good for three days."),
              email=words(values, "email")),
            _(N_("New tasks for the role “%(role)s” go to them, too: whoever has the fewest gets the next."),
              role=_(role)),
        ]  # fmt: skip
        return [*said, _sees(values)]

    def act(values: Values, command: str) -> str:
        _free(values, "")
        member = new_people.new_id("s", command)
        row = {"id": member, "active": True, **_row(values)}
        made = create(Key(people.STAFF, member), row)
        dynamodb.transact([made, sign_ins.wish(member, command, now())])
        note(member, "added")
        return f"{HOME}/{member}"

    page = FormPage("console/staff_new.html", ASKED, draw=show)
    return preview.answer(page, act, effects)


def show_one(member: str) -> Response:
    """One member of staff; a press changes their row."""
    row, at = member_of(member), now()

    def effects(values: Values) -> Sequence[str]:
        _check(values, row)
        _ = translator(current().lang)
        said = []
        if words(values, "email") != row.get("email"):
            said.append(_(N_("They sign in with %(email)s from now on. AWS mails a first password there."),
                          email=words(values, "email")))  # fmt: skip
        if words(values, "role") != row.get("role"):
            said.append(_(N_("What they may do changes with their next click.")))
        if _row(values)["counties"] != row.get("counties"):
            said.append(_sees(values))
        return [
            *said,
            *said_of_moves(_leaving(member, values, at)),
            *([] if said else [_(NOTHING_ELSE)]),
        ]

    def act(values: Values, command: str) -> Response:
        _check(values, row)
        new, old = _row(values), str(row.get("email", ""))
        former = old if new["email"] != old else ""
        same = [
            field(name).equals(value) for name, value in row.items() if name in ("email", "role")
        ]
        changes = [update(Key(people.STAFF, member)).set(new).remove("email_bad").only_if(*same)]
        signs_in = former or new["role"] != row.get("role")
        said = str(new["letters_language"])
        speaks = said if said != row.get("letters_language", "en") else ""
        choices = mail_choices.moved(old, str(new["email"]), at, speaks)
        write(
            [
                *changes,
                *choices,
                *([sign_ins.wish(member, command, at, former)] if signs_in else []),
            ]
        )
        note(member, "changed")
        return moved(member, _leaving(member, values, at), at)

    return preview.answer(page_of(member, row), act, effects)


NOTHING_ELSE: Final = N_("Nothing else changes.")


def page_of(member: str, row: Person, results: Sequence[hand_over.Result] = ()) -> FormPage:
    """The page of one member of staff; ``results``: what became of each of their tasks."""
    at = now()
    own = people.scope_of(row).counties
    known: Values = {
        "name": row.get("name"),
        "email": row.get("email"),
        "role": row.get("role"),
        "where": ALL if own is None else SOME,
        "counties": sorted(own or ()),
        "letters_language": row.get("letters_language", "en"),
    }
    facts: TemplateValues = {
        **preview.UNSEEN,
        "member": member,
        "row": row,
        "title": _name(row),
        "leave": leave_of(row, at),
        "tasks": hand_over.tasks_of(member, at),
        "sign_in": _sign_in(row, sign_ins.standing().get(member, {})),
        "results": [(one.reference, people.name_of(f"staff:{one.to}")) for one in results],
    }
    return FormPage("console/staff_member.html", ASKED, known=known, facts=lambda: facts, draw=show)


def member_of(key: str) -> Person:
    """Their row as it stands. Raises NotFound."""
    row = people.staff_now(key)
    if not row:
        raise NotFound(key)
    return row


def _row(values: Values) -> Item:
    """What the form says, as the directory keeps it."""
    everywhere = values["where"] == ALL
    kept = {name: words(values, name) for name in ("name", "email", "role", "letters_language")}
    return kept | {"counties": ALL_COUNTIES if everywhere else values["counties"]}


def _sees(values: Values) -> str:
    _ = translator(current().lang)
    if values["where"] == ALL:
        return str(_(N_("They see the requests of all of California.")))
    names = [vocabulary.COUNTY_NAMES[one] for one in _row(values)["counties"]]
    return str(
        _(
            N_("They see the requests of these counties alone: %(counties)s."),
            counties=", ".join(names),
        )
    )


def _check(values: Values, row: Person) -> None:
    """Raises Invalid, Refused or Hindered where the row cannot become this."""
    need_reach(row)
    _free(values, str(row["id"]))
    if row.get("role") == ADMIN != values["role"]:
        need_another_admin(str(row["id"]))


def need_reach(row: Person) -> None:
    """Raises Refused where somebody works in counties that are not the reader's."""
    own, theirs = current_staff().scope.counties, people.scope_of(row).counties
    if own is not None and (theirs is None or not theirs <= own):
        raise Refused(403, ELSEWHERE)


def _free(values: Values, but: str) -> None:
    """Raises Invalid where somebody else has the address, and where the reader would give counties that are
    not theirs."""
    own = current_staff().scope.counties
    if own is not None and not own.issuperset(several(values, "counties") or [ALL]):
        raise Invalid({"counties" if values["where"] == SOME else "where": NOT_YOURS})
    new_people.need_free_address(values, but)


def need_another_admin(but: str) -> None:
    """Raises Hindered where nobody but ``but`` could run the system."""
    others = [
        row for row in people.staff() if row.get("role") == ADMIN and row.get("active") is True
    ]
    if not [row for row in others if row["id"] != but]:
        raise Hindered(LAST_ADMIN)


def write(members: list[Write]) -> None:
    """Write the members of a press. Raises Hindered where somebody else was quicker."""
    try:
        dynamodb.transact(members)
    except ConditionFailed:
        raise Hindered(new_people.MEANWHILE) from None
    finally:
        people.forget()


# -- what becomes of their tasks --------------------------------------------------------------------
def _leaving(member: str, values: Values, at: int) -> list[QueuedTask]:
    scope = Scope.of(_row(values)["counties"])
    return hand_over.leaving(member, words(values, "role"), scope, at)


def said_of_moves(tasks: Sequence[QueuedTask]) -> list[str]:
    """The sentence about tasks that go to colleagues; none where none goes."""
    if not tasks:
        return []
    _ = translator(current().lang)
    listed = ", ".join(dict.fromkeys(task.reference for task in tasks))
    return [_(N_("%(count)s open tasks go to colleagues, who get a letter about each: %(listed)s."),
              count=len(tasks), listed=listed)]  # fmt: skip


def moved(member: str, tasks: list[QueuedTask], at: int) -> Response:
    """Move them, and show what became of each."""
    results = hand_over.move(tasks, member, current_staff().actor, at)
    people.forget()
    return page_of(member, member_of(member), results).show()


def note(member: str, act: str) -> None:
    """Say in the log who did what to whom."""
    people.forget()
    logger().info("staff", extra={"staff": member, "actor": current_staff().actor, "act": act})


def counties_of(member: str) -> list[str]:
    """The counties that a member of staff works for. Raises NotFound."""
    own = people.scope_of(member_of(member)).counties
    return list(vocabulary.COUNTIES if own is None else own)
