"""What those see who ask for help, and those who are asked something."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from chalicelib.aws import send_gate
from chalicelib.directory import people
from chalicelib.domain import calendar
from chalicelib.mail.choices import links as choice_links
from chalicelib.referral.intake import flow
from chalicelib.referral.question import SECTIONS
from chalicelib.services.helpline import slots
from chalicelib.training.supervision import log
from chalicelib.web import links
from chalicelib.workflow.kinds import kind_of
from tests.supervision import facilitated, meeting, supervised
from tests.web.all_pages import PageCollection
from tests.web.conftest import CENTER, PEOPLE, Browser, resume_with
from tests.web.kinds import KINDS, Story
from tests.web.taskpages import (
    form_of,
    hidden,
    inside,
    mailed,
    open_task,
    press,
    renew,
    shown_status,
    usual,
)
from tests.web.test_my_tasks import link_of, opened


def doors(g: PageCollection) -> None:
    """What is open to everybody."""
    browser = g.browser()
    for path in ("/", "/peers", "/privacy", "/mine", "/status", "/login"):
        g.add(path, browser.get(path))
    for reason in ("outside", "older", "scope", "parent"):
        g.add(f"/help/{reason}", browser.get(f"/help/{reason}"))
    g.add("no such help", browser.get("/help/nowhere"), 404)
    g.add("a press from elsewhere", browser.post("/start", {}, sec_fetch_site="cross-site"), 403)
    sent = {"email": "nobody@example.org"}
    g.add("a fresh list", browser.post("/mine/fresh", sent))
    g.add("/helpline", browser.get("/helpline"))
    send_gate.diagnosed("red", [], g.harness.world.at)
    send_gate.forget()
    g.add("shut", browser.get("/start"))
    send_gate.diagnosed("green", [], g.harness.world.at + 1)
    send_gate.forget()


def call_back(g: PageCollection) -> None:
    """The helpline at night: hours to choose, a mistake, and the promise."""
    world = g.harness.world
    g.begin()
    slots.set_capacity({(1, 9): 1, (1, 10): 2, (3, 16): 1}, "staff:sam-lead", world.at)
    world.at = calendar.typed(calendar.pacific_date(world.at).isoformat(), "21:00")
    browser = g.browser()
    page = g.add("the helpline at night", browser.get("/helpline"))
    g.add("a call back without a number", browser.answer({}), 422)
    browser.get("/helpline")
    slot = re.findall(r'name="slot"[^>]*value="([0-9]+)"', page.body)[0]
    said = {"slot": slot, "phone": "559-555-0142", "language": "es"}
    g.add("a call back promised", browser.answer(said))


def questions(g: PageCollection) -> None:
    """Every question of the form, some answered wrongly, and the summary."""
    done: set[str] = set()
    for answers in PEOPLE.values():
        browser = g.browser()
        resume_with(browser, answers)
        paths = [f"/request/{page.slug}" for page in flow.path(dict(answers))]
        for path in [p for p in paths if p not in done]:
            done.add(path)
            g.add(path, browser.get(path))
            wrong = browser.post(path, browser.page.hidden)
            if wrong.status == 422:
                g.add(f"{path} without an answer", wrong, 422)
    g.add("/start", g.browser().get("/start"))
    browser = g.browser()
    resume_with(browser, CENTER)
    for path in ("/request/check", "/request/later", "/request/danger"):
        g.add(path, browser.get(path))


def sending(g: PageCollection) -> None:
    """Kept for later and found again; sent; and asked about a request that is open already."""
    world = g.harness.world
    browser = g.browser()
    resume_with(browser, CENTER)
    browser.get("/request/later")
    g.add("kept for later", browser.answer({"return_to": "rosa@example.org"}))
    (link,) = re.findall(r"/request/back/[a-z0-9-]+", world.mails[-1].text)
    g.add("the way back", g.browser().get(link))
    g.add("a way back that is over", g.browser().get(link[:-3] + "abc"), 410)
    first = g.browser()
    g.monkeypatch.setattr("chalicelib.referral.intake.submit.QUICKEST", 0)
    for name, sender, answers in (
        ("sent", first, CENTER),
        ("twin of one's own", g.browser(), CENTER | {"license_number": ""}),
        ("twin of the site", g.browser(), CENTER | {"contact_email": "luz@example.org"}),
    ):
        resume_with(sender, answers)
        g.add(name, sender.answer({}))
    g.add("twin without an answer", sender.answer({}), 422)


def _inside_status(g: PageCollection, story: Story) -> Browser:
    """The provider, after the code."""
    people.forget()
    browser = g.browser()
    shown_status(browser, story.reference)
    assert browser.page.path == "/status/view", browser.page.text
    return browser


def status(g: PageCollection) -> None:
    """The provider's own page, from received to closed, and what can be done there."""
    story = g.at("triage")
    browser = g.browser()
    browser.get("/status")
    g.add("status asked without a number", browser.answer({"reference": "7"}), 422)
    browser.get("/status")
    g.add("/status/code", browser.answer({"reference": story.reference}))
    g.add("a wrong code", browser.answer({"code": "000000"}), 422)
    for moment in ("triage", "offer", "first_contact", "agreement", "service", "survey", "over"):
        browser = _inside_status(g, g.at(moment))
        g.add(f"status at {moment}", browser.page)
    for kind in ("information", "language_choice", "check_in", "fix_contact"):
        g.add(f"status at {kind}", _inside_status(g, g.asked(kind)).page)
    browser = _inside_status(g, g.at("offer"))
    g.add("/status/change", browser.get("/status/change"))
    for slug in SECTIONS:
        g.add(f"/status/change/{slug}", browser.get(f"/status/change/{slug}"))
    g.add("/status/withdraw", browser.get("/status/withdraw"))
    g.add("withdraw without an answer", browser.answer({}), 422)
    browser.get("/status/withdraw")
    g.add("withdrawn", browser.answer({"decision": "withdraw", "reason": "not_needed"}))
    browser = _inside_status(g, g.at("survey"))
    for paper in ("answers", "agreement", "plan-1", "summary"):
        g.add(f"/status/papers/{paper}", browser.get(f"/status/papers/{paper}"))
    browser = _inside_status(g, g.at("second session"))
    session, *_others = re.findall(r"/session/[a-z0-9-]+", browser.page.body)
    g.add("/session/{link}", browser.get(session))
    g.add("session without an answer", browser.answer({}), 422)
    browser.get(session)
    g.add("session declined", browser.answer({"decision": "cannot", "wish": "Mornings"}))
    g.add("/status/pause", browser.get("/status/pause"))
    g.add("pause without an answer", browser.answer({}), 422)
    browser.get("/status/pause")
    g.add("paused", browser.answer({"decision": "yes", "until": g.day(20)}))
    g.add("/status/resume", browser.get("/status/resume"))
    browser = _inside_status(g, g.at("survey"))
    g.add("/status/reopen", browser.get("/status/reopen"))
    g.add("reopen without an answer", browser.answer({"decision": "yes"}), 422)
    browser.get("/status/reopen")
    g.add("reopened", browser.answer({"decision": "yes", "reason": "not_finished"}))


