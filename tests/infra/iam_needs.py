"""What AWS checks when the product calls it, and what it does with a role by itself: each with its source.

One row an API operation of a service; the actions' names are AWS's own and are held against the service
authorization reference (the copy of it that cfn-lint carries) by ``test_grants.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]

REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_"
GUIDE = "https://docs.aws.amazon.com/"
EVERYTHING = "*"  # AWS knows no resource for the action


class Check(NamedTuple):
    """One question that AWS asks of the caller's policies."""

    action: str
    resource: str
    context: Mapping[str, str] = {}


@dataclass(frozen=True)
class Account:
    """Where the calls of a test land: what a call does not say itself."""

    partition: str
    region: str
    id: str
    machine: str  # any machine of ours: a task token does not say whose it is

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.id}:{resource}"


Reads = Callable[[Account, Json], Iterable[Check]]


@dataclass(frozen=True)
class Operation:
    """``checks``: what AWS asks, by the arguments of the call. ``sources``: where it says so."""

    checks: Reads
    sources: tuple[str, ...] = field(default=())


def _on(action: str, argument: str) -> Reads:
    """The one action, on the resource whose ARN stands in ``argument``."""
    return lambda account, given: [Check(action, str(given[argument]))]


def _everything(action: str) -> Reads:
    return lambda account, given: [Check(action, EVERYTHING)]


def _rows(operation: str) -> Reads:
    def checks(account: Account, given: Json) -> Iterator[Check]:
        table = account.arn("dynamodb", f"table/{given['TableName']}")
        index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
        yield Check(f"dynamodb:{operation}", table + index, _leading(given))

    return checks


def _leading(given: Json) -> Mapping[str, str]:
    """The partition of the one row that a call names, which a policy may ask for."""
    row = given.get("Key") or given.get("Item")
    return {"dynamodb:LeadingKeys": row["pk"]["S"]} if row else {}


def _batch(account: Account, given: Json) -> Iterator[Check]:
    for name in given["RequestItems"]:
        yield Check("dynamodb:BatchGetItem", account.arn("dynamodb", f"table/{name}"))


def _transaction(account: Account, given: Json) -> Iterator[Check]:
    """A transaction is checked as its members are; there is no action of its own."""
    for member in given["TransactItems"]:
        ((kind, one),) = member.items()
        action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
        table = account.arn("dynamodb", f"table/{one['TableName']}")
        yield Check(f"dynamodb:{action}", table, _leading(one))


def _secret(account: Account, given: Json) -> Iterator[Check]:
    name = str(given["SecretId"])
    arn = name if name.startswith("arn:") else account.arn("secretsmanager", f"secret:{name}")
    yield Check("secretsmanager:GetSecretValue", arn)


def _email(account: Account, given: Json) -> Iterator[Check]:
    """``SendEmail`` of SES v2. Raw content is checked as the older API's ``SendRawEmail``, too; a
    recipient's identity where the account has one (in the sandbox each must)."""
    actions = ["ses:SendEmail", *(["ses:SendRawEmail"] if "Raw" in given["Content"] else [])]
    sender = str(given["FromEmailAddress"])
    resources = [f"identity/{name}" for name in (sender, *given["Destination"]["ToAddresses"])]
    if "ConfigurationSetName" in given:
        resources.append(f"configuration-set/{given['ConfigurationSetName']}")
    for action in actions:
        for resource in resources:
            yield Check(action, account.arn("ses", resource), {"ses:FromAddress": sender})


def _ses(action: str, kind: str, argument: str) -> Reads:
    return lambda account, given: [Check(action, account.arn("ses", f"{kind}/{given[argument]}"))]


def _pool(name: str) -> Reads:
    return lambda account, given: [
        Check(f"cognito-idp:{name}", account.arn("cognito-idp", f"userpool/{given['UserPoolId']}"))
    ]


def _text(account: Account, given: Json) -> Iterator[Check]:
    """AWS asks for what the text comes from, and for the configuration set."""
    yield Check("sms-voice:SendTextMessage", str(given["OriginationIdentity"]))
    name = given["ConfigurationSetName"]
    yield Check("sms-voice:SendTextMessage", account.arn("sms-voice", f"configuration-set/{name}"))


def _token(account: Account, given: Json) -> Iterator[Check]:
    yield Check("states:SendTaskSuccess", account.machine)


DYNAMODB = (REFERENCE + "amazondynamodb.html",)
SES = (REFERENCE + "amazonsimpleemailservicev2.html",)
STATES = (REFERENCE + "awsstepfunctions.html",)

