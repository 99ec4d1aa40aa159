"""The request form's pages as they go over the wire."""

from __future__ import annotations

import os
from unittest.mock import patch


def heaviest() -> tuple[bytes, bytes, str]:
    """Body of the heaviest question page, the stylesheet, and which page it was."""
    from chalicelib.aws.settings import NEEDED, settings

    made_up = {"AWS_DEFAULT_REGION": "us-west-2"} | dict.fromkeys(
        (n.upper() for n in NEEDED), "bench"
    )
    with patch.dict(os.environ, made_up):
        settings.cache_clear()
        try:
            return _heaviest()
        finally:
            settings.cache_clear()  # what is measured later has its own


def _heaviest() -> tuple[bytes, bytes, str]:
    from chalicelib.referral.intake import flow
    from chalicelib.web import assets
    from chalicelib.web.forms import blank
    from chalicelib.web.render import html

    found: list[tuple[int, bytes, str]] = []
    for lang in ("en", "es"):
        for page in flow.PAGES:
            questions = flow.form_of(page, {})
            body = html(
                "intake/question.html",
                lang,
                emergencies=[],
                for_staff=False,
                url=lambda path: path,
                static=assets.static,
                path="/request",
                language_link=lambda other: f"?lang={other}",
                page=page,
                questions=questions,
                cleaned=blank(questions),
                minutes=5,
                action="/request",
                back="/",
                changing=False,
                nonce="n" * 40,
                stale=False,
                another="",
                letters_wait=lambda: False,
            ).encode()
            found.append((len(body), body, f"{page.slug}, {lang}"))
    _size, body, name = max(found)
    style = assets.read(assets.static("site.css").rsplit("/", 1)[-1])
    assert style is not None
    return body, style.text.encode(), name
