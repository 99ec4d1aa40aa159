"""Who a browser belongs to: six digits, mailed to the address on file, make it a known one.

Nothing of a code is stored. A signed cookie names the person, a random number of this browser and
the instant; the six digits follow from it under the link keys, so that the cookie without the mail,
or the mail without the cookie, opens nothing. What anybody does in another browser changes nothing
here: it has challenges, tries and mails of its own. A browser may hold several, as a mail may be slow;
those of an hour say how many mails it has had for a link. Counted in rows are only the mails to an
address, from whatever browsers, and the tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import NamedTuple

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.mail.send_now import send_now
from chalicelib.web import links, staff_auth
from chalicelib.web.request_context import Cookie, current

KNOWN, CHALLENGE = "known", "code"
# A challenge that no mail went out for has the same shape and is never answered right.
MUTE = "mute"
KNOWN_SECONDS = 90 * 86400
GOOD_FOR, TRIES = 600, 5
PERSONS = 4  # that share one browser, as at the desk of a small agency
HELD = 12  # challenges in one browser: its mails of an hour, for each of its persons
FLOOR_SECONDS = 0.6
VERIFIED, LINK_ONLY = "verified", "link only"


def _mark(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:20]


def _persons() -> dict[str, int]:
    """Whom this browser is known to belong to (hashed), and until when (UTC seconds)."""
    text = links.unsign(KNOWN, current().cookies.get(KNOWN, ""))
    found: dict[str, int] = {}
    for one in (text or "").split("_"):
        mark, _, end = one.partition("-")
        if end and int(end, 16) > now():
            found[mark] = int(end, 16)
    return found


def known(person: str) -> bool:
    """Whether this browser proved that it is ``person``'s (``consultant:id``, ``staff:id``).

    A member of staff who is signed in at the console has proved more than a mailed code does.
    """
    if _mark(person) in _persons():
        return True
    if not person.startswith("staff:") or staff_auth.COOKIE not in current().cookies:
        return False
    who = staff_auth.signed_in()
    return who is not None and f"staff:{who.id}" == person


def word(person: str) -> str:
    """How an answer from this browser is written down: ``verified`` or ``link only``."""
    return VERIFIED if known(person) else LINK_ONLY


class Letter(NamedTuple):
    """The letter that brings a code: its name, where it goes ("" for nowhere), and what it says."""

    name: str
    email: str
    language: str
    reference: str = ""


def _held() -> list[str]:
    """The signed challenges of this browser, the oldest first, whosever they are."""
    return [one for one in current().cookies.get(CHALLENGE, "").split("_")[:HELD] if one]


def _hold(challenges: list[str]) -> None:
    text = "_".join(challenges[-HELD:])
    current().new_cookies.append(Cookie(CHALLENGE, text, rate_limits.HOUR if text else 0))
    current().cookies[CHALLENGE] = text


def _of(person: str, signed: str) -> bool:
    """Whether a challenge is ours and for ``person``, in its ten minutes or after."""
    texts = [links.unsign(purpose, signed) for purpose in (CHALLENGE, MUTE)]
    return any((text or "").partition("-")[0] == _mark(person) for text in texts)


def _live(person: str) -> list[str]:
    """The challenges that this browser holds for ``person`` and that are still good."""
    return [one for one in _held() if _of(person, one) and _made_at(one) + GOOD_FOR > now()]


def _parts(signed: str) -> list[str]:
    return signed.partition(".")[0].split("-")


def _made_at(signed: str) -> int:
    return int(_parts(signed)[2], 16)


def _had_enough(person: str, own: str) -> bool:
    """Whether this browser asked often enough in this hour, by one link or by none."""
    lately = [
        one
        for one in _held()
        if _of(person, one)
        and _parts(one)[3:] == [_mark(own)]
        and _made_at(one) + rate_limits.HOUR > now()
    ]
    return len(lately) >= rate_limits.LETTERS


def ask(
    person: str, letter: Letter, *, own: str = "", source: str = "", anew: bool = False
) -> bool:
    """Mail a code and give this browser its challenge; False when there were too many in this hour.
    Raises TryAgain.

    A challenge that is still good is used further, unless the person wants one ``anew``; then both
    are good. The page and the time it takes are the same when no mail goes out: no address, or too
    many already. ``own`` and ``source`` as in ``rate_limits.mail_to``.
    """
    if _live(person) and not anew:
        return True
    # Another browser may hold the same link, passed on: what this one asks in vain takes nothing from it.
    if _had_enough(person, own):
        return False
    started = time.monotonic()
    try:
        return _send(person, letter, own, source)
    finally:
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))


def _send(person: str, letter: Letter, own: str, source: str) -> bool:
    at, to = now(), letter.email or person
    allowed = rate_limits.mail_to(letter.name, to, at, own=own, source=source, shared=bool(own))
    if not allowed and _live(person):
        return False  # what was mailed before is still good
    purpose = CHALLENGE if allowed and letter.email else MUTE
    signed = links.sign(purpose, f"{_mark(person)}-{secrets.token_hex(16)}-{at:x}-{_mark(own)}")
    _hold([*_held(), signed])
    if purpose == CHALLENGE:
        code = links.digits(CHALLENGE, signed)
        name, email, lang, reference = letter
        for_staff = person.startswith("staff:")
        send_now(
            name, email, lang, reference=reference, bare=True, code=code, for_staff=for_staff
        )  # fmt: skip
    return allowed


def prove(person: str, code: str) -> bool:
    """True when ``code`` is one that was mailed for this browser: it is known from now on.

    Every six digits are one of five tries of each code. A wrong code, a late one and one that was
    never mailed all give False. Raises TryAgain.
    """
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    if not [one for one in _live(person) if _right(one, code)]:
        return False
    _hold([one for one in _held() if not _of(person, one)])
    others = {mark: end for mark, end in _persons().items() if mark != _mark(person)}
    kept = list(others.items())[-(PERSONS - 1) :]
    _keep_known([*kept, (_mark(person), now() + KNOWN_SECONDS)])
    return True


def _right(signed: str, code: str) -> bool:
    if not rate_limits.allow("proof-tries", signed, TRIES, GOOD_FOR, now()):
        return False
    return hmac.compare_digest(links.digits(CHALLENGE, signed), code)


def forget(person: str) -> None:
    """Let this browser, which may be a shared one, be ``person``'s no more."""
    _keep_known([(mark, end) for mark, end in _persons().items() if mark != _mark(person)])


def _keep_known(persons: list[tuple[str, int]]) -> None:
    text = "_".join(f"{mark}-{end:x}" for mark, end in persons)
    signed = links.sign(KNOWN, text) if text else ""
    current().new_cookies.append(Cookie(KNOWN, signed, KNOWN_SECONDS if text else 0))
    current().cookies[KNOWN] = signed
