"""Links that people get by mail, and the nonces of the forms behind them.

A link names a referral, a task and its own end, and carries 128 bits that only the holder of the
link key can make: HMAC-SHA256 under a 256-bit random key that Secrets Manager keeps. Nothing of it
is stored, so a copy of the table opens no task. Keys have names: a rotated key verifies until its
links have ended. A task takes the links from ``task.first`` on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import string
from secrets import randbits
from urllib.parse import unquote

from chalicelib.aws.secrets import forget_keys as forget_keys
from chalicelib.aws.secrets import link_keys
from chalicelib.domain.ids import BITS, bits_of, normalize_reference, reference_of, typeable
from chalicelib.domain.plain.values import frozen

NONCE_SECONDS = 12 * 3600
# Added to the number of a link that somebody gets without a letter, from their list or a task before.
UNMAILED = 500
# Characters of a mangled link that are looked at; a good one has about seventy.
LONGEST = 300
_SHAPE = re.compile(
    r"^([a-z0-9]{9})-([0-9]{1,4})-([0-9]{1,3})-([0-9a-f]{8,9})-([a-z0-9]{1,8})-([a-z2-7]{26})$"
)


_NONCE = re.compile(
    r"^(([0-9a-f]{1,9})-([0-9a-f]{1,6})-[0-9a-f]{6})-(?P<key>[a-z0-9]{1,8})-([a-z2-7]{26})$"
)


@frozen
class Link:
    """What a verified link names. ``number`` counts the task's links; ``expires`` is UTC seconds.
    One that was not ``mailed`` is as good as the letter of its number."""

    reference: str
    n: int
    number: int
    expires: int
    text: str
    mailed: bool = True


def _digest(key: bytes, *parts: object) -> bytes:
    message = "|".join(str(part) for part in parts).encode()
    return hmac.new(key, message, hashlib.sha256).digest()[:16]


def _mac(key: bytes, *parts: object) -> str:
    return base64.b32encode(_digest(key, *parts)).decode().rstrip("=").lower()


def mint(reference: str, n: int, number: int, expires: int) -> str:
    """The text of a link: ``[a-z0-9-]`` only, so that mail programs leave it whole."""
    name, keys = link_keys()
    flat = reference.replace("-", "").lower()
    mac = _mac(keys[name], "link", flat, n, number, expires)
    return f"{flat}-{n}-{number}-{expires:x}-{name}-{mac}"


# A short link, for a text message: the same facts and the same 128 bits as a number of 216 bits, in letters
# and digits. Which key made it, it does not say: there are one or two.
_DIGITS = string.digits + string.ascii_letters
_SHORT = re.compile("[0-9A-Za-z]{37}")
_MAC_BITS, _N_BITS, _NUMBER_BITS, _TIME_BITS = 128, 10, 9, 29
_SINCE = 1_767_225_600  # January 1, 2026: its seconds last until 2043


def mint_short(reference: str, n: int, number: int, expires: int) -> str:
    """The same link in 37 characters; the usual one where a number is too large for it."""
    parts = ((n, _N_BITS), (number, _NUMBER_BITS), (expires - _SINCE, _TIME_BITS))
    if any(not 0 <= value < 1 << bits for value, bits in parts):
        return mint(reference, n, number, expires)
    packed = bits_of(reference)
    for value, bits in parts:
        packed = packed << bits | value
    name, keys = link_keys()
    mac = _digest(keys[name], "short", packed)
    rest, text = packed << _MAC_BITS | int.from_bytes(mac), ""
    for _place in range(37):
        rest, digit = divmod(rest, len(_DIGITS))
        text += _DIGITS[digit]
    return text


def _read_short(plain: str) -> Link | None:
    """The verified link in a short one. A wrong one and an unknown one take the same path."""
    whole = 0
    for char in reversed(plain):
        whole = whole * len(_DIGITS) + _DIGITS.index(char)
    packed, given = whole >> _MAC_BITS, (whole & (1 << _MAC_BITS) - 1).to_bytes(16)
    made = [_digest(key, "short", packed) for key in link_keys()[1].values()]
    good = [hmac.compare_digest(one, given) for one in made]
    rest, expires = packed >> _TIME_BITS, (packed & (1 << _TIME_BITS) - 1) + _SINCE
    rest, number = rest >> _NUMBER_BITS, rest & (1 << _NUMBER_BITS) - 1
    bits, n = rest >> _N_BITS, rest & (1 << _N_BITS) - 1
    if not any(good) or bits >> BITS:
        return None
    return Link(reference_of(bits), n, number, expires, plain)


def read(text: str) -> Link | None:
    """The verified link in ``text``, mended where mail programs mangle, or None.

    A wrong link and an unknown one take the same path: one MAC, one constant-time compare.
    """
    plain = _unmangled(text)
    if _SHORT.fullmatch(plain):
        return _read_short(plain)
    plain = plain.lower()
    shape = _SHAPE.match(plain)
    parts = shape.groups() if shape else ("0" * 9, "0", "0", "0", "", "a" * 26)
    flat, n, number, expires, name, given = parts
    current, keys = link_keys(needed=name)
    known = keys.get(name)
    made = _mac(known or keys[current], "link", flat, int(n), int(number), int(expires, 16))
    good = hmac.compare_digest(made, given) and known is not None and shape is not None
    reference = normalize_reference(flat)
    if not good or reference is None:
        return None
    mailed, counted = int(number) < UNMAILED, int(number) % UNMAILED
    return Link(reference, int(n), counted, int(expires, 16), plain, mailed)


def mended(text: str) -> str:
    """A link without what mail programs put into it; at most ``LONGEST`` characters."""
    return _unmangled(text).lower()


def _unmangled(text: str) -> str:
    # Path parameters arrive as typed: a mail program's blank or bracket comes as %20 or %3E.
    plain = re.sub(r"=\s*\r?\n|=3D|[\s=.,;:<>()\[\]\"'“”‘’‚„«»‹›…]", "", unquote(text[:LONGEST]))
    return typeable(plain)


def nonce(subject: str, now: int, version: int = 0) -> str:
    """A form's nonce: proof that the form was shown, by us, for ``subject``, not long ago.

    It is made without a write, because a GET writes nothing, and is another one for each form, because
    a form is good for one command. ``version``: that of the case as the form shows it; a press looks
    for its own entry among those that came after.
    """
    name, keys = link_keys()
    shown = f"{now:x}-{version:x}-{randbits(24):06x}"
    return f"{shown}-{name}-{_mac(keys[name], 'nonce', subject, shown)}"


def read_nonce(text: str, subject: str, now: int) -> int | None:
    """The version in a nonce for ``subject`` that was issued in the last 12 hours; None for another
    text."""
    parts = _NONCE.match(text)
    current, keys = link_keys(needed=parts["key"] if parts else "")
    shown, at, version, name, given = parts.groups() if parts else ("", "0", "0", current, "a" * 26)
    key = keys.get(name)
    made = _mac(key or keys[current], "nonce", subject, shown)
    fresh = now - NONCE_SECONDS <= int(at, 16) <= now + 600  # clocks may differ by 10 min
    good = hmac.compare_digest(made, given) and parts is not None and key is not None and fresh
    return int(version, 16) if good else None


def sign(purpose: str, text: str) -> str:
    """``text`` with a MAC for ``purpose``: cookies that we must be able to trust."""
    name, keys = link_keys()
    return f"{text}.{name}.{_mac(keys[name], purpose, text)}"


def unsign(purpose: str, signed: str) -> str | None:
    """The text of ``sign``, or None when it is not ours."""
    text, _, rest = signed.partition(".")
    name, _, given = rest.partition(".")
    current, keys = link_keys(needed=name)
    made = _mac(keys.get(name, keys[current]), purpose, text)
    # As bytes: a cookie may hold any character, and strings are compared only in ASCII.
    good = hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))
    return text if good and name in keys else None


# A subject of letters and digits, the end in hex, the key's name, the MAC.
_TICKET = re.compile(r"^([a-z0-9]{1,80})-([0-9a-f]{8,9})-([a-z0-9]{1,8})-([a-z2-7]{26})$")


def ticket(purpose: str, subject: str, expires: int) -> str:
    """A mailed link's text to something that is no task; ``subject`` is ``[a-z0-9]`` only."""
    name, keys = link_keys()
    return f"{subject}-{expires:x}-{name}-{_mac(keys[name], purpose, subject, expires)}"


