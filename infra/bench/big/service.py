"""The big table in a process of its own, so that CPU and memory of the measured one are the product's.

It also lists, describes and starts runs, as far as the reconciler asks.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.bench.big.table import BigTable, Refused

Json = dict[str, Any]
ENVIRONMENT = {
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "AWS_DEFAULT_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE_NAME": "bench",
    "BASE_URL": "https://network.test",
    "SENDER_EMAIL": "network@network.test",
    "CONFIGURATION_SET": "bench",
    "LINK_KEYS_SECRET": "bench",
    "STATE_MACHINE_PREFIX": "arn:aws:states:us-west-2:000000000000:stateMachine:bench-",
}
RUNS = 1000  # that a page of ListExecutions holds at most


@dataclass
class Runs:
    """The engine: ``running`` has the names of each machine's running runs."""

    running: dict[str, list[str]] = field(default_factory=dict)
    started: int = 0

    def call(self, operation: str, given: Json) -> Json:
        """The answer to an operation of Step Functions. Raises Refused."""
        arn = str(given.get("executionArn", given.get("stateMachineArn", "")))
        machine, _, name = arn.rpartition("bench-")[2].partition(":")
        match operation:
            case "ListExecutions":
                begin = int(given.get("nextToken") or 0)
                names = self.running.get(machine, [])
                more = begin + RUNS < len(names)
                page = [self._told(machine, one) for one in names[begin : begin + RUNS]]
                return {"executions": page} | ({"nextToken": str(begin + RUNS)} if more else {})
            case "StartExecution":
                return {"executionArn": given["stateMachineArn"], "startDate": float(self.started)}
            case "DescribeExecution":
                if name in self.running.get(machine, ()):
                    return self._told(machine, name)
                raise Refused("ExecutionDoesNotExist")
            case "GetExecutionHistory":
                return {"events": []}
            case "GetSecretValue":
                return {"SecretString": json.dumps({"current": "k1", "k1": "0" * 64})}
        return {}

    def _told(self, machine: str, name: str) -> Json:
        prefix = ENVIRONMENT["STATE_MACHINE_PREFIX"] + machine
        arn = prefix.replace(":stateMachine:", ":execution:") + f":{name}"
        return {"executionArn": arn, "stateMachineArn": prefix, "name": name, "status": "RUNNING",
                "startDate": float(self.started)}  # fmt: skip


# Fills the table and the engine in the table's own process.
Loader = Callable[..., Json]


def _serve(ready: Any, load: Loader, given: Json, latency: float) -> None:
    table, runs = BigTable(), Runs()
    told = load(table, runs, **given)
    lock = threading.Lock()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            with lock:
                body = {"units": dict(table.units), "calls": dict(table.calls)}
                table.forget()
            self.answered(200, body)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            service, _, operation = self.headers.get("X-Amz-Target", "").partition(".")
            if latency:
                time.sleep(latency)
            try:
                with lock:
                    one: Any = table if service.startswith("DynamoDB") else runs
                    found = one.call(operation, asked)
                self.answered(200, found)
            except Refused as error:
                body: Json = {"__type": f"com.amazonaws#{error.code}", "message": error.code}
                if error.reasons:
                    body["CancellationReasons"] = [{"Code": code} for code in error.reasons]
                self.answered(400, body)

        def answered(self, status: int, body: Json) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    ready.send((server.server_port, told))
    server.serve_forever()


@dataclass
class Service:
    """The table while it is served. ``told``: what its loader says of what is in it."""

    port: int
    told: Json

    def used(self) -> Json:
        """``units`` and ``calls`` since the last look."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/") as answer:
            found: Json = json.load(answer)
        return found


@contextmanager
def served(load: Loader, latency: float = 0, **given: Any) -> Iterator[Service]:
    """A table that ``load(table, runs, **given)`` has filled, and this process's settings for it.

    ``latency``: seconds that each call takes besides, as a network would.
    """
    os.environ.update(ENVIRONMENT)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, load, given, latency), daemon=True)
    process.start()
    try:
        port, told = here.recv()
        for service in ("DYNAMODB", "SFN", "SECRETS_MANAGER"):
            os.environ[f"AWS_ENDPOINT_URL_{service}"] = f"http://127.0.0.1:{port}"
        yield Service(port, told)
    finally:
        process.kill()
        process.join()
