"""Reference numbers that people can read aloud, however they are typed or pasted."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_VALUE: Final = {char: value for value, char in enumerate(ALPHABET)}
_LOOKALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS: Final = re.compile(r"[\s\-._#]+")
_BODY: Final = 8
BITS: Final = 5 * _BODY


def _double(value: int) -> int:
    """Multiply by x in GF(32) with the polynomial x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _sum(text: str) -> int:
    """The weighted sum of a reference's characters in GF(32); 0 for a whole, correct one.

    Neighbouring weights differ by a factor x, which is neither 0 nor 1, so every single wrong
    character and every swap of two unlike neighbours changes the sum.
    """
    total = 0
    for char in text:
        total = _double(total ^ _VALUE[char])
    return total


def check_character(body: str) -> str:
    """The check character of an eight-character body over ``ALPHABET``."""
    return ALPHABET[_sum(body)]


def new_reference() -> str:
    """A new public reference such as ``7K3M-9QXA-5``: 40 random bits and a check character."""
    return reference_of(secrets.randbits(BITS))


def reference_of(bits: int) -> str:
    """The reference whose ``BITS`` these are, with its check character."""
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(_BODY))
    return f"{body[:4]}-{body[4:]}-{check_character(body)}"


def bits_of(reference: str) -> int:
    """What ``reference_of`` makes a reference of, which is in its stored form."""
    body = reference.replace("-", "")[:_BODY]
    return sum(_VALUE[char] << 5 * place for place, char in enumerate(body))


def visible(text: str) -> str:
    """Text without the invisible characters that programs put around what is copied from them."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def typeable(text: str) -> str:
    """Text as a keyboard would have given it: visible, with plain blanks, dashes and digits."""
    if text.isascii():
        return text
    return "".join(map(_key, unicodedata.normalize("NFKC", visible(text))))


def digits_of_code(typed: str) -> str:
    """A mailed code without the blanks and dashes that people put in."""
    return re.sub("[ -]", "", typeable(typed))


def _key(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return " " if kind in ("Zs", "Zl", "Zp") else char


def spelled(text: str) -> str:
    """What somebody typed of a code over ``ALPHABET``, whole or not: without blanks, dashes and dots, in
    capitals, with O read as 0, I and L as 1."""
    return _SEPARATORS.sub("", typeable(text)).upper().translate(_LOOKALIKE)


def normalize_reference(text: str) -> str | None:
    """What a person typed as the stored form ``XXXX-XXXX-X``, or None if it cannot be one.

    Case, spaces, dashes and dots do not matter; O is read as 0, I and L as 1.
    """
    if len(text) > 64:
        return None
    plain = spelled(text)
    if len(plain) != _BODY + 1 or any(char not in _VALUE for char in plain):
        return None
    if plain[-1] != check_character(plain[:-1]):
        return None
    return f"{plain[:4]}-{plain[4:_BODY]}-{plain[_BODY]}"


def is_reference(text: str) -> bool:
    """Whether the text is a reference in its stored form, check character included."""
    return normalize_reference(text) == text
