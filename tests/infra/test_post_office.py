"""The local post office plays SES's refusals and its messages, not its successes alone."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.aws import ses
from chalicelib.aws.clients import call
from chalicelib.aws.errors import AwsError
from chalicelib.mail.delivery_reports import mail_events
from infra.emulator import free_port
from infra.mailbox import Mailbox
from infra.postoffice import ANSWERS, REFUSALS, VALIDATED, PostOffice

MEANS = {
    "access_denied": ses.PostRefused,
    "throttled": ses.PostBusy,
    "daily_quota": ses.PostClosed,
    "sandbox": ses.PostClosed,
    "paused": ses.PostClosed,
    "no_configuration_set": ses.PostRefused,
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    made = PostOffice(free_port(), free_port(), Mailbox(tmp_path / "mails.jsonl"))
    yield made
    made.stop()


def send(office: PostOffice) -> Any:
    client = boto3.client(
        "sesv2",
        endpoint_url=f"http://127.0.0.1:{office.port}",
        config=boto3.session.Config(retries={"total_max_attempts": 1}),
    )
    return call(
        client.send_email,
        Destination={"ToAddresses": ["ana@example.org"]},
        Content={"Raw": {"Data": b"Subject: x\r\n\r\nx"}},
    )


@pytest.mark.promise("local-is-production", "refused-is-red", "mail-rate-limit", "mail-daily-quota")
@pytest.mark.parametrize("answer", REFUSALS)
def test_the_post_office_refuses_as_ses_does_and_the_product_understands(
    office: PostOffice, answer: str
) -> None:
    address = f"http://127.0.0.1:{office.port}{ANSWERS}"
    urllib.request.urlopen(
        urllib.request.Request(address, answer.encode(), method="PUT"), timeout=5
    )
    assert office.answers == answer
    with pytest.raises(AwsError) as refused:
        send(office)
    meant = ses.refusal(refused.value.code, refused.value.message)
    assert type(meant) is MEANS[answer] and "ana@example.org" not in str(meant)
    assert office.mailbox.all() == []


@pytest.mark.promise("local-is-production", "strange-mail-report")
def test_the_post_office_says_in_plain_words_that_it_may_publish(office: PostOffice) -> None:
    said: list[str] = []

    class Topic:
        def publish(self, **what: Any) -> None:
            said.append(what["Message"])

    office.report_to(Topic(), "arn:aws:sns:us-west-2:000000000000:mail", "mail")
    office.stop()
    assert said == [VALIDATED]
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(said[0])
    mail_events({"Records": [{"Sns": {"Message": said[0]}}]}, None)  # noted, and no more
