"""Forms as data: what is asked, how an answer is read, and what to say when it cannot be taken.

One description serves the request form, mailed tasks and the console. Labels, hints and errors are
msgids; they are translated where they are shown. Nothing is ever preselected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypedDict, Unpack

from chalicelib.domain import addresses
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import STAFF
from chalicelib.web import text_input
from chalicelib.web.languages import N_, translator
from chalicelib.web.text_input import Answer

Values = dict[str, Answer]
Answers = Mapping[str, Answer]
Raw = dict[str, list[str]]
Option = tuple[str, ...]  # (value, label) or (value, label, hint)

KINDS = (
    "radios", "checkboxes", "select", "text", "textarea", "email", "tel", "number", "date", "time",
)  # fmt: skip

MISSING = {
    "radios": N_("Choose one answer."),
    "select": N_("Choose one from the list."),
    "checkboxes": N_("Choose at least one answer."),
    "date": N_("Give a date."),
    "time": N_("Give a time."),
    "email": N_("Type an email address, like name@example.org."),
    "tel": N_("Type a phone number with its area code."),
    "number": N_("Type a number."),
}

TOO_LOW: Final = N_("That is too low. Please check it.")
TOO_HIGH: Final = N_("That is too high. Please check it.")
TOO_EARLY: Final = N_("That day is too early. Please choose a later one.")
TOO_LATE: Final = N_("That day is too late. Please choose an earlier one.")

# What a free text is stopped for, once: it may be sent again as it is, with the box ticked.
DOUBTS = {
    "name": N_(
        "“%(words)s” looks like a child's name. Please write it without the name, like “a "
        "four-year-old”."
    ),
    "birth": N_(
        "“%(words)s” looks like a child's birth date. Please write it without the date, like “a "
        "four-year-old”."
    ),
    "diagnosis": N_(
        "“%(words)s” looks like a child's diagnosis. Please write what you see instead, like “loud "
        "rooms are hard”."
    ),
}
MISTYPED = N_("Did you mean %(address)s? Please fix it, or tell us that it is right as it is.")
LOOKED = "-looked"
NO_CHILD = N_("Do not write a child's name or birth date.")


@frozen
class Field:
    """One question.

    ``when``: asked only if this says so of the values known so far. ``missing``: the sentence for
    no answer, and ``gone`` for an option that is not offered anymore. ``exclusive``: checkbox values that stand alone, as "none". ``check``: a last look at
    the value, returns a msgid when it is not good. ``tidied``: what was typed, without what does not
    count, before it is read. ``minimum``/``maximum`` are for numbers and (as
    ISO text) for dates. ``short`` is the label where answers are listed. ``guarded``: whether the
    text is looked at for a child's identity; by default every textarea is. ``ahead``: read before
    the others, which may ask for it in their ``when``, wherever it stands on the page. ``readers``: who
    is meant to read the answer, where it is more than the staff's page of the case. ``aside``: drawn only
    once an answer has made it necessary. ``fold``: what stands in its place until it is opened, with
    the fields next to it that say the same. ``table``: the caption of a table whose rows are the fields
    next to each other that name it, and whose columns are their options: one tap answers a row.
    """

    name: str
    kind: str
    label: str
    hint: str = ""
    options: Sequence[Option] = ()
    required: bool = True
    max_length: int = 0
    when: Callable[[Values], bool] | None = None
    rows: int = 5
    missing: str = ""
    gone: str = ""
    exclusive: tuple[str, ...] = ()
    check: Callable[[Answer], str | None] | None = None
    tidied: Callable[[str], str] | None = None
    minimum: int | str | None = None
    maximum: int | str | None = None
    autocomplete: str = "off"
    inputmode: str = ""
    width: str = ""  # "short" for a zip code and the like
    short: str = ""
    guarded: bool | None = None
    ahead: bool = False
    readers: tuple[str, ...] = (STAFF,)
    aside: bool = False
    fold: str = ""
    table: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such kind of field: {self.kind}")

    def asked(self, values: Values) -> bool:
        """Whether these values call for it."""
        return self.when is None or self.when(values)

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind == "checkboxes"

    @property
    def limit(self) -> int:
        """The greatest length in characters."""
        return self.max_length or {"textarea": 1000, "email": 254, "tel": 40}.get(self.kind, 200)

    @property
    def grouped(self) -> bool:
        """Whether it is a fieldset of several inputs."""
        return self.kind in ("radios", "checkboxes")

    @property
    def watched(self) -> bool:
        """Whether a child's name, birth date or diagnosis in it is asked about."""
        return self.kind == "textarea" if self.guarded is None else self.guarded

    @property
    def listed(self) -> str:
        """The msgid that names the answer in a list."""
        return self.short or self.label

    def label_of(self, value: str) -> str:
        """The msgid of an option, or the value itself when it is no longer offered."""
        return next((option[1] for option in self.options if option[0] == value), value)