def read_ticket(purpose: str, text: str, now: int) -> str | None:
    """The subject of a ticket for ``purpose`` that is still good, mended as a link is; or None."""
    shape = _TICKET.match(mended(text))
    subject, end, name, given = shape.groups() if shape else ("", "0", "", "a" * 26)
    current, keys = link_keys(needed=name)
    known = keys.get(name)
    made = _mac(known or keys[current], purpose, subject, int(end, 16))
    good = hmac.compare_digest(made, given) and known is not None and shape is not None
    return subject if good and now < int(end, 16) else None


def case_ticket(purpose: str, reference: str, expires: int) -> str:
    """A mailed link's text to a case's own page, which opens nothing else."""
    return ticket(purpose, reference.replace("-", "").lower(), expires)


def read_case_ticket(purpose: str, text: str, now: int) -> str | None:
    """The reference of the case whose own page a ticket opens; or None."""
    return normalize_reference(read_ticket(purpose, text, now) or "")


def digits(purpose: str, signed: str) -> str:
    """Six digits that only we can find in a text of ``sign``; "" when the text is not ours.

    They are made with the key that signed it: a rotation in between does not matter.
    """
    text = unsign(purpose, signed)
    if text is None:
        return ""
    name = signed.rsplit(".", 2)[1]
    _, keys = link_keys(needed=name)
    mac = hmac.new(keys[name], f"digits|{purpose}|{text}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8]) % 10**6:06d}"
