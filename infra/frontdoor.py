"""The address that people use: stands for the custom domain in front of the API, and shows the mailbox.

Its port is known before the deploy, so the base URL in every letter is too. What API Gateway answers
without a function it answers itself, in the words of the deployed template.
"""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from infra import gateway_responses
from infra.gateway_responses import GatewayResponses
from infra.mailbox import Mailbox

_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "proxy-connection",
}
_LIMIT = 10 * 1024 * 1024  # API Gateway's own
_DRAINED = 10 * _LIMIT  # bytes of a body too large that are read before it is refused
_UPSTREAM_SECONDS = 60
# Seconds for which somebody may wait for a letter in one request.
_LONGEST_WAIT = 20


def _number(asked: dict[str, list[str]], name: str) -> int:
    """A whole number of the query; 0 when it is missing or no number."""
    value = asked.get(name, ["0"])[0]
    return int(value) if value.isdecimal() else 0


class FrontDoor:
    """Serves on 127.0.0.1:``port``. Until ``open_to`` says where the API is, it answers 503."""

    def __init__(self, port: int, upstream: int, mailbox: Mailbox) -> None:
        self.upstream, self.mailbox = upstream, mailbox
        self.prefix = ""
        self.gateway: GatewayResponses | None = None
        # As AWS does when more come at once than the stage takes; tests set it.
        self.throttled = False
        door = self

        class Handler(_Handler):
            front_door = door

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A browser that hangs up is no news."""

        self._server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def open_to(self, rest_api: str, gateway: GatewayResponses) -> None:
        """From now on hand every request that ``gateway`` serves to this API."""
        self.gateway = gateway
        self.prefix = f"/restapis/{rest_api}/{gateway.stage}/_user_request_"

    def close(self) -> None:
        """Answer 503 until it is opened again."""
        self.prefix = ""

    def stop(self) -> None:
        """Answer nobody anymore."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    front_door: FrontDoor
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "local"
    sys_version = ""
    timeout = 120

    def _serve(self) -> None:
        path, door = self.path.partition("?")[0], self.front_door
        body = self._body()
        if path in ("/mailbox", "/mailbox/") or path.startswith("/mailbox/"):
            self._mailbox(path, body or b"")
        elif not door.prefix or door.gateway is None:
            self._answer(503, "text/plain", b"The stack is starting.\n")
        elif body is not None:
            self._admit(door.gateway, body)
        elif self.headers.get("Content-Length", "").isdecimal():
            self._refuse(door.gateway, gateway_responses.TOO_LARGE)
        else:
            self._answer(411, "text/plain", b"A body needs a Content-Length.\n")

    def _body(self) -> bytes | None:
        """The request's body, read whatever becomes of it: what is left of one would be taken for the
        next request on this connection. None when it is too large or its size is not said."""
        size = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not size.isdecimal():
            self.close_connection = True
            return None
        if int(size) <= _LIMIT:
            return self.rfile.read(int(size))
        self.close_connection = True
        left = min(int(size), _DRAINED)
        while left > 0 and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)
        return None

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _mailbox(self, path: str, body: bytes) -> None:
        if path == "/mailbox/messages.json":
            asked = parse_qs(self.path.partition("?")[2])
            after, seconds = (_number(asked, name) for name in ("after", "wait"))
            letters = self.front_door.mailbox.json(after, min(seconds, _LONGEST_WAIT))
            self._answer(200, "application/json", letters)
        elif self.command == "POST":
            typed = parse_qs(body.decode("utf-8", "replace"))
            words = (typed.get("words") or typed.get("other") or [""])[0]
            status, page = self.front_door.mailbox.text_back(path, words)
            self._answer(status, "text/html; charset=utf-8", page)
        else:
            status, page = self.front_door.mailbox.page(path)
            self._answer(status, "text/html; charset=utf-8", page)

    def _admit(self, gateway: GatewayResponses, body: bytes) -> None:
        if self.front_door.throttled:
            self._refuse(gateway, gateway_responses.THROTTLED)
        elif not gateway.serves(self.command, self.path.partition("?")[0]):
            self._refuse(gateway, gateway_responses.MISSING)
        else:
            self._proxy(gateway, body)

    def _proxy(self, gateway: GatewayResponses, body: bytes) -> None:
        door = self.front_door
        kept = [(k, v) for k, v in self.headers.items() if k.lower() not in _HOP]
        upstream = http.client.HTTPConnection("127.0.0.1", door.upstream, timeout=_UPSTREAM_SECONDS)
        try:
            upstream.putrequest(
                self.command, door.prefix + self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in kept:
                upstream.putheader(name, value)
            upstream.putheader("X-Forwarded-For", self.client_address[0])
            upstream.putheader("X-Forwarded-Proto", "http")
            upstream.endheaders(body or None)
            answer = upstream.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException, ValueError):
            self._refuse(gateway, gateway_responses.TIMEOUT)
            return
        finally:
            upstream.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP and name.lower() != "content-length":
                self.send_header(name, value)
        if self.command == "HEAD" or answer.status in (204, 304):
            self.send_header("Content-Length", answer.getheader("Content-Length") or "0")
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _refuse(self, gateway: GatewayResponses, kind: str) -> None:
        """Answer as API Gateway answers by itself."""
        path = self.path.partition("?")[0]
        status, headers, body = gateway.answer(kind, self.headers.get("Accept", ""), path)
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """Say it when the connection ends with this answer."""
        if self.close_connection:
            self.send_header("Connection", "close")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