class More(TypedDict, total=False):
    """What may be said of a field besides its name, label and options; see ``Field``."""

    hint: str
    required: bool
    max_length: int
    when: Callable[[Values], bool]
    missing: str
    gone: str
    check: Callable[[Answer], str | None]
    tidied: Callable[[str], str]
    guarded: bool
    ahead: bool
    readers: tuple[str, ...]
    aside: bool
    fold: str
    table: str


def radios(name: str, label: str, *options: Option, **more: Unpack[More]) -> Field:
    """One answer of a few, all in sight."""
    return Field(name, "radios", label, options=options, **more)


def select(name: str, label: str, *options: Option, **more: Unpack[More]) -> Field:
    """One answer of a list that opens."""
    return Field(name, "select", label, options=options, **more)


def checkboxes(name: str, label: str, *options: Option, **more: Unpack[More]) -> Field:
    """Any of a few answers."""
    return Field(name, "checkboxes", label, options=options, **more)


def textarea(name: str, label: str, rows: int = 3, **more: Unpack[More]) -> Field:
    """Somebody's own words, in lines."""
    return Field(name, "textarea", label, rows=rows, **more)


class Form:
    """The questions of one page, in order."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields

    def asked(self, values: Answers) -> list[Field]:
        """The fields that these values call for."""
        return [f for f in self.fields if f.asked(dict(values))]


def number(values: Answers, name: str) -> int:
    """A field's number; 0 for one left open."""
    value = values.get(name)
    return int(value) if isinstance(value, int | str) and value else 0


def words(values: Answers, name: str) -> str:
    """A field's text; empty for one left open."""
    return str(values.get(name) or "")


def several(values: Answers, name: str) -> list[str]:
    """What was chosen of a list; empty for one left open."""
    value = values.get(name)
    return list(value) if isinstance(value, list | tuple) else []


