"""A deploy shows what it will do, loses nobody's data unasked, and can be found in the history."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra import change_set
from infra.change_set import IRREPLACEABLE, DeployError, look_at, losses
from infra.release import Unfit, release

pytestmark = pytest.mark.promise("deploy-trusted")
Change = dict[str, Any]


def change(action: str, name: str, kind: str, replacement: str | None = None) -> Change:
    more = {"Replacement": replacement} if replacement else {}
    return {
        "Type": "Resource",
        "ResourceChange": {
            "Action": action,
            "LogicalResourceId": name,
            "ResourceType": kind,
            **more,
        },
    }


class CloudFormation:
    """Holds one change set, and lists a page of it at a time."""

    def __init__(self, *found: Change) -> None:
        self.found, self.deleted = found, False

    def describe_change_set(self, **named: str) -> dict[str, Any]:
        at = int(named.get("NextToken", "0"))
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.found) else {}
        return {"Status": "CREATE_COMPLETE", "Changes": list(self.found[at : at + 1]), **more}

    def delete_change_set(self, **named: str) -> None:
        self.deleted = True


HARMLESS = (
    change("Modify", "Relay", "AWS::Lambda::Function", "False"),
    change("Add", "Firewall", "AWS::WAFv2::WebACL"),
    change("Modify", "RestAPIDeployment1", "AWS::ApiGateway::Deployment", "True"),
)
LOSSES = {
    "replaced": change("Modify", "Table", "AWS::DynamoDB::Table", "True"),
    "perhaps replaced": change("Modify", "StaffPool", "AWS::Cognito::UserPool", "Conditional"),
    "taken out": change("Remove", "DataKey", "AWS::KMS::Key"),
}


def test_every_change_is_shown_before_it_is_made_however_many_pages_they_fill() -> None:
    said: list[str] = []
    look_at(CloudFormation(*HARMLESS), "c", "s", said.append, may_replace=False)
    assert sorted(said) == [
        "+ 1 resources are new",
        "~ Relay (AWS::Lambda::Function)",
        "~ RestAPIDeployment1 (AWS::ApiGateway::Deployment)  REPLACED",
    ]


@pytest.mark.parametrize("what", LOSSES)
def test_what_holds_data_is_not_lost_unless_somebody_says_so(what: str) -> None:
    aws = CloudFormation(*HARMLESS, LOSSES[what])
    name = LOSSES[what]["ResourceChange"]["LogicalResourceId"]
    with pytest.raises(DeployError, match=f"{name} may be replaced.*YES=replace"):
        look_at(aws, "c", "s", lambda line: None, may_replace=False)
    assert aws.deleted
    look_at(aws, "c", "s", lambda line: None, may_replace=True)


def test_a_table_that_only_changes_may_change() -> None:
    kept = change("Modify", "Table", "AWS::DynamoDB::Table", "False")["ResourceChange"]
    assert losses([kept]) == []


def test_all_that_the_template_keeps_when_it_is_deleted_counts_as_data(
    template: dict[str, Any],
) -> None:
    kept = {
        one["Type"]
        for one in template["Resources"].values()
        if str(one.get("DeletionPolicy", "")).startswith("Retain")
    }
    # These are kept for other reasons, and hold nothing: others share them, or runs still need them.
    empty = {"IAM::Role", "ApiGateway::Account", "SES::EmailIdentity", "Lambda::LayerVersion"}
    assert kept - {f"AWS::{one}" for one in empty} == set(IRREPLACEABLE)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "app.py").write_text("1")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    return tmp_path


@pytest.mark.parametrize(
    "spoil", [lambda p: (p / "app.py").write_text("2"), lambda p: (p / "b.py").touch()]
)
def test_production_takes_only_what_is_committed(
    checkout: Path, spoil: Callable[[Path], object]
) -> None:
    clean = release(checkout, "prod")
    assert len(clean.commit) == 10 and clean.deployed_at.endswith("Z")
    spoil(checkout)
    with pytest.raises(Unfit, match=r"commit or stash first.*\.py"):
        release(checkout, "prod")
    assert release(checkout, "staging").commit == f"{clean.commit}-changed"


def test_production_takes_nothing_without_a_history(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="no git checkout"):
        release(tmp_path, "prod")
    assert release(tmp_path, "local").commit == "unknown"


def test_the_release_is_in_the_outputs_and_known_to_every_function(
    template: dict[str, Any],
) -> None:
    for name in ("Commit", "DeployedAt"):
        assert template["Outputs"][name]["Value"] == {"Ref": name}
    env = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert env["COMMIT"] == {"Ref": "Commit"} and env["DEPLOYED_AT"] == {"Ref": "DeployedAt"}


def test_a_change_set_that_changes_nothing_is_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    class Same(CloudFormation):
        def create_change_set(self, **named: Any) -> dict[str, str]:
            return {"Id": "c"}

        def describe_change_set(self, **named: Any) -> dict[str, Any]:
            return {
                "Status": "FAILED",
                "StatusReason": "The submitted information didn't contain changes.",
            }

    assert change_set.propose(Same(), "s") == ""
