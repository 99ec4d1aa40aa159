"""Journal, mailbox, post office and front door: what AWS does and the emulator does not."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.emulator import StackError, free_port, taken
from infra.frontdoor import FrontDoor
from infra.gateway_responses import GatewayResponses
from infra.journal import Journal
from infra.mailbox import Mailbox
from infra.player import KNOWN, Person
from infra.postoffice import events
from infra.stack import LIVES, LocalStack

BODY: dict[str, Any] = {
    "FromEmailAddress": "network@network.test",
    "Destination": {"ToAddresses": ["ana@example.org"]},
    "EmailTags": [{"Name": "ref", "Value": "ABCD"}],
    "Content": {
        "Simple": {
            "Subject": {"Data": "Please <answer>"},
            "Body": {
                "Text": {"Data": "Open https://network.test/t/abc-1. Thank you & goodbye."},
                "Html": {"Data": '<a href="https://network.test/t/abc-1">Answer</a>'},
            },
        }
    },
}


def row(pk: str, sk: str = "S", **more: Any) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, **more}


def test_the_journal_gives_back_the_rows_as_they_stood_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.compact([row("a", v={"N": "1"}), row("b")])
    with journal.path.open("a") as file:
        file.write(json.dumps(["a", "S", row("a", v={"N": "2"})]) + "\n")
        file.write(json.dumps(["b", "S", None]) + "\n")
        file.write('["c", "S", {"pk": {"S": "c"}, "sk"')  # the machine went down in mid-line
    assert journal.rows() == [row("a", v={"N": "2"})]


def test_the_journal_keeps_bytes_and_forgets_what_has_expired(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    rows = [row("a", data={"B": b"\x00\xff"}), row("b", expires_at={"N": "99"})]
    journal.compact(rows)
    assert journal.rows(now=98) == rows
    assert journal.rows(now=100) == rows[:1]


def test_the_mailbox_keeps_letters_over_a_restart(tmp_path: Path) -> None:
    Mailbox(tmp_path / "mails.jsonl").take(BODY, "m-1")
    with (tmp_path / "mails.jsonl").open("a") as file:
        file.write('{"id": "2", "mess')
    again = Mailbox(tmp_path / "mails.jsonl")
    (mail,) = again.all()
    assert (mail.id, mail.to, mail.tags) == ("1", ["ana@example.org"], {"ref": "ABCD"})
    assert json.loads(again.json())[0]["text"] == mail.text


def test_a_raw_letter_is_read_with_both_its_bodies_and_its_file(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "Su cita: mañana", "The Network <network@network.test>"
    message["Reply-To"] = "people@network.test"
    message.set_content("hola, mañana")
    message.add_alternative("<p>hola, mañana</p>", subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="visit.ics")
    raw = {"Raw": {"Data": base64.b64encode(message.as_bytes()).decode()}}
    mail = Mailbox(tmp_path / "mails.jsonl").take({**BODY, "Content": raw}, "m-1")
    assert mail.subject == "Su cita: mañana"
    assert mail.text.strip() == "hola, mañana"
    assert mail.html.strip() == "<p>hola, mañana</p>"
    assert mail.files["visit.ics"].startswith("BEGIN:VCALENDAR")
    assert mail.reply_to == "people@network.test"


def test_the_pages_of_the_mailbox_link_what_is_a_link_and_run_nothing(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "mails.jsonl")
    box.take(BODY, "m-1")
    status, page = box.page("/mailbox")
    assert status == 200
    assert "Please &lt;answer&gt;" in page.decode()
    status, page = box.page("/mailbox/1")
    assert status == 200
    assert (
        "<a href='https://network.test/t/abc-1'>https://network.test/t/abc-1</a>." in page.decode()
    )
    assert "allow-scripts" not in page.decode()
    assert box.page("/mailbox/2")[0] == 404


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("ana@example.org", "Delivery"),
        ("ooto@simulator.amazonses.com", "Delivery Bounce"),
        ("bounce@simulator.amazonses.com", "Bounce"),
        ("bounce+17@simulator.amazonses.com", "Bounce"),
        ("complaint@simulator.amazonses.com", "Complaint"),
        ("bounce@example.org", "Delivery"),
    ],
)
def test_the_post_office_reports_as_ses_does(tmp_path: Path, to: str, kind: str) -> None:
    mail = Mailbox(tmp_path / "m.jsonl").take({**BODY, "Destination": {"ToAddresses": [to]}}, "m-1")
    reports = events(mail, "the-set")
    assert [report["eventType"] for report in reports] == kind.split()
    for report in reports:
        assert report[report["eventType"].lower()]["timestamp"]
        assert report["mail"]["messageId"] == "m-1"
        assert report["mail"]["tags"]["ref"] == ["ABCD"]


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        told = {
            "method": self.command,
            "path": self.path,
            "host": self.headers["Host"],
            "cookie": self.headers["Cookie"],
            "body": self.rfile.read(size).decode(),
        }
        body = json.dumps(told).encode()
        self.send_response(303)
        self.send_header("Location", "/somewhere")
        self.send_header("Set-Cookie", "a=1; Path=/")
        self.send_header("Set-Cookie", "b=2; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[tuple[FrontDoor, http.client.HTTPConnection]]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=upstream.serve_forever, args=(0.02,), daemon=True).start()
    port = free_port()
    front = FrontDoor(port, upstream.server_port, Mailbox(tmp_path / "mails.jsonl"))
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield front, visitor
    visitor.close()
    front.stop()
    upstream.shutdown()
    upstream.server_close()


Door = tuple[FrontDoor, http.client.HTTPConnection]


def gateway(*more: dict[str, Any]) -> GatewayResponses:
    """An API with a few paths of ours, and what else its template has."""
    served = {"/": ["get", "post", "head"], "/again": ["get"], "/t/{link}": ["get", "post"]}
    paths = {path: {method: {} for method in methods} for path, methods in served.items()}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"paths": paths}}}
    besides = {str(number): one for number, one in enumerate(more)}
    return GatewayResponses({"Resources": {"API": api, **besides}}, "api")


def test_the_front_door_says_that_the_stack_is_starting(door: Door) -> None:
    _, visitor = door
    visitor.request("GET", "/")
    assert visitor.getresponse().status == 503


def test_the_front_door_hands_everything_on_and_back(door: Door) -> None:
    front, visitor = door
    front.open_to("abc123", gateway())
    visitor.request(
        "POST", "/t/x%20y?a=1&b=%C3%B1", "k=v", {"Cookie": "s=1", "Host": "network.test"}
    )
    answer = visitor.getresponse()
    told = json.loads(answer.read())
    assert answer.status == 303
    assert answer.getheader("Location") == "/somewhere"
    assert [v for k, v in answer.getheaders() if k == "Set-Cookie"] == [
        "a=1; Path=/",
        "b=2; Path=/",
    ]
    assert told["path"] == "/restapis/abc123/api/_user_request_/t/x%20y?a=1&b=%C3%B1"
    assert (told["method"], told["body"], told["cookie"]) == ("POST", "k=v", "s=1")
    assert told["host"] == "network.test"
    visitor.request("HEAD", "/")  # on the same connection: nothing of a body may follow
    assert visitor.getresponse().read() == b""
    visitor.request("GET", "/again")
    assert json.loads(visitor.getresponse().read())["method"] == "GET"


def test_the_front_door_keeps_the_mailbox_to_itself(door: Door) -> None:
    front, visitor = door
    front.open_to("abc123", gateway())
    visitor.request("GET", "/mailbox/messages.json")
    assert json.loads(visitor.getresponse().read()) == []
    visitor.request("GET", "/mailboxes")
    answer = visitor.getresponse()
    assert (answer.status, json.loads(answer.read())) == (403, NO_SUCH_PATH)


def test_a_body_of_unknown_length_is_refused(door: Door) -> None:
    front, visitor = door
    front.open_to("abc123", gateway())
    visitor.putrequest("POST", "/")
    visitor.putheader("Transfer-Encoding", "chunked")
    visitor.endheaders()  # the answer comes before any of the body
    assert visitor.getresponse().status == 411


def test_a_body_that_nobody_wanted_is_not_taken_for_the_next_request(door: Door) -> None:
    front, visitor = door

    def answered(path: str, body: str = "GET /again HTTP/1.1\r\n\r\n") -> int:
        visitor.request("POST", path, body)
        answer = visitor.getresponse()
        answer.read()
        return answer.status

    assert answered("/") == 503, "it is starting"
    front.open_to("abc123", gateway())
    assert answered("/mailbox/messages.json") == 200
    assert answered("/nowhere") == 403
    visitor.request("GET", "/again")
    assert json.loads(visitor.getresponse().read())["method"] == "GET"
    assert answered("/", "x" * (11 * 1024 * 1024)) == 413
    assert answered("/") == 303, "on a connection of its own"


class Fragile:
    """An emulator that is dead, and dies again so many times while it is started again."""

    def __init__(self, dies: int) -> None:
        self.dies, self.lives, self.gone = dies, 0, False

    def dead(self) -> str | None:
        return None if self.lives or self.gone else "signal 9"

    def stop(self) -> None:
        self.gone = True

    def live_again(self) -> None:
        self.dies -= 1
        if self.dies >= 0:
            raise StackError("MiniStack did not start")
        self.lives += 1


@pytest.mark.promise("emulator-dies-again")
@pytest.mark.parametrize(("dies", "back"), [(0, True), (LIVES - 1, True), (LIVES, False)])
def test_an_emulator_that_dies_while_it_comes_back_is_started_again_or_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: int, back: bool
) -> None:
    said: list[str] = []
    stack = LocalStack(tmp_path, say=said.append)
    fragile = Fragile(dies)
    monkeypatch.setattr(stack, "emulator", fragile, raising=False)
    monkeypatch.setattr(stack, "_live_again", fragile.live_again)
    watch = Thread(target=stack._watch, daemon=True)
    watch.start()
    end = time.monotonic() + 20
    while watch.is_alive() and not fragile.lives and time.monotonic() < end:
        watch.join(0.02)
    stack._ended.set()
    watch.join(5)
    assert (fragile.lives, stack.gave_up.is_set()) == ((1, False) if back else (0, True))
    assert ("it is back" if back else "giving up") in said[-1]


NO_SUCH_PATH = {"message": "Missing Authentication Token"}
PAGE = {
    "Type": "AWS::ApiGateway::GatewayResponse",
    "Properties": {
        "ResponseType": "DEFAULT_4XX",
        "ResponseTemplates": {
            "application/json": '{"said": $context.error.messageString}',
            "text/html": "<h1>$context.error.message at ${context.path}</h1>",
        },
        "ResponseParameters": {
            "gatewayresponse.header.Content-Type": "'text/html; charset=utf-8'",
            "gatewayresponse.header.X-Asked": "method.request.header.Accept",
        },
    },
}
NOT_FOUND = {
    "Type": "AWS::ApiGateway::GatewayResponse",
    "Properties": {"ResponseType": "MISSING_AUTHENTICATION_TOKEN", "StatusCode": "404"},
}


@pytest.mark.promise("gateway-answers-itself")
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("POST", "/again"), ("HEAD", "/again"), ("GET", "/t/x/y"), ("PUT", "/")],
)
def test_what_no_function_serves_is_refused_as_api_gateway_refuses(
    door: Door, method: str, path: str
) -> None:
    front, visitor = door
    front.open_to("abc123", gateway())
    visitor.request(method, path)
    answer = visitor.getresponse()
    assert answer.status == 403
    assert answer.getheader("x-amzn-ErrorType") == "MissingAuthenticationTokenException"
    body = answer.read()
    assert body == b"" if method == "HEAD" else json.loads(body) == NO_SUCH_PATH


@pytest.mark.promise("gateway-answers-itself")
def test_the_templates_own_gateway_responses_are_used(door: Door) -> None:
    front, visitor = door
    front.open_to("abc123", gateway(PAGE, NOT_FOUND))
    visitor.request("GET", "/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})
    answer = visitor.getresponse()
    assert (answer.status, json.loads(answer.read())) == (404, NO_SUCH_PATH)  # its own, not 4XX's
    front.throttled = True
    visitor.request("GET", "/", headers={"Accept": "text/html,*/*;q=0.8"})
    answer = visitor.getresponse()
    assert (answer.status, answer.read()) == (429, b"<h1>Too Many Requests at /api/</h1>")
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    visitor.request("GET", "/")
    assert json.loads(visitor.getresponse().read()) == {"said": "Too Many Requests"}


@pytest.mark.promise("gateway-answers-itself")
def test_a_function_that_does_not_answer_is_api_gateways_504(door: Door) -> None:
    front, visitor = door
    front.open_to("abc123", gateway())
    front.upstream = free_port()
    visitor.request("GET", "/")
    answer = visitor.getresponse()
    assert (answer.status, json.loads(answer.read())["message"]) == (
        504,
        "Endpoint request timed out",
    )


@pytest.mark.promise("gateway-answers-itself")
def test_responses_in_the_body_of_the_api_count_too() -> None:
    said = {"THROTTLED": {"statusCode": 503, "responseTemplates": {"text/plain": "later"}}}
    body = {"paths": {"/x/{rest+}": {"get": {}}}, "x-amazon-apigateway-gateway-responses": said}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}
    found = GatewayResponses({"Resources": {"API": api}}, "api")
    assert found.serves("GET", "/x/y/z") and not found.serves("GET", "/x")
    answer = found.answer("THROTTLED", "", "/x/y")
    assert (answer.status, answer.body) == (503, b"later")


def test_a_port_that_is_taken_is_seen() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        assert taken(server.server_port)
    assert not taken(free_port())


def test_the_reconcile_command_goes_on_until_a_round_is_whole() -> None:
    from infra.reconcile import rounds

    asked: list[dict[str, Any]] = []

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        asked.append(event)
        counts = dict.fromkeys(("referrals", "runs", "looked", "started", "stopped", "handed"), 1)
        finding = {"reference": "7K3M-9QXA-5", "finding": "no_run", "repair": "restarted"}
        return {
            **counts,
            "failed": 0,
            "findings": [finding],
            "next": "7K3M" if len(asked) < 2 else "",
        }

    said: list[str] = []
    assert rounds(invoke, said.append, "restored", deep=True) == 2
    assert [event["after"] for event in asked] == ["", "7K3M"]
    assert all(event["deep"] and event["reason"] == "restored" for event in asked)
    assert any("no_run" in line for line in said)


def test_without_a_stack_the_reconcile_command_is_a_line(tmp_path: Path) -> None:
    from infra.emulator import StackError
    from infra.reconcile import local

    with pytest.raises(StackError, match="no stack runs in"):
        local(tmp_path)


def test_a_browser_that_is_known_already_keeps_one_cookie_for_it() -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Set-Cookie", f"{KNOWN}=newer; Path=/; Max-Age=60")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        person = Person(f"http://127.0.0.1:{site.server_port}").know("older").open("/")
        site.shutdown()
    assert [one.value for one in person.browser.session.cookies] == ["newer"]
