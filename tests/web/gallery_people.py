"""What those see who ask for help, and those who are asked something."""

from __future__ import annotations

import re

from chalicelib.aws import send_gate
from chalicelib.directory import people
from chalicelib.referral.intake import flow
from chalicelib.referral.status import change
from chalicelib.web import code_rows
from chalicelib.workflow.tasks import kind_of
from tests.web.conftest import CENTER, PEOPLE, Browser, resume_with
from tests.web.gallery import Gallery
from tests.web.kinds import KINDS, Story
from tests.web.taskpages import answer_to, inside, mailed, open_task, press
from tests.web.test_my_tasks import link_of, opened


def doors(g: Gallery) -> None:
    """What is open to everybody."""
    browser = g.browser()
    for path in ("/", "/peers", "/privacy", "/mine", "/status", "/login"):
        g.hang(path, browser.get(path))
    for reason in ("outside", "older", "scope", "parent"):
        g.hang(f"/help/{reason}", browser.get(f"/help/{reason}"))
    g.hang("no such help", browser.get("/help/nowhere"), 404)
    g.hang("a press from elsewhere", browser.post("/start", {}, sec_fetch_site="cross-site"), 403)
    sent = {"email": "nobody@example.org"}
    g.hang("a fresh list", browser.post("/mine/fresh", sent))
    send_gate.diagnosed("red", [], g.theater.world.at)
    send_gate.forget()
    g.hang("shut", browser.get("/start"))
    send_gate.diagnosed("green", [], g.theater.world.at + 1)
    send_gate.forget()


def questions(g: Gallery) -> None:
    """Every question of the form, some answered wrongly, and the summary."""
    done: set[str] = set()
    for answers in PEOPLE.values():
        browser = g.browser()
        resume_with(browser, answers)
        paths = [f"/request/{page.slug}" for page in flow.path(dict(answers))]
        for path in [p for p in paths if p not in done]:
            done.add(path)
            g.hang(path, browser.get(path))
            wrong = browser.post(path, browser.page.hidden)
            if wrong.status == 422:
                g.hang(f"{path} without an answer", wrong, 422)
    g.hang("/start", g.browser().get("/start"))
    browser = g.browser()
    resume_with(browser, CENTER)
    for path in ("/request/check", "/request/later", "/request/danger"):
        g.hang(path, browser.get(path))


def sending(g: Gallery) -> None:
    """Kept for later and found again; sent; and asked about a request that is open already."""
    world = g.theater.world
    browser = g.browser()
    resume_with(browser, CENTER)
    browser.get("/request/later")
    g.hang("kept for later", browser.answer({"return_to": "rosa@example.org"}))
    (link,) = re.findall(r"/request/back/[a-z0-9-]+", world.mails[-1].text)
    g.hang("the way back", g.browser().get(link))
    g.hang("a way back that is over", g.browser().get(link[:-3] + "abc"), 410)
    first = g.browser()
    g.monkeypatch.setattr("chalicelib.referral.intake.submit.QUICKEST", 0)
    for name, sender, answers in (
        ("sent", first, CENTER),
        ("twin of one's own", g.browser(), CENTER | {"license_number": ""}),
        ("twin of the site", g.browser(), CENTER | {"contact_email": "luz@example.org"}),
    ):
        resume_with(sender, answers)
        g.hang(name, sender.answer({}))
    g.hang("twin without an answer", sender.answer({}), 422)


def _inside_status(g: Gallery, story: Story) -> Browser:
    """The provider, after the code."""
    people.forget()
    browser = g.browser()
    code_rows.keep(story.reference, "123456", g.theater.world.at + 600)
    browser.post("/status/code", {"reference": story.reference, "code": "123456"})
    assert browser.page.path == "/status/view", browser.page.text
    return browser


def status(g: Gallery) -> None:
    """The provider's own page, from received to closed, and what can be done there."""
    story = g.at("triage")
    browser = g.browser()
    browser.get("/status")
    g.hang("status asked without a number", browser.answer({"reference": "7"}), 422)
    browser.get("/status")
    g.hang("/status/code", browser.answer({"reference": story.reference}))
    g.hang("a wrong code", browser.answer({"code": "000000"}), 422)
    for moment in ("triage", "offer", "first_contact", "agreement", "service", "survey", "over"):
        browser = _inside_status(g, g.at(moment))
        g.hang(f"status at {moment}", browser.page)
    for kind in ("information", "language_choice", "check_in", "fix_contact"):
        g.hang(f"status at {kind}", _inside_status(g, g.asked(kind)).page)
    browser = _inside_status(g, g.at("offer"))
    g.hang("/status/change", browser.get("/status/change"))
    for slug in change.PAGES:
        g.hang(f"/status/change/{slug}", browser.get(f"/status/change/{slug}"))
    g.hang("/status/withdraw", browser.get("/status/withdraw"))
    g.hang("withdraw without an answer", browser.answer({}), 422)
    browser.get("/status/withdraw")
    g.hang("withdrawn", browser.answer({"decision": "withdraw", "reason": "not_needed"}))
    browser = _inside_status(g, g.at("second session"))
    g.hang("/status/pause", browser.get("/status/pause"))
    g.hang("pause without an answer", browser.answer({}), 422)
    browser.get("/status/pause")
    g.hang("paused", browser.answer({"decision": "yes", "until": g.day(20)}))
    g.hang("/status/resume", browser.get("/status/resume"))
    browser = _inside_status(g, g.at("survey"))
    g.hang("/status/reopen", browser.get("/status/reopen"))
    g.hang("reopen without an answer", browser.answer({"decision": "yes"}), 422)
    browser.get("/status/reopen")
    g.hang("reopened", browser.answer({"decision": "yes", "reason": "not_finished"}))


