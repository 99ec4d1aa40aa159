"""A mail scanner opens every mailed link, by HEAD and by GET: nothing changes, and the press afterwards counts.

The list of links is the table of routes: whatever a mailed link opens needs a line in ``ADDRESSES``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, put
from chalicelib.mail import task_list_link
from chalicelib.mail.choices import links as choices
from chalicelib.meetings import attendance, links, rows
from chalicelib.meetings.model import HOST, SignUp
from chalicelib.referral.intake import resume_link
from chalicelib.referral.rows import request_drafts
from chalicelib.routes import LINK, ROUTES, TASK
from chalicelib.services.communities import groups
from chalicelib.services.communities.pages import seat_page
from chalicelib.services.communities.season import desk_link
from chalicelib.training.applications.pages import kept, own_page
from chalicelib.training.certificates import letter as of_certificates
from chalicelib.training.trainees import acts
from chalicelib.training.trainees import desk as facilitator
from chalicelib.training.trainees.model import Trainee
from chalicelib.web import links as signed
from chalicelib.web.routing import GET
from chalicelib.workflow.cases import Command
from chalicelib.workflow.storage import store
from tests.applications.script import applies, program
from tests.communities.script import begins, met_once, season
from tests.meetings import entered, host, now, sign
from tests.training.certificates import certificate
from tests.training.script import enrolled, short_cohort
from tests.web.conftest import Browser
from tests.web.taskpages import mailed_about
from tests.workflow.lifecycle import LifecycleHarness, Story, at

pytestmark = pytest.mark.promise("scanner-looks", "looking-writes-nothing")
LOOKS = 3
GUIDE = "consultant:alma-reyes"


def in_a_letter(story: Story, page: str) -> str:
    """The newest address of a page in the letters of a story."""
    texts = "\n".join(mail.text for mail in story.harness.world.mails)
    return re.findall(rf"/{page}/[a-z0-9-]+", texts)[-1]


def of_a_meeting(purpose: str, part: str = "") -> Callable[[Story], str]:
    """The link of somebody who comes, who came or who leads."""

    def address(story: Story) -> str:
        world = story.harness.world
        meeting = entered(world, days=2)
        who: SignUp = host(world, meeting) if purpose == links.HOST else sign(world, meeting)
        if purpose == links.THANKS:
            world.at = meeting.ends + 60
            attendance.record(now(meeting), {"came": [who.key]}, "staff:ada-admin", world.at)
        kept = rows.guest(meeting.id, who.key)
        assert kept is not None and (kept.part == HOST) is (purpose == links.HOST)
        return urlsplit(links.address(purpose, meeting, kept)).path + part

    return address


def of_a_seat(story: Story) -> str:
    """The page of somebody's own seat in a Community."""
    season(story.harness.world)
    return urlsplit(seat_page.address(begins(story.harness.world))).path


def of_a_desk(part: str = "") -> Callable[[Story], str]:
    """The facilitator's desk of a group, and what lies behind it of a seat."""

    def address(story: Story) -> str:
        season(story.harness.world)
        reference = begins(story.harness.world)
        (meeting,) = met_once(story.harness.world)
        path = urlsplit(desk_link.address(groups.group("martes"))).path
        return path + part.format(reference=reference, meeting=meeting.id)

    return address


def of_a_draft(story: Story) -> str:
    """The way back to a half-written request."""
    secret, draft = request_drafts.begin("en", story.harness.world.at)
    request_drafts.create(secret, draft)
    key = request_drafts.key_of(secret)
    return f"/request/back/{signed.ticket(resume_link.PURPOSE, key, draft.expires_at)}"


def of_an_unsent_application(story: Story) -> str:
    """The way back to a half-written application."""
    key, until = "0" * 64, story.harness.world.at + kept.KEEP_SECONDS
    row = {"answers": {"motivation": "I want to help."}, "since": 0, "expires_at": until}
    dynamodb.write(put(Key(f"{kept.ROW}#{key}", kept.ROW), row))
    return f"/training/back/{signed.ticket(kept.PURPOSE, key, until)}"


def of_a_facilitator(story: Story) -> str:
    """The page of who facilitates a cohort."""
    return urlsplit(facilitator.address(short_cohort(story.harness.world), GUIDE)).path


def of_a_trainee(story: Story) -> str:
    """What it leads to: one of those whom they facilitate."""
    page, reference = of_a_facilitator(story), enrolled(story.harness.world)

    def given(state: Trainee) -> Command | None:
        return acts.place(
            state, state.group, GUIDE, "staff:cora-match", "given", story.harness.world.at
        )

    store.change(reference, given)
    return f"{page}/{reference}"


