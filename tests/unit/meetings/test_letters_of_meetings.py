"""Every letter of a meeting, in both languages, to guests and hosts, early and late."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.mail.letters import Letter, compose
from chalicelib.meetings import letter
from chalicelib.meetings.model import HOST, Meeting
from chalicelib.meetings.owed import Letter as Kind
from chalicelib.web.languages import languages
from tests.meetings import JOIN, entered, sign
from tests.world import World

pytestmark = pytest.mark.promise("meetings-told", "english-and-spanish")
FOLDER = Path(letter.__file__).parent / "letters"
KINDS: tuple[Kind, ...] = ("signed_up", "reminder", "changed", "cancelled", "taken_off", "thanks")
HOSTS: tuple[Kind, ...] = (
    "signed_up",
    "reminder",
    "changed",
    "cancelled",
    "taken_off",
    "attendance",
)


def every(meeting: Meeting, world: World, lang: str) -> list[tuple[str, Letter, int]]:
    who = replace(sign(world, meeting), lang=lang, told_at=meeting.at - 86400)
    parts = [(kind, who) for kind in KINDS] + [(kind, replace(who, part=HOST)) for kind in HOSTS]
    found = []
    for kind, one in parts:
        for at in (world.at, meeting.at - 60):
            facts = letter.facts(kind, meeting, one, at)
            name = letter.name_of(kind, one)
            found.append((name, compose(name, lang, reference="", due=None, **facts), at))
    return found


@pytest.mark.parametrize("lang", languages())
def test_each_says_the_same_as_text_and_page_and_keeps_the_link_until_it_is_near(
    world: World, lang: str
) -> None:
    why = {"en": "The host is ill.", "es": "La anfitriona se enfermó."}
    meeting = entered(world, dial="1-669-555-0101, code 7731", why=why)
    made = every(meeting, world, lang)
    assert {name.partition("/")[2] for name, _, _ in made} == {p.stem for p in FOLDER.glob("*.j2")}
    for name, one, at in made:
        assert not re.search(r"None|\{|%\(|\.\.", one.text + one.subject), name
        shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", one.html)).split())
        for line in one.text.splitlines():
            plain = " ".join(line.removeprefix("- ").split()).removesuffix(":")
            assert plain in ("--", "") or plain in shown, (name, plain)
        links = set(re.findall(r"https?://[^\s<]+", one.text))
        assert len(links) <= 2 and set(re.findall(r'href="([^"]+)"', one.html)) == links, name
        if JOIN in one.text:
            assert "host" in name or at > meeting.day_before
        assert "rosa" not in one.subject
