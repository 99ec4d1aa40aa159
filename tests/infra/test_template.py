"""What the one template promises, whoever edits its fragments."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib import rooms
from chalicelib.workflow.machines import titles
from chalicelib.workflow.storage import keys, store
from infra.bench.deployed import matches
from infra.template import KINDS, MINUTE

Find = Callable[[str], dict[str, dict[str, Any]]]


@pytest.mark.promise("encrypted-at-rest")
def test_the_table_survives_mistakes_and_is_encrypted(of_type: Find) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    says = table["Properties"]
    assert table["UpdateReplacePolicy"] == "Retain"
    assert table["DeletionPolicy"] == "RetainExceptOnCreate"
    assert says["DeletionProtectionEnabled"] == {"Fn::If": ["HasBaseUrl", True, False]}
    assert says["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert says["SSESpecification"]["SSEType"] == "KMS"
    assert says["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert says["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert says["BillingMode"] == "PAY_PER_REQUEST"


def test_the_indexes_are_those_that_the_code_names(of_type: Find) -> None:
    from chalicelib.workflow.storage import keys

    (table,) = of_type("AWS::DynamoDB::Table").values()
    indexes = {i["IndexName"]: i for i in table["Properties"]["GlobalSecondaryIndexes"]}
    assert set(indexes) == {keys.BOARD.name, keys.QUEUE.name, keys.WAKE.name}
    assert indexes[keys.WAKE.name]["Projection"]["ProjectionType"] == "KEYS_ONLY"
    assert indexes[keys.BOARD.name]["Projection"]["ProjectionType"] == "INCLUDE"


@pytest.mark.promise("encrypted-at-rest")
def test_no_function_or_machine_is_without_an_encrypted_log_group_that_ends(of_type: Find) -> None:
    groups = of_type("AWS::Logs::LogGroup")
    for name, group in groups.items():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name
        assert group["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}, name
    for name, function in of_type("AWS::Lambda::Function").items():
        assert function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] in groups, name
        # It is part of its run's trace, and begins none.
        assert function["Properties"]["TracingConfig"]["Mode"] == "PassThrough", name


def test_machines_are_logged_without_data_and_traced(of_type: Find) -> None:
    machines = of_type("AWS::StepFunctions::StateMachine")
    names = {m["Properties"]["StateMachineName"]["Fn::Sub"] for m in machines.values()}
    assert names == {"${AWS::StackName}-" + name for name in titles()}
    for name, machine in machines.items():
        says = machine["Properties"]
        assert says["LoggingConfiguration"]["Level"] == "ERROR", name
        assert says["LoggingConfiguration"]["IncludeExecutionData"] is False, name
        assert says["TracingConfiguration"]["Enabled"] is True, name
        assert says["StateMachineType"] == "STANDARD", name


def test_every_placeholder_of_a_machine_is_substituted_and_nothing_else(of_type: Find) -> None:
    for name, machine in of_type("AWS::StepFunctions::StateMachine").items():
        wanted = set(re.findall(r"\$\{(\w+)\}", machine["Properties"]["DefinitionString"]))
        assert wanted == set(machine["Properties"].get("DefinitionSubstitutions", {})), name


@pytest.mark.promise("poisoned-record")
def test_the_stream_reports_single_failures_and_gives_up_into_a_queue(of_type: Find) -> None:
    (mapping,) = of_type("AWS::Lambda::EventSourceMapping").values()
    says = mapping["Properties"]
    assert says["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert says["BisectBatchOnFunctionError"] is True
    assert (
        says["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] == "StreamFailures"
    )


def test_the_stream_calls_for_news_alone_and_not_for_the_copies_in_the_log(of_type: Find) -> None:
    (mapping,) = of_type("AWS::Lambda::EventSourceMapping").values()
    filters = mapping["Properties"]["FilterCriteria"]["Filters"]
    patterns = [json.loads(one["Pattern"]) for one in filters]

    def heard(name: str, sk: str, **more: object) -> bool:
        keys_of = {"pk": {"S": "R#1"}, "sk": {"S": sk}}
        record = {"eventName": name, "dynamodb": {"Keys": keys_of, "NewImage": {**keys_of, **more}}}
        return any(matches(pattern, record) for pattern in patterns)

    leaves = {store.LEAVES: {"BOOL": True}}
    assert heard("INSERT", keys.STATE, **leaves) and heard("MODIFY", keys.STATE, **leaves)
    assert not heard("INSERT", keys.STATE) and not heard("MODIFY", keys.STATE)
    assert heard("INSERT", f"{keys.LOG}00001", alone={"BOOL": True})
    assert not heard("INSERT", f"{keys.LOG}00001")
    assert not heard("REMOVE", keys.STATE)
    assert not heard("INSERT", f"{keys.MAIL}1.0")


def test_what_is_called_without_an_answer_gives_up_into_a_queue(of_type: Find) -> None:
    functions = of_type("AWS::Lambda::Function")
    for name in ("Clock", "Reconcile", "RunEnded", "MailEvents"):
        assert functions[name]["Properties"]["DeadLetterConfig"]["TargetArn"], name
    for name, rule in of_type("AWS::Events::Rule").items():
        for target in rule["Properties"]["Targets"]:
            assert target["DeadLetterConfig"]["Arn"] == {
                "Fn::GetAtt": ["ScheduleFailures", "Arn"]
            }, name
    redriven = [
        s["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]
        for s in of_type("AWS::SNS::Subscription").values()
        if s["Properties"]["Protocol"] == "lambda"
    ]
    assert redriven == [{"Fn::GetAtt": ["MailEventFailures", "Arn"]}]


@pytest.mark.promise("duties-apart")
def test_each_duty_of_the_minute_has_a_rule_of_its_own(of_type: Find) -> None:
    found = []
    for rule in of_type("AWS::Events::Rule").values():
        (target,) = rule["Properties"].get("Targets", ())
        if "Input" in target:
            assert rule["Properties"]["ScheduleExpression"] == MINUTE
            (function, _) = target["Arn"]["Fn::GetAtt"]
            found.append((function, json.loads(target["Input"])["detail"]["duty"]))
    duties = [("Clock", name) for name in (rooms.DUE, *rooms.EACH_MINUTE)]
    assert sorted(found) == sorted([*duties, ("Reconcile", rooms.WISHED)])


@pytest.mark.promise("no-secret-in-addresses")
def test_the_api_keeps_no_path_of_a_visitor(of_type: Find) -> None:
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    says = stage["Properties"]
    kept = says["AccessLogSetting"]["Format"]
    assert "$context.resourcePath" in kept
    assert not re.search(r"\$context\.(path|identity|authorizer|requestOverride)\b", kept)
    for setting in says["MethodSettings"]:
        # Execution logs and traces hold the whole URL, and a task's URL is a secret.
        assert setting["LoggingLevel"] == "OFF"
        assert setting["DataTraceEnabled"] is False
        assert setting["ThrottlingRateLimit"] > 0
    assert not says.get("TracingEnabled")


def test_a_firewall_asks_one_flooding_address_to_wait_where_it_is_switched_on(
    template: dict[str, Any], of_type: Find
) -> None:
    assert template["Parameters"]["SourceRate"]["Default"] == 0
    (acl,) = of_type("AWS::WAFv2::WebACL").values()
    (tied,) = of_type("AWS::WAFv2::WebACLAssociation").values()
    assert acl["Condition"] == tied["Condition"] == "HasSourceRate"
    (rule,) = acl["Properties"]["Rules"]
    rate = rule["Statement"]["RateBasedStatement"]
    assert rate["Limit"] == {"Ref": "SourceRate"} and rate["AggregateKeyType"] == "IP"
    # A custom answer of the firewall's own would go before our page; a sample would keep a URL.
    assert rule["Action"] == {"Block": {}}
    for shows in (acl["Properties"]["VisibilityConfig"], rule["VisibilityConfig"]):
        assert shows["SampledRequestsEnabled"] is False
    (stage,) = of_type("AWS::ApiGateway::Stage")
    assert f"${{{stage}}}" in tied["Properties"]["ResourceArn"]["Fn::Sub"]


def test_there_is_no_second_stage_beside_ours(of_type: Find) -> None:
    assert [s["Properties"]["StageName"] for s in of_type("AWS::ApiGateway::Stage").values()] == [
        "api"
    ]


@pytest.mark.promise("staff-second-factor")
def test_staff_cannot_sign_themselves_up_and_need_a_second_factor(
    template: dict[str, Any], of_type: Find
) -> None:
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    says = pool["Properties"]
    assert says["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert says["MfaConfiguration"] == {"Ref": "StaffMfa"}
    assert template["Parameters"]["StaffMfa"]["Default"] == "ON"
    (client,) = of_type("AWS::Cognito::UserPoolClient").values()
    assert client["Properties"]["AllowedOAuthFlows"] == ["code"]
    assert client["Properties"]["GenerateSecret"] is False


def test_every_group_of_the_pool_is_a_role_of_the_console(of_type: Find) -> None:
    from chalicelib.domain.roles import ROLES

    groups = {g["Properties"]["GroupName"] for g in of_type("AWS::Cognito::UserPoolGroup").values()}
    assert groups == set(ROLES)


@pytest.mark.promise("secrets-are-secrets")
def test_link_keys_are_made_there_with_256_bits_in_the_shape_that_the_code_reads(
    of_type: Find,
) -> None:
    (secret,) = of_type("AWS::SecretsManager::Secret").values()
    made = secret["Properties"]["GenerateSecretString"]
    assert json.loads(made["SecretStringTemplate"]) == {"current": made["GenerateStringKey"]}
    alphabet = set("0123456789abcdefghijklmnopqrstuvwxyz") - set(made["ExcludeCharacters"])
    assert len(alphabet) == 16
    assert made["PasswordLength"] * 4 == 256


def test_letters_are_reported_on_and_bad_addresses_suppressed(of_type: Find) -> None:
    from chalicelib.mail.delivery_reports import WORDS

    (settings,) = of_type("AWS::SES::ConfigurationSet").values()
    assert settings["Properties"]["SuppressionOptions"]["SuppressedReasons"] == [
        "BOUNCE",
        "COMPLAINT",
    ]
    assert settings["Properties"]["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    (destination,) = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    kinds = destination["Properties"]["EventDestination"]["MatchingEventTypes"]
    assert {kind.casefold() for kind in kinds} == {w.replace(" ", "").casefold() for w in WORDS}


def test_the_settings_of_the_program_all_come_from_the_template(of_type: Find) -> None:
    from chalicelib.aws.settings import Settings

    wanted = {name.upper() for name in Settings._fields}
    for name, function in of_type("AWS::Lambda::Function").items():
        assert wanted <= set(function["Properties"]["Environment"]["Variables"]), name


def test_every_function_is_of_one_kind_and_has_its_role(of_type: Find) -> None:
    for name, function in of_type("AWS::Lambda::Function").items():
        kind = KINDS.get(name, "Step")
        assert function["Properties"]["Role"] == {"Fn::GetAtt": [f"{kind}Role", "Arn"]}, name


def test_local_differs_from_production_in_its_wheels_and_its_bytecode_alone(
    prod: Path, local: Path
) -> None:
    def plain(out: Path) -> str:
        text = (out / "template.json").read_text()
        text = re.sub(r"Packages[0-9a-f]{10}", "Packages", text)
        text = re.sub(r"(layer|code)-[0-9a-f]{32}\.zip", r"\1.zip", text)
        # Sorted by name, so the layer's hash may move it.
        return json.dumps(json.loads(text.replace('"x86_64"', '"arm64"')), sort_keys=True)

    def program(out: Path) -> dict[str, bytes]:
        (path,) = out.glob("code-*.zip")
        with zipfile.ZipFile(path) as code:
            names = [name for name in code.namelist() if "__pycache__" not in name]
            return {name: code.read(name) for name in names}

    assert plain(local) == plain(prod)
    assert program(local) == program(prod)