def tasks(g: Gallery) -> None:
    """Each kind of task: the link's page, the page with details, a wrong answer, what was recorded."""
    for kind in KINDS:
        g.kinds.add(kind)
        story = g.asked(kind)
        said = answer_to(story)  # moves on to the day on which it is said
        browser, link = g.browser(), mailed(story)
        page = g.hang(f"{kind}: link", browser.get(f"/t/{link}"))
        if kind_of(kind).shows_details_first or kind_of(kind).sensitive:
            page = g.hang(f"{kind}: details", inside(browser, link))
        g.hang(f"{kind}: without an answer", press(browser, page, {}), 422)
        answers = {k: v if isinstance(v, list) else str(v) for k, v in said.items()}
        g.hang(f"{kind}: recorded", press(browser, page, answers))


def around_a_task(g: Gallery) -> None:
    """The code, what is kept, taken back, reported, and every way in which a link is over."""
    story = g.at("first_contact")
    browser, link = g.browser(), mailed(story)
    browser.get(f"/t/{link}")
    g.hang("no tick", browser.post(f"/t/{link}/open", {}), 422)
    page = browser.post(f"/t/{link}/open", {"mine": "yes"})
    g.hang("the code", page)
    wrong = {"mine": "yes", "_code": "000000"}
    g.hang("a wrong code of a task", browser.post(f"/t/{link}/open", wrong), 422)
    story = g.at("first_contact")
    browser, link = g.browser(), mailed(story)
    page = inside(browser, link)
    assert page.path.startswith("/task/"), page.text
    path = page.path
    g.hang("/task/safety", browser.get(f"{path}/safety"))
    g.hang("safety without an answer", browser.answer({}), 422)
    browser.get(f"{path}/safety")
    flagged = {"protocol": "abuse_or_neglect", "completed": "no"}
    g.hang("safety recorded", browser.answer(flagged))
    g.hang("/t/safety", g.browser().get(f"/t/{link}/safety"))
    page = open_task(browser, story)
    note = {"reached": "reached", "note": "They like to be called before noon", "_keep": "1"}
    g.hang("kept", press(browser, page, note))
    g.hang("kept and opened again", browser.get(f"{path}?kept=open"))
    g.hang("a fresh link", g.browser().post(f"/t/{link}/fresh", {}))
    story = g.at("triage")
    browser = g.browser()
    press(browser, open_task(browser, story), {"talked": "phone", "decision": "confirm"})
    g.hang("an answer to take back", browser.page)
    press_back = {"_nonce": browser.page.hidden["_nonce"]}
    path = browser.page.path.split("?")[0]
    g.hang("take back without a tick", browser.post(f"{path}/undo", press_back), 422)
    g.hang("taken back", browser.post(f"{path}/undo", press_back | {"back": "yes"}))
    story = g.at("offer")
    link = mailed(story)
    g.hang("a link that is no link", g.browser().get("/t/nothing"), 404)
    story.withdraws()
    g.hang("not needed any more", g.browser().get(f"/t/{link}"))
    story = g.at("offer")
    link = mailed(story)
    g.theater.world.at += 60 * 86400
    g.hang("a link that is over", g.browser().get(f"/t/{link}"), 410)


def mine(g: Gallery) -> None:
    """All tasks of a consultant behind one link."""
    g.at("first_contact")
    browser, link = g.browser(), link_of(g.theater)
    g.hang("/mine/link", browser.get(f"/mine/{link}"))
    g.hang("the list without a tick", browser.post(f"/mine/{link}/open", {}), 422)
    page = browser.post(f"/mine/{link}/open", {"mine": "yes"})
    g.hang("the code of the list", page)
    g.at("first_contact")
    browser, link = g.browser(), link_of(g.theater)
    g.hang("the list", opened(browser, link))
    page = browser.page
    sent = {"_nonce": page.hidden["_nonce"], "offers": "pause"}
    g.hang("offers paused", browser.post("/mine/offers", sent))
    g.at("plan_agreement")
    browser = g.browser()
    opened(browser, link_of(g.theater))
    g.hang("nothing waits", browser.page)


ROOMS = (doors, questions, sending, status, tasks, around_a_task, mine)
