"""What may come in over HTTP and what goes out with every answer."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from chalicelib.web.languages import N_

MAX_BODY = 64 * 1024
MAX_FIELDS = 200
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})')
_NAME = re.compile(r';\s*name="([^"]*)"', re.IGNORECASE)

Values = dict[str, list[str]]


class Refused(Exception):
    """Input that no form can take. ``status`` is 4xx, ``reason`` a msgid for the person."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def parse_form(body: bytes, content_type: str = "") -> Values:
    """A form body as lists of values. Raises Refused: too large, too many fields, not UTF-8."""
    if len(body) > MAX_BODY:
        raise Refused(413, N_("That was more text than this page can take. Please shorten it."))
    try:
        text = body.decode("utf-8")
        pairs = (
            _parts(text, content_type) if content_type.startswith("multipart/") else _pairs(text)
        )
    except UnicodeDecodeError:
        words = N_("Some characters could not be read. Please type them again.")
        raise Refused(400, words) from None
    except ValueError:
        raise Refused(400, N_("That form had more answers than this page asks for.")) from None
    values: Values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)


def _parts(text: str, content_type: str) -> list[tuple[str, str]]:
    """The fields of a form that comes in parts, as mail programs may send one (RFC 7578); no file."""
    boundary = _BOUNDARY.search(content_type)
    parts = text.split(f"--{boundary[1]}")[1:-1] if boundary else []
    if len(parts) > MAX_FIELDS:
        raise ValueError("too many parts")
    found = [part.replace("\r\n", "\n").partition("\n\n") for part in parts]
    named = [(_NAME.search(head), value) for head, _gap, value in found]
    return [(name[1], value.removesuffix("\n")) for name, value in named if name]


def one(values: Values, name: str, default: str = "") -> str:
    """A parameter that may come once. Raises Refused when it comes twice."""
    found = values.get(name) or [default]
    if len(found) > 1:
        raise Refused(400, N_("A question was answered twice. Please go back and try again."))
    return found[0]


def parse_cookies(header: str) -> dict[str, str]:
    """Cookies by name, the first of a name. One that is mangled, or that another site of the same host
    set, changes nothing about those beside it: the library's parser gives up at the first of these.
    """
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, named, value = part.partition("=")
        if named and name.strip():
            found.setdefault(name.strip(), value.strip())
    return found


def from_here(headers: dict[str, str], origin: str) -> bool:
    """Whether a POST comes from our own page: Sec-Fetch-Site first, Origin where it says more.

    Pages are sent with ``no-referrer``, so browsers send ``Origin: null`` with our own forms; then
    Sec-Fetch-Site decides, and where a browser lacks it, the SameSite cookie and the nonce do.
    """
    site = headers.get("sec-fetch-site", "")
    if site and site not in ("same-origin", "none"):
        return False
    sent = headers.get("origin", "")
    return sent in ("", "null") or sent.lower() == origin.lower()


def security_headers(form_targets: str = "") -> dict[str, str]:
    """Headers of every page. ``form_targets``: further origins a form's answer may redirect to."""
    targets = f"'self' {form_targets}".strip()
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self' data:; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "Cache-Control": "no-store",
    }
