"""What is answered in any form of any task is read by everybody whom it was written for, and by nobody
else: every field says who that is, and their pages are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.test import Client
from lxml import html as markup

from chalicelib.directory import people
from chalicelib.domain.roles import CONSULTANT, PROVIDER, STAFF, SUPERVISOR
from chalicelib.referral.delivery.notes import READERS
from chalicelib.referral.papers.shelf import papers
from chalicelib.referral.question import Question
from chalicelib.referral.records import episode
from chalicelib.web.forms import Field, clean
from chalicelib.web.languages import date_words, time_words
from chalicelib.web.render import html
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.side_tasks import answer_beside
from chalicelib.workflow.storage import store
from infra.answers import day, time_of_answer
from tests.workflow.lifecycle import LifecycleHarness, Story, at

from .conftest import Browser
from .kinds import OF_REFERRALS, SideTaskStory, asked
from .staff import signed_in
from .taskpages import shown_status

pytestmark = pytest.mark.promise("answers-reach-their-readers")

Raw = dict[str, Any]
SOON, LATE = "10:20", "15:40"


@dataclass
class Filled:
    """A kind's example for an outcome with some other answers, given at a moment of the story."""

    outcome: str = ""
    other: Raw = field(default_factory=dict)
    moment: str = ""


HELD: Raw = {"minutes": 55, "mode": "virtual"}
NEXT: Raw = {"next": "another", "next_day": 7, "next_time": SOON, "next_mode": "phone"}
ALL_RATED = {f"{when}_{n}": str(n) for when in ("before", "now") for n in range(1, 6)}
# What can come of a call besides a talk: one machinery for all kinds, looked at in one of them.
OF_A_TRY = {"call_day", "call_time", "call_note", "interpreter", "voicemail_language"}
TRIES = [
    Filled(other={"talked": "voicemail_other", "voicemail_language": "hmn"}),
    Filled(
        other={"talked": "call_later", "call_day": 9, "call_time": LATE, "interpreter": ["yes"]}
    ),
]
FILLED: dict[str, list[Filled]] = {
    "eligibility_confirmation": [
        Filled("not_eligible"),
        Filled("redirected_local"),
        Filled("eligible"),
        Filled(other={"decision": "ask_provider", "ask_fields": ["age_bands"]}),
    ],
    "triage": [
        Filled("intensive"),
        Filled("universal"),
        Filled(other={"decision": "ask_provider", "ask_fields": ["age_bands"]}),
        *TRIES,
    ],
    "check_in": [Filled("universal"), Filled("moved")],
    "coordinator": [
        Filled("offer_again"),
        Filled(other={"decision": "assign", "consultant": "*"}),
    ],
    "language_choice": [Filled("wait"), Filled("offer_again")],
    "first_contact": [
        *(Filled("reached", {"note_for": who, "planned": 9}) for who in READERS),
        Filled("not_reached"),
        Filled(other={"hand_over": ["hand_over"]}),
    ],
    "agreement": [Filled("agreed"), Filled(other={"decision": "talk_wanted"})],
    "plan": [
        Filled("planned", {"planned": 7, "minutes": "45", "rhythm": "14", "first_time": LATE}),
        Filled("planned", {"mode": "virtual", "minutes": "45", "first_time": LATE}),
        Filled(other={"hand_over": ["hand_over"]}),
    ],
    "service": [
        *(
            Filled(other={"happened": "planned", **HELD, **NEXT, "note_for": who})
            for who in READERS
        ),
        Filled(other={"happened": "other", "day": -1, **HELD, **NEXT}),
        Filled(other={"happened": "no_show", **NEXT}),
        Filled(other={"happened": "move", "next_day": 9, "next_time": LATE}),
        Filled(
            other={"happened": "move", "next_day": 8, "next_time": LATE, "next_mode": "virtual"}
        ),
        Filled(other={"happened": "end", "end_reason": "site_closed"}),
        Filled(other={"happened": "pause", "pause_reason": "site_asked", "pause_until": 9}),
        Filled(
            other={"happened": "pause", "pause_reason": "permission_not_given", "pause_until": 8}
        ),
        Filled(other={"happened": "hand_over"}),
        Filled("completed", {"course": "adjust", "planned": 11}, "last session"),
    ],
    "extension": [Filled("approved", {"sessions": 17}), Filled("declined")],
    "summary": [
        Filled("summarized", {"lighter": "universal"}),
        Filled(other={"hand_over": ["hand_over"]}),
    ],
    "survey": [Filled("answered", ALL_RATED)],
    "stipend": [Filled("sent"), Filled(other={"decision": "not_due"})],
}
TYPED = ("text", "textarea")


def fillings(kind: str) -> list[Filled]:
    """The answers of a kind that are looked at: those above, or its examples."""
    return FILLED.get(kind) or [Filled(outcome) for outcome in kind_of(kind).examples]


def words_on(one: Field) -> str:
    """What somebody writes in a field: nobody's name, and no other field's words."""
    if one.kind == "email":
        return "found.again@example.org"
    if one.inputmode == "url":
        return "https://meet.example.org/j/4711"
    return f"These are plain words on the {one.name.replace('_', ' ')}"


@dataclass
class Answered:
    """The story after an answer, what was given, and the questions of the form."""

    story: Story
    given: Raw
    fields: list[Field]

    @property
    def asked(self) -> list[Field]:
        """Those that were answered, but a box that is only ticked, and the questions of the request,
        which another test walks."""
        return [
            one
            for one in self.fields
            if one.name in self.given and not isinstance(one, Question) and len(one.options) != 1
        ]


