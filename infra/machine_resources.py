"""What the template has of each machine: the resource itself, its definition, what its role may call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from infra.machines import Json, camel
from infra.template import KINDS, BuildError, functions

# In a machine's role: the ARN of each function that machines of this role call.
CALLED_STEPS = ["called-steps"]


def add_machines(template: Json, names: Iterable[str], definitions: Mapping[str, Json]) -> None:
    """Put the pattern under EachMachine in once for each machine.

    Raises BuildError when a machine has no source or a source is no machine's.
    """
    pattern = json.dumps(template.pop("EachMachine"))
    listed = list(names)
    if lost := sorted(set(definitions) ^ set(listed)):
        raise BuildError(f"statemachines/ and the list of machines differ in: {', '.join(lost)}")
    resources: Json = template["Resources"]
    for name in listed:
        runs_others = "startExecution" in json.dumps(definitions[name])
        text = pattern.replace("MACHINE_NAME", name).replace("MACHINE_ID", camel(name))
        role = "ParentMachineRole" if runs_others else "StageMachineRole"
        resources |= json.loads(text.replace("MACHINE_ROLE", role))


def put_in_definitions(template: Json, definitions: Mapping[str, Json]) -> None:
    """Put the expanded machines in as DefinitionString, and the functions that they call into their
    roles. Raises BuildError when a placeholder stands for nothing, or no machine calls a function."""
    steps = set(functions(template)) - set(KINDS)
    machines = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::StepFunctions::StateMachine"
    }
    called: dict[str, set[str]] = {}  # by the role that calls them
    for name, resource in machines.items():
        source = resource.pop("Metadata")["Source"]
        text = json.dumps(definitions[source], separators=(",", ":"), ensure_ascii=False)
        wanted = set(re.findall(r"\$\{(\w+)\}", text))
        given: Json = {}
        for placeholder in sorted(wanted):
            if placeholder in steps:
                given[placeholder] = {"Fn::GetAtt": [placeholder, "Arn"]}
            elif placeholder in machines and placeholder != name:
                given[placeholder] = {"Ref": placeholder}
            else:
                raise BuildError(
                    f"statemachines/{source}.yaml: ${{{placeholder}}} is no function or machine"
                )
        role = resource["Properties"]["RoleArn"]["Fn::GetAtt"][0]
        called.setdefault(role, set()).update(wanted & steps)
        resource["Properties"]["DefinitionString"] = text
        if given:
            resource["Properties"]["DefinitionSubstitutions"] = given
    if idle := sorted(steps.difference(*called.values())):
        raise BuildError(f"no machine calls the function: {', '.join(idle)}")
    _let_call(template, called)


def _let_call(template: Json, called: Mapping[str, set[str]]) -> None:
    """Put the functions that the machines of a role call into its policy."""
    for role, names in called.items():
        arns = [{"Fn::GetAtt": [name, "Arn"]} for name in sorted(names)]
        for policy in template["Resources"][role]["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Resource"] == CALLED_STEPS:
                    statement["Resource"] = arns
