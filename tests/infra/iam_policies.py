"""The template's roles as IAM reads them: statements with their values put in, and what they allow."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint

from infra.template import KINDS, STEP
from tests.infra.conftest import statements
from tests.infra.iam_needs import Account, Check, Need, of_function, of_machine, of_stream, of_task

Json = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """One statement that allows. ``only``: patterns of which a call's context must fit one each."""

    actions: frozenset[str]
    resources: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]

    def allows(self, asked: Check) -> bool:
        """Whether it has the action, a pattern that the resource fits, and its condition holds."""
        return (
            asked.action in self.actions
            and any(fnmatch.fnmatchcase(asked.resource, pattern) for pattern in self.resources)
            and all(
                any(fnmatch.fnmatchcase(asked.context.get(key, ""), one) for one in patterns)
                for key, patterns in self.only.items()
            )
        )


@dataclass(frozen=True, eq=False)
class Deployment:
    """The built template, and what its references stand for in a test. ``known``: by Ref, or by
    ``Name.Attribute``; anything else has an ARN of its own name."""

    template: Json
    account: Account
    known: Mapping[str, str]

    def of_type(self, kind: str) -> dict[str, Json]:
        """The properties of each resource of a type, by logical id."""
        found = self.template["Resources"].items()
        return {name: one.get("Properties", {}) for name, one in found if one["Type"] == kind}

    def plain(self, value: Any) -> str:
        """A string, a reference, or text with references in it, as plain text."""
        if isinstance(value, str):
            return value
        ((kind, of),) = value.items()
        match kind, of:
            case "Fn::If", [_, holds, _]:  # of texts: the tests' deployment sends them
                return self.plain(holds)
            case "Fn::Select", [place, {"Fn::Split": [mark, whole]}]:
                return self.plain(whole).split(mark)[int(place)]
            case "Fn::Sub", [text, more]:
                return self._filled(text, {name: self.plain(one) for name, one in more.items()})
            case "Fn::Sub", text:
                return self._filled(text, {})
        return self.named(".".join(of) if isinstance(of, list) else of)

    def _filled(self, text: str, more: Mapping[str, str]) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda m: more.get(m[1]) or self.named(m[1]), text)

    def named(self, name: str) -> str:
        """What ``Name`` or ``Name.Attribute`` stands for."""
        if name in self.known:
            return self.known[name]
        machine = self.of_type("AWS::StepFunctions::StateMachine").get(name)
        if machine is not None:
            return self.account.arn(
                "states", f"stateMachine:{self.plain(machine['StateMachineName'])}"
            )
        return f"arn:of:{name}"

    @cache  # noqa: B019 - one deployment a test run
    def grants(self, role: str) -> tuple[Grant, ...]:
        """What a role may."""
        found = []
        for one in statements(self.template["Resources"][role]):
            assert one["Effect"] == "Allow", one
            conditions = dict(one.get("Condition", {}))
            only = {key: [value] for key, value in conditions.pop("StringEquals", {}).items()}
            only |= conditions.pop("ForAllValues:StringLike", {})
            assert not conditions, one
            found.append(
                Grant(
                    frozenset(one["Action"]),
                    tuple(self.plain(resource) for resource in one["Resource"]),
                    {key: tuple(map(self.plain, values)) for key, values in only.items()},
                )
            )
        return tuple(found)

    def allows(self, role: str, asked: Check) -> bool:
        """As IAM decides: some statement allows it, and there is none that denies."""
        return any(grant.allows(asked) for grant in self.grants(role))

    def role_of(self, function: str) -> str:
        """The role of a function, by its logical id."""
        return f"{KINDS.get(function, STEP)}Role"

    def needs_of_services(self) -> Iterator[Need]:
        """What Lambda and Step Functions themselves need of each role, read from the template."""
        functions = self.of_type("AWS::Lambda::Function")
        key = self.named("DataKey.Arn")
        for name, function in functions.items():
            role = self.plain(function["Role"]).removeprefix("arn:of:").removesuffix(".Arn")
            group = self.named(f"{self.plain(function['LoggingConfig']['LogGroup'])[7:]}.Arn")
            for need in of_function(function, group, key):
                yield (role, *need)
            if "DeadLetterConfig" in function:
                yield (
                    role,
                    "sqs:SendMessage",
                    self.plain(function["DeadLetterConfig"]["TargetArn"]),
                )
            assert role == self.role_of(name), name
        for mapping in self.of_type("AWS::Lambda::EventSourceMapping").values():
            role = self.role_of(mapping["FunctionName"]["Ref"])
            for need in of_stream(self.plain(mapping["EventSourceArn"])):
                yield (role, *need)
            lost = mapping["DestinationConfig"]["OnFailure"]["Destination"]
            yield role, "sqs:SendMessage", self.plain(lost)
        for machine in self.of_type("AWS::StepFunctions::StateMachine").values():
            yield from self._needs_of_machine(machine)

    def _needs_of_machine(self, machine: Json) -> Iterator[Need]:
        role = self.plain(machine["RoleArn"]).removeprefix("arn:of:").removesuffix(".Arn")
        for need in of_machine(machine):
            yield (role, *need)
        substitutes = machine.get("DefinitionSubstitutions", {})
        for state in json.loads(machine["DefinitionString"])["States"].values():
            if state["Type"] != "Task":
                continue
            given = state["Parameters"]
            name = str(given.get("FunctionName") or given["StateMachineArn"])
            called = self.plain(substitutes[name.removeprefix("${").removesuffix("}")])
            for need in of_task(state["Resource"], called, self.account):
                yield (role, *need)


# -- the service authorization reference, in the copy that cfn-lint brings ----------------------------
@cache
def _reference() -> Json:
    folder = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs"
    read: Json = json.loads((folder / "Policies.json").read_text())
    return read


def resource_kinds(action: str) -> set[str] | None:
    """The kinds of resource that AWS checks an action on: empty for none, None for no such action."""
    service, _, name = action.partition(":")
    row = _reference().get(service, {}).get("Actions", {}).get(name.lower())
    return None if row is None else {kind.lower() for kind in row.get("Resources", [])}