# (service as botocore has it, operation) -> what AWS asks.
OPERATIONS: dict[tuple[str, str], Operation] = {
    **{
        ("dynamodb", name): Operation(_rows(name), DYNAMODB)
        for name in ("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
    },
    ("dynamodb", "BatchGetItem"): Operation(_batch, DYNAMODB),
    ("dynamodb", "TransactWriteItems"): Operation(
        _transaction,
        (*DYNAMODB, GUIDE + "amazondynamodb/latest/developerguide/transaction-apis-iam.html"),
    ),
    ("secretsmanager", "GetSecretValue"): Operation(
        _secret, (REFERENCE + "awssecretsmanager.html",)
    ),
    ("sesv2", "SendEmail"): Operation(
        _email,
        (
            *SES,
            # raw content, the configuration set and a recipient's identity: AWS's refusals, reported
            "https://github.com/anymail/django-anymail/issues/384",
            "https://github.com/usdigitalresponse/usdr-gost/pull/3080",
            "https://github.com/cloudposse/terraform-aws-ses/issues/40",
            GUIDE + "ses/latest/dg/control-user-access.html",
        ),
    ),
    ("sesv2", "GetEmailIdentity"): Operation(
        _ses("ses:GetEmailIdentity", "identity", "EmailIdentity"), SES
    ),
    ("sesv2", "GetConfigurationSetEventDestinations"): Operation(
        _ses(
            "ses:GetConfigurationSetEventDestinations", "configuration-set", "ConfigurationSetName"
        ),
        SES,
    ),
    ("sesv2", "GetAccount"): Operation(_everything("ses:GetAccount"), SES),
    ("sesv2", "ListSuppressedDestinations"): Operation(
        _everything("ses:ListSuppressedDestinations"), SES
    ),
    ("sesv2", "DeleteSuppressedDestination"): Operation(
        _everything("ses:DeleteSuppressedDestination"), SES
    ),
    ("pinpoint-sms-voice-v2", "SendTextMessage"): Operation(
        _text, (REFERENCE + "pinpoint-sms-voice-v2.html",)
    ),
    ("sns", "ListSubscriptionsByTopic"): Operation(
        _on("sns:ListSubscriptionsByTopic", "TopicArn"), (REFERENCE + "amazonsns.html",)
    ),
    **{
        ("cognito-idp", name): Operation(_pool(name), (REFERENCE + "amazoncognitouserpools.html",))
        for name in (
            "AdminCreateUser",
            "AdminDeleteUser",
            "AdminAddUserToGroup",
            "AdminRemoveUserFromGroup",
        )
    },
    ("cloudwatch", "GetMetricStatistics"): Operation(
        _everything("cloudwatch:GetMetricStatistics"), (REFERENCE + "amazoncloudwatch.html",)
    ),
    **{
        ("stepfunctions", name): Operation(_on(f"states:{name}", argument), STATES)
        for name, argument in {
            "StartExecution": "stateMachineArn",
            "ListExecutions": "stateMachineArn",
            "DescribeStateMachine": "stateMachineArn",
            "DescribeExecution": "executionArn",
            "GetExecutionHistory": "executionArn",
            "StopExecution": "executionArn",
        }.items()
    },
    # The reference names no resource; AWS was seen to check the machine whose run waits.
    ("stepfunctions", "SendTaskSuccess"): Operation(
        _token, (*STATES, "https://github.com/aws/aws-cdk/pull/8486")
    ),
}

# -- what the services do with a role by themselves ---------------------------------------------------
LOG_DELIVERY = tuple(
    f"logs:{name}"
    for name in (
        "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery",
        "ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
    )
)  # fmt: skip
TRACE = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
USE_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
READ_STREAM = tuple(
    f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator")
)

Need = tuple[str, str, str]  # role, action, resource


def of_function(function: Json, log_group: str, key: str) -> Iterator[tuple[str, str]]:
    """What Lambda does with a function's role (its logs, its trace, its encrypted table and queue).

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    yield from ((f"logs:{name}", log_group) for name in ("CreateLogStream", "PutLogEvents"))
    yield from ((action, key) for action in USE_KEY)
    if "TracingConfig" in function:
        yield from ((action, EVERYTHING) for action in TRACE)


def of_stream(stream: str) -> Iterator[tuple[str, str]]:
    """What Lambda does with the role of a function that a table's stream calls.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
    """
    yield from ((action, stream) for action in READ_STREAM)
    yield "dynamodb:ListStreams", EVERYTHING


def of_machine(machine: Json) -> Iterator[tuple[str, str]]:
    """What Step Functions does with a machine's role besides its tasks.

    https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
    """
    if "LoggingConfiguration" in machine:
        yield from ((action, EVERYTHING) for action in LOG_DELIVERY)
    if machine.get("TracingConfiguration", {}).get("Enabled"):
        yield from ((action, EVERYTHING) for action in TRACE + SAMPLING)


def of_task(resource: str, called: str, account: Account) -> Iterator[tuple[str, str]]:
    """What a Task state needs by its integration; ``called``: the function's or machine's ARN.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
    https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html (run a job, .sync)
    """
    match resource.removeprefix("arn:aws:states:::"):
        case "lambda:invoke" | "lambda:invoke.waitForTaskToken":
            yield "lambda:InvokeFunction", called
        case "states:startExecution.sync:2":
            rule = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
            run = called.replace(":stateMachine:", ":execution:") + ":a-run"
            yield "states:StartExecution", called
            yield from ((f"states:{name}Execution", run) for name in ("Describe", "Stop"))
            for name in ("PutTargets", "PutRule", "DescribeRule"):
                yield f"events:{name}", account.arn("events", rule)
        case other:
            raise LookupError(f"nobody wrote down what {other} needs")
