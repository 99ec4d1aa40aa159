"""The files under static/: their names hold a hash of what is in them, so they cache for good."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from chalicelib.domain.plain.values import frozen
from chalicelib.web.request_context import url

FOLDER = Path(__file__).resolve().parent.parent / "static"
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
NAME = re.compile(r"([a-z_]+)(?:\.([0-9a-f]{12}))?\.(css|js)")


@frozen
class Asset:
    """A file to send. ``exact``: the name asked for is the name of what it holds."""

    text: str
    content_type: str
    exact: bool


@cache
def _load(plain: str) -> tuple[str, str] | None:
    path = FOLDER / plain
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    if plain.endswith(".css"):
        text = _lean(text)
    return text, hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def _lean(css: str) -> str:
    """The stylesheet without its comments and indentation."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\n\s*", "\n", css).strip() + "\n"


def static(plain: str) -> str:
    """The link to a file under static/, as ``/static/site.0a1b2c3d4e5f.css``. Raises KeyError."""
    found = _load(plain)
    if found is None:
        raise KeyError(plain)
    stem, kind = plain.rsplit(".", 1)
    return url(f"/static/{stem}.{found[1]}.{kind}")


def read(name: str) -> Asset | None:
    """The file behind a name, or None. A name of an older release gets today's file."""
    match = NAME.fullmatch(name)
    found = _load(f"{match[1]}.{match[3]}") if match else None
    if match is None or found is None:
        return None
    return Asset(found[0], TYPES[match[3]], match[2] == found[1])
