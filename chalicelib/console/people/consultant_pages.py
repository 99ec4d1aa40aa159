"""Consultants are listed, added and changed; their leaves and hand-overs have a page of their own
(``referral/matching``). Each press shows first what it will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from chalice.app import Response

from chalicelib.aws import dynamodb
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.errors import ConditionFailed
from chalicelib.aws.log import logger
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key, field, update
from chalicelib.console.people import preview
from chalicelib.directory import mail_choices, people
from chalicelib.directory.people import Person
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.entries import consultant_form, new_people
from chalicelib.referral.matching import consultant_leave
from chalicelib.referral.matching.consultants_page import ELSEWHERE
from chalicelib.referral.matching.match_request import Consultant
from chalicelib.web.forms import Field, Form, Values, several, words
from chalicelib.web.http_input import Refused
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show

HOME: Final = "/console/consultants"
NOT_YOURS: Final = N_("You work for some counties. Choose only from those: %(counties)s.")


def add() -> Response:
    """A new consultant, ready for offers."""

    def effects(values: Values) -> Sequence[str]:
        _check(values, "")
        _ = translator(current().lang)
        return [
            _(N_("They may get offers from now on, up to %(cap)s consultations at the same time."),
              cap=values["cap"]),
            *_said_of_agreement(values),
        ]  # fmt: skip

    def act(values: Values, command: str) -> str:
        _check(values, "")
        key = added(values, command)
        return f"{HOME}/{key}"

    page = FormPage(
        "console/consultant_new.html", consultant_form.asked(), known=_fresh(), draw=show
    )
    return preview.answer(page, act, effects)


def _fresh() -> Values:
    """What most are, so that it need not be chosen."""
    no = dict.fromkeys(consultant_form.MARKS, "no")
    return {"letters_language": "en", "travel_minutes": 90, **no}


def added(values: Values, command: str) -> str:
    """Write the row of a new consultant; its id. The same command makes one alone."""
    key = new_people.new_id("c", command)
    dynamodb.write(consultant_form.new_row(key, values))
    _noted(key, "added")
    return key


def change(consultant: str) -> Response:
    """What the directory says of one, to be changed."""
    row = people.consultant_now(consultant)
    if not row:
        raise NotFound(consultant)
    work = consultant_leave.work_of(consultant)

    def effects(values: Values) -> Sequence[str]:
        _check(values, consultant)
        return _effects(row, values, work)

    def act(values: Values, command: str) -> str:
        if not current_staff().scope.covers_person(Consultant.read(row).counties):
            raise Refused(403, ELSEWHERE)
        save(row, values)
        return f"{HOME}/{consultant}"

    page = FormPage(
        "console/consultant_change.html",
        consultant_form.asked(Consultant.read(row).facilitator or ""),
        known=consultant_form.values_of(row),
        facts=lambda: {"id": consultant, "title": str(row.get("name") or consultant)},
        draw=show,
    )
    return preview.answer(page, act, effects)


def save(row: Person, values: Values) -> None:
    """Write what changed. Raises Hindered where the row changed meanwhile."""
    new = consultant_form.changed(row, consultant_form.row_of(values))
    if not new:
        return
    had: Item = dict(row)
    write = update(Key(people.CONSULTANTS, str(row["id"]))).set_or_remove(new)
    write = write.remove("email_bad") if "email" in new else write
    asked = {name: had[name] for name in new if name in had}
    same = [field(name).equals(value) for name, value in asked.items()]
    email, speaks = str(had.get("email", "")), str(new.get("letters_language") or "")
    choices = mail_choices.moved(email, str(new.get("email", email)), now(), speaks)
    try:
        dynamodb.transact([write.only_if(field("pk").exists(), *same), *choices])
    except ConditionFailed:
        raise Hindered(new_people.MEANWHILE) from None
    _noted(str(row["id"]), "changed")


def _check(values: Values, but: str) -> None:
    """Raises Invalid for an address that is somebody's, and counties that are not the reader's."""
    new_people.need_free_address(values, but)
    own = current_staff().scope.counties
    if own is not None and not set(several(values, "counties")) <= own:
        names = ", ".join(vocabulary.COUNTY_NAMES[one] for one in sorted(own))
        raise Invalid({"counties": translator(current().lang)(NOT_YOURS, counties=names)})


# -- what a change does -----------------------------------------------------------------------------
def _effects(row: Person, values: Values, work: Sequence[consultant_leave.Case]) -> list[str]:
    new = consultant_form.changed(row, consultant_form.row_of(values))
    _ = translator(current().lang)
    said = []
    if "email" in new:
        said.append(_(N_("Letters go to %(email)s from now on. Links that were mailed before still work."),
                      email=words(values, "email")))  # fmt: skip
    if "cap" in new:
        said.append(_said_of_places(int(str(new["cap"] or 0)), len(row.get("held", []))))
    if "agreement_until" in new:
        said += _said_of_agreement(values)
    said += _said_of_less("counties", row, values, Counter(case.state.county for case in work))
    for name in ("languages", "modalities", "settings"):
        said += _said_of_less(name, row, values, None)
    return said or [_(N_("It counts from the next match.")) if new else _(N_("Nothing changes."))]


def _said_of_places(cap: int, held: int) -> str:
    _ = translator(current().lang)
    if held >= cap:
        return str(_(N_("They have %(held)s consultations and get no new offer until they have less than %(cap)s."),
                     held=held, cap=cap))  # fmt: skip
    return str(
        _(
            N_("They have %(held)s consultations and may take %(free)s more."),
            held=held,
            free=cap - held,
        )
    )


def _said_of_agreement(values: Values) -> list[str]:
    _, until = translator(current().lang), consultant_form.row_of(values)["agreement_until"]
    if until is None:
        return []
    day = date_words(until - 1, current().lang, year=True)
    if until <= now():
        return [_(N_("Their agreement is over: they get no new offers."))]
    return [_(N_("They get offers until %(date)s, the last day of their agreement."), date=day)]


def _said_of_less(name: str, row: Person, values: Values, work: Counter[str] | None) -> list[str]:
    """What is said of choices that are taken away: new offers end, what they have goes on."""
    _, form = translator(current().lang), consultant_form.asked()
    gone = set(getattr(Consultant.read(row), name)) - set(several(values, name))
    if not gone:
        return []
    listed = ", ".join(_(_field(form, name).label_of(one)) for one in sorted(gone))
    if work is None:
        return [_(N_("No new offers for: %(listed)s. What they have goes on."), listed=listed)]
    count = sum(work[one] for one in gone)
    return [_(N_("No new offers for: %(listed)s. Their %(count)s open consultations there go on."),
              listed=listed, count=count)]  # fmt: skip


def _field(form: Form, name: str) -> Field:
    return next(one for one in form.fields if one.name == name)


def _noted(key: str, act: str) -> None:
    people.forget()
    logger().info(
        "consultant", extra={"consultant": key, "actor": current_staff().actor, "act": act}
    )
