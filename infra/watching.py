"""Alarms and dashboard, derived: each machine, function, index and counted metric is watched.

The patterns and their thresholds are in infra/template/alarms.yaml; what they are put in for is not
listed again here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from chalicelib.aws.metrics import Metric
from infra.machines import Json, camel
from infra.template import KINDS

# How a run should not end: in the metric's name, and said of a run.
BAD_ENDINGS = {"Failed": "failed", "TimedOut": "timed out", "Aborted": "was stopped"}
# Counted over all functions: Powertools adds the service's name.
SERVICE = "iecmhc"


def add_alarms(template: Json, machines: Iterable[str]) -> None:
    """Put the patterns of the fragments in for all that there is, and show it on the dashboard."""
    names = list(machines)
    resources: Json = template["Resources"]
    ending, function, throttle = (
        json.dumps(template.pop(f"Each{of}")) for of in ("BadEnding", "Function", "Throttle")
    )
    for name in names:
        text = ending.replace("MACHINE_NAME", name).replace("MACHINE_ID", camel(name))
        for kind, words in BAD_ENDINGS.items():
            resources |= json.loads(text.replace("ENDING_ID", kind).replace("ENDING_WORDS", words))
    for name in (*KINDS, *map(camel, names)):
        resources |= json.loads(function.replace("FUNCTION_ID", name))
    for place, dimensions in _places(resources["Table"]["Properties"]):
        for kind in ("Read", "Write"):
            text = throttle.replace("PLACE_ID", place).replace("KIND_ID", kind)
            resources |= json.loads(text.replace('"the-place"', json.dumps(dimensions)[1:-1]))
    _show(resources, names)


def _places(table: Json) -> Iterator[tuple[str, list[Json]]]:
    """Where reads and writes are counted, by a name for the alarm: the table, and each index."""
    of_table = {"Name": "TableName", "Value": {"Ref": "Table"}}
    yield "Table", [of_table]
    for index in table["GlobalSecondaryIndexes"]:
        name = index["IndexName"]
        yield camel(name), [of_table, {"Name": "GlobalSecondaryIndexName", "Value": name}]


def _show(resources: Json, machines: list[str]) -> None:
    alarms = [n for n, one in resources.items() if one.get("Type") == "AWS::CloudWatch::Alarm"]
    endings = {"Started": "started", **BAD_ENDINGS}
    lines = {
        "EveryAlarm": [f'"${{{name}.Arn}}"' for name in alarms],
        "EveryMachine": [
            _line("AWS/States", f"Executions{kind}", "StateMachineArn",
                  f"${{{camel(name)}Machine}}", f"{name} {words}")
            for name in machines
            for kind, words in endings.items()
        ],
        "EveryCount": [
            _line("${AWS::StackName}", metric.value, "service", SERVICE,
                  metric.name.lower().replace("_", " "))
            for metric in Metric
        ],
    }  # fmt: skip
    body = resources["Dashboard"]["Properties"]["DashboardBody"]
    for place, shown in lines.items():
        body["Fn::Sub"] = body["Fn::Sub"].replace(f"${{{place}}}", ", ".join(shown))


def _line(namespace: str, metric: str, dimension: str, value: str, label: str) -> str:
    return json.dumps([namespace, metric, dimension, value, {"label": label}])
