"""The words of every page and letter in the reader's language, and dates as people say them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

LOCALE = Path(__file__).resolve().parent.parent / "locale"
DEFAULT = "en"
PACIFIC = ZoneInfo("America/Los_Angeles")

HELPLINE = "1-877-524-2422"
REFERRAL_LINE = "1-800-543-7793"
ABUSE_LINES = (
    "https://www.cdss.ca.gov/reporting/report-abuse/child-protective-services/report-child-abuse"
)

Translate = Callable[..., str]
Text = TypeVar("Text", bound=str)  # plain, or Markup


def N_(msgid: str) -> str:  # noqa: N802 - the usual gettext name
    """Mark a msgid for extraction where it is written; it is translated where it is shown."""
    return msgid


WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages offered: English and every catalogue under locale/ (one file each)."""
    found = sorted(path.name for path in LOCALE.glob("*/") if path.name != DEFAULT)
    return (DEFAULT, *found)


def language_name(lang: str) -> str:
    """What a language calls itself, as ``Español``."""
    own = catalogue(lang).gettext("(name of this language)")
    return "English" if own.startswith("(") else own


@cache
def catalogue(lang: str) -> NullTranslations:
    """The translations of a language; English msgids for what is unknown."""
    folder = LOCALE / lang / "LC_MESSAGES"
    compiled, source = folder / "messages.mo", folder / "messages.po"
    fresh = compiled.exists() and not (
        source.exists() and source.stat().st_mtime > compiled.stat().st_mtime
    )
    if fresh:
        with compiled.open("rb") as stream:
            return GNUTranslations(stream)
    if source.exists():  # a checkout whose catalogue was not compiled yet
        # A tool of developers: it does not ship.
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with source.open("rb") as text:
            buffer = io.BytesIO()
            write_mo(buffer, read_po(text, locale=lang))
        buffer.seek(0)
        return GNUTranslations(buffer)
    return NullTranslations()


@cache
def translator(lang: str) -> Translate:
    """``_`` of a language: ``_("Call %(phone)s", phone=...)`` gives plain, unescaped text."""
    words = catalogue(lang)

    def _(msgid: str, **values: object) -> str:
        text = words.gettext(msgid) if msgid else ""
        return filled(text, values) if values else text

    return _


def filled(text: Text, values: Mapping[str, object]) -> Text:
    """A sentence with its ``%(name)s`` filled in. A value that ends with a full stop, as the Spanish
    «a. m.», ends the sentence with it: there is no second one. Spanish says «a la 1:00», not «las»."""
    for name, value in values.items():
        if str(value).startswith("1:"):
            text = text.replace(f" las %({name})s", f" la %({name})s")  # type: ignore[assignment]
        if str(value).endswith("."):
            text = text.replace(f"%({name})s.", f"%({name})s")  # type: ignore[assignment]
    return text % values  # type: ignore[return-value]


def pick_language(*wishes: str | None) -> str:
    """The first wish that is offered; a wish may be an Accept-Language header, which says how much
    each of its languages is wanted."""
    for wish in wishes:
        parts = [part.partition(";") for part in (wish or "")[:200].split(",")]
        for tag, _, weight in sorted(parts, key=lambda part: -_weight(part[2])):
            name = tag.strip().lower().split("-")[0]
            if name in languages() and _weight(weight) > 0:
                return name
    return DEFAULT


def _weight(parameter: str) -> float:
    """What ``q=0.8`` says; 1 where nothing is said, 0 where it cannot be read."""
    name, _, value = parameter.replace(" ", "").lower().partition("=")
    if not name:
        return 1.0
    return float(value) if name == "q" and re.fullmatch(r"[01](\.[0-9]{0,3})?", value) else 0.0


def _pacific(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, PACIFIC)


def noon_of(iso: str) -> float:
    """Noon in California on a day ("2027-03-09"), in epoch seconds: no change of the clock moves its date."""
    return datetime.fromisoformat(f"{iso}T12:00").replace(tzinfo=PACIFIC).timestamp()


def date_words(epoch: float, lang: str, year: bool = False) -> str:
    """The Pacific day of an instant (epoch seconds): "Thursday, May 7"; ``year`` adds the year."""
    _, day = translator(lang), _pacific(epoch)
    values = {
        "weekday": _(WEEKDAYS[day.weekday()]),
        "month": _(MONTHS[day.month - 1]),
        "day": day.day,
        "year": day.year,
    }
    if year:
        return _("%(weekday)s, %(month)s %(day)s, %(year)s", **values)
    return _("%(weekday)s, %(month)s %(day)s", **values)


def time_words(epoch: float, lang: str) -> str:
    """The Pacific time of day of an instant (epoch seconds): "2:30 PM"."""
    _, day = translator(lang), _pacific(epoch)
    values = {"hour": (day.hour + 11) % 12 + 1, "minute": f"{day.minute:02d}"}
    if day.hour < 12:
        return _("%(hour)s:%(minute)s AM", **values)
    return _("%(hour)s:%(minute)s PM", **values)


def moment_words(epoch: float, lang: str) -> str:
    """Day and time together: "Thursday, May 7 at 2:30 PM" (Pacific)."""
    return translator(lang)(
        "%(date)s at %(time)s", date=date_words(epoch, lang), time=time_words(epoch, lang)
    )


def when_words(instant: int, at: int, lang: str) -> str:
    """An instant as people say it at ``at``: "today at 9:00 AM", "Wednesday at 5:00 PM"."""
    _ = translator(lang)
    time, day = time_words(instant, lang), _pacific(instant)
    away = (day.date() - _pacific(at).date()).days
    if -1 <= away <= 1:
        near = (N_("yesterday at %(time)s"), N_("today at %(time)s"), N_("tomorrow at %(time)s"))
        return _(near[away + 1], time=time)
    weekday = _(WEEKDAYS[day.weekday()])
    if abs(away) < 7:
        return _(N_("%(weekday)s at %(time)s"), weekday=weekday, time=time)
    values = {"weekday": weekday, "month": _(MONTHS[day.month - 1]), "day": day.day, "time": time}
    if day.year != _pacific(at).year:
        text = N_("%(weekday)s, %(month)s %(day)s, %(year)s at %(time)s")
        return _(text, **values, year=day.year)
    return _(N_("%(weekday)s, %(month)s %(day)s at %(time)s"), **values)


def long_words(seconds: int, lang: str) -> str:
    """A length of time in its greatest unit: "40 s", "12 min", "5 h", "2 d"."""
    _ = translator(lang)
    if seconds < 60:
        return _(N_("%(n)s s"), n=max(0, seconds))
    if seconds < 3600:
        return _(N_("%(n)s min"), n=seconds // 60)
    if seconds < 2 * 86400:
        return _(N_("%(n)s h"), n=seconds // 3600)
    return _(N_("%(n)s d"), n=seconds // 86400)
