"""Who a browser belongs to: six digits, mailed to the address on file, make it a known one.

Nothing of a code is stored. A signed cookie names the person, a random number of this browser and
the instant; the six digits follow from it under the link keys, so that the cookie without the mail,
or the mail without the cookie, opens nothing. Only two counters are written: mails and tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from chalicelib.aws import rate_limits
from chalicelib.aws.now import now
from chalicelib.mail.send_now import send_now
from chalicelib.web import links, staff_auth
from chalicelib.web.request_context import Cookie, current

KNOWN, CHALLENGE = "known", "code"
# A challenge that no mail went out for has the same shape and is never answered right.
MUTE = "mute"
KNOWN_SECONDS = 90 * 86400
GOOD_FOR, TRIES, HOUR = 600, 5, 3600
CODES_AN_HOUR = 3  # for a person: a link that was passed on must not fill their mailbox
PERSONS = 4  # that share one browser, as at the desk of a small agency
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


def _challenge(person: str) -> str:
    """The signed challenge that this browser holds for ``person``, in its ten minutes; or ""."""
    signed = current().cookies.get(CHALLENGE, "")
    for purpose in (CHALLENGE, MUTE):
        text = links.unsign(purpose, signed)
        mark, _, rest = (text or "").partition("-")
        begun = int(rest.partition("-")[2] or "0", 16)
        if mark == _mark(person) and begun + GOOD_FOR > now():
            return signed
    return ""


def ask(person: str, email: str, lang: str, reference: str, *, anew: bool = False) -> None:
    """Mail a code to ``email`` and give this browser its challenge. Raises TryAgain.

    A challenge that is still good is used further, unless the person wants one ``anew``. The page
    and the time it takes are the same when no mail goes out: no address, or too many already.
    """
    if _challenge(person) and not anew:
        return
    started = time.monotonic()
    try:
        _send(person, email, lang, reference)
    finally:
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))


def _send(person: str, email: str, lang: str, reference: str) -> None:
    at = now()
    allowed = rate_limits.allow("proof", person, CODES_AN_HOUR, HOUR, at)
    if not allowed and _challenge(person):
        return  # the code that was mailed before is still good
    purpose = CHALLENGE if allowed and email else MUTE
    signed = links.sign(purpose, f"{_mark(person)}-{secrets.token_hex(16)}-{at:x}")
    current().new_cookies.append(Cookie(CHALLENGE, signed, GOOD_FOR))
    current().cookies[CHALLENGE] = signed
    if purpose == CHALLENGE:
        code = links.digits(CHALLENGE, signed)
        for_staff = person.startswith("staff:")
        send_now("tasks/code", email, lang, reference=reference, code=code, for_staff=for_staff)


def prove(person: str, code: str) -> bool:
    """True when ``code`` is the one that was mailed for this browser: it is known from now on.

    Every six digits are one of five tries. A wrong code, a late one and one that was never mailed
    all give False. Raises TryAgain.
    """
    signed = _challenge(person)
    if not signed or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    if not rate_limits.allow("proof-tries", signed, TRIES, GOOD_FOR, now()):
        return False
    if not hmac.compare_digest(links.digits(CHALLENGE, signed), code):
        return False
    others = {mark: end for mark, end in _persons().items() if mark != _mark(person)}
    kept = list(others.items())[-(PERSONS - 1) :]
    kept.append((_mark(person), now() + KNOWN_SECONDS))
    text = links.sign(KNOWN, "_".join(f"{mark}-{end:x}" for mark, end in kept))
    for cookie in (Cookie(KNOWN, text, KNOWN_SECONDS), Cookie(CHALLENGE, "", 0)):
        current().new_cookies.append(cookie)
        current().cookies[cookie.name] = cookie.value
    return True
