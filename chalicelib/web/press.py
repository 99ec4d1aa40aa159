"""A page with one form, and the press on it: shown, read, refused or carried out in one way.

What every press shares is here: a press of the language switch keeps what was typed, mistakes are shown
beside their fields, a form that we did not show to this visitor decides nothing, a command that cannot
be carried out brings the page again, and the same form sent twice is one command.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import Invalid
from chalicelib.web import links
from chalicelib.web.forms import Answers, Cleaned, Form, Values, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.web.render import TemplateValues

STALE = N_(
    "This page was open for a long time, or was sent by a program. Please look at it as it is now, "
    "then press again."
)

# Carries a press out: cleaned values and the command's id, to the path where the visitor goes on, or
# to a page of its own.
Act = Callable[[Values, str], str | Response]


class Hindered(Exception):
    """The command cannot be carried out as things are: the page again, with ``notice`` (a msgid); or
    ``page``, when things changed meanwhile."""

    def __init__(self, notice: str, page: FormPage | None = None) -> None:
        super().__init__(notice)
        self.notice, self.page = notice, page


def nonce(subject: str) -> str:
    """What a form carries that is shown for ``subject``."""
    return links.nonce(subject, now())


def shown_by_us(subject: str) -> bool:
    """Whether the posted form is one that we showed for ``subject``, not too long ago."""
    return links.nonce_ok(one(form(), "_nonce"), subject, now())


def command_id(*typed: object) -> str:
    """The id of the press at hand: the same form with the same answers is the same command."""
    said = json.dumps([one(form(), "_nonce"), *typed], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def refuse(cleaned: Cleaned, errors: Mapping[str, str]) -> Cleaned:
    """The same form with further errors: msgids by field."""
    _ = translator(current().lang)
    cleaned.errors |= {name: _(text) for name, text in errors.items()}
    return cleaned


@dataclass(frozen=True)
class FormPage:
    """A page with one form.

    ``subject``: what its nonce is for; the console's pages have their session's instead, and ``draw``.
    ``known``: answers that it starts with. ``check``: what is wrong with several answers together.
    ``facts``: what else its template shows, looked up only when it is shown.
    """

    template: str
    asked: Form
    subject: str = ""
    known: Answers = field(default_factory=dict)
    check: Callable[[Values], Mapping[str, str]] | None = None
    facts: Callable[[], TemplateValues] = dict
    draw: Callable[..., Response] = render

    def show(self, cleaned: Cleaned | None = None, notice: str = "", status: int = 0) -> Response:
        """The page; ``cleaned`` is what was wrong with a press, ``notice`` what hindered it."""
        shown = cleaned or blank(self.asked, self.known)
        own = {"nonce": nonce(self.subject)} if self.subject else {}
        return self.draw(
            self.template,
            status or (422 if notice else shown.status),
            form=self.asked,
            cleaned=shown,
            notice=notice,
            **own,
            **self.facts(),
        )

    def answer(self, act: Act, no: str = "", back: str = "") -> Response:
        """The page for whoever looks, and what ``press`` makes of it for whoever presses."""
        return self.press(act, no, back) if current().method == "POST" else self.show()

    def press(self, act: Act, no: str = "", back: str = "") -> Response:
        """Carry the press out, or show the page again.

        ``no``: the ``decision`` that leaves all as it is, and ``back`` where it leads.
        """
        cleaned = clean(self.asked, form(), current().lang)
        if cleaned.ok and self.check is not None:
            refuse(cleaned, self.check(cleaned.values))
        if not cleaned.ok:
            return self.show(cleaned)
        if no and cleaned.values["decision"] == no:
            return redirect(back)
        if self.subject and not shown_by_us(self.subject):
            return self.show(cleaned, STALE)
        try:
            then = act(cleaned.values, command_id(cleaned.values))
            return redirect(then) if isinstance(then, str) else then
        except Invalid as error:
            return self.show(refuse(cleaned, error.errors))
        except Hindered as hindered:
            return (hindered.page or self).show(cleaned, hindered.notice)
