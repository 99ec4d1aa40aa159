"""From the request to followed up with nothing but mailed links and pages; and nothing leaks.

Every personal field holds a canary. Afterwards we look for the canaries where no person's data may
be, and for the engine's tokens and the links' secrets where nobody may read them.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.workflow.kinds import kind_of
from tests.canary import line, sings
from tests.web.kinds import OF_ONBOARDING, OF_RENEWALS
from tests.workflow.lifecycle import WAY, LifecycleHarness, Story, act

from .conftest import Browser, Page
from .taskpages import KINDS, asked, by_the_page, first, inside, mailed, rows

CANARY = "Kanarienvogel"
REQUEST: dict[str, Any] = {
    "site_name": f"{CANARY}-site",
    "city": f"{CANARY}-city",
    "zip": "90099",
    "license_number": "197531864",
    "classroom": f"{CANARY}-room",
    "contact_name": f"{CANARY}-name",
    "contact_email": f"{CANARY.lower()}@example.org",
    "contact_phone": "+12135550177",
    "anything_else": f"{CANARY}-words",
    "exclude_consultant": f"{CANARY}-ex",
}
# What people type on the way, where it is free text.
TYPED = ("note", "signed_name", "goal_1", "doing_1", "goal_2", "doing_2", "helped", "next_steps",
         "review", "classroom", "comment")  # fmt: skip
CANARIES = (CANARY.lower(), "90099", "197531864", "2135550177", "555-0177")


def nests(text: str) -> list[str]:
    """The canaries in a text."""
    return sings(CANARIES, text)


@dataclass
class Seen:
    """Everything that left while a referral went its way."""

    harness: LifecycleHarness
    pages: list[Page] = field(default_factory=list)
    records: list[logging.LogRecord] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    out: str = ""


class Noting(Browser):
    """A browser that writes down what it was shown and sent."""

    def __init__(self, client: Client, seen: Seen) -> None:
        super().__init__(client)
        self.seen = seen

    def send(self, method: str, path: str, *rest: Any, **more: Any) -> Page:
        page = super().send(method, path, *rest, **more)
        self.seen.pages.append(page)
        return page


@pytest.fixture
def seen(
    client: Client,
    harness: LifecycleHarness,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> Seen:
    """A referral that went from submit to followed up by its pages."""
    caplog.set_level(logging.DEBUG, logger="iecmhc")
    made = Seen(harness)
    answered = by_the_page(lambda: Noting(client, made))

    def say(story: Story, raw: dict[str, Any]) -> None:
        fields = {f.name for f in kind_of(story.asks).page.form(story.state).fields}
        free = {name: f"{CANARY}-{name}" for name in TYPED if name in fields}
        answered(
            story, raw | {name: text for name, text in free.items() if _fits(story, name, raw)}
        )

    harness.answer_by = say
    story = harness.submit(**REQUEST)
    for _ in WAY:
        look_back(made, client, story)
        act(story)
    made.records = list(caplog.records)
    made.out = "".join(capsys.readouterr())
    assert story.state.status == "followed_up"
    return made


def _fits(story: Story, name: str, raw: dict[str, Any]) -> bool:
    return not (name == "review" and "review" not in raw)


def look_back(seen: Seen, client: Client, story: Story) -> None:
    """Somebody opens every mail there was, again, and says that it was sent to them."""
    browser = Noting(client, seen)
    for mail in seen.harness.world.mails[-3:]:
        if mail.link:
            browser.get(f"/t/{mail.link}")
            inside(browser, mail.link)


@pytest.mark.promise("engine-token-never-leaves", "no-personal-data-in-logs")
def test_nothing_personal_and_no_token_where_it_must_not_be(seen: Seen) -> None:
    engine, world = seen.harness.engine, seen.harness.world
    assert engine._tokens >= 11
    shown = "\n".join([p.body + str(p.headers) + p.path for p in seen.pages])
    letters = "\n".join(
        m.subject + m.text + m.html + str(m.tags) + str(m.file) for m in world.mails
    )
    table = json.dumps(rows(world), default=str)
    assert CANARY in shown and CANARY in table, "the canaries sing at all"
    assert world.mails[0].to == REQUEST["contact_email"]

    # The engine's token, in nothing that a person can get.
    for text in (shown, letters, seen.out, "".join(line(r) for r in seen.records)):
        assert "engine-token" not in text
    # Nothing personal in runs, engine calls and verdicts.
    runs = [
        [r.name, r.input, r.output, r.data, r.error, r.cause, r.trail] for r in engine.runs.values()
    ]
    assert len(runs) >= 7
    for what in (runs, engine.invoked, engine.returned, list(engine.edges)):
        assert not nests(json.dumps(what)), what
        assert len(json.dumps(runs[0])) < 32 * 1024
    for _, event in engine.invoked:
        assert set(event) <= {"referral", "generation", "step", "token"}
    # Nor in a log line, whatever it carries, nor in what a function printed.
    assert [r for r in seen.records if "step" in line(r)]
    for record in seen.records:
        assert not nests(line(record)), record.getMessage()
    assert not nests(seen.out)
    # Nor in an address: they end up in access logs.
    for page in seen.pages:
        assert not nests(page.path) and not nests(str(page.headers.get("Location", "")))
    # A mail's subject and its tags travel in the open.
    for mail in world.mails:
        assert not nests(mail.subject) and not nests(str(mail.tags))


@pytest.mark.promise("no-secret-in-addresses")
def test_a_links_secret_is_in_mails_and_in_no_log_and_no_later_address(seen: Seen) -> None:
    secrets = {m.link.rpartition("-")[2] for m in seen.harness.world.mails if m.link}
    assert len(secrets) >= 9
    text = seen.out + "".join(line(r) for r in seen.records)
    table = json.dumps(rows(seen.harness.world), default=str)
    for secret in secrets:
        assert secret not in text and secret not in table
    for page in seen.pages:
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert not any(secret in str(page.headers.get("Location", "")) for secret in secrets)
        if page.path.startswith("/task/") and page.status == 200:
            assert not any(secret in page.body for secret in secrets)


@pytest.mark.promise("first-page-neutral")
@pytest.mark.parametrize("kind", KINDS)
def test_no_first_page_of_a_canarys_task_sings(
    client: Client, harness: LifecycleHarness, kind: str
) -> None:
    story = asked(harness, kind)
    row = {"pk": f"R#{story.reference}"}
    contact = {"name": f"{CANARY}-name", "email": f"{CANARY.lower()}@example.org"}
    harness.world.table.update_item(
        Key=row | {"sk": "REFERRAL"},
        UpdateExpression="SET contact = :contact",
        ExpressionAttributeValues={":contact": contact},
    )
    browser, link = Browser(client), mailed(story)
    assert not nests(browser.get(f"/t/{link}").body)
    inside(browser, link)
    may = {"provider": False, "consultant": kind not in ("offer", "summary")}
    quiet = ("plan_agreement", "eligibility_review", "tier_review", "extension", "fix_person", "tell_person",
             "application_score", "training", *OF_RENEWALS, *OF_ONBOARDING)  # fmt: skip
    if not first(story) and kind not in quiet:
        assert bool(nests(browser.page.body)) is may.get(kind_of(kind).role, True)
