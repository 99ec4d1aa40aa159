"""Counts DynamoDB's request units: a door between the functions and the embedded table.

It asks for ReturnConsumedCapacity in every call that passes and adds up the answers, per kind of
operation. Nothing in the product knows of it.
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}


class Meter:
    """Listens on ``port`` and passes calls on to the address that ``target`` gives."""

    def __init__(self, port: int, target: Callable[[], str]) -> None:
        self.port = port
        self.target = target
        self.units: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        meter = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer, kind = meter.passed(dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Door)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def passed(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Pass one call on and count what it used."""
        operation = headers.get("X-Amz-Target", "").rpartition(".")[2]
        if operation in WRITES | READS:
            body = json.dumps({**json.loads(body), "ReturnConsumedCapacity": "TOTAL"}).encode()
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length")}
        request = urllib.request.Request(self.target(), data=body, headers=kept, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as found:
                status, answer = found.status, found.read()
                kind = found.headers.get("Content-Type", "")
        except HTTPError as error:
            return error.code, error.read(), error.headers.get("Content-Type", "")
        used = json.loads(answer or b"{}").get("ConsumedCapacity", []) if answer else []
        with self._lock:
            self.calls[operation] += 1
            for one in [used] if isinstance(used, dict) else used:
                self.units[operation] += one.get("CapacityUnits", 0)
        return status, answer, kind

    def reset(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self.units.clear()
            self.calls.clear()

    @property
    def written(self) -> float:
        """Write request units so far (transactions count double, indexes included)."""
        return sum(v for k, v in self.units.items() if k in WRITES)

    @property
    def read(self) -> float:
        """Read request units so far."""
        return sum(v for k, v in self.units.items() if k in READS)

    def stop(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._server.server_close()
