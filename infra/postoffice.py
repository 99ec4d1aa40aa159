"""Stands where SES stands, and AWS End User Messaging: takes letters and text messages for the mailbox and
reports what became of them.

The functions reach it as the endpoint of SES v2, of End User Messaging, and of Cognito, whose invitations it shows
in the mailbox. It hands every other call on to the emulator, keeps
each letter that was accepted, and publishes to the stack's topic what SES's event publishing would:
Delivery, or for the simulator's addresses Bounce (an automatic reply, too) or Complaint; and, when it may publish from now on,
SES's plain sentence about that.

It refuses as SES does, too, when it is told to:

    python -m infra.postoffice access_denied     # or another of REFUSALS; "accept" ends it
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import sys
import threading
import time
import urllib.request
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from infra import text_office
from infra.mailbox import Mail, Mailbox

SEND, ACCOUNT = "/v2/email/outbound-emails", "/v2/email/account"
# Cognito mails a first password to whoever is made a user, unless it is told not to.
INVITATION = "CognitoInvitationMessage"
INVITES = "AWSCognitoIdentityProviderService.AdminCreateUser"
SUPPRESSED = "/v2/email/suppression/addresses/"
IDENTITY = "/v2/email/identities/"
# Where a person or a test says how it answers from now on.
ANSWERS, ACCEPT = "/answers", "accept"
VALIDATED = "Successfully validated SNS topic for Amazon SES event publishing."
# What the DNS of a sender's domain has when it was set up as the runbook says.
_SET_UP = {
    "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": []},
    "MailFromAttributes": {"MailFromDomain": "", "MailFromDomainStatus": "SUCCESS"},
}
_ATTRIBUTES = {"from": {"DataType": "String", "StringValue": "ses"}}
SUBJECT = "Amazon SES Email Event Notification"


class Refusal(NamedTuple):
    """How SES v2 says no: its HTTP status, its code, and its message about ``to``."""

    status: int
    code: str
    message: str


REFUSALS = {
    "access_denied": Refusal(
        403,
        "AccessDeniedException",
        "User: arn:aws:sts::000000000000:assumed-role/role/function is not authorized to perform:"
        " ses:SendRawEmail on resource: arn:aws:ses:us-west-2:000000000000:identity/sender",
    ),
    "throttled": Refusal(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "daily_quota": Refusal(429, "LimitExceededException", "Daily message quota exceeded."),
    "sandbox": Refusal(
        400,
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region"
        " US-WEST-2: {to}",
    ),
    "paused": Refusal(400, "SendingPausedException", "Sending is paused for this account."),
    "no_configuration_set": Refusal(
        404, "NotFoundException", "Configuration set <mail> does not exist."
    ),
}
"""Name -> what SES says of every letter while it is so."""

# What SES says of the account meanwhile.
_ACCOUNTS: dict[str, dict[str, Any]] = {
    "sandbox": {"ProductionAccessEnabled": False},
    "paused": {"SendingEnabled": False},
    "daily_quota": {"SendQuota": {"Max24HourSend": 200.0, "SentLast24Hours": 200.0}},
}


class PostOffice:
    """A server on ``port``. ``topic`` and ``sns`` are known after the deploy: set by ``report_to``."""

    def __init__(self, port: int, upstream: int, mailbox: Mailbox) -> None:
        self.port, self.upstream, self.mailbox = port, upstream, mailbox
        self._sent: queue.Queue[Mail | str | None] = queue.Queue()
        mailbox.texted = self.texted
        self._sns: Any = None
        self._topic, self._set = "", ""
        # One of REFUSALS or TEXT_REFUSALS, or "accept".
        self.answers = ACCEPT
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
        """Publish what became of each letter to ``topic`` from now on, and first that one may."""
        begun, self._topic, self._set, self._sns = bool(self._topic), topic, configuration_set, sns
        if not begun:
            self._threads.append(
                threading.Thread(target=self._report, name="post office", daemon=True)
            )
            self._threads[-1].start()
        self._sent.put(VALIDATED)

    def _report(self) -> None:
        while (mail := self._sent.get()) is not None:
            said = [mail] if isinstance(mail, str) else map(json.dumps, self._events(mail))
            for message in said:
                self._publish(message)

    def _events(self, mail: Mail) -> list[dict[str, Any]]:
        return [text_office.report(mail)] if mail.channel else events(mail, self._set)

    def _publish(self, message: str) -> None:
        try:
            self._sns.publish(
                TopicArn=self._topic,
                Subject=SUBJECT,
                Message=message,
                # AWS hands a function an empty map; the emulator leaves an empty one out.
                MessageAttributes=_ATTRIBUTES,
            )
        except Exception as error:
            print(f"post office: {type(error).__name__}: {error}", flush=True)

    def sent(self, body: dict[str, Any], message_id: str) -> None:
        """Keep a letter and queue its event."""
        self._sent.put(self.mailbox.take(body, message_id))

    def invited(self) -> None:
        """Keep what the emulator's Cognito mailed and is not in the mailbox yet."""
        upstream = f"http://127.0.0.1:{self.upstream}/_ministack/ses/messages"
        with urllib.request.urlopen(upstream, timeout=10) as answer:
            found = [one for one in _dicts(json.load(answer)) if one.get("Type") == INVITATION]
        known = {mail.message_id for mail in self.mailbox.all()}
        for one in found:
            if one["MessageId"] not in known:
                body = {"Text": {"Data": one["BodyText"]}, "Html": {"Data": one["BodyHtml"]}}
                simple = {"Subject": {"Data": one["Subject"]}, "Body": body}
                to = {"ToAddresses": one["To"]}
                letter = {"FromEmailAddress": one["Source"], "Destination": to}
                self.mailbox.take({**letter, "Content": {"Simple": simple}}, one["MessageId"])

    def text(self, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Keep a text message and queue its report; status and body of the answer, which may be a no."""
        if refused := text_office.refusal_of(given, self.answers):
            return refused.said()
        message_id = str(uuid.uuid4())
        self._sent.put(self.mailbox.take(given, message_id, text_office.read_text))
        return 200, {"MessageId": message_id}

    def texted(self, number: str, words: str) -> None:
        """Somebody texts to our number."""
        self._sent.put(json.dumps(text_office.inbound(number, words)))

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

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        office = self.post_office
        if self.path == ANSWERS and body.decode() in (
            ACCEPT,
            *REFUSALS,
            *text_office.TEXT_REFUSALS,
        ):
            office.answers = body.decode()
            self._answer(200, {})
        elif self.headers.get("X-Amz-Target") == text_office.TARGET:
            answered, told = office.text(json.loads(body))
            self._answer(answered, told, str(told.get("__type", "")))
        elif self.command == "POST" and self.path == SEND and office.answers in REFUSALS:
            status, code, message = REFUSALS[office.answers]
            to = ", ".join(json.loads(body).get("Destination", {}).get("ToAddresses", []))
            self._answer(status, {"message": message.format(to=to)}, code)
        elif self.command == "DELETE" and self.path.startswith(SUPPRESSED):
            # SES puts no address of its simulator on the list.
            said = "Email address does not exist on your suppression list."
            self._answer(404, {"message": said}, "NotFoundException")
        else:
            self._pass(body)

    def _answer(self, status: int, said: dict[str, Any], code: str = "") -> None:
        content = json.dumps(said).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        if code:
            self.send_header("x-amzn-ErrorType", code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _pass(self, body: bytes) -> None:
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
        if self.headers.get("X-Amz-Target", "") == INVITES and answer.status == 200:
            self.post_office.invited()
        if self.command == "GET" and answer.status == 200:
            content = self._as_played(content)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _as_played(self, content: bytes) -> bytes:
        """What SES says of sender and account, where the emulator does not know it."""
        more: dict[str, Any] = {}
        if self.path.startswith(IDENTITY):
            more = _SET_UP
        elif self.path == ACCOUNT:
            more = _ACCOUNTS.get(self.post_office.answers, {})
        return json.dumps(json.loads(content) | more).encode() if more else content

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _dicts(found: Any) -> list[dict[str, Any]]:
    """The letters of a list, by whatever they are grouped."""
    if isinstance(found, dict) and "MessageId" in found:
        return [found]
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return [one for part in inside for one in _dicts(part)]


def events(mail: Mail, configuration_set: str) -> list[dict[str, Any]]:
    """What SES would publish of a letter when it has arrived, or has not; who is out of the office
    answers, which SES calls a bounce."""
    now = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    tags = {name: [value] for name, value in mail.tags.items()}
    envelope = {
        "timestamp": now,
        "messageId": mail.message_id,
        "source": mail.sender,
        "destination": mail.to,
        "tags": {"ses:configuration-set": [configuration_set], **tags},
    }
    return [{**one, "mail": envelope} for one in _outcomes(mail, now)]


def _outcomes(mail: Mail, now: str) -> list[dict[str, Any]]:
    """The reports by what SES's simulator does at this address; every other letter arrives."""
    first = mail.to[0] if mail.to else ""
    local, _, host = first.lower().partition("@")
    name = local.split("+")[0] if host.startswith("simulator") else ""
    told = {"timestamp": now, "feedbackId": f"local-{mail.id}"}
    common = {"timestamp": now, "processingTimeMillis": 1, "reportingMTA": "localhost"}
    arrived = {
        "eventType": "Delivery",
        "delivery": {**common, "recipients": mail.to, "smtpResponse": "250 ok"},
    }

    def bounce(kind: str, **said: str) -> dict[str, Any]:
        recipients = [{"emailAddress": first, **said}]
        why = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}
        return {"eventType": "Bounce", "bounce": {**why, **told}}

    if name == "bounce":
        return [bounce("Permanent", status="5.1.1", action="failed")]
    if name == "complaint":
        who = [{"emailAddress": first}]
        why = {"complainedRecipients": who, "complaintFeedbackType": "abuse"}
        return [{"eventType": "Complaint", "complaint": {**why, **told}}]
    return [arrived, bounce("Transient")] if name == "ooto" else [arrived]


def main() -> int:
    """Command line: let the post office of the stack in LOCAL_DIR answer so from now on."""
    parser = argparse.ArgumentParser(description="How the local post office answers from now on.")
    parser.add_argument("answer", choices=[ACCEPT, *REFUSALS, *text_office.TEXT_REFUSALS])
    answer = parser.parse_args().answer
    facts = Path(os.environ.get("LOCAL_DIR") or ".local") / "run.json"
    if not facts.exists():
        print("no local stack runs: start one with `make run`", file=sys.stderr)
        return 1
    address = json.loads(facts.read_text())["mail_endpoint"] + ANSWERS
    urllib.request.urlopen(
        urllib.request.Request(address, answer.encode(), method="PUT"), timeout=9
    )
    print(f"the post office answers: {answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
