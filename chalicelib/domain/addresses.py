"""How people are reached: one plain email address and nothing that only looks like one, and one phone
number however it is written."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chalicelib.domain.ids import typeable

LONGEST, LONGEST_LOCAL = 254, 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")


def plain(text: str) -> bool:
    """Whether ``text`` is exactly one address that we write to.

    No display name, comment, quotes, line break, second @, trailing dot, letter beyond ASCII, or
    encoded word ("=?"): every one of these has been used to make a letter go somewhere else.
    """
    local = text.rpartition("@")[0]
    short = len(text) <= LONGEST and len(local) <= LONGEST_LOCAL
    return short and "=?" not in text and _PLAIN.fullmatch(text) is not None


_COMMON: Final = [
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "live.com",
    "msn.com",
    "me.com",
    "mac.com",
    "mail.com",
    "ymail.com",
    "email.com",
    "gmx.com",
    "comcast.net",
    "sbcglobal.net",
    "att.net",
    "verizon.net",
    "pacbell.net",
    "cox.net",
    "earthlink.net",
    "charter.net",
    "protonmail.com",
    "proton.me",
    "yahoo.es",
    "hotmail.es",
    "yahoo.com.mx",
]


def suggested(address: str) -> str:
    """The address that was probably meant, where the part after the @ is one slip of the finger away
    from a common one; "" else."""
    local, _at, typed = address.rpartition("@")
    domain = typed.casefold()
    if domain in _COMMON:
        return ""
    near = next((one for one in _COMMON if _one_slip(domain, one)), "")
    return f"{local}@{near}" if near else ""


def _one_slip(typed: str, meant: str) -> bool:
    """Whether a letter was added, left out, changed or swapped with its neighbor."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    one, other = typed[start:], meant[start:]
    swapped = other[1:2] + other[:1] + other[2:]
    return one[1:] == other or one == other[1:] or one[1:] == other[1:] or one == swapped


def same(one: str, other: str) -> bool:
    """Whether two addresses are the same mailbox to us: upper and lower case do not count."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()


class Phone(NamedTuple):
    """A phone number: country code and number in digits, and the extension behind it, or ""."""

    number: str
    extension: str

    @property
    def national(self) -> str:
        """The ten digits of a number in North America, or the whole of another."""
        return self.number[1:] if self.number[0] == "1" else self.number


_PHONE: Final = re.compile(
    r"(?:tel[:.]? *)?(?P<abroad>\+ ?|011[ -]*(?=[1-9]))?(?P<number>[0-9(][0-9 ()./-]{6,24}?)"
    r"(?:[ ,;]*(?:extension|extensi[oó]n|extn?|anexo|int|x|#|,)[.:= ]*(?P<extension>[0-9]{1,7}))?[ .]*",
    re.IGNORECASE,
)
# In North America neither the area code nor what follows it begins with 0 or 1.
_TEN: Final = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")


def phone(text: str) -> Phone | None:
    """The number that was typed; None for what could be several or none, or lacks its area code.

    A number from outside of North America begins with + or 011, else nobody knows which it is.
    """
    found = _PHONE.fullmatch(typeable(text).strip())
    if found is None:
        return None
    abroad, extension = bool(found["abroad"]), found["extension"] or ""
    body = found["number"].replace("(0)", "") if abroad else found["number"]
    digits = re.sub("[^0-9]", "", body)
    if abroad and digits[:1] not in ("0", "1"):
        return Phone(digits, extension) if 8 <= len(digits) <= 15 else None
    ten = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return Phone(f"1{ten}", extension) if _TEN.fullmatch(ten) else None


def text_number(text: str) -> str:
    """The number to which a text message goes (E.164); "" where none can: no number, or an extension."""
    found = phone(text) if text else None
    return f"+{found.number}" if found is not None and not found.extension else ""


def dialed(text: str) -> str:
    """The address that a phone dials when its number is pressed (RFC 3966); a short one, as 211, as it is."""
    found = phone(text)
    if found is None:
        return f"tel:{re.sub('[^0-9]', '', text)}"
    return f"tel:+{found.number}" + (f";ext={found.extension}" if found.extension else "")
