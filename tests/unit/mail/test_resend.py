"""A letter leaves once, however often it is asked for by machines, and again when a person asks."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chalicelib.aws import clients, rate_limits, send_gate
from chalicelib.directory import people
from chalicelib.mail import letter_rows
from chalicelib.mail.relay import relay
from chalicelib.mail.resend import ENOUGH, LETTER, LINK, OVER, may_go_again, send_again
from chalicelib.referral import pauses
from chalicelib.referral.reopen import reopen
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.tasks.link_status import standing
from chalicelib.web import links
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.scheduler import look
from chalicelib.workflow.storage import store
from tests.workflow.lifecycle import LifecycleHarness, at
from tests.world import IDLE, World

ANA = "ana@example.org"


def fresh_process() -> None:
    """Forget what a warm function knows."""
    clients.forget()
    links.forget_keys()
    people.forget()
    send_gate.forget()


def asked(world: World) -> str:
    reference = world.submit()
    world.step("decide_eligibility", reference)
    world.step("ask_triage", reference)
    return reference


def sent(world: World, letter: str, reference: str) -> dict[str, Any]:
    return [r for r in letter_rows.of(reference) if r["letter"] == letter][-1]


@pytest.mark.promise(
    "stream-record-twice", "stream-out-of-order", "async-call-retried", "sent-again-on-request"
)
@pytest.mark.parametrize("seed", range(3))
def test_five_tries_of_one_batch_in_any_order_across_cold_processes_send_one_mail(
    world: World, seed: int
) -> None:
    asked(world)
    records, dice = world.records(), random.Random(seed)
    for _ in range(5):
        fresh_process()
        dice.shuffle(records)
        assert relay({"Records": records}, None) == {"batchItemFailures": []}
    assert sorted(m.to for m in world.mails) == [ANA, "sofia-south@example.org"]


@pytest.mark.promise("old-record-replayed", "month-replayed")
def test_a_month_of_records_replayed_sends_nothing_and_changes_nothing(
    harness: LifecycleHarness,
) -> None:
    world, story = harness.world, at(harness, "follow_up")
    before, count = story.state, len(world.mails)
    rows = {r["sk"]: r for r in letter_rows.of(story.reference)}
    for pause in (0, 23 * 3600, 30 * 86400):
        world.at += pause
        fresh_process()
        every = world.records(every=True)
        assert relay({"Records": every}, None) == {"batchItemFailures": []}
    assert len(world.mails) == count and story.state == before
    assert {r["sk"]: r for r in letter_rows.of(story.reference)} == rows


@pytest.mark.promise("one-letter-per-reason")
def test_stream_and_clock_at_one_late_letter_send_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.aws import ses

    reference = asked(world)
    records = world.records()
    world.at += store.SWEEP_AFTER + 1
    real, inside = ses.send, []

    def slow(*args: Any) -> str:
        if not inside:  # while the clock sends, the stream comes to the same letter
            inside.append(relay({"Records": records}, None))
        return str(real(*args))

    monkeypatch.setattr(ses, "send", slow)
    look(reference, world.at)
    assert inside[0]["batchItemFailures"], "the stream comes again when the other one is done"
    assert relay({"Records": records}, None) == {"batchItemFailures": []}
    assert sorted(m.to for m in world.mails) == [ANA, "sofia-south@example.org"]


@pytest.mark.promise("one-letter-per-reason")
def test_a_send_that_died_between_claim_and_mail_is_begun_again(world: World) -> None:
    reference = asked(world)
    records = [IDLE, *world.records()]
    assert letter_rows.claim(reference, 1, 1, world.at)
    assert relay({"Records": records}, None)["batchItemFailures"]
    world.at += letter_rows.STUCK + 1
    assert relay({"Records": records}, None) == {"batchItemFailures": []}
    assert [m.to for m in world.mails].count(ANA) == 1


@pytest.mark.promise("reply-lost")
def test_a_claim_whose_reply_was_lost_is_known_as_our_own_and_only_that(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asked(world)
    table = clients.client("dynamodb")
    real = table.update_item

    def tried_again_by_the_sdk(**arguments: Any) -> Any:
        real(**arguments)  # it was written, and nobody heard of it
        return real(**arguments)

    with monkeypatch.context() as lost:
        lost.setattr(table, "update_item", tried_again_by_the_sdk)
        assert letter_rows.claim(reference, 1, 1, world.at)
    assert not letter_rows.claim(reference, 1, 1, world.at), "another one's claim"


@pytest.mark.promise("sent-again-on-request")
def test_staff_send_a_link_again_and_the_older_one_is_closed(world: World) -> None:
    reference = asked(world)
    world.relay()
    old = next(m.link for m in world.mails if m.link)
    row = sent(world, "tiers/triage", reference)
    assert send_again(reference, row["v"], row["number"], "staff:cora-match", "p") == LINK
    world.relay()
    new = [m.link for m in world.mails if m.link][-1]
    assert standing(old, world.at).stand == "superseded"
    assert standing(new, world.at).stand == "open"
    entry = store.log(world.state(reference))[-1]
    assert (entry.event, entry.actor) == ("link_renewed", "staff:cora-match")


@pytest.mark.promise("sent-again-on-request")
def test_staff_send_a_letter_without_a_link_again_in_the_same_words(world: World) -> None:
    reference = asked(world)
    world.relay()
    row = sent(world, "intake/receipt", reference)
    world.at += 86400
    for _ in range(2):  # one press, sent twice
        assert send_again(reference, row["v"], row["number"], "staff:cora-match", "p") == LETTER
    world.relay()
    mine = [m for m in world.mails if m.to == ANA]
    words = [m.text.partition("\n-- ")[0] for m in mine]
    assert len(mine) == 2 and words[0] == words[1] and mine[0].subject == mine[1].subject
    again = sent(world, "intake/receipt", reference)
    assert again["v"] > row["v"]
    assert send_again(reference, again["v"], again["number"], "staff:cora-match", "q") == LETTER
    world.relay()
    assert [m.text.partition("\n-- ")[0] for m in world.mails if m.to == ANA] == words[:1] * 3


@pytest.mark.promise("sent-again-on-request")
def test_a_letter_that_lost_its_reason_is_not_sent_again(world: World) -> None:
    reference = world.triaged()
    asked_v = next(
        e.version for e in store.log(world.state(reference)) if e.event == "triage_asked"
    )
    assert send_again(reference, asked_v, 0, "staff:cora-match", "p") == OVER


@pytest.mark.promise("few-letters-to-strangers")
def test_a_letter_leaves_three_times_an_hour_whatever_strangers_ask_for(world: World) -> None:
    reference = asked(world)
    world.relay()
    row = sent(world, "intake/receipt", reference)
    while rate_limits.mail_to("again", ANA.upper(), world.at):
        pass
    for press in "abc":
        assert send_again(reference, row["v"], row["number"], "staff:x", press) == LETTER
    assert send_again(reference, row["v"], row["number"], "staff:x", "e") == ENOUGH
    world.at += 3601
    assert send_again(reference, row["v"], row["number"], "staff:x", "d") == LETTER


@pytest.mark.promise("few-letters-to-strangers")
def test_each_purpose_has_its_own_counter_for_an_address(world: World) -> None:
    for purpose in ("status/code", "task list", "draft"):
        used = [rate_limits.mail_to(purpose, ANA, world.at, source=f"1.1.1.{n}") for n in range(4)]
        assert used == [True, True, True, False]


@pytest.mark.promise("few-letters-to-strangers")
def test_every_trigger_without_a_login_goes_through_the_shared_counter() -> None:
    from pathlib import Path

    lib = Path(__file__).resolve().parents[3] / "chalicelib"
    sends = ("ses.send(", "send_now(", "send_fresh(", "send_owed(")
    senders = {
        str(p.relative_to(lib)): text
        for p in lib.rglob("*.py")
        if any(one in (text := p.read_text()) for one in sends)
    }
    # The outbox sends what a command asked for; a signed proof belongs to the holder of a link, and
    # is counted by person; a digest is letters of the outbox together; the pages call ``send_fresh``, which counts by itself, and ``send_now`` is
    # called where it was counted; who signed up for a meeting gets what they are owed, and the page that
    # signs up counts; a certificate is mailed to who completed the training, or by staff; the doctor's test letter is an admin's.
    apart = {"mail/send_letter.py", "mail/choices/digest.py", "mail/send_now.py", "mail/email_code.py", "mail/resend.py",
             "meetings/telling.py", "training/certificates/letter.py", "training/supervision/telling.py",
             "referral/matching/own_leave/telling.py",
             "mail/health/test_letter.py", "tasks/pages.py", "tasks/visit.py", "referral/status/pages.py", "referral/status/change.py"}  # fmt: skip
    assert apart <= set(senders)
    for name, text in senders.items():
        assert name in apart or "limits.mail_to(" in text, name


# What becomes of a letter that tells what was so once: the letter, and what makes it outdated.
def _undone(world: World, reference: str) -> None:
    from chalicelib.workflow.undo import take_back

    newest = store.log(world.state(reference))[-1]
    assert take_back(reference, int(newest.payload["task"]), newest.actor, world.at, "back")


def _withdrawn_and_reopened(world: World, reference: str) -> None:
    withdraw(reference, "", "first")
    world.relay()
    reopen(reference, "not_finished", "provider", "again", world.at)


def _reopened_and_withdrawn(world: World, reference: str) -> None:
    _withdrawn_and_reopened(world, reference)
    world.relay()
    withdraw(reference, "", "second")


def _paused_and_resumed(world: World, reference: str) -> None:
    pause_it(world, reference, "one", 9)
    world.relay()
    store.change(reference, lambda state: pauses.resumed(state, world.at, "provider", "on"))


def _paused_for_longer(world: World, reference: str) -> None:
    pause_it(world, reference, "one", 9)
    world.relay()
    pause_it(world, reference, "two", 20)


def pause_it(world: World, reference: str, command: str, days: int) -> None:
    why, until = ("paused_by_site", "site_asked"), world.at + days * 86400
    store.change(
        reference,
        lambda state: pauses.paused(state, *why, world.at, until, "provider", command),
    )


OUTDATED: dict[str, tuple[Any, str]] = {
    "you withdrew, and went on": (_withdrawn_and_reopened, "status/withdrawn"),
    "they withdrew, and went on": (_withdrawn_and_reopened, "status/withdrawn_told"),
    "it is open again, and was withdrawn": (_reopened_and_withdrawn, "closure/reopened"),
    "it is paused, and went on": (_paused_and_resumed, "delivery/paused"),
    "it is paused until then, and longer": (_paused_for_longer, "delivery/paused"),
    "we found somebody, which was taken back": (_undone, "matching/found"),
}


@pytest.mark.promise("sent-again-on-request", "form-good-once")
@pytest.mark.parametrize("case", OUTDATED)
def test_a_letter_that_tells_what_was_so_once_is_not_sent_again(world: World, case: str) -> None:
    happens, letter = OUTDATED[case]
    reference = world.offered()
    world.answer(reference, {"decision": "accept"})
    world.relay()
    happens(world, reference)
    world.relay()
    row = next(r for r in letter_rows.of(reference) if r["letter"] == letter)
    world.at += 7200
    log, state = store.log(world.state(reference)), world.state(reference)
    effect = store.effect(state, row["v"], row["number"])
    assert isinstance(effect, SendLetter) and not may_go_again(state, log, effect, row["v"])
    assert send_again(reference, row["v"], row["number"], "staff:cora-match", "p") == OVER
    assert store.log(world.state(reference)) == log


@pytest.mark.promise("sent-again-on-request")
def test_the_newest_of_letters_that_tell_the_same_is_sent_again(world: World) -> None:
    reference = world.offered()
    world.answer(reference, {"decision": "accept"})
    _paused_for_longer(world, reference)
    world.relay()
    world.at += 7200
    row = sent(world, "delivery/paused", reference)
    assert send_again(reference, row["v"], row["number"], "staff:cora-match", "p") == LETTER
