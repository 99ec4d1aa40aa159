"""The list "How did it go?" in front of a kind's own questions, and what its page tells of the tries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Final

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now as this_moment
from chalicelib.calls.calling import Calling
from chalicelib.calls.rule import lacking
from chalicelib.calls.words import (
    LATER,
    OTHER_VOICEMAIL,
    TALKED,
    TRIES,
    UNRESPONSIVE,
    WAYS,
    told_in,
)
from chalicelib.domain import calendar
from chalicelib.domain.roles import ROLES
from chalicelib.domain.vocabulary import LANGUAGES
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Option,
    Values,
    checkboxes,
    radios,
    select,
    textarea,
    words,
)
from chalicelib.web.languages import N_
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.cases import C, Case, Entry
from chalicelib.workflow.storage.indexes import CALL_AT

if TYPE_CHECKING:
    from chalicelib.mail.phone.sayings import Saying

INTERPRETER, LANGUAGE, DAY, TIME, NOTE, SAFE = (
    "interpreter", "voicemail_language", "call_day", "call_time", "call_note", "kept_safe",
)  # fmt: skip
SAID: Final = "said_too"
_SPOKEN: Final = ("phone", "video", "no_answer", LATER, OTHER_VOICEMAIL)
"""After these the interpreter line may have been on the call."""


def no_talk(values: Values) -> bool:
    """Whether they chose that no talk took place."""
    chosen = words(values, TALKED)
    return chosen in TRIES or chosen in (LATER, UNRESPONSIVE)


def with_tries(
    calling: Calling[C],
    form: Callable[[C], Form],
    talks: Mapping[str, str],
    *,
    also: Collection[str] = (),
    end: str = "",
    brief: bool = False,
) -> Callable[[C], Form]:
    """The same form behind the list of what came of the call.

    ``talks``: the ways of a talk, value and msgid; after them the kind's own questions are asked, and
    after a try those that ``also`` names. ``end``: what the named end says that it does, where that is not
    the usual one. ``brief``: one choice, and nothing to type.
    """

    def of_talk(field: Field) -> Field:
        if field.name in also:
            return field
        asked = field.when
        if asked is None:
            return replace(field, when=lambda v: words(v, TALKED) in talks)
        return replace(field, when=lambda v: not no_talk(v) and asked(v))

    def wrapped(state: C) -> Form:
        options: list[Option] = [*talks.items()]
        options += [(value, one.label) for value, one in TRIES.items() if not brief or one.whole]
        if not brief:
            options.append((LATER, N_("They asked me to call at another time")))
        ends = calling.may_give_up(state, this_moment())
        if ends:
            options.append((UNRESPONSIVE, end or calling.closes))
        own = [of_talk(field) for field in form(state).fields]
        if brief:
            return Form(radios(TALKED, N_("How did it go?"), *options), *own)
        own += [_heard(waits, talks)] if (waits := waiting_to_be_said(state)) else []
        noted = "note" in also
        return Form(
            radios(TALKED, N_("How did it go?"), *options),
            *_of_a_try(),
            *([_SAFETY] if ends and calling.not_alone(state) else []),
            *own,
            *([] if noted else [_NOTE]),
        )

    return wrapped


def waiting_to_be_said(view: Case) -> list[Saying]:
    """What staff who talk with somebody without email can tell them in the same call, so that nobody is
    called twice; nothing where the task is that call itself, or a consultant's."""
    task, n = view.task, view.contact.call
    theirs = task is not None and task.role in ROLES and task.number != n
    # Its module brings the letters along; hardly any call needs it.
    return load("mail.phone.sayings:sayings")(view) if theirs and n in view.side_tasks else []


def _heard(waits: list[Saying], talks: Mapping[str, str]) -> Field:
    return checkboxes(
        SAID,
        N_("Did you tell them this, too?"),
        *((one.id, one.words.title) for one in waits),
        hint=N_("Its words are above. What you told them here, nobody calls them about again."),
        required=False,
        when=lambda values: words(values, TALKED) in talks,
    )


def _of_a_try() -> list[Field]:
    """What one of the answers asks besides: a language, or a day and a time."""
    today = calendar.pacific_date(this_moment()).isoformat()

    def later(values: Values) -> bool:
        return values.get(TALKED) == LATER

    return [
        select(
            LANGUAGE,
            N_("In which language did you leave the voicemail?"),
            *LANGUAGES.items(),
            when=lambda values: values.get(TALKED) == OTHER_VOICEMAIL,
        ),
        Field(DAY, "date", N_("On which day should we call?"), minimum=today, when=later),
        Field(TIME, "time", N_("At what time? Pacific time"), when=later),
        checkboxes(
            INTERPRETER,
            N_("Interpreter line"),
            ("yes", N_("An interpreter was on the line")),
            required=False,
            when=lambda values: words(values, TALKED) in _SPOKEN,
        ),
    ]


_NOTE: Final = textarea(
    NOTE,
    N_("Note about the call"),
    hint=NO_CHILD,
    required=False,
    rows=2,
    when=lambda values: words(values, TALKED) in (*TRIES, LATER),
)
_SAFETY: Final = textarea(
    SAFE,
    N_("They said that someone is in danger. What was done, and which supervisor agrees to close?"),
    hint=NO_CHILD,
    rows=3,
    missing=N_("Talk with a supervisor first, then write down what was done and who agrees."),
    when=lambda values: values.get(TALKED) == UNRESPONSIVE,
)


def later(state: Case, now: int) -> Values:
    """An example: they ask to be called three days on."""
    on = calendar.pacific_date(now) + timedelta(days=3)
    return {TALKED: LATER, DAY: on.isoformat(), TIME: "14:00"}


def recorded(state: Case, entry: Entry) -> Values:
    """What was chosen and typed when a try was recorded, to correct it."""
    told, outcome = told_in(entry), str(entry.payload.get("verdict", ""))
    way, voicemail = told.get("how", ""), told.get("voicemail", "")
    found: Values = {
        TALKED: next(
            (value for value, one in TRIES.items() if one.told(outcome, way, voicemail)), ""
        )
    }
    if found.get(TALKED) == OTHER_VOICEMAIL:
        found[LANGUAGE] = voicemail
    if at := told.get("callback"):
        here = calendar.local(at)
        found |= {TALKED: LATER, DAY: here.date().isoformat(), TIME: f"{here:%H:%M}"}
    if told.get("interpreter"):
        found[INTERPRETER] = ["yes"]
    return found | {NOTE: told.get("note", "")}


def with_told(
    calling: Calling[C],
    details: Callable[[C], TemplateValues],
) -> Callable[[C], TemplateValues]:
    """The same details with the tries so far, and what the rule still asks for (``calls/tries.html``)."""

    @wraps(details)
    def wrapped(state: C) -> TemplateValues:
        tries = calling.tries(state)
        return details(state) | {
            "tries": tries,
            "ways": WAYS,
            "lacking": lacking(tries, this_moment()) if calling.ends else None,
            "call_at": state.task.about.get(CALL_AT) if state.task else None,
            "too": [] if calling.presses_on else waiting_to_be_said(state),
        }

    return wrapped
