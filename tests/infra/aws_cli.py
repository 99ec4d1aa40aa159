"""What an `aws` command means, by the models that boto3 has of every service.

The runbook's commands are held against it, and where no AWS CLI is installed it plays them:

    python -m tests.infra.aws_cli sesv2 get-account --query ProductionAccessEnabled
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import jmespath
from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.session import get_session

# Options of the AWS CLI itself, and commands that are its own and no operation of a service.
OWN_OPTIONS = {"query", "output", "endpoint-url"}
OWN_COMMANDS = {("cloudformation", "deploy"), ("s3", "cp")}


class Unknown(Exception):
    """No such service, operation or option; the message is the part that is wrong."""


@cache
def _service(name: str) -> Any:
    try:
        return get_session().get_service_model(name)
    except Exception:
        raise Unknown(name) from None


def operation(words: list[str]) -> OperationModel | None:
    """The operation of a command; None for a command of the AWS CLI's own. Raises Unknown."""
    service, name = words[0], words[1]
    if (service, name) in OWN_COMMANDS:
        return None
    if name == "wait":
        waiters = get_session().get_waiter_model(service).waiter_names
        if words[2] not in {xform_name(one, "-") for one in waiters}:
            raise Unknown(" ".join(words[:3]))
        return None
    for one in _service(service).operation_names:
        if xform_name(one, "-") == name:
            found: OperationModel = _service(service).operation_model(one)
            return found
    raise Unknown(f"{service} {name}")


def options(words: list[str], model: OperationModel) -> dict[str, tuple[str, list[str]]]:
    """Option -> the service's own name for it (empty for an option of the CLI) and its values.

    Raises Unknown for an option of neither."""
    members = {xform_name(one, "-"): one for one in (model.input_shape or Shape("", {})).members}
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for word in words[2:]:
        if word.startswith("--"):
            name = word[2:]
            member = members.get(name) or members.get(name.removeprefix("no-"))
            if member is None and name not in OWN_OPTIONS:
                raise Unknown(f"{words[0]} {words[1]} --{name}")
            found[name] = (member or "", [])
        elif name:
            found[name][1].append(word)
    return found


def arguments(words: list[str], model: OperationModel) -> tuple[dict[str, Any], dict[str, str]]:
    """What goes to the service, and the CLI's own options. Raises Unknown."""
    given: dict[str, Any] = {}
    own: dict[str, str] = {}
    for name, (member, values) in options(words, model).items():
        if not member:
            own[name] = " ".join(values)
        elif values:
            given[member] = _value(values, model.input_shape.members[member])
        else:
            given[member] = not name.startswith("no-")
    return given, own


def _value(values: list[str], shape: Shape) -> Any:
    text = values[0]
    if text.startswith(("file://", "fileb://")):
        text = Path(text.partition("://")[2]).read_text()
    if shape.type_name in ("structure", "list", "map"):
        if text[:1] in "[{":
            return json.loads(text)
        if shape.type_name == "list":
            return [_short(one) for one in (text.split(",") if "=" not in text else values)]
        return _short(text)
    if shape.type_name in ("integer", "long"):
        return int(text)
    return text


def _short(text: str) -> Any:
    """The shorthand of the AWS CLI: Name=email,Value=x."""
    if "=" not in text:
        return text
    return dict(part.split("=", 1) for part in text.split(","))


def main(words: list[str]) -> int:
    """Play one command."""
    model = operation(words)
    if model is None:
        raise Unknown(" ".join(words[:2]))
    given, own = arguments(words, model)
    called = getattr(boto3.client(words[0]), xform_name(model.name))
    answer = called(**given)
    answer.pop("ResponseMetadata", None)
    if own.get("query"):
        answer = jmespath.search(own["query"], answer)
    if own.get("output") == "text":
        rows = answer if isinstance(answer, list) else [answer]
        print("\t".join("None" if one is None else str(one) for one in rows))
    elif answer not in ({}, None):
        print(json.dumps(answer, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
