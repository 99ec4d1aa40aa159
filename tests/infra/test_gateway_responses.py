"""What API Gateway answers by itself is a page, in plain words and every language."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chalicelib.web.languages import HELPLINE, languages, translator
from infra.gateway_responses import MISSING, THROTTLED, GatewayResponses

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
CLIENT = [
    "ACCESS_DENIED",
    "BAD_REQUEST_PARAMETERS",
    "BAD_REQUEST_BODY",
    "EXPIRED_TOKEN",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
]
SERVER = [
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOME = "https://help.example.org"
KEY = "x-amazon-apigateway-gateway-responses"

pytestmark = pytest.mark.promise("gateway-answers-itself")


def api(template: dict[str, Any]) -> dict[str, Any]:
    return template["Resources"]["RestAPI"]["Properties"]["Body"]


def page_of(template: dict[str, Any], kind: str) -> dict[str, Any]:
    """What AWS takes for a type: its own response, or the default of its class."""
    own = api(template)[KEY]
    found: dict[str, Any] = own.get(kind) or own["DEFAULT_4XX" if kind in CLIENT else "DEFAULT_5XX"]
    return found


@pytest.mark.parametrize("kind", [*CLIENT, *SERVER])
def test_whatever_the_gateway_answers_itself_is_a_page_in_every_language(
    template: dict[str, Any], kind: str
) -> None:
    says = page_of(template, kind)
    assert says["responseParameters"]["gatewayresponse.header.Cache-Control"] == "'no-store'"
    page = says["responseTemplates"]["text/html"].replace("$stageVariables.home", HOME)
    for lang in languages():
        section = page.partition(f'<section lang="{lang}">')[2].partition("</section>")[0]
        assert re.search(r"<h1>\w", section), lang
        assert translator(lang)("Go to the start page") in section
        assert f'href="tel:+{HELPLINE.replace("-", "")}"' in section
        assert f'href="{HOME}/"' in section
    assert "$" not in page, "nothing is computed at a request"


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [(MISSING, 404, "could not find that page"), (THROTTLED, 429, "wait a moment")],
)
def test_an_unknown_address_is_not_found_and_a_flood_is_asked_to_wait(
    template: dict[str, Any], kind: str, status: int, words: str
) -> None:
    own = GatewayResponses(template, "api", {"home": HOME})
    shown = own.answer(kind, BROWSER, "/x")
    assert shown.status == status and shown.headers["Content-Type"] == "text/html"
    assert words in shown.body.decode() and f'href="{HOME}/"' in shown.body.decode()
    told = own.answer(kind, "application/json", "/x")
    assert told.headers["Content-Type"] == "application/json"
    says = json.loads(told.body)
    assert set(says["message"]) == set(languages()) and says["helpline"] == HELPLINE
    assert says["home"] == f"{HOME}/"


def test_a_head_reaches_the_function_wherever_a_page_can_be_shown(template: dict[str, Any]) -> None:
    paths = api(template)["paths"]
    shown = {path for path, methods in paths.items() if "get" in methods}
    assert shown and shown == {path for path, methods in paths.items() if "head" in methods}


def test_the_way_home_is_known_before_and_after_the_base_url_is(template: dict[str, Any]) -> None:
    stage = template["Resources"]["RestAPIapiStage"]["Properties"]
    assert stage["Variables"]["home"] == {"Fn::If": ["HasBaseUrl", {"Ref": "BaseUrl"}, "/api"]}
