"""The local post office takes text messages, refuses them as AWS End User Messaging does, and lets a phone answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.aws import ses
from chalicelib.aws.clients import call
from chalicelib.aws.errors import AwsError
from chalicelib.aws.texts import text_messages
from infra.emulator import free_port
from infra.mailbox import Mailbox
from infra.postoffice import PostOffice
from infra.text_office import FAILS, TEXT_REFUSALS

pytestmark = pytest.mark.promise("local-is-production", "text-messages")

MEANS = {
    "text_access_denied": ses.PostRefused,
    "text_throttled": ses.PostBusy,
    "text_opted_out": text_messages.OptedOut,
    "text_sandbox": ses.PostClosed,
    "text_spend_limit": ses.PostClosed,
    "text_no_pool": ses.PostRefused,
    "text_invalid_number": ses.BadAddress,
}


class Topic:
    """Hears what is published; ``heard`` is set at the second message behind SES's own sentence."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.heard = threading.Event()

    def publish(self, **what: Any) -> None:
        self.said.append(what["Message"])
        if len(self.said) == 3:
            self.heard.set()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    made = PostOffice(free_port(), free_port(), Mailbox(tmp_path / "mails.jsonl"))
    yield made
    made.stop()


def send(office: PostOffice, number: str = "+12095550147", text: str = "Hello.") -> Any:
    client = boto3.client(
        "pinpoint-sms-voice-v2",
        endpoint_url=f"http://127.0.0.1:{office.port}",
        config=boto3.session.Config(retries={"total_max_attempts": 1}),
    )
    return call(
        client.send_text_message,
        DestinationPhoneNumber=number,
        MessageBody=text,
        Context={"ref": "7K3M-9QXA-5", "v": "3", "i": "1"},
    )


@pytest.mark.parametrize("answer", TEXT_REFUSALS)
def test_the_post_office_refuses_texts_as_aws_does_and_the_product_understands(
    office: PostOffice, answer: str
) -> None:
    office.answers = answer
    with pytest.raises(AwsError) as refused:
        send(office)
    meant = text_messages.refusal(refused.value)
    assert type(meant) is MEANS[answer] and "2095550147" not in str(meant)
    assert office.mailbox.all() == []


def test_a_text_that_is_broken_in_itself_is_no_refusal(office: PostOffice) -> None:
    with pytest.raises(AwsError) as refused:
        send(office, text="x" * 1601)
    assert text_messages.refusal(refused.value) is None


def test_the_mailbox_shows_texts_and_their_phones_can_text_back(office: PostOffice) -> None:
    topic = Topic()
    office.report_to(topic, "arn:aws:sns:us-west-2:000000000000:mail", "mail")
    send(office, FAILS, "Please sign. https://network.test/t/abc")
    (text,) = office.mailbox.all()
    assert b"Text: Please sign." in office.mailbox.page("/mailbox")[1]
    page = office.mailbox.page(f"/mailbox/{text.id}")[1].decode()
    assert "<a href='https://network.test/t/abc'>" in page and "value=STOP" in page
    assert office.mailbox.text_back(f"/mailbox/{text.id}", "STOP")[0] == 200
    assert topic.heard.wait(5)
    lost, back = (json.loads(one) for one in topic.said[1:])
    assert (lost["eventType"], lost["context"]["ref"]) == ("TEXT_BLOCKED", "7K3M-9QXA-5")
    assert (back["originationNumber"], back["messageBody"]) == (FAILS, "STOP")
    assert [one.channel for one in Mailbox(office.mailbox.path).all()] == ["text"], "kept"
