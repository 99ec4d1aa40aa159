"""A first deploy leaves nothing ringing and nothing behind: it has no base URL yet, and it may fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.rooms import EACH_MINUTE
from infra import deploy as deploying
from infra.change_set import DeployError
from infra.concurrency import KEPT, check_room, reserved

pytestmark = pytest.mark.promise("first-deploy")

Find = Callable[[str], dict[str, dict[str, Any]]]


@pytest.fixture(params=["", "https://network.test"], ids=["first", "second"])
def base_url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chosen(template: dict[str, Any], value: Any, base_url: str) -> Any:
    """A value as it is with this base URL."""
    if not isinstance(value, dict) or "Fn::If" not in value:
        return value
    name, known, unknown = value["Fn::If"]
    assert name == "HasBaseUrl"
    test = {"Fn::Not": [{"Fn::Equals": [{"Ref": "BaseUrl"}, ""]}]}
    assert template["Conditions"][name] == test
    return known if base_url else unknown


def scheduled(of_type: Find) -> Iterator[dict[str, Any]]:
    for rule in of_type("AWS::Events::Rule").values():
        if "ScheduleExpression" in rule["Properties"]:
            yield rule["Properties"]


def test_the_clock_rests_until_the_base_url_is_known_and_no_alarm_misses_it(
    template: dict[str, Any], of_type: Find, base_url: str
) -> None:
    states = {chosen(template, rule["State"], base_url) for rule in scheduled(of_type)}
    assert states == {"ENABLED" if base_url else "DISABLED"}
    # The hour's round, a wished one, and each duty of the minute.
    assert len(list(scheduled(of_type))) == 3 + len(EACH_MINUTE)
    missed = [
        name
        for name, alarm in of_type("AWS::CloudWatch::Alarm").items()
        if chosen(template, alarm["Properties"]["TreatMissingData"], base_url) == "breaching"
    ]
    assert missed == (["ClockSilentAlarm"] if base_url else [])


def test_what_is_kept_goes_with_a_first_create_that_fails(
    template: dict[str, Any], of_type: Find, base_url: str
) -> None:
    for name, one in template["Resources"].items():
        assert one.get("DeletionPolicy", "Delete") in ("Delete", "RetainExceptOnCreate"), name
    # What is locked against deletion could not go.
    (table,), (pool,) = (
        of_type(kind).values() for kind in ("AWS::DynamoDB::Table", "AWS::Cognito::UserPool")
    )
    locked = chosen(template, table["Properties"]["DeletionProtectionEnabled"], base_url)
    assert locked is bool(base_url)
    locked = chosen(template, pool["Properties"]["DeletionProtection"], base_url)
    assert locked == ("ACTIVE" if base_url else "INACTIVE")


class Account:
    """Lambda's and CloudFormation's answers in an account that runs so many calls at once."""

    def __init__(self, free: int = 1000) -> None:
        self.free, self.protected = free, False

    def __call__(self, service: str) -> Account:
        return self

    def get_account_settings(self) -> dict[str, Any]:
        limit = {"ConcurrentExecutions": self.free, "UnreservedConcurrentExecutions": self.free}
        return {"AccountLimit": limit}

    def update_termination_protection(self, **how: Any) -> None:
        assert how["StackName"] == "iecmhc-staging"
        self.protected = how["EnableTerminationProtection"]


def test_an_account_that_cannot_reserve_is_told_what_to_do_before_anything_is_made(
    template: dict[str, Any],
) -> None:
    wanted = reserved(template)
    assert wanted > 0
    check_room(Account(wanted + KEPT), template, {})
    with pytest.raises(DeployError, match=r"ask for 1,000.*ReserveConcurrency=off"):
        check_room(Account(10), template, {})
    check_room(Account(10), template, {"ReserveConcurrency": "off"})


def test_a_deploy_protects_the_stack_from_being_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(deploying, "artifact_bucket", lambda client: "bucket")
    monkeypatch.setattr(deploying, "upload", lambda *_: "url")
    monkeypatch.setattr(deploying, "_change", lambda *_: {"ApiUrl": "https://api.test"})
    monkeypatch.setattr(deploying, "_current", lambda *_: {"BaseUrl": "https://api.test"})
    account = Account()
    deploying.deploy("staging", tmp_path, account, {}, lambda line: None)
    assert account.protected is True


def test_the_clock_and_the_relay_have_calls_of_their_own(of_type: Find) -> None:
    functions = of_type("AWS::Lambda::Function")
    kept = {n for n, f in functions.items() if "ReservedConcurrentExecutions" in f["Properties"]}
    assert kept == {"Clock", "Relay"}


def test_aws_services_may_use_the_key_as_they_really_ask_for_it(of_type: Find) -> None:
    """SES and EventBridge ask without an account: a statement with that condition refuses them."""
    (key,) = of_type("AWS::KMS::Key").values()
    may: set[str] = set()
    for statement in key["Properties"]["KeyPolicy"]["Statement"]:
        services = statement["Principal"].get("Service", [])
        if isinstance(services, list) and "Condition" not in statement:
            may |= set(services)
    writers = {f"{name}.amazonaws.com" for name in ("ses", "events", "sns", "cloudwatch")}
    assert may == writers


def test_what_a_rule_could_not_call_goes_to_the_queue_that_knows_the_rules(of_type: Find) -> None:
    (policy,) = of_type("AWS::SQS::QueuePolicy").values()
    (rules,) = (
        one
        for one in policy["Properties"]["PolicyDocument"]["Statement"]
        if one["Principal"] == {"Service": "events.amazonaws.com"}
    )
    arn = rules["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert arn.endswith(":rule/${AWS::StackName}-*") and set(rules["Condition"]) == {"ArnLike"}
    # The rules have the names that CloudFormation makes of the stack's.
    assert not any("Name" in rule["Properties"] for rule in of_type("AWS::Events::Rule").values())


def test_bounces_come_to_the_topic_alone_and_methods_cost_no_metrics(of_type: Find) -> None:
    (sender,) = of_type("AWS::SES::EmailIdentity").values()
    assert sender["Properties"]["FeedbackAttributes"] == {"EmailForwardingEnabled": False}
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    assert {s["MetricsEnabled"] for s in stage["Properties"]["MethodSettings"]} == {False}


def test_what_each_call_took_is_kept_in_the_log(of_type: Find) -> None:
    for name, function in of_type("AWS::Lambda::Function").items():
        # REPORT is a line of the level INFO.
        assert function["Properties"]["LoggingConfig"]["SystemLogLevel"] == "INFO", name
