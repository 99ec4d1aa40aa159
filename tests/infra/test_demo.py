"""The people of the demo: what they see of the mailbox, and how their scenarios are put together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread, Timer
from types import ModuleType
from typing import Any

import pytest

from chalicelib.web.languages import translator
from infra import case as cases
from infra import demo
from infra.case import Case
from infra.demo import (
    FAST_SCENES,
    SLOW_SCENES,
    SURGE_SCENE,
    TRAINING,
    Interrupted,
    Stack,
    side_by_side,
)
from infra.emulator import free_port
from infra.frontdoor import FrontDoor
from infra.mailbox import Mailbox as Letters
from infra.player import Mailbox, Unexpected
from infra.together import all_of, until
from infra.training_program import applying, graduating, learning, life, meanwhile, practicum

pytestmark = pytest.mark.promise("demo-moves-the-clock")


def letter(to: str, subject: str, text: str) -> dict[str, Any]:
    body = {"Text": {"Data": text}, "Html": {"Data": text}}
    return {
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": {"Subject": {"Data": subject}, "Body": body}},
    }


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[Letters, Mailbox]]:
    letters = Letters(tmp_path / "mails.jsonl")
    port = free_port()
    front = FrontDoor(port, free_port(), letters)
    yield letters, Mailbox(f"http://127.0.0.1:{port}/mailbox/messages.json")
    front.stop()


Post = tuple[Letters, Mailbox]


def test_a_mail_that_is_known_is_not_fetched_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, box = post
    sent: list[int] = []
    real = letters.json

    def counted(after: int = 0, seconds: float = 0) -> bytes:
        body = real(after, seconds)
        sent.append(body.count(b'"subject"'))
        return body

    monkeypatch.setattr(letters, "json", counted)
    for number in (1, 2):
        letters.take(letter("ana@example.org", f"Letter {number}", "Hello"), f"m-{number}")
        assert [mail["subject"] for mail in box.all()][-1] == f"Letter {number}"
    assert [mail["id"] for mail in box.all()] == ["1", "2"]
    assert sent == [1, 1, 0]


def test_a_mail_is_seen_the_moment_it_comes(post: Post) -> None:
    letters, box = post
    began = time.monotonic()
    Timer(0.1, letters.take, (letter("ana@example.org", "At last", "Hello"), "m-1")).start()
    assert box.wait("the letter", 20, lambda mail: "At last" in mail["subject"])["id"] == "1"
    assert time.monotonic() - began < 1.5, "not only when it is time to look again"


def test_a_mail_that_never_comes_is_missed_by_name(post: Post) -> None:
    with pytest.raises(Unexpected, match="no mail: the letter"):
        post[1].wait("the letter", -1, lambda mail: True)


def test_two_who_share_a_mailbox_see_each_mail_once(post: Post) -> None:
    letters, box = post
    readers = [Thread(target=box.all, args=(2,)) for _ in range(4)]
    for reader in readers:
        reader.start()
    letters.take(letter("ana@example.org", "One", "Hello"), "m-1")
    for reader in readers:
        reader.join()
    assert len(box.all()) == 1


def test_the_code_is_found_among_other_letters_to_the_same_person(post: Post) -> None:
    letters, box = post
    to = "ana@example.org"
    before = len(box.codes(to))
    letters.take(letter(to, "Your code for the status page", "Your code is 123456."), "m-1")
    letters.take(letter(to, "Your request is closed", "Call 1-800-543-7793."), "m-2")
    letters.take(letter("ben@example.org", "Your code", "Your code is 654321."), "m-3")
    assert box.newer_code(to, before) == "123456"


def test_the_demo_plays_nineteen_scenarios() -> None:
    numbers = [number for number, _, _ in [*FAST_SCENES, *SLOW_SCENES, SURGE_SCENE]]
    assert sorted([*numbers, 6, 11, TRAINING[0]]) == [*range(1, 20)]


@pytest.mark.parametrize("module", [cases, applying, practicum, learning, meanwhile, graduating])
def test_what_a_life_waits_to_read_is_said_by_the_product(module: ModuleType) -> None:
    spanish = translator("es")
    said = [one for name, one in vars(module).items() if name.isupper() and isinstance(one, str)]
    sentences = [one for one in said if " " in one and not one.startswith("Demo")]
    assert sentences and not [one for one in sentences if spanish(one) == one]


def test_what_is_played_side_by_side_is_together_and_keeps_its_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "APART", 0.01)
    there: list[str] = []

    def first() -> str:
        end = time.monotonic() + 5
        while not there and time.monotonic() < end:
            time.sleep(0.01)
        return f"first saw {there}"

    def second() -> str:
        there.append("second")
        return "second"

    assert side_by_side([first, second]) == ["first saw ['second']", "second"]


def test_those_who_did_not_come_to_their_stage_do_not_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "APART", 0)
    stack = Stack(tmp_path, 600)
    stack.facts = {"base_url": "http://127.0.0.1:9", "messages": "http://127.0.0.1:9/m"}
    went: list[str] = []

    def breaks(case: Case) -> None:
        raise Unexpected(f"{case.name} is lost")

    ways = [(lambda case: None, lambda case: went.append(case.name)), (breaks, breaks)]
    them = Interrupted(stack, 6, "two who wait", ways)
    them.set_out()
    them.go_on()
    assert them.result.problem == "Unexpected: [6b] is lost" and went == []
    others = Interrupted(stack, 11, "one who waits", ways[:1])
    others.set_out()
    others.go_on()
    assert others.result.problem == "" and went == ["[11a]"]


def test_what_one_of_several_people_meets_is_not_passed_over() -> None:
    did: list[int] = []

    def acts(number: int) -> None:
        did.append(number)
        if number == 2:
            raise Unexpected("the second is stuck")

    with pytest.raises(Unexpected, match="the second is stuck"):
        all_of(acts, [1, 2, 3])
    assert sorted(did) == [1, 2, 3]
    looks = iter([False, True])
    until("the second look", lambda: next(looks), 5)
    with pytest.raises(Unexpected, match="never: what is never so"):
        until("what is never so", lambda: False, -1)


class FakeStack(Stack):
    """Counts how it is started, and starts nothing."""

    def __init__(self, tmp_path: Path) -> None:
        super().__init__(tmp_path, life.IN_HOURS)
        self.facts = {"base_url": "http://127.0.0.1:9", "messages": "http://127.0.0.1:9/m"}
        self.did: list[str] = []

    def start(self) -> None:
        self.did.append(f"start at {self.scale}")

    def stop(self) -> None:
        self.did.append("stop")


def test_the_training_program_starts_its_stack_again_at_the_pace_of_each_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stack = FakeStack(tmp_path)

    class Staff:
        def __init__(self, case: Case) -> None:
            stack.did.append("signed in")

        def signed_in(self) -> None:
            stack.did.append("signed in")

    def answers(program: object) -> None:
        stack.did.append("answers")

    def learns(program: object) -> None:
        stack.did.append("learns")

    monkeypatch.setattr(life, "Program", Staff)
    monkeypatch.setattr(life, "PARTS", ((600, (answers,)), (72_000, (learns,)), (600, (answers,))))
    assert demo.on_the_training_stack(stack).problem == ""
    slow, fast = (
        ["start at 600", "signed in", "answers"],
        ["start at 72000", "signed in", "learns"],
    )
    assert stack.did == [*slow, "stop", *fast, "stop", *slow]


def test_what_goes_wrong_in_the_training_program_stands_in_the_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def breaks(case: Case, at_pace: object) -> None:
        raise Unexpected("nobody graduates")

    monkeypatch.setattr(demo, "training_program", breaks)
    result = demo.on_the_training_stack(FakeStack(tmp_path))
    assert (result.name, result.problem) == ("19", "nobody graduates")
