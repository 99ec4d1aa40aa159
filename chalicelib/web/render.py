"""Turns a room's template and its facts into HTML; nothing is loaded until a page is drawn."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.domain.addresses import dialed
from chalicelib.domain.vocabulary import PRIORITIES, TIERS, label
from chalicelib.web import languages
from chalicelib.web.folding import folded

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

ROOMS = Path(__file__).resolve().parent.parent


@cache
def _folder(room: str) -> Path:
    """Where a room lies: at the top, or in a wing."""
    return next((p for p in (ROOMS / room, *ROOMS.glob(f"*/{room}")) if p.is_dir()), ROOMS / room)


PAGE_NAME = re.compile(r"([a-z_]+)/([a-z0-9_]+)\.html")
LETTER_NAME = re.compile(r"([a-z_]+)/letters/([a-z0-9_]+)\.j2")

# What a template shows. Nothing but the template reads it, and a name that it lacks fails the page.
TemplateValues = dict[str, Any]

_language: ContextVar[str] = ContextVar("language", default=languages.DEFAULT)


def source_path(name: str) -> Path:
    """The file behind a template name: ``room/name.html`` or ``room/letters/kind.j2``."""
    if found := PAGE_NAME.fullmatch(name):
        return _folder(found[1]) / "templates" / f"{found[2]}.html"
    if found := LETTER_NAME.fullmatch(name):
        return _folder(found[1]) / "letters" / f"{found[2]}.j2"
    raise ValueError(f"not a template name: {name}")


def _load(name: str) -> tuple[str, str, None] | None:
    path = source_path(name)
    if not path.exists():
        return None
    # A name that is the same wherever the program lies, for the cache of compiled templates.
    return path.read_text(encoding="utf-8"), os.path.relpath(path, ROOMS), None


def _gettext(msgid: str, **values: object) -> Markup:
    """``_`` in templates. Everything is escaped but values that are Markup already."""
    text = _words(_language.get(), msgid)
    return languages.filled(text, values) if values else text


# Typed: a Markup equals the same text that is none, and is not escaped.
@lru_cache(maxsize=16_384, typed=True)
def _words(lang: str, msgid: str) -> Markup:
    """A text of ours, translated and escaped once a process: a page has hundreds of them."""
    # With Jinja, not before it.
    from markupsafe import escape

    return escape(languages.catalogue(lang).gettext(msgid) if msgid else "")


def _date(epoch: float, year: bool = False) -> str:
    return languages.date_words(epoch, _language.get(), year)


def _day(iso: str) -> str:
    """A day as a row keeps it, with its year."""
    return languages.date_words(languages.noon_of(iso), _language.get(), year=True)


def _time(epoch: float) -> str:
    return languages.time_words(epoch, _language.get())


def _moment(epoch: float) -> str:
    return languages.moment_words(epoch, _language.get())


@cache
def environment(escape: bool = True) -> Environment:
    """The Jinja environment: strict, escaping for pages, plain for letters."""
    # Jinja takes long to load: letters and forms name templates before one is drawn.
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    # The same.
    from chalicelib.web.template_cache import TemplateCache

    made = Environment(
        loader=FunctionLoader(_load),
        bytecode_cache=TemplateCache(ROOMS),
        undefined=StrictUndefined,
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals["_"] = _gettext if escape else _plain
    made.filters.update(date=_date, day=_day, time=_time, moment=_moment, dialed=dialed)
    made.globals.update(
        helpline=languages.HELPLINE,
        referral_line=languages.REFERRAL_LINE,
        abuse_lines=languages.ABUSE_LINES,
        languages=languages.languages,
        language_name=languages.language_name,
        label=label,
        tiers=TIERS,
        priorities=PRIORITIES,
        folded=folded,
    )
    return made


def _plain(msgid: str, **values: object) -> str:
    return languages.translator(_language.get())(msgid, **values)


def html(template: str, lang: str, **ctx: object) -> str:
    """Draw ``room/name.html`` in a language. Raises jinja2.UndefinedError on a missing fact."""
    token = _language.set(lang)
    try:
        return environment().get_template(template).render(lang=lang, **ctx)
    finally:
        _language.reset(token)


def blocks(template: str, lang: str, **ctx: object) -> dict[str, str]:
    """Every block of a plain-text template on its own, unescaped (letters)."""
    token = _language.set(lang)
    try:
        found = environment(escape=False).get_template(template)
        context = found.new_context({"lang": lang, **ctx})
        return {name: "".join(block(context)) for name, block in found.blocks.items()}
    finally:
        _language.reset(token)


def block(template: str, name: str, lang: str, **ctx: object) -> str | None:
    """One of its blocks on its own; None where it has none of that name."""
    token = _language.set(lang)
    try:
        found = environment(escape=False).get_template(template)
        if name not in found.blocks:
            return None
        return "".join(found.blocks[name](found.new_context({"lang": lang, **ctx})))
    finally:
        _language.reset(token)


def has_block(template: str, name: str) -> bool:
    """Whether a plain-text template has a block of that name."""
    return name in environment(escape=False).get_template(template).blocks


def compile_all() -> None:
    """Compile every template ahead, where files can be written."""
    for path in sorted(ROOMS.rglob("templates/*.html")):
        environment().get_template(f"{path.parent.parent.name}/{path.name}")
    for path in sorted(ROOMS.rglob("letters/*.j2")):
        environment(escape=False).get_template(f"{path.parent.parent.name}/letters/{path.name}")
