"""Join the fragments under infra/template/ and finish what Chalice made of them.

Chalice merges one file; the fragments are by concern. What is the same for every function of a kind
is put in here and not written two dozen times.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

# Which functions are which kind (one role and one log group each); every other is a step.
KINDS = {
    "APIHandler": "Api",
    "Relay": "Relay",
    "Clock": "Clock",
    "Reconcile": "Clock",
    "RunEnded": "Clock",
    "MailEvents": "MailEvents",
}
STEP = "Step"
MINUTE = "rate(1 minute)"
# What runs on AWS, whatever builds it.
RUNTIME, ARCHITECTURE = "3.13", "aarch64"


class BuildError(Exception):
    """The template cannot be built; the message is one line that says why."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def read_fragments(folder: Path) -> Json:
    """All fragments as one template. Raises BuildError where two of them say the same thing."""
    whole: Json = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            part = yaml.load(path.read_text(), _Loader)
        except yaml.YAMLError as error:
            raise BuildError(f"{path.name}: {' '.join(str(error).split())}") from None
        _join(whole, copy.deepcopy(part), path.name, "")
    return whole


def _join(into: Json, part: Json, file: str, where: str) -> None:
    for key, value in part.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            _join(into[key], value, file, f"{where}/{key}")
        elif key in into:
            raise BuildError(f"{file}: {where}/{key} is in another fragment already")
        else:
            into[key] = value


def functions(template: Json) -> dict[str, Json]:
    """The functions that Chalice generated, by logical id."""
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def finish_functions(template: Json) -> None:
    """Give every function its kind's role and log group."""
    found = functions(template)
    if missing := sorted(set(KINDS) - set(found)):
        raise BuildError(f"app.py registers no function for: {', '.join(missing)}")
    for name, resource in found.items():
        kind = KINDS.get(name, STEP)
        resource["Properties"]["Role"] = {"Fn::GetAtt": [f"{kind}Role", "Arn"]}
        resource["Properties"]["Runtime"] = f"python{RUNTIME}"
        resource["Properties"]["LoggingConfig"] = {
            "LogFormat": "JSON",
            "ApplicationLogLevel": "INFO",
            # What each call took, and of how much memory: the lines named REPORT.
            "SystemLogLevel": "INFO",
            "LogGroup": {"Ref": f"{kind}Logs"},
        }
        # Chalice's tag names its version and stage: a change of the tool is no change of the app.
        resource["Properties"].pop("Tags", None)
        for event in resource["Properties"].get("Events", {}).values():
            # Chalice merges two intrinsics into one with two keys; ours is the Ref.
            if event["Type"] == "SNS":
                event["Properties"]["Topic"].pop("Fn::Sub", None)


def add_duties(template: Json, duties: Mapping[str, Iterable[str]]) -> None:
    """One rule a minute for each duty: a function's logical id -> its duties. Each is called apart, with
    an event that names it, after the pattern of the function's own schedule; where that comes each
    minute too, it is the rule of the first duty."""
    for function, names in duties.items():
        events = template["Resources"][function]["Properties"]["Events"]
        pattern = events[f"{function}Event"]["Properties"]
        for name in names:
            says = {**pattern, "Schedule": MINUTE, "Input": json.dumps(_called_for(name))}
            own = (
                pattern["Schedule"] == MINUTE
                and "Input" not in events[f"{function}Event"]["Properties"]
            )
            rule = f"{function if own else name.capitalize()}Event"
            events[rule] = {"Type": "Schedule", "Properties": says}


def _called_for(duty: str) -> Json:
    """The event of a rule that says more than EventBridge's own; Chalice wants all of its keys."""
    blank = dict.fromkeys(("version", "id", "account", "region", "time"), "")
    return {**blank, "source": "aws.events", "detail-type": "Scheduled Event", "resources": [],
            "detail": {"duty": duty}}  # fmt: skip


def expand(template: Json) -> Json:
    """Plain CloudFormation, by the library that AWS's own transform runs."""
    import boto3
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    try:
        expanded = Translator(
            {}, Parser(), boto_session=boto3.Session(region_name="us-west-2")
        ).translate(copy.deepcopy(template), {})
    except InvalidDocumentException as error:
        raise BuildError("; ".join(str(cause.message) for cause in error.causes)) from None
    plain: Json = json.loads(json.dumps(expanded))
    for resource in plain["Resources"].values():
        # SAM has no word for it: a layer stays, but not behind a first create that failed.
        if resource.get("DeletionPolicy") == "Retain":
            resource["DeletionPolicy"] = "RetainExceptOnCreate"
    return plain
