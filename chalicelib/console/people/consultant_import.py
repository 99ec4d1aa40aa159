"""Consultants from a table: pasted as comma-separated values, looked at row by row, and written once the
reader has seen what each row does. A row goes through the same form as a consultant who is typed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib.console.people import consultant_pages, preview
from chalicelib.directory import people
from chalicelib.directory.people import Person
from chalicelib.domain.errors import Invalid
from chalicelib.entries import consultant_form, new_people
from chalicelib.web.forms import Field, Form, Raw, Values, clean, words
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show

# Of a table; a page's post takes 64 KB.
MOST: Final = 200
BETWEEN: Final = ";"

EMPTY: Final = N_("There is no row below the names of the columns.")
TOO_MANY: Final = N_("Please use at most %(most)s rows at a time.")
NO_COLUMN: Final = N_("These columns are missing: %(names)s.")
UNKNOWN: Final = N_("These columns are not known: %(names)s.")
TWICE: Final = N_("This address stands in the table twice.")
COUNTY: Final = N_("Some of these counties are not yours.")

ASKED: Final = Form(
    Field(
        "table",
        "textarea",
        N_("The table, with the names of the columns in its first row"),
        hint=N_(
            "Copy it from a spreadsheet that was saved as CSV. Several values of a cell have ; between them."
        ),
        max_length=60_000,
        guarded=False,
        rows=12,
    )
)


@dataclass(frozen=True)
class Row:
    """One row of a table: ``wrong`` says what cannot be taken, "" where all can. ``known`` is who has the
    address already."""

    line: int
    email: str
    values: Values
    wrong: str
    known: Person

    @property
    def does(self) -> str:
        """What it does: refused, added, changed or nothing."""
        if self.wrong:
            return "refused"
        if not self.known:
            return "added"
        new = consultant_form.row_of(self.values)
        return "changed" if consultant_form.changed(self.known, new) else "same"


def read(text: str) -> list[Row]:
    """The rows of a table. Raises Invalid where it is none."""
    table = csv.DictReader(io.StringIO(text.strip()), restkey="", restval="")
    had = sorted({str(row.get("facilitator") or "") for row in people.consultants()})
    form, found = consultant_form.asked(*had), list(table)
    _need_columns(form, list(table.fieldnames or ()))
    if not found:
        raise Invalid({"table": EMPTY})
    if len(found) > MOST:
        raise Invalid({"table": translator(current().lang)(TOO_MANY, most=MOST)})
    known = {str(row.get("email", "")).casefold(): row for row in people.consultants()}
    seen: set[str] = set()
    return [_read(form, number, cells, known, seen) for number, cells in enumerate(found, start=2)]


def _need_columns(form: Form, names: list[str]) -> None:
    _, given = translator(current().lang), {name.strip() for name in names}
    need = {one.name for one in form.fields if one.required and one.when is None}
    if missing := sorted(need - {*consultant_form.MARKS} - given):
        raise Invalid({"table": _(NO_COLUMN, names=", ".join(missing))})
    if unknown := sorted(given - {one.name for one in form.fields}):
        raise Invalid({"table": _(UNKNOWN, names=", ".join(unknown))})


def _read(
    form: Form, line: int, cells: dict[str, str], known: dict[str, Person], seen: set[str]
) -> Row:
    typed = {name.strip(): (value or "").strip() for name, value in cells.items() if name}
    row = known.get(typed.get("email", "").casefold())
    raw: Raw = {one.name: _cell(one, typed.get(one.name, "")) for one in form.fields} | {
        one: [typed.get(one, "").lower() or "no"] for one in consultant_form.MARKS
    }
    # What the table has no column for stays as it is.
    raw |= {name: had for name, had in _had(row).items() if name not in typed} if row else {}
    cleaned = clean(form, raw, current().lang, again=True)
    email = words(cleaned.values, "email").casefold()
    wrong = [f"{name}: {said}" for name, said in cleaned.errors.items()]
    wrong += [_said(email, cleaned.values, known, seen)] if not wrong else []
    seen.add(email)
    found = known.get(email, Person())
    return Row(
        line, email or typed.get("email", ""), cleaned.values, " ".join(filter(None, wrong)), found
    )


def _had(row: Person) -> Raw:
    """What the form would send of a consultant as they are."""
    return {
        name: [str(one) for one in value]
        if isinstance(value, list)
        else ["" if value is None else str(value)]
        for name, value in consultant_form.values_of(row).items()
    }


def _cell(one: Field, text: str) -> list[str]:
    if one.many:
        return [part.strip() for part in text.split(BETWEEN) if part.strip()]
    return [text.replace(BETWEEN, "\n") if one.kind == "textarea" else text]


def _said(email: str, values: Values, known: dict[str, Person], seen: set[str]) -> str:
    """What is wrong with a row that its fields alone do not tell: a msgid in the reader's words."""
    _ = translator(current().lang)
    if email in seen:
        return str(_(TWICE))
    if new_people.is_taken(values, str(known.get(email, {}).get("id", ""))):
        return str(_(new_people.TAKEN))
    own = current_staff().scope.counties
    counties = values.get("counties")
    if own is not None and isinstance(counties, list) and not set(counties) <= own:
        return str(_(COUNTY))
    return ""


def import_table() -> Response:
    """The page: what each row does is shown first; what is refused is left out."""

    def effects(values: Values) -> Sequence[str]:
        return [_line(row) for row in read(words(values, "table"))]

    def act(values: Values, command: str) -> str:
        for row in read(words(values, "table")):
            if row.does == "added":
                # The same row of the same press makes the same consultant, however often it comes.
                consultant_pages.added(row.values, f"{command}|{_mark(row.email)}")
            elif row.does == "changed":
                try:
                    consultant_pages.save(row.known, row.values)
                except Hindered:
                    continue  # it changed meanwhile: the next look shows it
        return consultant_pages.HOME

    page = FormPage(
        "console/consultant_import.html",
        ASKED,
        facts=lambda: {"columns": _columns(consultant_form.asked())},
        draw=show,
    )
    return preview.answer(page, act, effects)


def _mark(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:12]


def _line(row: Row) -> str:
    _ = translator(current().lang)
    said = {
        "refused": N_("Row %(line)s, %(email)s: refused. %(wrong)s"),
        "added": N_("Row %(line)s, %(email)s: a new consultant."),
        "changed": N_("Row %(line)s, %(email)s: is changed (%(names)s)."),
        "same": N_("Row %(line)s, %(email)s: nothing changes."),
    }[row.does]
    names = ", ".join(consultant_form.changed(row.known, consultant_form.row_of(row.values)))
    return str(_(said, line=row.line, email=row.email or "–", wrong=row.wrong, names=names))


def _columns(form: Form) -> list[tuple[str, str, str]]:
    """What a table may have: the column, what it is, and the ids that it takes."""
    return [
        (one.name, one.label, f"{BETWEEN} ".join(option[0] for option in one.options))
        for one in form.fields
    ]