def choices(g: PageCollection) -> None:
    """How we write to somebody: a consultant is asked most."""
    consultant = people.consultant(g.at("offer").state.consultant)
    path = urlsplit(choice_links.address(str(consultant["email"]), "es")).path
    page = g.add("/letters/{link}", g.browser().get(path))
    g.add("choices without an answer", g.browser().post(path, page.hidden), 422)
    g.add("choices saved", g.browser().get(f"{path}?saved=yes"))
    g.begin()
    story = g.harness.submit(contact_phone="209-555-0147")
    mine = choice_links.address(story.state.contact.email, "es", story.reference)
    g.add("choices with texts", g.browser().get(urlsplit(mine).path))
    g.add("an old link to choices", g.browser().get("/letters/none"), 410)
    leaving = choice_links.leaving(path, "thanks")
    g.add("/letters/{link}/leave/{kind}", g.browser().get(leaving))
    g.add("left", g.browser().post(leaving, {"List-Unsubscribe": "One-Click"}))


def tasks(g: PageCollection) -> None:
    """Each kind of task: the link's page, the page with details, a wrong answer, what was recorded."""
    for kind in KINDS:
        g.kinds.add(kind)
        story = g.asked(kind)
        said = usual(story)  # moves on to the day on which it is said
        browser, link = g.browser(), mailed(story)
        page = g.add(f"{kind}: link", browser.get(f"/t/{link}"))
        if kind_of(kind).page.shows_details_first or kind_of(kind).policy.sensitive:
            page = g.add(f"{kind}: details", inside(browser, link))
        g.add(f"{kind}: without an answer", press(browser, page, {}), 422)
        answers = {k: v if isinstance(v, list) else str(v) for k, v in said.items()}
        g.add(f"{kind}: recorded", press(browser, page, answers))
        if kind == "practicum_hours":  # many entries, which stand on the page of who was shown it
            g.add(f"{kind}: details", inside(browser, mailed(story)))


