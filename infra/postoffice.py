"""Stands where SES stands: takes letters for the mailbox and reports what became of them.

The functions reach it as the endpoint of SES v2 alone. It hands every call on to the emulator, keeps
each letter that was accepted, and publishes to the stack's topic what SES's event publishing would:
Delivery, or for the simulator's addresses Bounce or Complaint.
"""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.mailbox import Mail, Mailbox

SEND = "/v2/email/outbound-emails"
_ATTRIBUTES = {"from": {"DataType": "String", "StringValue": "ses"}}
SUBJECT = "Amazon SES Email Event Notification"


class PostOffice:
    """A server on ``port``. ``topic`` and ``sns`` are known after the deploy: set by ``report_to``."""

    def __init__(self, port: int, upstream: int, mailbox: Mailbox) -> None:
        self.port, self.upstream, self.mailbox = port, upstream, mailbox
        self._sent: queue.Queue[Mail | None] = queue.Queue()
        self._sns: Any = None
        self._topic, self._set = "", ""
        office = self

        class Handler(_Handler):
            post_office = office

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        ]
        self._threads[0].start()

    def report_to(self, sns: Any, topic: str, configuration_set: str) -> None:
        """Publish what became of each letter to ``topic`` from now on."""
        begun, self._topic, self._set, self._sns = bool(self._topic), topic, configuration_set, sns
        if not begun:
            self._threads.append(
                threading.Thread(target=self._report, name="post office", daemon=True)
            )
            self._threads[-1].start()

    def _report(self) -> None:
        while (mail := self._sent.get()) is not None:
            try:
                self._sns.publish(
                    TopicArn=self._topic,
                    Subject=SUBJECT,
                    Message=json.dumps(event(mail, self._set)),
                    # AWS hands a function an empty map; the emulator leaves an empty one out.
                    MessageAttributes=_ATTRIBUTES,
                )
            except Exception as error:
                print(f"post office: {type(error).__name__}: {error}", flush=True)

    def sent(self, body: dict[str, Any], message_id: str) -> None:
        """Keep a letter and queue its event."""
        self._sent.put(self.mailbox.take(body, message_id))

    def stop(self) -> None:
        """Take no more letters, and report on those that were taken."""
        self._server.shutdown()
        self._server.server_close()
        self._sent.put(None)
        for thread in self._threads:
            thread.join(1)


class _Handler(BaseHTTPRequestHandler):
    post_office: PostOffice
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection("127.0.0.1", self.post_office.upstream, timeout=30)
        try:
            upstream.request(self.command, self.path, body, dict(self.headers.items()))
            answer = upstream.getresponse()
            content = answer.read()
        except OSError:
            self.send_error(503)
            return
        finally:
            upstream.close()
        if self.command == "POST" and self.path == SEND and answer.status == 200:
            self.post_office.sent(json.loads(body), json.loads(content)["MessageId"])
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _pass

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def event(mail: Mail, configuration_set: str) -> dict[str, Any]:
    """What SES would publish of a letter when it has arrived, or has not."""
    now = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    tags = {name: [value] for name, value in mail.tags.items()}
    envelope = {
        "timestamp": now,
        "messageId": mail.message_id,
        "source": mail.sender,
        "destination": mail.to,
        "tags": {"ses:configuration-set": [configuration_set], **tags},
    }
    first = mail.to[0] if mail.to else ""
    local, _, host = first.lower().partition("@")
    name = local.split("+")[0]
    if host.startswith("simulator") and name == "bounce":
        last: dict[str, Any] = {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {"emailAddress": first, "status": "5.1.1", "action": "failed"}
                ],
                "timestamp": now,
                "feedbackId": f"local-{mail.id}",
            },
        }
    elif host.startswith("simulator") and name == "complaint":
        last = {
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{"emailAddress": first}],
                "complaintFeedbackType": "abuse",
                "timestamp": now,
                "feedbackId": f"local-{mail.id}",
            },
        }
    else:
        last = {
            "eventType": "Delivery",
            "delivery": {
                "timestamp": now,
                "processingTimeMillis": 1,
                "recipients": mail.to,
                "smtpResponse": "250 ok",
                "reportingMTA": "localhost",
            },
        }
    return {**last, "mail": envelope}
