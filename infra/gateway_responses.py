"""What API Gateway answers without asking a function, read from the built template.

Unknown paths, methods that a path does not have (HEAD too), bodies that are too large, throttling and
functions that do not answer in time. The words are those of the template's own gateway responses,
whether they stand as resources or in the body of the API; a type without one takes its default's,
and without that AWS's.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MISSING = "MISSING_AUTHENTICATION_TOKEN"
TOO_LARGE, THROTTLED, TIMEOUT = "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT"
# Type -> status, AWS's words, and the header that names the error.
_OWN = {
    MISSING: (403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    TOO_LARGE: (413, "Request Too Long", "RequestTooLargeException"),
    THROTTLED: (429, "Too Many Requests", "TooManyRequestsException"),
    TIMEOUT: (504, "Endpoint request timed out", "InternalServerErrorException"),
}
_API, _JSON = "AWS::ApiGateway::RestApi", "application/json"
_AWS_TEMPLATE = {_JSON: '{"message":$context.error.messageString}'}
_NAMES = "error.messageString|error.message|error.responseType|requestId|resourcePath|path|stage"
_VARIABLE = re.compile(rf"\$context\.({_NAMES})\b|\$\{{context\.({_NAMES})\}}")
_STAGE_VARIABLE = re.compile(r"\$stageVariables\.(\w+)")
_HEADER = "gatewayresponse.header."


class Answer(NamedTuple):
    """An answer of API Gateway's own."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class _Place:
    """A segment of the paths: what may follow, and the methods that end here."""

    methods: set[str] = field(default_factory=set)
    next: dict[str, _Place] = field(default_factory=dict)


class GatewayResponses:
    """The paths of one API and its own answers. ``stage``: the name of its stage, with its variables."""

    def __init__(
        self, template: dict[str, Any], stage: str, variables: Mapping[str, str] | None = None
    ) -> None:
        self._variables = variables or {}
        resources = template["Resources"].values()
        (api,) = (one["Properties"] for one in resources if one["Type"] == _API)
        self.stage, self._root = stage, _Place()
        for path, methods in api["Body"]["paths"].items():
            self._place(path).methods |= {method.upper() for method in methods}
        in_body = api["Body"].get("x-amazon-apigateway-gateway-responses", {})
        self._custom: dict[str, dict[str, Any]] = {
            kind: {
                "StatusCode": one.get("statusCode"),
                "ResponseParameters": one.get("responseParameters", {}),
                "ResponseTemplates": one.get("responseTemplates", {}),
            }
            for kind, one in in_body.items()
        }
        for one in resources:
            if one["Type"] == "AWS::ApiGateway::GatewayResponse":
                self._custom[one["Properties"]["ResponseType"]] = one["Properties"]

    def _place(self, path: str) -> _Place:
        at = self._root
        for segment in path.strip("/").split("/"):
            if segment:
                name = "+" if segment.endswith("+}") else "*" if segment[0] == "{" else segment
                at = at.next.setdefault(name, _Place())
        return at

    def serves(self, method: str, path: str) -> bool:
        """Whether some resource takes this method on this path (without the query)."""
        segments = [segment for segment in path.split("/") if segment]
        return _serves(self._root, segments, {method, "X-AMAZON-APIGATEWAY-ANY-METHOD"})

    def answer(self, kind: str, accept: str, path: str) -> Answer:
        """The answer of type ``kind`` to somebody who accepts ``accept``."""
        status, message, error = _OWN[kind]
        said = self._custom.get(kind) or self._custom.get(f"DEFAULT_{status // 100}XX") or {}
        templates: dict[str, str] = said.get("ResponseTemplates") or _AWS_TEMPLATE
        media = _chosen(accept, list(templates))
        request = str(uuid.uuid4())
        values = {
            "error.message": message,
            "error.messageString": json.dumps(message),
            "error.responseType": kind,
            "requestId": request,
            "path": f"/{self.stage}{path}",
            "resourcePath": "",
            "stage": self.stage,
        }
        body = _VARIABLE.sub(lambda found: values[found[1] or found[2]], templates[media])
        body = _STAGE_VARIABLE.sub(lambda found: self._variables.get(found[1], ""), body)
        headers = {"Content-Type": media, "x-amzn-ErrorType": error, "x-amzn-RequestId": request}
        for name, value in (said.get("ResponseParameters") or {}).items():
            # A fixed value stands in quotes; what maps a part of the request is not played here.
            if name.startswith(_HEADER) and value[:1] == value[-1:] == "'":
                headers[name.removeprefix(_HEADER)] = value[1:-1]
        return Answer(int(said.get("StatusCode") or status), headers, body.encode())


def _serves(at: _Place, segments: list[str], methods: set[str]) -> bool:
    """A literal segment goes before a variable one, and both before a greedy one."""
    if not segments:
        return bool(at.methods & methods)
    first, rest = segments[0], segments[1:]
    found = at.next.get(first) or at.next.get("*")
    if found is not None and _serves(found, rest, methods):
        return True
    return "+" in at.next and bool(at.next["+"].methods & methods)


def _chosen(accept: str, media: list[str]) -> str:
    """The template for what is accepted: the first type that is named, else JSON, else any."""
    for one in accept.split(","):
        if (named := one.partition(";")[0].strip().lower()) in media:
            return named
    return _JSON if _JSON in media else media[0]