def around_a_task(g: PageCollection) -> None:
    """The code, what is kept, taken back, reported, and every way in which a link is over."""
    story = g.at("first_contact")
    browser, link = g.browser(), mailed(story)
    browser.get(f"/t/{link}")
    g.add("no tick", browser.post(f"/t/{link}/open", {}), 422)
    page = browser.post(f"/t/{link}/open", {"mine": "yes"})
    g.add("the code", page)
    wrong = {"mine": "yes", "_code": "000000"}
    g.add("a wrong code of a task", browser.post(f"/t/{link}/open", wrong), 422)
    story = g.at("first_contact")
    browser, link = g.browser(), mailed(story)
    page = inside(browser, link)
    assert page.path.startswith("/task/"), page.text
    path = page.path
    g.add("/task/safety", browser.get(f"{path}/safety"))
    g.add("safety without an answer", browser.answer({}), 422)
    browser.get(f"{path}/safety")
    flagged = {"protocol": "abuse_or_neglect", "completed": "no"}
    g.add("safety recorded", browser.answer(flagged))
    g.add("/t/safety", g.browser().get(f"/t/{link}/safety"))
    page = open_task(browser, story)
    note = {"talked": "phone", "note": "They like to be called before noon", "_keep": "1"}
    g.add("kept", press(browser, page, note))
    g.add("kept and opened again", browser.get(f"{path}?kept=open"))
    task = story.state.task
    assert task is not None
    ended = links.mint(story.reference, task.number, task.link_number, g.harness.world.at + 60)
    g.harness.world.at += 61
    g.add("a fresh link", renew(g.browser(), ended))
    story = g.at("triage")
    browser = g.browser()
    press(browser, open_task(browser, story), {"talked": "phone", "decision": "confirm"})
    g.add("an answer to take back", browser.page)
    press_back = {"_nonce": browser.page.hidden["_nonce"]}
    path = browser.page.path.split("?")[0]
    g.add("take back without a tick", browser.post(f"{path}/undo", press_back), 422)
    g.add("taken back", browser.post(f"{path}/undo", press_back | {"back": "yes"}))
    story = g.at("offer")
    link = mailed(story)
    g.add("a link that is no link", g.browser().get("/t/nothing"), 404)
    story.withdraws()
    g.add("not needed anymore", g.browser().get(f"/t/{link}"))
    story = g.at("offer")
    link = mailed(story)
    g.harness.world.at += 60 * 86400
    g.add("a link that is over", g.browser().get(f"/t/{link}"), 410)


def meanwhile(g: PageCollection) -> None:
    """Something was recorded since the form at hand was shown."""
    story = g.at("service")
    said = {name: str(value) for name, value in usual(story).items()}
    stale, other = g.browser(), g.browser()
    page = inside(stale, mailed(story))
    press(other, inside(other, mailed(story)), said | {"minutes": "60"})
    asked = press(stale, page, said | {"minutes": "45"})
    g.add("recorded meanwhile", asked, 422)
    form = form_of(asked)
    unsure = stale.post(form.get("action"), hidden(form))
    g.add("recorded meanwhile without an answer", unsure, 422)


def supervision(g: PageCollection) -> None:
    """Hours of reflective supervision: one's own, and those of a facilitator's people."""
    world = g.harness.world
    ben = supervised(world, g.browser(), "ben-okafor")
    alma = supervised(world, g.browser(), "alma-reyes")
    g.add("supervision without a threshold", alma.get("/mine/supervision"))
    facilitated(world)
    g.add("/mine/supervision/log", alma.get("/mine/supervision/log"))
    g.add("a meeting without an answer", alma.answer({"day": ""}), 422)
    log.by_themselves(meeting(world, "alma-reyes", 3), world.at)
    g.add("/mine/people/confirm", ben.get("/mine/people/confirm"))
    g.add("/mine/people", ben.get("/mine/people"))
    g.add("/mine/people/log", ben.get("/mine/people/log"))
    g.add("a meeting with nobody", ben.answer({"way": "alone"}), 422)
    log.by_facilitator([meeting(world, "alma-reyes", 5)], "staff:sam-lead", world.at)
    g.add("/mine/supervision", alma.get("/mine/supervision"))
    g.add("/mine/supervision/wrong", alma.get("/mine/supervision/wrong"))
    g.add("which is wrong without an answer", alma.answer({}), 422)
    g.add("the list with supervision", ben.get("/mine"))


def mine(g: PageCollection) -> None:
    """All tasks of a consultant behind one link."""
    g.at("first_contact")
    browser, link = g.browser(), link_of(g.harness)
    g.add("/mine/link", browser.get(f"/mine/{link}"))
    g.add("the list without a tick", browser.post(f"/mine/{link}/open", {}), 422)
    page = browser.post(f"/mine/{link}/open", {"mine": "yes"})
    g.add("the code of the list", page)
    g.at("first_contact")
    browser, link = g.browser(), link_of(g.harness)
    g.add("the list", opened(browser, link))
    g.add("/mine/offers", browser.get("/mine/offers"))
    g.add("no day for offers", browser.answer({"offers": "until"}), 422)
    g.add("offers paused", browser.answer({"offers": "pause"}))
    g.add("offers again", browser.get("/mine/offers"))
    g.add("/mine/leave", browser.get("/mine/leave"))
    g.add("a leave without days", browser.answer({"first": ""}), 422)
    g.add("/mine/texts", browser.get("/mine/texts"))
    wrong = {"texts": "yes", "phone": "1"}
    g.add("no number for texts", browser.answer(wrong), 422)
    supervision(g)
    g.at("plan_agreement")
    browser = g.browser()
    opened(browser, link_of(g.harness))
    g.add("nothing waits", browser.page)


ROOMS = (
    doors, call_back, questions, sending, status, choices, tasks, around_a_task, meanwhile, mine,
)  # fmt: skip
