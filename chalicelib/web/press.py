"""A page with one form, and the press on it: shown, read, refused or carried out in one way.

What every press shares is here: a press of the language switch keeps what was typed, mistakes are shown
beside their fields, a form that we did not show to this visitor decides nothing, a command that cannot
be carried out brings the page again, and a form is good for one command, once and for all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import field

from chalice.app import Response

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.press_ids import press_id
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
SENT_BEFORE = N_(
    "This page was sent before, so nothing new was recorded. Please look at it as it is now. Press "
    "again if you still want to send it."
)
ANOTHER = N_(
    "What you sent was about another request, which this browser had open before. Nothing was recorded. "
    "This is the request that it shows now."
)
HOUR = 3600

# Carries a press out: cleaned values and the command's id, to the path where the visitor goes on, or
# to a page of its own.
Act = Callable[[Values, str], str | Response]


class Hindered(Exception):
    """The command cannot be carried out as things are: the page again, with ``notice`` (a msgid); or
    ``page``, when things changed meanwhile."""

    def __init__(self, notice: str, page: FormPage | None = None) -> None:
        super().__init__(notice)
        self.notice, self.page = notice, page


def nonce(subject: str, version: int = 0) -> str:
    """What a form carries that is shown for ``subject``; ``version``: of the case that it shows."""
    return f"{links.nonce(subject, now(), version)}.{_about(subject)}"


def _about(subject: str) -> str:
    """What tells a form of another subject from one that is only too old."""
    return hashlib.sha256(subject.encode()).hexdigest()[:8]


def shown_for_another(subject: str) -> bool:
    """Whether the posted form was drawn for something else than ``subject``."""
    about = one(form(), "_nonce").partition(".")[2]
    return about not in ("", _about(subject))


def shown_by_us(subject: str) -> bool:
    """Whether the posted form is one that we showed for ``subject``, not too long ago.

    Only then the press has an id (``command_id``).
    """
    ctx = current()
    text, _, about = one(ctx.form, "_nonce").partition(".")
    # All of the text names the press: another ending would be another press.
    ours = about == _about(subject)
    ctx.version_shown = links.read_nonce(text, subject, now()) if ours else None
    return ctx.version_shown is not None


def shown_at() -> int:
    """When the posted form, one of ours, was shown (UTC seconds)."""
    return int(one(form(), "_nonce").partition("-")[0], 16)


def command_id(purpose: str = "") -> str:
    """The id of the press at hand; ``purpose``: what the form is for, if its address does not say."""
    ctx = current()
    if ctx.version_shown is None:
        raise RuntimeError("a press on a form that we did not show")
    typed = {name: values for name, values in ctx.form.items() if not name.startswith("_")}
    shown = f"{one(ctx.form, '_nonce')}|{purpose or ctx.path}"
    return press_id(ctx.version_shown, shown, json.dumps(typed, sort_keys=True))


def only_once(press: str) -> None:
    """Let a press that changes no case happen once. Raises AlreadyDone for another of the same form.

    A press on a case needs no such row: its log knows it (``store.change``).
    """
    if not rate_limits.allow("press", press, 1, links.NONCE_SECONDS + HOUR, now()):
        raise AlreadyDone(press)


def sent_before(press: str) -> bool:
    """Whether such a press was sent before; asking counts as none."""
    return bool(rate_limits.used("press", press, now()))


def heard_before(press: str) -> bool:
    """Whether such a press was heard before: for a page that then shows what came of it."""
    try:
        only_once(press)
    except AlreadyDone:
        return True
    return False


def refuse(cleaned: Cleaned, errors: Mapping[str, str]) -> Cleaned:
    """The same form with further errors: msgids by field."""
    _ = translator(current().lang)
    cleaned.errors |= {name: _(text) for name, text in errors.items()}
    return cleaned


@frozen
class FormPage:
    """A page with one form.

    ``subject``: what its nonce is for; the console's pages have their session's instead, and ``draw``.
    ``version``: of the case that it shows; ``once``: it changes no case, so a row remembers its press.
    ``known``: answers that it starts with. ``check``: what is wrong with several answers together, of
    those that are there.
    ``facts``: what else its template shows, looked up only when it is shown.
    """

    template: str
    asked: Form
    subject: str = ""
    version: int = 0
    once: bool = False
    known: Answers = field(default_factory=dict)
    check: Callable[[Values], Mapping[str, str]] | None = None
    facts: Callable[[], TemplateValues] = dict
    draw: Callable[..., Response] = render

    def show(self, cleaned: Cleaned | None = None, notice: str = "", status: int = 0) -> Response:
        """The page; ``cleaned`` is what was wrong with a press, ``notice`` what hindered it."""
        shown = cleaned or blank(self.asked, self.known)
        own: TemplateValues = {"version": self.version}
        if self.subject:
            own = {"nonce": nonce(self.subject, self.version)}
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
        if self.check is not None and not cleaned.switching:
            # All that is wrong is said in one round; what a question itself lacks comes first.
            refuse(cleaned, {**self.check(cleaned.values), **cleaned.errors})
        if not cleaned.ok:
            return self.show(cleaned)
        if no and cleaned.values["decision"] == no:
            return redirect(back)
        if self.subject and not shown_by_us(self.subject):
            if shown_for_another(self.subject):
                return self.show(notice=ANOTHER)  # what was chosen there is not chosen here
            return self.show(cleaned, STALE)
        press = command_id()
        try:
            if self.once:
                only_once(press)
            then = act(cleaned.values, press)
            return redirect(then) if isinstance(then, str) else then
        except Invalid as error:
            return self.show(refuse(cleaned, error.errors))
        except AlreadyDone:
            return self.show(cleaned, SENT_BEFORE)
        except Hindered as hindered:
            return (hindered.page or self).show(cleaned, hindered.notice)
