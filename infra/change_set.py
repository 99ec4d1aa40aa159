"""A change set: made, shown in lines that a person reads before it is done, and refused where it would
put people's data out of use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# What holds people's data, and the keys without which it cannot be read: a replacement begins empty.
IRREPLACEABLE = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::Cognito::UserPool",
        "AWS::KMS::Key",
        "AWS::SecretsManager::Secret",
    }
)
_SIGNS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": "<", "Dynamic": "?"}
Change = dict[str, Any]
Say = Callable[[str], None]


class DeployError(Exception):
    """The stack was not brought to what the template says; the message is one line."""


def patiently(what: str, seconds: float) -> Iterator[None]:
    """Yield at growing intervals, quick for the emulator and gentle for AWS; then DeployError."""
    end, pause = time.monotonic() + seconds, 0.05
    while time.monotonic() < end:
        yield
        time.sleep(pause)
        pause = min(pause * 1.3, 5.0)
    raise DeployError(f"{what} took longer than {seconds:.0f} s")


def propose(cloudformation: Any, stack: str, **how: Any) -> str:
    """Make a change set, ``how`` as CloudFormation takes it; returns its id, or nothing where the
    stack is so already. Raises DeployError."""
    made = cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=f"change-{time.time_ns()}",
        Capabilities=["CAPABILITY_IAM"],
        **how,
    )["Id"]
    for _ in patiently(f"the change set of {stack}", 300):
        found = cloudformation.describe_change_set(ChangeSetName=made, StackName=stack)
        if found["Status"] == "CREATE_COMPLETE":
            return str(made)
        if found["Status"] == "FAILED":
            break
    reason = found.get("StatusReason", "")
    if "didn't contain changes" in reason or "No updates" in reason:
        return ""
    raise DeployError(f"{stack}: {reason}")


def look_at(cloudformation: Any, change_set: str, stack: str, say: Say, may_replace: bool) -> None:
    """Show a change set. Raises DeployError, and takes it away, where it would lose people's data."""
    found = changes(cloudformation, change_set, stack)
    show(found, say)
    if may_replace or not (lost := losses(found)):
        return
    cloudformation.delete_change_set(ChangeSetName=change_set, StackName=stack)
    raise DeployError(
        f"nothing was changed: {', '.join(lost)} may be replaced, and what it holds would go out of "
        "use; YES=replace lets it happen"
    )


def changes(cloudformation: Any, change_set: str, stack: str) -> list[Change]:
    """Every change to a resource: CloudFormation lists a hundred at a time."""
    found: list[Change] = []
    more: dict[str, str] = {}
    while True:
        page = cloudformation.describe_change_set(ChangeSetName=change_set, StackName=stack, **more)
        found += [one["ResourceChange"] for one in page["Changes"] if "ResourceChange" in one]
        if not page.get("NextToken"):
            return found
        more = {"NextToken": page["NextToken"]}


def show(found: Iterable[Change], say: Say) -> None:
    """Say each change but those that make something new where there was nothing."""
    added = 0
    for one in sorted(found, key=lambda one: (one["Action"], one["LogicalResourceId"])):
        if one["Action"] == "Add":
            added += 1
            continue
        sign = _SIGNS.get(one["Action"], "?")
        fate = {"True": "  REPLACED", "Conditional": "  may be replaced"}.get(
            str(one.get("Replacement", "")), ""
        )
        say(f"{sign} {one['LogicalResourceId']} ({one['ResourceType']}){fate}")
    if added:
        say(f"+ {added} resources are new")


def losses(found: Iterable[Change]) -> list[str]:
    """What would go out of use with all that it holds: replaced, perhaps replaced, or taken out."""
    return sorted(
        one["LogicalResourceId"]
        for one in found
        if one["ResourceType"] in IRREPLACEABLE
        and (
            one["Action"] == "Remove"
            or (one["Action"] == "Modify" and str(one.get("Replacement", "False")) != "False")
        )
    )
