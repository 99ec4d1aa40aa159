"""The post is busy or closed: letters wait by urgency, nothing is lost, and nobody is flooded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import dynamodb, send_gate
from chalicelib.aws import ses as aws_ses
from chalicelib.mail import letter_rows, queue
from chalicelib.mail.mail_priority import LANES, lane
from chalicelib.workflow.effects import SendLetter
from tests.unit.mail.test_every_letter import LETTERS
from tests.world import World

ANA = "ana@example.org"
Send = Callable[..., str]


class Ses:
    """Refuses with an error as long as it has one; otherwise what the world does."""

    def __init__(self, world: World) -> None:
        self.real: Send = aws_ses.send
        self.error: Exception | None = None
        self.tries = 0
        world.monkeypatch.setattr(aws_ses, "send", self.send)

    def send(self, *args: Any) -> str:
        self.tries += 1
        if self.error is not None:
            raise self.error
        return self.real(*args)


@pytest.fixture
def ses(world: World) -> Ses:
    return Ses(world)


def asked(world: World, **answers: Any) -> str:
    reference = world.submit(**answers)
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    return reference


def statuses(reference: str) -> dict[str, str]:
    return {r["letter"]: r["status"] for r in letter_rows.of(reference)}


@pytest.mark.promise("mail-rate-limit")
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_has_a_lane(name: str) -> None:
    for more in ({}, {"task": 1}, {"task": 1, "reminder": True}):
        for priority in ("routine", "urgent", "asap", "stat"):
            assert 0 <= lane(SendLetter(letter=name, to="provider", **more), priority) < len(LANES)


@pytest.mark.promise("mail-rate-limit")
@pytest.mark.parametrize(
    ("effect", "priority", "expected"),
    [
        ({"letter": "workflow/repair", "task": 1, "lane": "safety"}, "routine", "safety"),
        ({"letter": "matching/offer", "task": 1}, "stat", "stat"),
        ({"letter": "matching/offer", "task": 1, "reminder": True}, "stat", "stat"),
        ({"letter": "matching/offer", "task": 1}, "routine", "task"),
        ({"letter": "workflow/escalation"}, "urgent", "task"),
        ({"letter": "intake/receipt"}, "routine", "notice"),
        ({"letter": "matching/offer", "task": 1, "reminder": True}, "asap", "reminder"),
        ({"letter": "closure/survey", "task": 1, "lane": "reminder"}, "stat", "reminder"),
        ({"letter": "x/y", "lane": "nonsense"}, "routine", "notice"),
    ],
)
def test_the_lane_follows_from_the_letter_its_task_and_the_urgency(
    effect: dict[str, Any], priority: str, expected: str
) -> None:
    assert LANES[lane(SendLetter(to="provider", **effect), priority)] == expected


@pytest.mark.promise("receipts-first")
def test_the_receipt_of_a_request_leaves_before_the_tasks_of_all_others() -> None:
    receipt = SendLetter(letter="intake/receipt", to="provider")
    task = SendLetter(letter="tiers/triage", to="staff:nina-north", task=1)
    assert LANES[lane(receipt, first=True)] == "receipt"
    assert lane(receipt, first=True) < lane(task, first=True) < lane(receipt)
    assert lane(task, "stat") < lane(receipt, first=True), "but for what is urgent"


@pytest.mark.promise("mail-rate-limit", "mail-daily-quota")
@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("TooManyRequestsException", "Maximum sending rate exceeded.", aws_ses.PostBusy),
        ("Throttling", "Maximum sending rate exceeded.", aws_ses.PostBusy),
        ("TooManyRequestsException", "Too many requests", aws_ses.PostBusy),
        ("TooManyRequestsException", "Daily message quota exceeded.", aws_ses.PostClosed),
        ("LimitExceededException", "", aws_ses.PostClosed),
        ("SendingPausedException", "", aws_ses.PostClosed),
        ("AccountSuspendedException", "", aws_ses.PostClosed),
        ("MessageRejected", "Email address is not verified. a@b.org", aws_ses.PostClosed),
        ("BadRequestException", "Illegal address", aws_ses.BadAddress),
        ("BadRequestException", "Missing required header 'From'.", type(None)),
        ("AccessDeniedException", "not authorized on identity/a@b.org", aws_ses.PostRefused),
        ("NotFoundException", "Configuration set does not exist", aws_ses.PostRefused),
        ("KMSDisabledException", "", aws_ses.PostRefused),
    ],
)
def test_one_place_knows_the_codes_of_ses(code: str, message: str, kind: type) -> None:
    found = aws_ses.refusal(code, message)
    assert type(found) is kind
    assert "a@b.org" not in str(found)


@pytest.mark.promise("mail-rate-limit", "refuse-when-in-doubt")
def test_a_rate_limit_lets_letters_wait_and_fails_no_batch(world: World, ses: Ses) -> None:
    reference = asked(world)
    ses.error = aws_ses.PostBusy(5, "TooManyRequestsException")
    assert world.relay() == {"batchItemFailures": []}
    assert statuses(reference) == {"intake/receipt": "queued", "tiers/triage": "queued"}
    assert world.started == [("referral", reference, 1, "eligibility")]  # the run did not wait
    ses.error = None
    world.at += 60
    assert queue.drain(world.at) == 2
    assert [m.to for m in world.mails] == [ANA, "sofia-south@example.org"]  # the receipt first
    assert set(statuses(reference).values()) == {"sent"}
    assert queue.drain(world.at) == 0
    assert not send_gate.read().get("since")


@pytest.mark.promise("mail-rate-limit")
def test_a_more_urgent_letter_passes_a_busy_post(world: World, ses: Ses) -> None:
    first = world.submit()
    ses.error = aws_ses.PostBusy(30, "Throttling")
    world.relay()
    assert (ses.tries, statuses(first)) == (1, {"intake/receipt": "queued"})
    second = world.submit()
    ses.error = None
    world.relay()
    assert (ses.tries, statuses(second)) == (1, {"intake/receipt": "queued"})  # not even tried
    third = world.submit(safety_now="yes")
    world.relay()
    assert sorted(statuses(third).values()) == ["queued", "sent"]
    assert statuses(third)["intake/receipt"] == "queued"


@pytest.mark.promise("surge")
def test_letters_that_wait_leave_by_lane_and_then_by_age(world: World, ses: Ses) -> None:
    ses.error = aws_ses.PostBusy(5, "Throttling")
    references = []
    for _ in range(3):
        references.append(asked(world))
        world.relay()
        world.at += 2
    ses.error = None
    world.at += 60
    queue.drain(world.at)
    assert [m.to for m in world.mails] == [
        "ana@example.org", "ana2@example.org", "ana3@example.org", *["sofia-south@example.org"] * 3,
    ]  # fmt: skip


@pytest.mark.promise("surge")
def test_one_minute_sends_a_bounded_number_and_less_urgent_ones_queue_behind(
    world: World, ses: Ses, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second passes at each look at the clock: there is time for two.
    monkeypatch.setattr(queue, "SECONDS", 3)
    monkeypatch.setattr(queue, "time", SimpleNamespace(monotonic=partial(next, count())))
    ses.error = aws_ses.PostBusy(5, "Throttling")
    for _ in range(3):
        asked(world)
    world.relay()
    ses.error = None
    world.at += 60
    assert queue.drain(world.at) == 2
    late = world.submit()
    world.relay()
    assert statuses(late) == {"intake/receipt": "queued"}
    for expected in (2, 2, 1):
        world.at += 80
        assert queue.drain(world.at) == expected
    assert len(world.mails) == 7 and letter_rows.listed(letter_rows.POST, 9) == []


@pytest.mark.promise("mail-daily-quota")
def test_a_daily_quota_is_said_aloud_once_and_tried_again_later(
    world: World, ses: Ses, caplog: pytest.LogCaptureFixture
) -> None:
    asked(world)
    ses.error = aws_ses.PostClosed(aws_ses.CLOSED, "LimitExceededException")
    world.relay()
    asked(world)
    world.relay()
    world.at += aws_ses.CLOSED + 1
    assert queue.drain(world.at) == 0  # one look: still closed
    assert [r.message for r in caplog.records].count("post closed") == 1
    assert send_gate.read()["closed_since"]
    ses.error = None
    tries = ses.tries
    assert queue.drain(world.at + 60) == 0  # not before the half hour is over
    assert ses.tries == tries
    world.at += aws_ses.CLOSED + 1
    assert queue.drain(world.at) == 4
    assert not send_gate.read().get("closed_since")


@pytest.mark.promise("outage-backlog")
def test_six_hours_of_outage_end_with_one_letter_a_task(world: World, ses: Ses) -> None:
    reference = asked(world)
    ses.error = aws_ses.PostBusy(5, "EndpointConnectionError")
    world.relay()
    task = world.state(reference).task
    assert task is not None
    from chalicelib.workflow.scheduler import look

    for instant in (*task.remind, task.due + 60):  # reminder and escalation come due meanwhile
        world.at = max(world.at, instant)
        look(reference, world.at)
        world.relay()
    ses.error = None
    world.at += 6 * 3600
    for _ in range(3):
        world.at += 61
        queue.drain(world.at)
    mine = [m for m in world.mails if m.to == "sofia-south@example.org"]
    assert len(mine) == 1  # the task itself; its reminder would say the same a moment later
    assert "skipped" in [r["status"] for r in letter_rows.of(reference)]


@pytest.mark.promise("one-letter-per-reason")
def test_a_letter_that_lost_its_reason_while_it_waited_is_skipped(world: World, ses: Ses) -> None:
    from chalicelib.referral.status.withdraw import withdraw

    reference = asked(world)
    ses.error = aws_ses.PostBusy(5, "Throttling")
    world.relay()
    world.at += 60
    withdraw(reference, "", "w")
    ses.error = None
    queue.drain(world.at)
    assert statuses(reference) == {"intake/receipt": "skipped", "tiers/triage": "skipped"}
    assert world.mails == []


@pytest.mark.promise("mail-rate-limit")
def test_all_is_well_costs_no_look_at_the_post(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = dynamodb.get, []
    monkeypatch.setattr(dynamodb, "get", lambda key, **more: seen.append(key) or real(key, **more))
    asked(world)
    world.relay()
    assert send_gate.ROW not in seen and send_gate.read() == {}


@pytest.mark.promise("report-before-sent")
def test_a_report_that_is_faster_than_the_queues_note_stays(world: World, ses: Ses) -> None:
    reference = asked(world)
    ses.error = aws_ses.PostBusy(5, "Throttling")
    world.relay()
    row = next(r for r in letter_rows.of(reference) if r["letter"] == "intake/receipt")
    real = ses.real

    def fast(*args: Any) -> str:
        if args[0] == ANA:
            letter_rows.move(reference, row["v"], row["number"], "delivered", world.at)
        return real(*args)

    ses.error, ses.real = None, fast
    world.at += 60
    queue.drain(world.at)
    assert statuses(reference)["intake/receipt"] == "delivered"
    assert len([m for m in world.mails if m.to == ANA]) == 1
    assert letter_rows.listed(letter_rows.POST, 9) == [] and not send_gate.read().get("since")


BAD = [
    "Ana <ana@example.org>", "ana@example.org, b@example.org", "ana@example.org\r\nBcc: b@x.org",
    "ana(me)@example.org", "ana@@example.org", "ana@b@example.org", "ana@example.org.",
    "ana@niño.org", "añ@example.org", '"a b"@example.org', "ana@[127.0.0.1]", "ana@localhost",
    ".ana@example.org", "a..b@example.org", "a" * 65 + "@example.org",
    "a@" + "b" * 60 + "." + "c" * 250 + ".org", " ana@example.org", "", "@example.org", "ana@",
]  # fmt: skip


@pytest.mark.promise("one-recipient-a-letter")
@pytest.mark.parametrize("typed", BAD)
def test_only_one_plain_address_is_written_to(typed: str) -> None:
    from chalicelib.web.text_input import email

    with pytest.raises(aws_ses.BadAddress):
        aws_ses.send(typed, "s", "t", "h", {})
    assert email(typed)[0] is None


@pytest.mark.promise("one-recipient-a-letter")
@pytest.mark.parametrize("typed", ["ana@example.org", "a.b+c@x-y.example.co", "A_1@EXAMPLE.ORG"])
def test_a_plain_address_is_taken_as_it_is(typed: str) -> None:
    from chalicelib.web.text_input import email

    assert email(typed) == (typed, None)


@pytest.mark.promise("address-bounced")
def test_an_address_that_ses_cannot_take_is_flagged_and_not_tried_again(
    world: World, ses: Ses
) -> None:
    reference = world.submit()
    ses.error = aws_ses.BadAddress("BadRequestException")
    assert world.relay() == {"batchItemFailures": []}
    assert world.state(reference).contact.blocked
    assert statuses(reference) == {"intake/receipt": "rejected"}
    tries = ses.tries
    ses.error = None
    world.relay()
    assert not [m for m in world.mails if m.to == ANA] and ses.tries == tries + 1  # the fix task
