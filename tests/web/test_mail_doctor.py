"""The mail doctor: green, or the exact fix; and no request begins while nobody would hear from us."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from chalice.test import Client
from moto import mock_aws

import chalicelib
from chalicelib.aws import clients, send_gate, ses
from chalicelib.aws.errors import AwsError
from chalicelib.aws.refusals import Refusal
from chalicelib.mail.delivery_reports import record
from chalicelib.mail.desk import COLOURS
from chalicelib.mail.health import checkup, ses_health
from chalicelib.mail.health.doctor import NAMES, Finding, examine, verdict
from chalicelib.mail.health.ses_health import Facts
from chalicelib.web import languages
from infra.doctor import MARKS
from tests.web.conftest import Browser
from tests.web.staff import press, signed_in
from tests.world import World

TYPES = ["BOUNCE", "COMPLAINT", "DELIVERY", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"]
TOPIC = "arn:aws:sns:us-west-2:123456789012:topic"
WELL = Facts(
    sender="no-reply@network.test",
    stage="prod",
    identity={
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
        "MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"},
    },
    account={
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 50000.0, "SentLast24Hours": 10.0},
    },
    destinations=[
        {"Enabled": True, "MatchingEventTypes": TYPES, "SnsDestination": {"TopicArn": TOPIC}}
    ],
    subscriptions=[{"Protocol": "lambda", "SubscriptionArn": f"{TOPIC}:1"}],
    suppressed=[],
    rates={"BounceRate": 0.01, "ComplaintRate": 0.0},
    keys=True,
    post={"test_status": "delivered", "test_at": 100},
    at=200,
)


def refused(operation: str, code: str) -> Facts:
    return replace(WELL, refused=[Refusal(operation, code, 100, 200)])


def letter(status: str, ago: int = 60) -> Facts:
    return replace(WELL, post={"test_status": status, "test_at": 1000}, at=1000 + ago)


def account(**more: Any) -> Facts:
    return replace(WELL, account={**(WELL.account or {}), **more})


def colours(facts: Facts) -> dict[str, str]:
    return {one.check: one.colour for one in examine(facts) if one.colour != "green"}


@pytest.mark.promise("mail-doctor")
def test_all_is_well() -> None:
    found = examine(WELL)
    assert verdict(found) == "green"
    assert {one.check for one in found} <= set(NAMES)
    dmarc = next(one for one in found if one.check == "dmarc")
    assert "_dmarc.network.test TXT" in checkup.said(dmarc, "en")[2]


@pytest.mark.promise("mail-doctor")
@pytest.mark.parametrize("stage", ["prod", "local"])
def test_what_nobody_looked_at_is_never_called_good(stage: str) -> None:
    assert colours(replace(WELL, stage=stage)) == {"dmarc": "unchecked"}
    new = replace(WELL, stage=stage, rates={})  # an account that has not sent yet
    assert colours(new) == dict.fromkeys(("dmarc", "bounces", "complaints"), "unchecked")
    assert COLOURS["unchecked"] == "Not checked" and set(COLOURS) == set(MARKS)


@pytest.mark.promise("mail-doctor")
@pytest.mark.parametrize(
    ("facts", "check", "colour"),
    [
        (replace(WELL, identity={}), "identity", "red"),
        (replace(WELL, identity={"VerifiedForSendingStatus": False}), "identity", "red"),
        (replace(WELL, identity={"VerifiedForSendingStatus": True}), "dkim", "yellow"),
        (replace(WELL, identity={"VerifiedForSendingStatus": True}), "spf", "yellow"),
        (account(ProductionAccessEnabled=False), "sandbox", "red"),
        (account(SendingEnabled=False), "sending", "red"),
        (account(EnforcementStatus="SHUTDOWN"), "sending", "red"),
        (account(EnforcementStatus="PROBATION"), "sending", "yellow"),
        (account(SendQuota={"Max24HourSend": 200, "SentLast24Hours": 200}), "quota", "red"),
        (account(SendQuota={"Max24HourSend": 200, "SentLast24Hours": 190}), "quota", "yellow"),
        (replace(WELL, destinations=[]), "events", "red"),
        (
            replace(WELL, destinations=[{**(WELL.destinations or [{}])[0], "Enabled": False}]),
            "events",
            "red",
        ),
        (
            replace(
                WELL,
                destinations=[
                    {
                        **(WELL.destinations or [{}])[0],
                        "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
                    }
                ],
            ),
            "events",
            "yellow",
        ),
        (replace(WELL, subscriptions=[]), "heard", "red"),
        (
            replace(
                WELL,
                subscriptions=[{"Protocol": "lambda", "SubscriptionArn": "PendingConfirmation"}],
            ),
            "heard",
            "red",
        ),
        (replace(WELL, suppressed=["cora-match"]), "suppressed", "yellow"),
        (replace(WELL, rates={"BounceRate": 0.06}), "bounces", "yellow"),
        (replace(WELL, rates={"BounceRate": 0.12}), "bounces", "red"),
        (replace(WELL, rates={"ComplaintRate": 0.006}), "complaints", "red"),
        (replace(WELL, keys=False), "keys", "red"),
        (
            replace(WELL, post={"closed_since": 1, "why": "LimitExceededException"}),
            "post",
            "yellow",
        ),
        (replace(WELL, account=None, unknown={"account": "Timeout"}), "account", "unknown"),
        (replace(WELL, account=None, unknown={"account": "AccessDenied"}), "account", "yellow"),
        (replace(WELL, keys=None, unknown={"keys": "DecryptionFailure"}), "keys", "red"),
        (refused("SendEmail", "AccessDeniedException"), "refused", "red"),
        (refused("GetSecretValue", "KMSDisabledException"), "refused", "red"),
        (refused("StartExecution", "StateMachineDoesNotExist"), "runs", "red"),
        (letter("refused"), "test", "red"),
        (letter("asked", 600), "test", "red"),
        (letter("leaves", 600), "test", "red"),
        (letter("sent", 600), "test", "red"),
        (letter("bounced"), "test", "yellow"),
    ],
)
def test_what_is_wrong_has_its_colour_and_its_fix_in_both_languages(
    facts: Facts, check: str, colour: str
) -> None:
    found = {one.check: one for one in examine(facts)}
    assert found[check].colour == colour and found[check].fix
    english, spanish = checkup.said(found[check], "en"), checkup.said(found[check], "es")
    assert english[1] != spanish[1]
    for text in (*english, *spanish):
        assert text and "%(" not in text


@pytest.mark.promise("mail-doctor")
@pytest.mark.parametrize("status", ["", "asked", "leaves", "sent"])
def test_the_test_letter_is_green_only_when_its_report_came_back(status: str) -> None:
    assert colours(letter(status))["test"] == "unknown"
    assert "test" not in colours(letter("delivered"))


@pytest.mark.promise("mail-doctor")
def test_what_cannot_be_looked_at_closes_nothing() -> None:
    blind = Facts("a@b.org", "prod", unknown=dict.fromkeys(
        ("identity", "account", "destinations", "subscriptions", "suppressed", "rates", "keys"), "X"
    ))  # fmt: skip
    assert verdict(examine(blind)) == "green"


@pytest.mark.promise("mail-doctor", "local-is-production")
def test_a_developers_machine_is_judged_as_any_other() -> None:
    facts = replace(WELL, stage="local", identity={}, account={}, destinations=[], subscriptions=[])
    assert verdict(examine(facts)) == "red"
    assert verdict(examine(replace(WELL, stage="local"))) == "green"


@pytest.mark.promise("mail-doctor")
def test_the_facts_come_from_aws_and_one_that_fails_hides_only_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.aws.elsewhere = True
    with mock_aws():
        monkeypatch.setenv("MAIL_TOPIC", boto3.client("sns").create_topic(Name="mail")["TopicArn"])
        boto3.client("sesv2").create_email_identity(EmailIdentity="network.test")
        clients.forget()
        found = ses_health.facts()
    assert found.identity and found.identity["name"] == "network.test"
    assert found.subscriptions == [] and found.keys is True and found.rates == {}
    assert "identity" not in found.unknown and "keys" not in found.unknown


@pytest.mark.promise("mail-doctor")
def test_our_own_people_on_the_suppression_list_are_named_by_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ses:
        def list_suppressed_destinations(self, **more: Any) -> dict[str, Any]:
            if "NextToken" not in more:
                listed = [{"EmailAddress": "Cora-Match@example.org"}, {"EmailAddress": "x@y.org"}]
                return {"SuppressedDestinationSummaries": listed, "NextToken": "2"}
            return {"SuppressedDestinationSummaries": [{"EmailAddress": "ada-admin@example.org"}]}

    monkeypatch.setattr(ses_health, "client", lambda name: Ses())
    assert ses_health._suppressed() == ["ada-admin", "cora-match"]


def red(world: World, at: int) -> None:
    send_gate.diagnosed("red", [], at)
    send_gate.forget()


@pytest.mark.promise("mail-doctor")
def test_no_request_begins_while_the_doctor_is_red_and_it_opens_again(
    world: World, client: Client
) -> None:
    browser = Browser(client)
    begun = Browser(client)
    begun.get("/start")
    begun.answer({"county": "fresno", "age_bands": ["toddler"], "outside_scope": ["none"]})
    red(world, world.at)
    page = browser.get("/start")
    assert page.status == 200 and "1-877-524-2422" in page.text and "county" not in page.names
    assert browser.post("/start", {"county": "fresno"}).heading == page.heading
    assert "county" in begun.get("/start").names  # who has begun may go on
    spanish = Browser(client, "es").get("/start")
    assert spanish.lang == "es" and spanish.heading != page.heading
    world.at += send_gate.GOOD_FOR + 1  # the doctor fell silent: his old word closes nothing
    assert "county" in browser.get("/start").names
    red(world, world.at)
    assert "county" not in browser.get("/start").names
    send_gate.diagnosed("green", [], world.at + 1)
    world.at += 61
    assert "county" in browser.get("/start").names


@pytest.mark.promise("refused-is-red", "known-and-unknown-alike")
@pytest.mark.parametrize("known", [True, False])
def test_a_page_that_promises_a_letter_says_that_none_leaves_whoever_asks(
    world: World, client: Client, known: bool
) -> None:
    reference = world.submit() if known else world.new_reference()
    browser = Browser(client)
    asked = {"reference": reference}
    browser.get("/status")
    assert "do not leave right now" not in browser.post("/status", asked).text
    send_gate.shut(0, world.at + 60, "AccessDeniedException", True, world.at)
    world.at += 61
    page = browser.post("/status", asked)
    assert "do not leave right now" in page.text and "1-877-524-2422" in page.text


@pytest.mark.promise("refused-is-red")
def test_every_page_that_says_that_a_letter_left_says_when_none_does() -> None:
    lib = Path(chalicelib.__file__).parent
    says = re.compile(
        r"look at your email|We mailed you|will (also )?send it|sent a fresh link|on its way to"
    )
    promising = {p.name: text for p in lib.rglob("*.html") if says.search(text := p.read_text())}
    assert len(promising) >= 7
    assert [name for name, text in promising.items() if "web/letters_wait.html" not in text] == []


@pytest.mark.promise("mail-doctor")
def test_an_older_look_never_replaces_a_newer_one(world: World) -> None:
    send_gate.diagnosed("green", [], world.at)
    send_gate.diagnosed("red", [], world.at - 60)
    assert send_gate.read()["doctor"] == "green"


@pytest.mark.promise("mail-doctor")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_admin_sees_every_check_and_its_fix(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(checkup, "facts", lambda: replace(WELL, identity={}))
    page = signed_in(world, client, "admin", lang).get("/console/mail")
    assert page.status == 200
    assert "aws sesv2 create-email-identity --email-identity network.test" in page.text
    _ = languages.translator(lang)
    assert (
        _("SES does not know the sender %(sender)s.", sender="no-reply@network.test") in page.text
    )
    assert send_gate.read()["doctor"] == "red"


@pytest.mark.promise("mail-doctor")
def test_a_test_letter_goes_to_ones_own_address_and_its_report_is_shown(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "facts", lambda: WELL)
    browser = signed_in(world, client, "admin")
    browser.get("/console/mail")
    page = press(browser, "/console/mail")
    assert (
        world.mails == [] and "was asked for" in page.text
    )  # the role of the pages proves nothing
    records = world.records()
    for _ in range(2):  # the stream may bring a record twice
        assert world.relay(records) == {"batchItemFailures": []}
    assert [m.to for m in world.mails] == ["ada-admin@example.org"]
    assert "is not known yet" in browser.get("/console/mail").text
    tags = {k: [v] for k, v in world.mails[0].tags.items()}
    assert not record({"eventType": "Delivery", "mail": {"tags": {**tags, "ref": []}}})
    assert record({"eventType": "Delivery", "mail": {"tags": {**tags, "ref": ["old"]}}})
    assert "is not known yet" in browser.get("/console/mail").text
    assert record({"eventType": "Delivery", "mail": {"tags": tags}})
    assert "its report reached us" in browser.get("/console/mail").text


@pytest.mark.promise("mail-doctor")
@pytest.mark.parametrize(
    "error", [ses.PostClosed(60, "x"), ses.BadAddress("x"), AwsError("InternalFailure")]
)
def test_a_test_letter_that_ses_refuses_is_said(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def closed(*_: Any) -> str:
        raise error

    monkeypatch.setattr(checkup, "facts", lambda: WELL)
    monkeypatch.setattr(ses, "send", closed)
    browser = signed_in(world, client, "admin")
    browser.get("/console/mail")
    press(browser, "/console/mail")
    world.relay()
    assert "did not take the test letter" in browser.get("/console/mail").text


@pytest.mark.promise("delivery-on-timeline", "mail-daily-quota")
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("role", ["specialist", "coordinator", "supervisor", "admin"])
def test_staff_see_what_did_not_arrive_and_what_waits(
    world: World, client: Client, role: str, lang: str
) -> None:
    from chalicelib.mail import letter_rows

    reference = world.submit()
    world.relay()
    letter_rows.move(reference, 1, 1, "bounced", world.at, "Permanent")
    refuse = ses.PostClosed(1800, "LimitExceededException")
    world.monkeypatch.setattr(ses, "send", lambda *_: (_ for _ in ()).throw(refuse))
    other = world.submit()
    world.relay()
    send_gate.forget()
    browser = signed_in(world, client, role, lang)
    page = browser.get("/console/letters")
    assert page.status == 200
    assert reference in page.text and other in page.text
    assert "ana@example.org" not in page.text
    held = {"en": "Letters are held back", "es": "Los mensajes están detenidos"}[lang]
    assert held in page.text
    assert ("/console/mail" in page.links) == (role == "admin")


@pytest.mark.promise("lists-complete")
def test_letters_that_did_not_arrive_follow_page_by_page(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.mail import desk, letter_rows

    monkeypatch.setattr(desk, "MOST", 3)
    made = [world.submit() for _ in range(8)]
    world.relay()
    for number, reference in enumerate(made):
        letter_rows.move(reference, 1, 1, "bounced", world.at + number, "Permanent")
    browser, seen, address = (
        signed_in(world, client, "coordinator"),
        list[str](),
        "/console/letters",
    )
    for _ in range(3):
        page = browser.get(address)
        seen += re.findall(r"/console/referrals/([0-9A-Z-]{11})\?kind=mail", page.body)
        address = next((one for one in page.links if one.startswith("/console/letters?")), "")
    assert seen == made[::-1] and not address
    assert browser.get("/console/letters?undelivered=nonsense").status == 200


@pytest.mark.promise("mail-doctor")
def test_the_hourly_look_is_hourly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    looks: list[int] = []
    monkeypatch.setattr(checkup, "look", lambda at: looks.append(at) or [])
    real = importlib.import_module("tests.world").HOURLY
    real({"doctor_at": 100}, 100 + 3599)
    real({"doctor_at": 100}, 100 + 3600)
    real({}, 10**9)
    assert looks == [3700, 10**9]


@pytest.mark.promise("mail-doctor")
def test_while_something_is_wrong_the_look_comes_every_two_minutes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib

    looks: list[int] = []
    monkeypatch.setattr(checkup, "look", lambda at: looks.append(at) or [])
    real = importlib.import_module("tests.world").HOURLY
    fine = {"doctor_at": 1000, "test_at": 1000, "test_status": "delivered", "doctor": "green"}
    wrong: list[dict[str, Any]] = [
        {"doctor": "red"},
        {"test_status": "sent"},
        {"closed_since": 900},
        {"refused_SendEmail": {"code": "AccessDeniedException", "since": 900, "at": 1000}},
    ]
    for more in wrong:
        real(fine | more, 1119)
        real(fine | more, 1120)
    real(fine, 1120)
    assert looks == [1120] * len(wrong)


@pytest.mark.promise("mail-doctor", "refused-is-red")
def test_a_test_letter_that_was_refused_is_tried_again_until_it_leaves(world: World) -> None:
    import importlib

    real, sends = importlib.import_module("tests.world").HOURLY, ses.send
    world.monkeypatch.setattr(checkup, "facts", lambda: replace(WELL, post=send_gate.read()))

    def refuse(*_: Any) -> str:
        raise ses.PostRefused(120, "AccessDeniedException")

    world.monkeypatch.setattr(ses, "send", refuse)
    seen = []
    for minute in range(16):
        if minute == 10:
            world.monkeypatch.setattr(ses, "send", sends)
        world.at += 60
        real(send_gate.read(), world.at)
        world.relay()
        for mail in world.mails:
            record(
                {"eventType": "Delivery", "mail": {"tags": {k: [v] for k, v in mail.tags.items()}}}
            )
        seen.append(send_gate.read()["doctor"])
    assert set(seen[3:10]) == {"red"}, "and not green again with each letter that is only asked for"
    assert seen[-1] == "green" and len(world.mails) == 1


@pytest.mark.promise("mail-doctor")
def test_a_letter_to_nobody_is_asked_for_once_a_day(world: World) -> None:
    import importlib

    real = importlib.import_module("tests.world").HOURLY
    world.monkeypatch.setattr(checkup, "look", lambda at: [])
    for seconds in (0, 86399):
        real(send_gate.read(), world.at + seconds)
        world.relay()
        number = send_gate.read()["test"]
        assert send_gate.move_test(number, "delivered", world.at, after="")
    assert [m.to for m in world.mails] == ["success@simulator.amazonses.com"]
    world.at += 86400
    real(send_gate.read(), world.at)
    world.relay()
    assert len(world.mails) == 2


def test_a_finding_is_kept_and_read_again_as_it_was(world: World) -> None:
    one = Finding("quota", "yellow", "%(left)s", "x", {"left": 3})
    send_gate.diagnosed("yellow", [checkup._row(one)], world.at)
    assert checkup.latest(world.at + 5) == [one]
