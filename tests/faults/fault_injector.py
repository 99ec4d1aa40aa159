"""Between the product and AWS: every call passes here, and here it can fail in every way.

A process (a page, a step, the relay, the clock) is a Python call; ``Killed`` ends it
as a machine that dies does. Another actor can run in the middle of a call, as if on another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from .fake_table import FakeTable, refused

Json = dict[str, Any]
REAL = BaseClient._make_api_call
READS = ("GetItem", "Query", "BatchGetItem", "GetSecretValue", "DescribeExecution",
         "ListExecutions", "GetExecutionHistory")  # fmt: skip
BUSY = {
    "StartExecution": "ThrottlingException",
    "SendTaskSuccess": "ThrottlingException",
    "DescribeExecution": "ThrottlingException",
    "StopExecution": "ThrottlingException",
    "ListExecutions": "ThrottlingException",
    "GetExecutionHistory": "ThrottlingException",
    "SendEmail": "TooManyRequestsException",
}
# How AWS says of other calls than most that something of ours is not as it must be.
DENIED = {
    "GetSecretValue": "DecryptionFailure",
    "SendTaskSuccess": "KmsAccessDeniedException",
    "StopExecution": "ResourceNotFoundException",
}


class Killed(BaseException):
    """The process is gone: no handler of its own sees it."""


@dataclass
class FaultInjector:
    """``faults``: number of a call (from 1, since ``begin``) -> what happens to it. ``calls``: their
    names. ``fell``: faults that happened. ``down``: operations that fail for good."""

    fake_table: FakeTable
    secrets: dict[str, str]
    faults: dict[int, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    injected: list[tuple[str, str]] = field(default_factory=list)
    down: dict[str, str] = field(default_factory=dict)
    meanwhile: Callable[[], None] | None = None
    elsewhere: bool = False  # other services are moto's
    watching: bool = False  # calls of those who check are neither counted nor broken
    depth: int = 0

    def begin(self, faults: dict[int, str] | None = None) -> None:
        """Count from here on, with these faults."""
        self.faults, self.calls, self.injected = dict(faults or {}), [], []
        self.watching = True

    def end(self) -> None:
        """All is well from here on."""
        self.faults, self.watching = {}, False

    @contextmanager
    def without_faults(self) -> Iterator[None]:
        """What is called in here is not part of the story."""
        was, self.watching = self.watching, False
        try:
            yield
        finally:
            self.watching = was

    def api(self, client: Any, operation: str, given: Json) -> Any:
        """In place of ``BaseClient._make_api_call``."""
        service = client.meta.service_model.service_name
        match service:
            case "dynamodb":
                stale = operation in ("GetItem", "Query") and not given.get("ConsistentRead")
                return self.call(operation, lambda: self.fake_table.call(operation, given), stale)
            case "secretsmanager":
                return self.call(
                    operation, lambda: {"SecretString": self.secrets[given["SecretId"]]}
                )
        if self.elsewhere:
            return REAL(client, operation, given)
        if service == "stepfunctions":  # no run was ever started
            raise refused("ExecutionDoesNotExist", operation)
        raise AssertionError(f"{service}.{operation} leaves this process")

    def call(self, name: str, real: Callable[[], Any], may_be_stale: bool = False) -> Any:
        """A call to AWS, and what becomes of it."""
        if not self.watching:
            return real()
        self.calls.append(name)
        fault = self.down.get(name) or self.faults.pop(len(self.calls), "")
        if not fault:
            return real()
        if fault == "stale" and not may_be_stale:
            return real()
        self.injected.append((fault, name))
        return HAPPENS[fault](self, name, real)

    def _before(self, name: str, real: Callable[[], Any]) -> Any:
        raise EndpointConnectionError(endpoint_url="https://aws.test")

    def _throttle(self, name: str, real: Callable[[], Any]) -> Any:
        raise refused(BUSY.get(name, "ProvisionedThroughputExceededException"), name)

    def _refuse(self, name: str, real: Callable[[], Any]) -> Any:
        raise refused(DENIED.get(name, "AccessDeniedException"), name)

    def _lost(self, name: str, real: Callable[[], Any]) -> Any:
        real()
        raise ReadTimeoutError(endpoint_url="https://aws.test")

    def _twice(self, name: str, real: Callable[[], Any]) -> Any:
        first = real()
        # boto3 gives a transaction a token of its own: its repetition is answered as the first was.
        return first if name in (*READS, "TransactWriteItems") else real()

    def _die_before(self, name: str, real: Callable[[], Any]) -> Any:
        raise Killed(name)

    def _die_after(self, name: str, real: Callable[[], Any]) -> Any:
        real()
        raise Killed(name)

    def _while_before(self, name: str, real: Callable[[], Any]) -> Any:
        self._somebody()
        return real()

    def _while_after(self, name: str, real: Callable[[], Any]) -> Any:
        answer = real()
        self._somebody()
        return answer

    def _somebody(self) -> None:
        if self.meanwhile is None or self.depth:
            return
        self.depth += 1
        try:
            with self.without_faults():
                self.meanwhile()
        finally:
            self.depth -= 1

    def _stale(self, name: str, real: Callable[[], Any]) -> Any:
        self.fake_table.stale = True
        try:
            return real()
        finally:
            self.fake_table.stale = False


# before: it never arrived. throttle: AWS is busy, botocore's own tries included. lost: it happened
# and nobody heard. twice: botocore tried again after a lost reply. die_*: the process ends there.
# while_*: somebody else is faster. stale: a read that shows what was before. refuse: a right, a thing
# or a key is missing.
HAPPENS = {
    "before": FaultInjector._before,
    "throttle": FaultInjector._throttle,
    "lost": FaultInjector._lost,
    "twice": FaultInjector._twice,
    "die_before": FaultInjector._die_before,
    "die_after": FaultInjector._die_after,
    "while_before": FaultInjector._while_before,
    "while_after": FaultInjector._while_after,
    "stale": FaultInjector._stale,
    "refuse": FaultInjector._refuse,
}
# What may befall a single call; a refusal stays until somebody mends it.
FAULTS = tuple(name for name in HAPPENS if name != "refuse")
