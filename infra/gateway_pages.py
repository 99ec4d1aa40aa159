"""The pages that API Gateway answers with by itself, before a function is called.

An unknown address, a wrong method and a flood never reach our code, so their pages are made here, at
build: plain words in every language, the helpline, and the way home. They are part of the API's own
definition, so that a change of theirs deploys it anew. Nothing in them is computed at a request but
the stage's variable ``home``, which is known only after the first deploy.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from string import Template
from typing import NamedTuple

from infra.machines import Json

HOME = "$stageVariables.home"
HTML, JSON = "text/html", "application/json"


class Answer(NamedTuple):
    """What one type of response says. ``status`` 0 keeps what API Gateway has; ``like`` chooses the advice."""

    status: int
    like: int
    reason: str


def _answers() -> dict[str, Answer]:
    # The words are said where the pages of the functions say them.
    from chalicelib.web.languages import N_

    missing = Answer(404, 404, N_("We could not find that page."))
    busy = Answer(429, 429, N_("We are very busy right now. Nothing was lost."))
    ours = N_("Something went wrong on our side.")
    return {
        # A wrong method of a known address is this type too; by default both say 403.
        "MISSING_AUTHENTICATION_TOKEN": missing,
        "RESOURCE_NOT_FOUND": missing,
        "THROTTLED": busy,
        "QUOTA_EXCEEDED": busy,
        # Its one rule is a rate.
        "WAF_FILTERED": busy,
        "REQUEST_TOO_LARGE": Answer(
            413, 413, N_("That was more text than this page can take. Please shorten it.")
        ),
        "INTEGRATION_TIMEOUT": Answer(504, 503, busy.reason),
        "DEFAULT_4XX": Answer(0, 405, N_("That page cannot be used that way.")),
        "DEFAULT_5XX": Answer(0, 500, ours),
    }


STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;line-height:1.25}section+section{border-top:1px solid;margin-top:2rem}"
    "a{color:inherit;display:inline-block;padding:.4rem 0}"
)
PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$name</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-$hash'; img-src data:; form-action 'none'; base-uri 'none'">
<link rel="icon" href="data:,">
<style>$style</style>
</head>
<body>
<header><p><strong>$name</strong></p></header>
<main>
$sections
</main>
</body>
</html>
""")


def add_gateway_pages(template: Json) -> None:
    """Put what API Gateway answers by itself into the API of the fragments."""
    from chalicelib.web.http_input import security_headers

    # Its quotes cannot stand in a header mapping: the page says it of itself.
    headers = {k: v for k, v in security_headers().items() if k != "Content-Security-Policy"}
    made: Json = {}
    for kind, says in _answers().items():
        made[kind] = {
            "ResponseParameters": {"Headers": {k: f"'{v}'" for k, v in headers.items()}},
            "ResponseTemplates": {HTML: _page(says), JSON: _json(says)},
        }
        if says.status:
            made[kind]["StatusCode"] = str(says.status)
    template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"] = made


def _page(says: Answer) -> str:
    from chalicelib.web.languages import languages, translator
    from chalicelib.web.render import html

    def url(path: str) -> str:
        return HOME + path

    sections = (
        f'<section lang="{lang}">\n'
        + html(
            "web/advice.html",
            lang,
            url=url,
            reason=says.reason,
            code=says.like,
            errors=[],
            request_id="",
        )
        + "\n</section>"
        for lang in languages()
    )
    hashed = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    name = translator("en")("California IECMHC Network")
    return PAGE.substitute(name=name, hash=hashed, style=STYLE, sections="\n".join(sections))


def _json(says: Answer) -> str:
    from chalicelib.web.languages import HELPLINE, languages, translator

    message = {lang: translator(lang)(says.reason) for lang in languages()}
    answer = {"message": message, "helpline": HELPLINE, "home": f"{HOME}/"}
    return json.dumps(answer, ensure_ascii=False)