def of_an_application(story: Story) -> str:
    """The page of who applied."""
    program(story.harness.world)
    return urlsplit(own_page.address(applies(story.harness.world))).path


def of_a_certificate(story: Story) -> str:
    """Somebody's own certificate."""
    at = story.harness.world.at
    return urlsplit(of_certificates.address(certificate(at).id, at)).path


def of_choices(part: str = "") -> Callable[[Story], str]:
    """How we write to somebody, from the foot of a letter to them."""
    return lambda story: urlsplit(choices.address(story.state.contact.email, "en")).path + part


def of_a_task(part: str = "") -> Callable[[Story], str]:
    """A mailed task."""
    return lambda story: f"/t/{mailed_about(story, story.state.tasks)[-1]}{part}"


def inside(part: str = "") -> Callable[[Story], str]:
    """A task by the cookie that its link gave."""
    return lambda story: f"/task/{story.reference}/{story.state.tasks}{part}"


# What a mailed link opens -> one that is good, in the usual story before its second session.
ADDRESSES: dict[str, Callable[[Story], str]] = {
    "/t/{link}": of_a_task(),
    "/t/{link}/safety": of_a_task("/safety"),
    "/task/{reference}/{n}": inside(),
    "/task/{reference}/{n}/safety": inside("/safety"),
    "/mine": lambda story: "/mine",
    "/mine/{link}": lambda story: in_a_letter(story, "mine"),
    "/mine/calendar/{link}": lambda story: (
        urlsplit(task_list_link.calendar_address(story.state.consultant)).path
    ),
    "/mine/offers": lambda story: "/mine/offers",
    "/mine/leave": lambda story: "/mine/leave",
    "/mine/texts": lambda story: "/mine/texts",
    "/mine/supervision": lambda story: "/mine/supervision",
    "/mine/supervision/log": lambda story: "/mine/supervision/log",
    "/mine/supervision/wrong": lambda story: "/mine/supervision/wrong",
    "/mine/people": lambda story: "/mine/people",
    "/mine/people/log": lambda story: "/mine/people/log",
    "/mine/people/confirm": lambda story: "/mine/people/confirm",
    "/session/{link}": lambda story: in_a_letter(story, "session"),
    "/request/back/{link}": of_a_draft,
    "/letters/{link}": of_choices(),
    "/letters/{link}/leave/{kind}": of_choices("/leave/thanks"),
    "/seat/{link}": of_a_seat,
    "/desk/{link}": of_a_desk(),
    "/desk/{link}/{reference}": of_a_desk("/{reference}"),
    "/desk/{link}/{reference}/safety": of_a_desk("/{reference}/safety"),
    "/desk/{link}/meetings/{meeting}": of_a_desk("/meetings/{meeting}"),
    "/training-desk/{link}": of_a_facilitator,
    "/training-desk/{link}/{reference}": of_a_trainee,
    "/training/application/{link}": of_an_application,
    "/training/back/{link}": of_an_unsent_application,
    "/certificate/{link}": of_a_certificate,
    "/meeting/no/{link}": of_a_meeting(links.CANNOT_COME),
    "/meeting/thanks/{link}": of_a_meeting(links.THANKS),
    "/meeting/host/{link}": of_a_meeting(links.HOST),
    "/meeting/host/{link}/recorded": of_a_meeting(links.HOST, "/recorded"),
}


def test_every_page_behind_a_mailed_link_is_scanned() -> None:
    mailed = {one.path for one in ROUTES if one.method == GET and one.who in (LINK, TASK)}
    assert mailed == set(ADDRESSES)


@pytest.mark.parametrize("route", list(ADDRESSES))
def test_a_scanner_that_looks_changes_nothing(
    harness: LifecycleHarness, client: Client, route: str
) -> None:
    story = at(harness, "second session")
    address = ADDRESSES[route](story)
    harness.settle()
    world = harness.world
    if "/task/" not in route and route not in (
        "/mine",
        "/mine/texts",
        "/desk/{link}/{reference}/safety",
    ):
        assert Browser(client).get(address).status == 200, address
    wrote, sent, runs = len(world.fake_table.stream), len(world.mails), len(world.started)
    for scanner in (Browser(client), Browser(client, "es")):
        for _ in range(LOOKS):
            for path in (
                address,
                f"{address}?lang=es",
                f"{address}?_next=request&decision=cannot&List-Unsubscribe=One-Click",
            ):
                assert scanner.send("HEAD", path).body == ""
                assert scanner.send("GET", path).status < 500, path
    assert (len(world.fake_table.stream), len(world.mails), len(world.started)) == (
        wrote, sent, runs,
    )  # fmt: skip