def answered(harness: LifecycleHarness, kind: str, filled: Filled) -> Answered:
    """Answer as said, with words of its own in every field that takes any."""
    people.forget()  # of the story that was told before
    story = at(harness, filled.moment) if filled.moment else asked(harness, kind)
    state, found = story.state, kind_of(kind)
    now = harness.world.at = time_of_answer(state, harness.world.at)
    asks = found.page.form(state)
    base = {} if "hand_over" in filled.other else found.example(state, now, filled.outcome)
    given: Raw = {**base, **filled.other}
    for one in asks.fields:
        value = given.get(one.name)
        if one.kind == "date" and isinstance(value, int):
            given[one.name] = day(now, value)
        elif value == "*":
            given[one.name] = one.options[0][0]
    if "note_for" in given:
        given["note"] = "yes"
    known: Raw = {}
    for one in asks.fields:
        if one.when is not None and not one.when({**given, **known}):
            given.pop(one.name, None)
        elif one.kind in (*TYPED, "email"):
            known[one.name] = words_on(one)
    given |= known
    raw = {
        n: [str(one) for one in v] if isinstance(v, list) else [str(v)] for n, v in given.items()
    }
    cleaned = clean(asks, raw, "en")
    assert cleaned.ok, (kind, filled, cleaned.errors)
    if isinstance(story, SideTaskStory):
        answer_beside(story.reference, story.n, cleaned.values, "staff:sam-lead", "c", now)
    else:
        harness.answer_by(story, given)
    harness.settle()
    return Answered(story, given, list(asks.fields))


def pages_of(story: Story, client: Client, readers: set[str]) -> dict[str, str]:
    """What staff, the provider and the consultant can see of the case, as text; the supervisor's page
    where it is asked for."""
    world, state = story.harness.world, story.harness.world.state(story.reference)
    way = f"/console/referrals/{story.reference}?contact=yes"
    found = {STAFF: signed_in(world, client, "specialist").get(way).body}
    if SUPERVISOR in readers:
        found[SUPERVISOR] = signed_in(world, client, "supervisor").get(way).body
    provider = Browser(client)
    found[PROVIDER] = shown_status(provider, story.reference).body
    if PROVIDER in readers:
        for paper in papers(state, episode(store.log(state)))[1:]:
            found[PROVIDER] += provider.get(f"/status/papers/{paper.id}").body
    found[CONSULTANT] = ""
    for kind in map(kind_of, ("plan", "service")):
        details = kind.page.details(state)
        found[CONSULTANT] += html(kind.page.template, "en", details=details, kind=kind, state=state)
    return {who: text(body) for who, body in found.items()}


def text(body: str) -> str:
    return " ".join(markup.fromstring(f"<div>{body}</div>").text_content().split())


def looks_of(one: Field, value: Any) -> Iterator[str]:
    """The words by which an answer may be read, any of them."""
    if one.options:
        chosen = value if isinstance(value, list) else [value]
        yield from (one.label_of(str(option)) for option in chosen)
    elif one.kind == "date":
        from chalicelib.referral.delivery.session_times import instant

        noon = instant(str(value), "12:00")
        yield date_words(noon, "en")
        yield date_words(noon, "en").split(", ")[-1]
    elif one.kind == "time":
        from chalicelib.referral.delivery.session_times import instant

        yield time_words(instant("2026-11-30", str(value)), "en")
    else:
        yield str(value)


def readers_of(one: Field, given: Raw) -> tuple[str, ...]:
    """Who is meant to read an answer; of a note whoever wrote it says so."""
    if one.name == "note" and "note_for" in given:
        return READERS[given["note_for"]]
    return one.readers


@pytest.mark.parametrize("kind", OF_REFERRALS)
def test_every_answer_is_read_by_those_it_was_written_for_and_by_nobody_else(
    harness: LifecycleHarness, client: Client, kind: str
) -> None:
    told: dict[tuple[str, str], dict[str, set[str]]] = {}
    unread: set[tuple[str, str, str]] = set()
    names: set[str] = set()
    every: set[str] = set()
    for filled in fillings(kind):
        found = answered(harness, kind, filled)
        readers = {one.name: readers_of(one, found.given) for one in found.asked}
        pages = pages_of(found.story, client, {who for those in readers.values() for who in those})
        # What is asked aside only says which entry is meant.
        every |= {one.name for one in found.fields if not one.aside}
        names |= set(found.given)
        for one in found.asked:
            value = found.given[one.name]
            for who, page in pages.items():
                seen = any(look in page for look in looks_of(one, value))
                if who in readers[one.name]:
                    told.setdefault((one.name, who), {}).setdefault(str(value), set()).add(page)
                    if not seen:
                        unread.add((one.name, who, str(value)))
                elif one.kind in TYPED and who != SUPERVISOR:
                    assert not seen, f"{who} reads {one.name} of {kind}, which is not for them"
    for name, who, value in unread:
        # A choice may be told by what came of it: then each choice gives another page.
        by_value = told[name, who].values()
        apart = len(set().union(*by_value)) == sum(map(len, by_value))
        assert len(by_value) > 1 and apart, f"{who} cannot read {name} of {kind}: {value}"
    every -= set() if kind == "triage" else OF_A_TRY
    assert names >= every, f"nobody answers {sorted(every - names)} of {kind}"
