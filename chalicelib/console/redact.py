"""Staff take a child's name out of what was written: chosen texts, a preview, a reason, one press.

First the log says who did it and where, never the words; that command also brings the newest entry
into the log, so that every text stands in a row of its own. Then the rows are rewritten. A crash in
between leaves words that are still found, and the same press again takes them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalice.app import Response

from chalicelib import rooms
from chalicelib.aws.now import now
from chalicelib.aws.writes import Key
from chalicelib.console.answers import label_of
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import Invalid
from chalicelib.referral.events import REDACTED, ReferralPayload
from chalicelib.referral.request import QUESTIONS
from chalicelib.referral.sessions import join
from chalicelib.web.forms import Form, Values, checkboxes, radios, several, textarea
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.web.text_input import Answer
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import type_of
from chalicelib.workflow.cases import Case, Command, Entry
from chalicelib.workflow.storage import free_text, keys, store
from chalicelib.workflow.storage.free_text import Text

MOST_WORDS = 12
NOWHERE = N_("These words are in none of the texts that you chose.")
FIELDS = {
    "note": N_("Note"),
    "unmet_note": N_("In a few words"),
    "reason": N_("Reason"),
    "why": N_("Reason"),
    "text": N_("Goal"),
    "doing": N_("What they do for it"),
    "wish": N_("Wish for changes"),
    "question": N_("Question"),
    "words": N_("Review"),
    "helped": N_("What helped"),
    "next_steps": N_("What they can go on with"),
    "join": N_("Where they join"),
}

ROWS = {
    "REFERRAL_KEPT": N_("Half-written answer"),
    "TASK": N_("Task"),
    "DECISION": N_("Decision"),
    "APPLICATION": N_("Application"),
    "CONSULTANT_FORM": N_("How they work"),
}


def lines(value: str) -> list[str]:
    """The words to take out: one a line, without blanks around them."""
    return list(dict.fromkeys(line.strip() for line in value.splitlines() if line.strip()))


def _some(value: Answer) -> str | None:
    given = lines(str(value))
    if any(len(line) < 2 for line in given):
        return N_("Type at least two characters in each line.")
    return N_("Type at most 12 lines.") if len(given) > MOST_WORDS else None


def _texts(state: Case) -> list[Text]:
    questions = QUESTIONS.values()
    typed = [one.name for one in questions if one.typed and one.check is None]
    typed += [join.NAME, *type_of(state).typed()]
    return free_text.of(
        state.reference, typed, [one.name for one in questions if one.reaches_somebody]
    )


class Place(NamedTuple):
    """A text of this case, or of another case of its person that belongs to it (``beside``), or in a ``row``
    of another room, which is ``called`` so. ``field``: what its type of case calls it."""

    reference: str
    text: Text
    beside: bool = False
    row: Key | None = None
    called: str = ""
    field: str = ""

    @property
    def id(self) -> str:
        """What the form calls it."""
        elsewhere = self.row.pk if self.row else self.reference if self.beside else ""
        return f"{elsewhere}/{self.text.id}" if elsewhere else self.text.id


def _places(state: Case) -> list[Place]:
    """Every text of a case, of those that belong to it, and of what rooms keep of its person."""
    names = type_of(state).typed()
    own = [Place(state.reference, text, field=names.get(text.field, "")) for text in _texts(state)]
    others = registry.load(rooms.REDACTED_TOO)(state)
    theirs = [Place(one, text, True) for one in others for text in free_text.of(one, (), ())]
    for row, called in registry.redacted_rows(state):
        texts = free_text.of_row(row)
        theirs += [Place(state.reference, text, row=row, called=called) for text in texts]
    return own + theirs


def asked(found: Sequence[Place], lang: str) -> Form:
    """Which texts, which words, and why. The words are never kept, so no guard stands here."""
    return Form(
        textarea(
            "words",
            N_("Which words should be taken out?"),
            hint=N_("One name or date in each line, spelled as in the text."),
            max_length=400,
            check=_some,
            guarded=False,
            missing=N_("Type the words that should be taken out."),
        ),
        checkboxes(
            "texts",
            N_("From which texts?"),
            *((place.id, where(place, lang), place.text.words) for place in found),
            missing=N_("Choose at least one text."),
        ),
        radios("reason", N_("Why?"), *vocabulary.REDACTION_REASONS.items()),
    )


def where(place: Place, lang: str) -> str:
    """Where a text stands, in words."""
    _, text = translator(lang), place.text
    if place.beside:
        return f"{place.reference}: {where(place._replace(beside=False), lang)}"
    name = _(place.field or FIELDS.get(text.field) or label_of(text.field))
    if text.sk == keys.REQUEST:
        return _(N_("Request")) + f": {name}"
    if text.sk == keys.PLAN:
        return _(N_("Action plan")) + f": {name}"
    if text.sk.startswith(keys.LOG):
        n = int(text.sk.removeprefix(keys.LOG))
        return _(N_("Entry %(n)s: %(field)s"), n=n, field=name)
    row = _(place.called or ROWS.get(text.sk.partition("#")[0], N_("Another row")))
    return f"{row}: {name}"


def redact(reference: str) -> Response:
    """Ask which words to take out of which texts; a preview first, and the press on it does it."""
    state = store.look_up(reference, Case)
    if type_of(state).withheld(state, current_staff().actor):
        return redirect(f"/console/referrals/{state.reference}")
    found = _places(state)

    def act(values: Values, command: str) -> str:
        given, chosen = lines(str(values["words"])), several(values, "texts")
        find = free_text.pattern(given)
        hits = [place for place in found if place.id in chosen and find.search(place.text.words)]
        if one(form(), "_go") != "do":
            if not hits:
                raise Invalid({"words": NOWHERE})
            raise Hindered("", _page(state, found, [(hit, cut(hit.text, given)) for hit in hits]))
        actor, why = current_staff().actor, str(values["reason"])
        for case in dict.fromkeys(hit.reference for hit in hits):
            texts = [hit.text for hit in hits if hit.reference == case]
            note(case, texts, given, why, actor, command)
            free_text.take_out(case, [text.id for text in texts], given)
        for hit in hits:
            if hit.row is not None:
                free_text.take_out_of_row(hit.row, [hit.text.id], given)
        return f"/console/referrals/{state.reference}"

    return _page(state, found).answer(act)


def note(
    reference: str, hits: Sequence[Text], given: list[str], reason: str, actor: str, command: str
) -> None:
    """Write down who takes words out, why, and from where: never which. Once for each press."""
    find, at = free_text.pattern(given), now()
    places: list[dict[str, str | int]] = [
        {"row": t.sk, "field": t.field, "n": len(find.findall(t.words))} for t in hits
    ]

    def decide(state: Case) -> Command:
        entry = Entry(
            event=REDACTED,
            at=at,
            actor=actor,
            reason=reason,
            command=command,
            payload=ReferralPayload(
                places=places, total=sum(len(find.findall(t.words)) for t in hits)
            ),
        )
        return entry, ()

    store.change(reference, decide, press=command)


def cut(text: Text, given: list[str]) -> list[tuple[str, bool]]:
    """A text in pieces: what stays (False), and where something is taken out (True)."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in free_text.pattern(given).finditer(text.words):
        pieces += [(text.words[end : match.start()], False), (free_text.TAKEN_OUT, True)]
        end = match.end()
    return [piece for piece in [*pieces, (text.words[end:], False)] if piece[0]]


def _page(
    state: Case,
    found: Sequence[Place],
    preview: Sequence[tuple[Place, list[tuple[str, bool]]]] = (),
) -> FormPage:
    lang = current().lang
    facts = {
        "state": state,
        "any_text": bool(found),
        "preview": [(where(place, lang), pieces) for place, pieces in preview],
    }
    return FormPage(
        "console/redact.html",
        asked(found, lang),
        version=state.version,
        facts=lambda: facts,
        draw=show,
    )