@dataclass
class Cleaned:
    """What came of a posted form.

    ``values`` by field name; None for an optional question left open.
    ``errors`` by field name, in the reader's language. ``raw`` is what was typed, to show again.
    ``switching``: the press only changed the language, so nothing is to be saved. ``doubts``: what
    looked like a child's identity, as the value of the box that lets it pass, by field name.
    """

    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    raw: Raw = field(default_factory=dict)
    switching: bool = False
    doubts: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the values may be used."""
        return not self.errors and not self.switching

    @property
    def unsure(self) -> dict[str, str]:
        """The errors of texts that seem to tell who a child is: not even a draft keeps these."""
        return {name: self.errors[name] for name in self.doubts if name in self.errors}

    @property
    def status(self) -> int:
        """The HTTP status of showing the form again."""
        return 422 if self.errors and not self.switching else 200

    def typed(self, name: str) -> str:
        """What a one-line field shows."""
        return (self.raw.get(name) or [""])[0]

    def chosen(self, name: str, value: str) -> bool:
        """Whether an option is ticked."""
        return value in self.raw.get(name, [])


def blank(form: Form, values: Answers | None = None) -> Cleaned:
    """A form nobody has sent yet, filled in with the values that are known."""
    known = dict(values or {})
    raw: Raw = {}
    for one in form.fields:
        value = known.get(one.name)
        if value is None:
            continue
        raw[one.name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return Cleaned(values=known, raw=raw)


def clean(
    form: Form,
    data: Raw,
    lang: str,
    known: Answers | None = None,
    again: bool = False,
    keeping: bool = False,
) -> Cleaned:
    """Read a posted form. ``known``: answers of other pages that a ``when`` may look at. ``again``:
    these answers were accepted before, so nobody is asked again about a child's name. ``keeping``: all
    that was typed is to be kept, so texts that nothing asks for yet are looked at too.

    Unknown names are ignored. A press of the language switch keeps everything as typed, and
    shows errors only if they were showing before.
    """
    result = Cleaned(switching=bool(data.get("_switch")))
    seen = dict(known or {})
    for one in sorted(form.fields, key=lambda field: not field.ahead):
        given = data.get(one.name, [])
        result.raw[one.name] = [text_input.showable(value) for value in given]
        asked = one.asked(seen)
        if not asked and not (keeping and one.watched and any(given)):
            continue
        value, error = _read(one, given)
        if error:
            result.errors[one.name] = translator(lang)(error).replace("%(limit)s", str(one.limit))
        elif not again and (doubt := _doubt(one, value, data, result, lang)):
            result.errors[one.name] = doubt
        elif asked:
            result.values[one.name] = seen[one.name] = value
    if result.switching and not data.get("_shown"):
        result.errors, result.doubts = {}, {}
    return result


def _doubt(one: Field, value: Answer, data: Raw, result: Cleaned, lang: str) -> str:
    """What to say of a text that seems to tell who a child is, or of an address that seems mistyped; ""
    when there is nothing, or when the person has looked at these very words and says that they are right."""
    if one.kind == "email" and value:
        return _mistyped(one, str(value), data, result, lang)
    if not one.watched or not value:
        return ""
    from chalicelib.domain import child_identity  # only who writes a text waits for its rules

    found = child_identity.find(str(value))
    if not found:
        return ""
    result.doubts[one.name] = child_identity.marks(found)
    ticked = (data.get(one.name + LOOKED) or [""])[0]
    if child_identity.looked_at(found, ticked):
        result.raw[one.name + LOOKED] = [result.doubts[one.name]]
        return ""
    _ = translator(lang)
    by_kind = {
        kind: ", ".join([f.words for f in found if f.kind == kind][:3])
        for kind in child_identity.KINDS
    }
    return " ".join(_(DOUBTS[kind], words=words) for kind, words in by_kind.items() if words)


def _mistyped(one: Field, value: str, data: Raw, result: Cleaned, lang: str) -> str:
    meant = addresses.suggested(value)
    if not meant:
        return ""
    result.doubts[one.name] = value
    if value in data.get(one.name + LOOKED, []):
        result.raw[one.name + LOOKED] = [value]
        return ""
    return translator(lang)(MISTYPED, address=meant)


def _read(one: Field, given: list[str]) -> tuple[Answer, str | None]:
    """The value and no error, or an error msgid."""
    if one.many:
        return _read_many(one, given)
    if len(given) > 1:
        return None, N_("This question was answered twice. Please answer it once.")
    typed = given[0] if given else ""
    tidied = one.tidied or text_input.TIDIED.get(one.kind)
    typed = tidied(typed) if tidied else typed
    text, error = text_input.text(typed, lines=one.kind == "textarea")
    if error:
        return None, error
    if not text:
        if one.required:
            return None, one.missing or MISSING.get(one.kind, N_("Please answer this question."))
        return None, None
    if len(text) > one.limit:
        return None, N_("Please use at most %(limit)s characters.")
    value, error = _convert(one, text)
    if error is None and one.check is not None:
        error = one.check(value)
    return (None, error) if error else (value, None)


def _convert(one: Field, text: str) -> tuple[Answer, str | None]:
    if one.kind in ("radios", "select"):
        if text not in {option[0] for option in one.options}:
            return None, one.gone or N_("Choose one of the answers on this page.")
        return text, None
    reader = text_input.READERS.get(one.kind)
    value, error = reader(text) if reader else (text, None)
    if error:
        return None, error
    if one.minimum is not None and _below(value, one.minimum):
        return None, one.missing or (TOO_EARLY if one.kind == "date" else TOO_LOW)
    if one.maximum is not None and _below(one.maximum, value):
        return None, one.missing or (TOO_LATE if one.kind == "date" else TOO_HIGH)
    return value, None


def _below(one: Answer, other: Answer) -> bool:
    """Whether the one of two numbers, or of two ISO dates, is smaller."""
    if isinstance(one, int) and isinstance(other, int):
        return one < other
    return isinstance(one, str) and isinstance(other, str) and one < other


def _read_many(one: Field, given: list[str]) -> tuple[Answer, str | None]:
    offered = [option[0] for option in one.options]
    chosen = [value for value in given if value]
    if set(chosen) - set(offered):
        return None, N_("Choose from the answers on this page.")
    if not chosen:
        if one.required:
            return None, one.missing or MISSING["checkboxes"]
        return [], None
    if set(chosen) & set(one.exclusive) and len(set(chosen)) > 1:
        return None, N_("One of these answers cannot go with the others. Please check them.")
    value = [option for option in offered if option in chosen]
    return value, one.check(value) if one.check else None


def words_of(one: Field, value: Answer, lang: str) -> str:
    """An answer as a person reads it: option labels translated, lists joined, "" for none."""
    _ = translator(lang)
    if value is None or value == []:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_(one.label_of(item)) for item in value)
    if one.options:
        return _(one.label_of(str(value)))
    return str(value)
