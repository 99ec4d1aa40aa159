"""CPU time of fresh processes: what a cold start costs, against the least that it could cost.

The pages' requests are recorded from a browser on the running stack and played again, each in a
process of its own, with the API function's environment. The sums are process time, imports included;
the processes take turns, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.bench.stack import BenchStack
from infra.case import REQUEST, Case
from infra.player import Person

ROOT = Path(__file__).resolve().parents[2]
RUNS = 9
HELLO = """
from chalice import Chalice
app = Chalice(app_name="hello")
@app.route("/")
def index():
    return {}
"""
# What any function that reads one row needs.
HELLO_PLUS = (
    HELLO
    + """
import boto3, os
boto3.client("dynamodb").get_item(
    TableName=os.environ["TABLE_NAME"], Key={"pk": {"S": "nobody"}, "sk": {"S": "nobody"}}
)
"""
)
IMPORT = "import app"
ANSWER = """
import json, sys
import app
answer = app.app(json.loads(sys.argv[1]), None)
assert answer["statusCode"] == int(sys.argv[2]), (answer["statusCode"], answer["headers"])
"""
STEP = """
import importlib, json, sys
module, _, name = sys.argv[2].rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.loads(sys.argv[1]), None)
assert answer["verdict"], answer
"""
SUBMIT = """
import json, sys
from chalicelib.referral.intake.create_referral import submit
from chalicelib.referral.request import Request
draft = json.loads(sys.argv[1])
submit(draft["reference"], Request.from_answers(draft["answers"]), "en")
"""


@dataclass
class Cold:
    """Median CPU seconds by name: the two baselines, the import, four pages, a stage's step."""

    seconds: dict[str, float] = field(default_factory=dict)

    def ratio(self, name: str, baseline: str) -> float:
        """How many times the baseline something takes."""
        return self.seconds[name] / self.seconds[baseline]


@dataclass(frozen=True)
class _Probe:
    code: str
    arguments: tuple[str, ...] = ()
    # Rows to put back before each run.
    afresh: bool = False


def measure(stack: BenchStack) -> Cold:
    """Play each probe ``RUNS`` times, by turns, and take the medians."""
    table = _ColdTable(stack)
    probes = {
        "hello": _Probe(HELLO),
        "hello+": _Probe(HELLO_PLUS),
        "import": _Probe(IMPORT),
        "step": _Probe(STEP, (table.event, table.handler), afresh=True),
    }
    probes |= {
        # A form that is sent is answered by a redirect, a page by itself.
        name: _Probe(ANSWER, (event, "303" if name == "form" else "200"))
        for name, event in pages(stack).items()
    }
    times: dict[str, list[float]] = {name: [] for name in probes}
    for turn in range(RUNS + 1):
        for name, probe in probes.items():
            if probe.afresh:
                table.restore()
            environment = table.environment if probe.afresh else _environment(stack)
            seconds = _cpu(probe.code, probe.arguments, environment)
            if turn:  # the first turn compiles
                times[name].append(seconds)
    return Cold({name: statistics.median(found) for name, found in times.items()})


