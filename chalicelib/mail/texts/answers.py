"""What people text to us: STOP, START and HELP, in both languages, and whatever else, which nobody reads.

The number is set up so that AWS hands these words on and answers nothing by itself (docs/runbook.md): they
are answered in the person's language, and a STOP is known at once. Only the first word is looked at, and
no word of it is kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from chalicelib.aws import rate_limits
from chalicelib.aws.log import logger
from chalicelib.aws.ses import BadAddress
from chalicelib.aws.texts import text_messages
from chalicelib.directory import people, text_choices
from chalicelib.domain import addresses
from chalicelib.domain.errors import NotFound
from chalicelib.domain.json_values import Json
from chalicelib.mail.texts.compose import compose, plain
from chalicelib.mail.texts.ending import STOPPED, WELCOME, begin, end
from chalicelib.mail.texts.whom import CONSULTANT
from chalicelib.web.languages import HELPLINE, N_, translator

# The words that carriers ask for, and what people say in Spanish.
_STOP: Final = {"STOP": "en", "STOPALL": "en", "END": "en", "QUIT": "en", "CANCEL": "en", "REVOKE": "en",
                "OPTOUT": "en", "OPT": "en", "REMOVE": "en", "UNSUBSCRIBE": "en", "ARRET": "en", "TD": "en",
                "ALTO": "es", "PARAR": "es", "PARE": "es", "BASTA": "es", "CANCELAR": "es",
                "TERMINAR": "es"}  # fmt: skip
_START: Final = {"START": "en", "UNSTOP": "en", "INICIAR": "es", "INICIO": "es", "EMPEZAR": "es"}
_HELP: Final = {"HELP": "en", "INFO": "en", "AYUDA": "es"}
# Answers to one number in an hour: two machines that answer each other must come to an end.
_MOST, _HOUR, _DAY = 3, 3600, 86400

ENDED: Final = N_(
    "California IECMHC Network: no more texts from us. We will reach you another way. "
    "To get texts again, text START. Questions: %(phone)s"
)
WHO: Final = N_(
    "California IECMHC Network: free support for child care providers. Call %(phone)s, "
    "Mon-Fri 8-5. Text STOP to end. In danger? Call 911."
)
UNREAD: Final = N_(
    "California IECMHC Network: nobody reads texts here. Call %(phone)s, Mon-Fri 8-5. "
    "In danger? Call 911. Crisis: call or text 988."
)


def received(message: Json, at: int) -> None:
    """Hear what somebody texted. The same message twice is heard once. Raises PostBusy and AwsError while no
    answer can leave: then it comes again."""
    number, key = str(message.get("originationNumber", "")), str(message["inboundMessageId"])
    first = re.match(r"[^A-Z]*([A-Z]*)", plain(str(message.get("messageBody", ""))).upper())
    word = first[1] if first else ""
    if addresses.text_number(number) != number:
        logger().info("a text from no number that we could answer")
    elif word in _STOP:
        _stop(number, _STOP[word], at)
    elif word in _START and text_choices.of(number):
        _start(number, at)
    else:
        _answer(number, key, WHO if word in _HELP | _START else UNREAD, word, at)


def _stop(number: str, lang: str, at: int) -> None:
    """No more texts, confirmed once."""
    text_choices.stop(number, STOPPED, at)
    choice = text_choices.of(number)
    for about in sorted(choice.get("cases", ())):
        _turn(about, "", at)
    if not choice.get("confirmed"):
        _send(number, words(ENDED, str(choice.get("language") or lang)))
        text_choices.confirmed(number, at)


def _start(number: str, at: int) -> None:
    """Texts again, as the first time."""
    news = text_choices.start(number, "start", at)
    choice = text_choices.of(number)
    for about in sorted(choice.get("cases", ())):
        _turn(about, number, at)
    if news:
        lang = str(choice.get("language") or "en")
        _send(number, compose(WELCOME, lang, reference="", link=None))


def _turn(about: str, number: str, at: int) -> None:
    """Texts about a case, or to a consultant, begin again at a number, or end."""
    role, _, who = about.partition(":")
    if role == CONSULTANT:
        with suppress(NotFound):
            people.set_fields(who, {"texts": number or None})
    elif number:
        begin(about, number, at)
    else:
        end(about, at, STOPPED)


def _answer(number: str, key: str, told: str, first: str, at: int) -> None:
    if rate_limits.used("text-heard", key, at):
        return
    if rate_limits.allow("text-answer", number, _MOST, _HOUR, at):
        lang = str(text_choices.of(number).get("language") or _HELP.get(first, "en"))
        _send(number, words(told, lang))
    rate_limits.allow("text-heard", key, 1, _DAY, at)


def words(msgid: str, lang: str) -> str:
    """One of the answers, as it is sent."""
    return plain(translator(lang)(msgid, phone=HELPLINE))


def _send(number: str, text: str) -> None:
    try:
        text_messages.send(number, text, {"kind": "answer"})
    except BadAddress:
        logger().info("an answer that AWS does not let through")
