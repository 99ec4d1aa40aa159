"""Whole lives, played in this process, and every letter of theirs in order: the text of docs/letters.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chalicelib.directory import emergencies, people
from chalicelib.domain.calendar import local
from chalicelib.referral.reopen import reopen
from infra.answers import DECLINED
from infra.case import FFN
from tests import letters_of_training as training
from tests.workflow.lifecycle import LifecycleHarness, Story, act
from tests.workflow.test_emergency import declared
from tests.workflow.test_hand_over import NOTE
from tests.workflow.test_nobody_reached import tries
from tests.workflow.test_waitlist import fill, frees
from tests.world import World

EMAIL = "provider@example.org"
MILD = {
    "suspension_expulsion_status": "none",
    "behavior_serious": ["none"],
    "concerns": ["staff_stress_turnover"],
    "support_wanted": ["peer_reflection"],
    "focus": ["caregiver_wellbeing"],
}


def until(story: Story, kind: str = "") -> Story:
    """As people usually do, until somebody is asked a kind of thing; without one, to the end."""
    while story.asks and story.asks != kind:
        act(story)
    return story


def silence(story: Story) -> Story:
    """Nobody answers, hour after hour: the reminders leave, and then what follows."""
    asked = story.state.tasks
    while story.asks and story.state.tasks == asked:
        story.harness.world.at += 3600
        story.harness.run_scheduler()
    return story


def usual(story: Story) -> None:
    until(story)


def second_consultant(story: Story) -> None:
    until(story, "offer").says(**DECLINED)
    until(story)


def nobody_answers(story: Story) -> None:
    until(story, "offer")
    for _ in range(3):
        silence(story)


def not_ours(story: Story) -> None:
    act(story)


def asked_for_more(story: Story) -> None:
    story.says(talked="email", decision="ask_provider", ask_fields=["children_enrolled"])
    silence(story)


def nobody_reached(story: Story) -> None:
    tries(until(story, "first_contact"), "no_answer", "sent_text", "no_answer", days=5.5)
    story.harness.world.at += 3600
    story.says(talked="unresponsive")


def withdrawn(story: Story) -> None:
    act(act(until(story, "service"))).withdraws()


def lighter(story: Story) -> None:
    story.triaged()
    story.falls_silent()
    story.says(decision="not_helped")
    until(story, "offer")


def handed_over(story: Story) -> None:
    act(act(until(story, "service"))).says(happened="hand_over", hand_over_note=NOTE)
    until(story, "service")


def in_an_emergency(story: Story) -> None:
    until(story, "agreement")


def in_line(story: Story) -> None:
    fill(story.harness.world)
    story.triaged()
    frees(story.harness)
    until(story, "agreement")


def opened_again(story: Story) -> None:
    until(story, "follow_up_rest")
    reopen(story.reference, "need_again", "provider", "o:1", story.harness.world.at)
    story.harness.settle()
    until(story, "service")


@dataclass(frozen=True)
class Life:
    """A life's name, how it goes, and with which answers it begins: those of a request, or what ``begins`` makes
    of it, in a language and for an address. ``whose``: who reads at that address."""

    name: str
    play: Callable[[Story], object]
    answers: dict[str, object] = field(default_factory=dict)
    emergency: bool = False
    begins: Callable[[LifecycleHarness, str, str], Story] | None = None
    whose: str = "provider"


LIVES = (
    Life("A center, from the request to the follow-up", usual),
    Life("Care by a grandmother; the first consultant says no", second_consultant, FFN),
    Life("Three consultants do not answer", nobody_answers),
    Life("A parent asks", not_ours, {"requester_role": "parent"}),
    Life("Answers are missing and do not come", asked_for_more, {"children_enrolled": ""}),
    Life("The consultant reaches nobody", nobody_reached),
    Life("The provider cancels between two sessions", withdrawn),
    Life("A lighter support does not help", lighter, MILD),
    Life("The consultant hands over", handed_over),
    Life("An emergency was declared", in_an_emergency, MILD, emergency=True),
    Life("Every consultant is full for a while", in_line),
    Life("Opened again after it was closed", opened_again),
    Life(
        "An application to the training program",
        training.takes_the_place,
        begins=training.applicant,
        whose="applicant",
    ),
    Life(
        "A trainee, up to the directory",
        training.becomes_a_consultant,
        begins=training.trainee,
        whose="trainee",
    ),
)


# What differs from one sending to the next.
SECRET = re.compile(
    r"(/t/|/mine/|/session/|/certificate/|/training/application/|/training-desk/|[?]letter=)[A-Za-z0-9_.-]{12,}"
)
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
PASSING = re.compile(
    r"\d+|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|enero|febrero|marzo|abril|mayo|junio|julio"
    r"|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|a\.m\.|p\.m\.|AM|PM)\b"
)


def transcript(harness: LifecycleHarness, language: str) -> str:
    """Every letter of every life, in order, as its reader gets it; what was told already is only named.

    What is under every letter is left out. ``language`` is the provider's; those who work here read theirs.
    """
    harness.settle()
    empty, told = harness.snapshot(Story(harness, "")), set[tuple[str, str]]()
    parts: list[str] = []
    for life in LIVES:
        harness.restore(empty)
        people.forget()
        emergencies.forget()
        if life.emergency:
            declared(harness)
        if life.begins is not None:
            story = life.begins(harness, language, EMAIL)
        else:
            own = {"letters_language": language, **life.answers, "contact_email": EMAIL}
            story = harness.submit(lang=language, **own)
        life.play(story)
        parts.append(f"## {life.name}")
        parts += _letters(harness.world, life.whose, told)
    return "\n\n".join(parts) + "\n"


def _letters(world: World, whose: str, told: set[tuple[str, str]]) -> Iterator[str]:
    roles = {row["email"]: row["role"] for row in people.staff()}
    names = {row["email"]: row["name"] for row in (*people.staff(), *people.consultants())}
    for mail in world.mails:
        to = whose if mail.to == EMAIL else roles.get(mail.to, "consultant")
        text = SECRET.sub(r"\1…", f"{mail.subject}\n\n{mail.text.strip()}")
        text = (
            REFERENCE.sub("7K3M-9QXA-5", CODE.sub("7K3M-9QXA-52TV-HB40", text))
            .partition("\n-- \n")[0]
            .strip()
        )
        assert mail.to == EMAIL or "/status" not in text, f"a page of the provider's, to the {to}"
        bare = PASSING.sub("", text)
        for name in names.values():
            bare = bare.replace(name, "")
        when = f"{local(mail.at):%a %b %d, %H:%M}"
        yield f"### {when}, to the {to}: {text.splitlines()[0]}"
        if (to, bare) not in told:
            told.add((to, bare))
            yield "\n".join(f"> {line}".rstrip() for line in text.splitlines()[2:])