def _cpu(code: str, arguments: tuple[str, ...], environment: Mapping[str, str]) -> float:
    probe = f"import time\n{code}\nprint(time.process_time())"
    ran = subprocess.run(
        [sys.executable, "-c", probe, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=dict(environment),
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    return float(ran.stdout.split()[-1])


def _environment(stack: BenchStack, name: str = "") -> dict[str, str]:
    """A function's environment as the template gives it, and the way to the emulator."""
    if not name:
        functions = stack.client("lambda").list_functions()["Functions"]
        name = next(one["FunctionName"] for one in functions if one["Handler"] == "app.app")
    found = stack.client("lambda").get_function_configuration(FunctionName=name)
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        **found["Environment"]["Variables"],
        "AWS_DEFAULT_REGION": stack.run["region"],
        "AWS_ACCESS_KEY_ID": stack.run["account"],
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_ENDPOINT_URL": stack.run["endpoint"],
        "AWS_EC2_METADATA_DISABLED": "true",
        **stack.time,  # a session that began on this stack is good at its time only
    }


# -- the pages ------------------------------------------------------------------------------------
def pages(stack: BenchStack) -> dict[str, str]:
    """The four requests as API Gateway hands them on."""
    case = Case("[cold]", stack.run["base_url"], stack.run["messages"], lambda line: None)
    case.request()
    case.n += 1
    link, _ = case.box.link(case.reference, case.n)
    staff = case.staff("specialist")
    asking = case.person().open("/start")
    for _ in range(2):  # a page of the form in the middle, with its draft's cookie
        asking.fill("main form", {**REQUEST, "contact_email": "cold@example.org"}).press()
    form = _recorded(asking, lambda: asking.fill("main form", REQUEST).press())
    routes = _routes()
    return {
        "landing": _event(routes, _recorded(guest := case.person(), lambda: guest.open("/"))),
        "form": _event(routes, form),
        "task": _event(routes, _recorded(guest, lambda: guest.open(link))),
        "console": _event(routes, _recorded(staff, lambda: staff.open("/console"))),
    }


def _recorded(person: Person, act: Any) -> Any:
    """The first request that a browser makes when it acts."""
    seen: list[Any] = []

    def note(answer: Any, *args: Any, **kwargs: Any) -> None:
        seen.append(answer.request)

    person.browser.session.hooks["response"].append(note)
    act()
    person.browser.session.hooks["response"].remove(note)
    return seen[0]


def _routes() -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", "import app, json; print(json.dumps(list(app.app.routes)))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    routes: list[str] = json.loads(ran.stdout)
    return routes


def _event(routes: list[str], request: Any) -> str:
    from chalice.local import LambdaEventConverter, RouteMatcher

    converter = LambdaEventConverter(RouteMatcher(routes))
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.body or ""
    # Chalice's type says bytes; the event is JSON, so text is what it needs.
    text: Any = body if isinstance(body, str) else body.decode()
    event = converter.create_lambda_event(request.method, request.path_url, headers, text)
    return json.dumps(event)


# -- a stage's first step -------------------------------------------------------------------------
class _ColdTable:
    """A table of its own beside the stack's, in which one request was just sent."""

    NAME = "bench-cold"
    REFERENCE = "0000-0000-0"

    def __init__(self, stack: BenchStack) -> None:
        self._client = stack.client("dynamodb")
        machine = stack.client("stepfunctions").describe_state_machine(
            stateMachineArn=stack.run["machines"]["eligibility"]
        )
        state = _first_task(json.loads(machine["definition"]))
        function = str(state["Parameters"]["FunctionName"]).rpartition(":function:")[2]
        configuration = stack.client("lambda").get_function_configuration(FunctionName=function)
        self.handler: str = configuration["Handler"]
        self.environment = _environment(stack, function) | {"TABLE_NAME": self.NAME}
        self._make(stack)
        from chalicelib.domain.ids import new_reference

        reference = new_reference()
        draft = {
            "reference": reference,
            "answers": {**REQUEST, "contact_email": "cold@example.org", "notice_version": "1"},
        }
        _cpu(SUBMIT, (json.dumps(draft),), self.environment)
        self._pk = {"S": f"R#{reference}"}
        self._rows = self._found()
        given = {"referral": reference, "generation": 1, "stage": "eligibility"}
        payload = state["Parameters"]["Payload"]
        self.event = json.dumps(
            {
                name.removesuffix(".$"): given.get(str(value).removeprefix("$."), value)
                for name, value in payload.items()
            }
        )

    def _make(self, stack: BenchStack) -> None:
        described = self._client.describe_table(TableName=stack.table)["Table"]
        self._client.create_table(
            TableName=self.NAME,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=described["AttributeDefinitions"],
            KeySchema=described["KeySchema"],
            GlobalSecondaryIndexes=[
                {name: one[name] for name in ("IndexName", "KeySchema", "Projection")}
                for one in described["GlobalSecondaryIndexes"]
            ],
        )
        from infra.journal import put_back

        for pk in ("STAFF", "CONSULTANTS", "AGENCIES", "SITES"):
            rows = self._client.get_paginator("query").paginate(
                TableName=stack.table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
            )
            put_back(self._client, self.NAME, [row for page in rows for row in page["Items"]])

    def _found(self) -> list[dict[str, Any]]:
        answer = self._client.query(
            TableName=self.NAME,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": self._pk},
        )
        rows: list[dict[str, Any]] = answer["Items"]
        return rows

    def restore(self) -> None:
        """The rows of the request as they were when it was sent."""
        for row in self._found():
            self._client.delete_item(
                TableName=self.NAME, Key={name: row[name] for name in ("pk", "sk")}
            )
        for row in self._rows:
            self._client.put_item(TableName=self.NAME, Item=row)


def _first_task(definition: dict[str, Any]) -> dict[str, Any]:
    name, states = definition["StartAt"], definition["States"]
    while states[name]["Type"] != "Task":
        name = states[name].get("Next") or states[name]["Default"]
    found: dict[str, Any] = states[name]
    return found
