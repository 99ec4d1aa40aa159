"""Whoever waits more than five days for a consultation is invited to the next session that fits, once."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.directory import mail_choices
from chalicelib.domain.calendar import local
from chalicelib.meetings import rows
from chalicelib.meetings.model import Meeting
from chalicelib.referral.waits.invite import invite
from tests.web.conftest import Browser, Page
from tests.web.conftest import client as client
from tests.workflow.lifecycle import LifecycleHarness, Story
from tests.workflow.test_waitlist import fill, minute, waiting

pytestmark = pytest.mark.promise("invited-while-waiting")
DAY = 86400


def session(
    harness: LifecycleHarness, days: float, language: str = "en", **more: object
) -> Meeting:
    starts = local(harness.world.at + int(days * DAY)).strftime("%Y-%m-%dT%H:%M")
    times = rows.instants(starts, 60, harness.world.at)
    made = Meeting(
        id=f"{language}{int(days * 24):010d}", room="open_door", starts=starts, minutes=60,
        title={"en": "Biting and hitting", "es": "Morder y pegar"}, language=language, **times, **more,
    )  # fmt: skip
    dynamodb.write(rows.added(made))
    return made


def invited(harness: LifecycleHarness) -> int:
    found = invite(harness.world.at)
    harness.settle()
    return found


def letters(story: Story) -> list[str]:
    mails = story.harness.world.mails
    return [m.text for m in mails if "/open-door/" in m.text and m.to == story.state.contact.email]


def page_of(client: Client, text: str) -> Page:
    """Where the letter's link leads."""
    (path,) = re.findall(r"https://network.test(/open-door/\S+)", text)
    return Browser(client).get(path)


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    fill(harness.world)
    return waiting(harness)


def test_after_five_days_the_next_session_that_fits_is_told_once(
    harness: LifecycleHarness, story: Story, client: Client
) -> None:
    harness.world.at += 4 * DAY
    minute(harness)
    session(harness, 2, "es")
    session(harness, 3, status="cancelled")
    session(harness, 4, capacity=1, taken=1)
    fits, later = session(harness, 5), session(harness, 9)
    assert invited(harness) == 0, "not yet"
    harness.world.at += DAY + 60
    assert invited(harness) == 1
    (text,) = letters(story)
    assert f"/open-door/{fits.id}" in text and later.id not in text
    assert page_of(client, text).status == 200
    assert "Biting and hitting" in text
    assert "keep your place" in text
    harness.world.at += DAY
    assert invited(harness) == 0 and len(letters(story)) == 1
    asked = story.state.task
    assert asked is not None and story.state.status == "waitlisted", "the wait goes on as it was"


def test_nobody_is_invited_who_does_not_wait_or_to_a_language_they_do_not_read(
    harness: LifecycleHarness, story: Story
) -> None:
    session(harness, 20, "es")
    harness.world.at += 6 * DAY
    minute(harness)
    assert invited(harness) == 0
    session(harness, 20)
    story.withdraws()
    assert invited(harness) == 0 and letters(story) == []


@pytest.mark.promise("letters-left-by-one-press")
def test_whoever_left_the_invitations_gets_none(
    harness: LifecycleHarness, story: Story, client: Client
) -> None:
    session(harness, 20)
    harness.world.at += 6 * DAY
    minute(harness)
    assert invited(harness) == 1
    mail = next(m for m in harness.world.mails[::-1] if m.text == letters(story)[0])
    (address,) = re.findall(
        r"<https://network.test(/letters/\S+)>", mail.headers["List-Unsubscribe"]
    )
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    email = story.state.contact.email
    browser = Browser(client)
    assert browser.get(address).status == 200
    assert not mail_choices.unwanted(email, mail_choices.INVITATIONS), "a look changes nothing"
    browser.post(address, {"List-Unsubscribe": "One-Click"})
    assert mail_choices.unwanted(email.upper(), mail_choices.INVITATIONS)
    harness.world.fake_table.items[f"R#{story.reference}"].pop("INVITED")
    assert invited(harness) == 0 and len(letters(story)) == 1
