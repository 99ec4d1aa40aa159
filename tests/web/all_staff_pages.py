"""What staff see: the console with all its ways."""

from __future__ import annotations

import re
from dataclasses import replace

from chalicelib.aws import dynamodb, stepfunctions
from chalicelib.directory import contacts, emergencies, people
from chalicelib.directory.contacts import Contact
from chalicelib.directory.emergencies import Emergency
from chalicelib.entries import consultant_form
from chalicelib.mail.health import checkup
from chalicelib.referral.delivery.caseload import count as caseloads
from chalicelib.services.communities import groups
from chalicelib.services.communities.pages import seat_page
from chalicelib.services.communities.season import desk_link
from chalicelib.services.emergency import call_up, counting
from chalicelib.services.helpline import contacts as calls
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.model import PromisedCall
from chalicelib.training.applications.pages import own_page
from chalicelib.training.trainees import desk
from chalicelib.training.trainees.schedule import small_groups
from chalicelib.training.trainees.schedule.small_groups import SmallGroup
from chalicelib.workflow import tasks
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.lists import records
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.findings import FINDINGS, REPAIRS
from chalicelib.workflow.storage import store
from infra.answers import BY_PHONE, day
from tests.applications.script import REVIEWERS, applies, declares, program, two_score
from tests.call_ups.script import ROSTER, fire
from tests.cohorts import FACILITATOR, entered_cohort
from tests.communities.script import begins, met_once, season
from tests.meetings import entered
from tests.promised_calls import promised
from tests.supervision import facilitated
from tests.training.script import decides, enrolled, given, planned_meetings
from tests.web.all_pages import PageCollection
from tests.web.conftest import CENTER
from tests.web.staff import press
from tests.web.taskpages import inside, known_as, mailed, open_task, usual
from tests.web.taskpages import press as answers
from tests.web.test_console_runs import OFFERED, Engine, definition
from tests.web.test_mail_doctor import WELL
from tests.workflow.lifecycle import Story
from tests.workflow.test_waitlist import fill


def console(g: PageCollection) -> None:
    """Lists, one request, one run."""
    engine = Engine(g.harness.world.at)
    story = g.at("offer")
    name = f"{story.reference}-referral-1"
    engine.run("referral", name, OFFERED)
    for what in ("describe", "history"):
        g.monkeypatch.setattr(stepfunctions, what, getattr(engine, what))
    g.monkeypatch.setattr(stepfunctions, "definition", definition)
    sam = g.staff("supervisor")
    g.add("/console", sam.get("/console"))
    g.add("nothing found", sam.get("/console?tier=emergency"))
    people = g.staff("specialist")
    for title, typed in (("/console/search", "ana"), ("a search that finds nothing", "qqqqq")):
        nonce = people.get("/console").hidden["_nonce"]
        g.add(title, people.post("/console/search", {"_nonce": nonce, "q": typed}))
    g.add("/console/queue", g.staff("specialist").get("/console/queue"))
    assert "Ana Demo" in g.pages["/console/search", "en"].text
    g.add("not for this role", g.staff("specialist").get("/console/consultants"), 403)
    g.add("/console/run", sam.get(f"/console/runs/referral/{name}"))
    case = f"/console/referrals/{story.reference}"
    g.add("a case with an offer", sam.get(case))
    g.add("/console/urgency", sam.get(f"{case}/urgency"))
    g.add("urgency without an answer", sam.answer({}), 422)
    task = story.state.task
    assert task is not None
    g.add("/console/behalf", g.staff("coordinator").get(f"{case}/behalf/{task.number}"))
    g.at("triage")
    nina = g.staff("specialist")
    waits = g.add("a queue with a task", nina.get("/console/queue"))
    assert "/console/referrals/" in waits.body
    story = g.at("third session")
    case = f"/console/referrals/{story.reference}"
    cora = g.staff("coordinator")
    g.add("a case with sessions", cora.get(case))
    g.add("/console/act", cora.get(f"{case}/act"))
    g.add("/console/act/change", cora.get(f"{case}/act/change"))
    for way in (
        "act/change/contact",
        "act/session",
        "act/cancel",
        "act/end",
        "act/note",
        "act/step-up",
        "pause",
        "safety",
        "consultant",
    ):
        g.add(f"/console/{way}", cora.get(f"{case}/{way}"))
        g.add(f"{way} of a case without an answer", cora.answer({}), 422)
    page = cora.get(f"{case}/consultant")
    to = re.findall(r'name="to"[^>]*value="([^"]+)"', page.body)[0]
    note = "They like short calls in the morning."
    sent = {"from": story.state.consultant, "to": to, "reason": "better_fit", "note": note}
    cora.post(f"{case}/consultant", page.hidden | sent)
    g.harness.settle()
    g.add("a consultant who takes over", inside(g.browser(), mailed(story)))
    g.add("/console/redact", g.staff("specialist").get(f"{case}/redact"))
    story = g.at("survey")
    case = f"/console/referrals/{story.reference}"
    cora = g.staff("coordinator")
    g.add("a case that is closed", cora.get(case))
    g.add("/console/papers", cora.get(f"{case}/papers"))
    g.add("/console/papers/agreement", cora.get(f"{case}/papers/agreement"))
    g.add("/console/reopen", cora.get(f"{case}/reopen"))
    story = g.asked("repair")
    case = f"/console/referrals/{story.reference}"
    g.add("a case that is broken", g.staff("coordinator").get(case))


def one_record(g: PageCollection) -> None:
    """A person and a site across all services, and who may be whom."""
    story = g.at("offer")
    at = g.harness.world.at
    call = Contact("helpline", "c-1", at - 3600, "los_angeles", phone="6265550134")
    call = replace(call, person="Ana Demo", program="Demo Center")
    mailed_ = replace(call, service="open_door", id="s-1", email="ana@example.org", given=False)
    for one in (call, mailed_):
        dynamodb.transact(contacts.rows(one, at))
    records.forget()
    nina = g.staff("specialist")
    g.add("/console/records", nina.get("/console/records"))
    case = nina.get(f"/console/referrals/{story.reference}")
    for what in ("people", "sites"):
        (path,) = [link for link in case.links if f"/console/{what}/" in link]
        g.add(f"/console/{what}", nina.get(path))
    g.add("a record without an answer", nina.answer({}), 422)


def by_phone(g: PageCollection) -> None:
    """What staff say to somebody without email, read to them, and mail to them to be signed."""
    g.begin()
    story = g.harness.submit(letters_language="es", **BY_PHONE)
    case = f"/console/referrals/{story.reference}"
    g.add("/console/status", g.staff("specialist").get(f"{case}/status"))
    while story.asks != "agreement":
        story.says(**usual(story))
    task = story.state.task
    assert task is not None
    sofia = g.staff("specialist")
    g.add("an agreement to read aloud", sofia.get(f"{case}/behalf/{task.number}"))
    g.add("an agreement on paper", sofia.get(f"{case}/behalf/{task.number}/paper"))


def keyed_in(g: PageCollection) -> None:
    """A request for a caller, and one that is open already."""
    nina = g.staff("specialist")
    g.add("/console/new", nina.get("/console/new"))
    g.add("/console/new of a center", nina.get("/console/new?setting=center"))
    g.add("new without an answer", nina.answer({}), 422)
    for status in (200, 409):
        nina.get("/console/new?setting=center")
        page = nina.answer({**CENTER, "came_by": "phone"})
        if status == 409:
            g.add("new, and open already", page, status)


def house(g: PageCollection) -> None:
    """Emergencies, consultants, letters, the mail doctor, the reconciler."""
    world = g.harness.world
    story = g.at("service")
    ada = g.staff("admin")
    g.add("/console/emergencies", ada.get("/console/emergencies"))
    g.add("emergency without an answer", ada.answer({}), 422)
    fire = Emergency(("los_angeles",), world.at - 60, g.day(20), "disaster", "staff:ada-admin")
    over = Emergency(("ventura",), world.at - 86400, g.day(9), "earthquake", "staff:sam-lead")
    for one in (fire, over):
        emergencies.declare(one)
    emergencies.end(over.id, world.at - 30, "staff:sam-lead", "It is over")
    g.add("emergencies declared", ada.get("/console/emergencies"))
    g.add("one emergency", ada.get(f"/console/emergencies/{fire.id}"))
    g.add("ordinary requests to pause", ada.get(f"/console/emergencies/{fire.id}/pause"))
    g.add("a later last day", ada.get(f"/console/emergencies/{fire.id}/extend"))
    g.add("a later last day without an answer", ada.answer({}), 422)
    report = f"/console/emergencies/{fire.id}/report"
    g.add("a report not counted yet", ada.get(report))
    counting.begin(fire.id, world.at)
    g.harness.run_scheduler()
    g.add("a report", ada.get(report))
    ada.get(f"/console/emergencies/{fire.id}/pause")
    g.add("ordinary requests to pause without an answer", ada.answer({}), 422)
    g.add("a request for a caller in an emergency", ada.get("/console/new"))
    g.add("a short script", ada.get(f"/console/new?setting=center&incident={fire.id}"))
    fill(world)
    wait = g.harness.submit(language_required="no").triaged()
    assert wait.asks == "waitlist"
    fill(world, "ben-okafor")
    cora = g.staff("coordinator")
    g.add("/console/assign", cora.get("/console/assign"))
    g.add("assign without an answer", cora.answer({}), 422)
    g.add("/console/emergencies/assign", cora.get(f"/console/emergencies/{fire.id}/assign"))
    ada = g.staff("admin")
    g.add("the landing page in an emergency", g.browser().get("/"))
    g.add("/console/consultants", ada.get("/console/consultants"))
    who = story.state.consultant
    g.add("a consultant", ada.get(f"/console/consultants/{who}"))
    sent = {"_nonce": ada.page.hidden["_nonce"]}
    g.add("consultant without an answer", ada.post(f"/console/consultants/{who}/away", sent), 422)
    sam = g.staff("supervisor")
    g.add("supervision without a threshold, for staff", sam.get("/console/supervision"))
    g.add("/console/supervision/threshold", sam.get("/console/supervision/threshold"))
    g.add("a threshold without an answer", sam.answer({}), 422)
    facilitated(world)
    g.add("/console/supervision", sam.get("/console/supervision"))
    g.add("/console/supervision/log", sam.get("/console/supervision/log?of=ben-okafor"))
    g.add("a meeting that staff log without an answer", sam.answer({"day": ""}), 422)
    g.add("caseloads not counted yet", sam.get("/console/caseloads"))
    caseloads.look(world.at)
    g.add("/console/caseloads", sam.get("/console/caseloads"))
    g.add("/console/caseloads/one", sam.get(f"/console/caseloads/{who}"))
    directory(g, who)
    g.asked("fix_contact")
    ada = g.staff("admin")
    g.add("/console/letters", ada.get("/console/letters"))
    rows.note_round(
        world.at,
        {
            "referrals": 3, "runs": 6, "looked": 2, "failed": 0, "left": 0, "by": "staff:cora-match",
            "findings": [
                {"reference": story.reference, "finding": finding, "repair": repair}
                for finding, repair in zip(FINDINGS, [*REPAIRS] * 2, strict=False)
            ],
        },
    )  # fmt: skip
    g.add("/console/reconcile", ada.get("/console/reconcile"))
    sandbox = replace(WELL, account={**(WELL.account or {}), "ProductionAccessEnabled": False})
    g.monkeypatch.setattr(checkup, "facts", lambda: sandbox)
    g.add("/console/mail", ada.get("/console/mail"))


def directory(g: PageCollection, consultant: str) -> None:
    """Staff, consultants and local programs, with what a press would do."""
    ada = g.staff("admin")
    g.add("consultants narrowed", ada.get("/console/consultants?language=es&stands=trainee"))
    g.add("/console/staff", ada.get("/console/staff"))
    for name, path in {
        "/console/staff/new": "staff/new",
        "/console/staff/member": "staff/sofia-south",
        "/console/staff/away": "staff/sofia-south/away",
        "/console/consultants/new": "consultants/new",
        "/console/consultants/details": f"consultants/{consultant}/details",
        "/console/consultants/import": "consultants/import",
        "/console/programs": "programs",
    }.items():
        g.add(name, ada.get(f"/console/{path}"))
        g.add(f"{name} without an answer", ada.answer({}), 422)
    g.add("nothing to hand over", ada.get("/console/staff/sofia-south/things"))
    season(g.harness.world)
    met_once(g.harness.world)
    g.add("/console/consultants/things", ada.get("/console/consultants/alma-reyes/things"))
    g.add("what they hand over without an answer", ada.answer({}), 422)
    given = {"everything": "consultant:ben-okafor"}
    g.add("what handing over does", ada.answer(given))
    g.add("who leads something", ada.get("/console/consultants/alma-reyes"))
    away = "/console/staff/sofia-south/away"
    nonce = {"_nonce": ada.get(away).hidden["_nonce"]}
    g.add("what letting go does", ada.post(away, nonce | {"what": "left"}))
    table = ",".join(one.name for one in consultant_form.asked().fields)
    nonce = {"_nonce": ada.get("/console/consultants/import").hidden["_nonce"]}
    page = ada.post("/console/consultants/import", nonce | {"table": f"{table}\nInés"})
    g.add("what a table does", page)


CALLED = ["See which call was promised", "Which call was promised?", "Ask for the call back"]


def helpline(g: PageCollection) -> None:
    """The call-taker's page, the desk, a contact, a promised call, and what staff keep."""
    g.begin()
    world = g.harness.world
    reference = promised(world.at)
    g.harness.settle()
    sofia = g.staff("specialist")
    talk = HelplineContact(
        world.at, "0" * 16, "staff:sofia-south", "los_angeles",
        topics=("challenging_behavior",), disposition="out_of_scope",
        unmet=("language", "sooner"), unmet_note="Mornings", protocol="other_safety",
        protocol_done="yes", role_of_staff="specialist",
        email="a-rather-long-address-of-somebody@example.org",
    )  # fmt: skip
    calls.write(talk)
    told = g.add("the console on a day with calls", sofia.get("/console"))
    assert "/console/helpline" in told.body and "Su idioma" in told.text
    g.add("all of a contact", sofia.get(f"/console/helpline/contacts/{talk.key}?contact=yes"))
    g.add("/console/helpline", sofia.get("/console/helpline"))
    g.add("a promised call", sofia.get(f"/console/referrals/{reference}"))
    engine, run = Engine(world.at), f"{reference}-promised_call-1"
    engine.run("promised_call", run, CALLED)
    for what in ("describe", "history"):
        g.monkeypatch.setattr(stepfunctions, what, getattr(engine, what))
    g.monkeypatch.setattr(stepfunctions, "definition", definition)
    drawn = g.staff("supervisor").get(f"/console/runs/promised_call/{run}")
    g.add("a run of a promised call", drawn)
    key = store.load(reference, PromisedCall).contact_key
    g.add("a contact", sofia.get(f"/console/helpline/contacts/{key}"))
    g.add("a contact, by name", sofia.get(f"/console/helpline/contacts/{key}?contact=yes"))
    g.add("/console/new from a call", sofia.get(f"/console/new?call={key}"))
    g.add("what to say", sofia.get("/console/helpline/scripts"))
    g.add("one script", sofia.get("/console/helpline/scripts?topic=opening"))
    said = {"words_en": "Hello, you have reached the Network.", "words_es": "Hola, habla la Red."}
    g.add("a script with a version", sofia.answer(said))
    g.add("/console/helpline/resources", sofia.get("/console/helpline/resources"))
    g.add("a resource without a name", sofia.answer({}), 422)
    sofia.get("/console/helpline/resources")
    title = {"title_en": "Demo sheet", "title_es": "Hoja de muestra"}
    sofia.answer({**title, "words_en": "Breathe out slowly.", "words_es": "Exhale despacio."})
    g.add("/console/helpline/call", sofia.get("/console/helpline/call"))
    nonce = sofia.page.hidden["_nonce"]
    g.add(
        "who calls",
        sofia.post("/console/helpline/call", {"_nonce": nonce, "_find": "1", "q": "ana"}),
    )
    g.add(
        "a call without an answer",
        sofia.post("/console/helpline/call", {"_nonce": nonce}),
        422,
    )
    g.add("/console/helpline/hours", g.staff("supervisor").get("/console/helpline/hours"))


def communities(g: PageCollection) -> None:
    """Seasons, groups and Information Sessions, as staff enter them."""
    g.begin()
    world = g.harness.world
    season(world, martes=1)
    seated, waits = (begins(world) for _ in range(2))
    g.harness.settle()
    for reference in (seated, waits):
        chosen = {"decision": "register", "groups": ["martes"]}
        tasks.answer(reference, 1, chosen, "provider", f"in {reference}", world.at)
        g.harness.settle()
        world.at += 60
    cora = g.staff("coordinator")
    g.add("/console/communities", cora.get("/console/communities"))
    g.add("a season without an answer", cora.answer({}), 422)
    g.add("a season", cora.get("/console/communities/seasons/spring"))
    g.add("a group without an answer", cora.answer({}), 422)
    g.add("a group", cora.get("/console/communities/groups/martes"))
    sessions = "/console/communities/sessions"
    g.add(sessions, cora.get(sessions))
    g.add("information sessions: enter", cora.get(f"{sessions}/new"))
    own = f"{sessions}/{entered(world, days=3, room='communities').id}"
    for way in ("", "/add", "/change", "/cancel", "/off", "/attendance"):
        g.add(f"an Information Session{way}", cora.get(own + way))
    press(cora, f"{own}/add", name="Ana Díaz", phone="213-555-0142", lang="es")
    g.add("an Information Session/called", cora.get(f"{own}/called"))
    g.add("a seat", cora.get(f"/console/referrals/{waits}"))
    (meeting,) = met_once(world)
    g.add("a group with a meeting", cora.get("/console/communities/groups/martes"))
    for way in ("close", "reopen", "change", "meeting", "desk"):
        g.add(f"a group/{way}", cora.get(f"/console/communities/groups/martes/{way}"))
    own = f"/console/communities/meetings/{meeting.id}"
    for way in ("", "/change", "/cancel", "/attendance", "/called"):
        g.add(f"a meeting of a group{way}", cora.get(own + way))
    g.add("meetings of the groups", cora.get("/console/communities/meetings"))
    link = desk_link.address(groups.group("martes")).rpartition("/desk/")[2]
    browser = g.browser()
    g.add("a desk in a new browser", browser.get(f"/desk/{link}"))
    g.add("a desk without a tick", browser.post(f"/desk/{link}/open", {}), 422)
    known_as(browser, groups.group("martes").facilitator)
    g.add("a desk", browser.get(f"/desk/{link}"))
    g.add("a meeting of a desk", browser.get(f"/desk/{link}/meetings/{meeting.id}"))
    world.at = meeting.begins + 60
    g.add("a desk after a meeting", browser.get(f"/desk/{link}"))
    g.add("who came", browser.get(f"/desk/{link}/meetings/{meeting.id}"))
    g.add("a desk that is closed", browser.get(f"/desk/{link[:-1]}a"), 410)
    g.add("a concern about somebody", browser.get(f"/desk/{link}/{seated}/safety"))
    own = seat_page.address(seated).rpartition("/seat/")[2]
    g.add("a seat of one's own", browser.get(f"/seat/{own}"))
    g.add("a seat without an answer", browser.answer({}), 422)
    browser.get(f"/seat/{own}")
    g.add("a seat that is given back", browser.answer({"decision": "leave"}))
    g.add("/communities", browser.get("/communities"))
    g.add("joining without an answer", browser.answer({}), 422)
    browser.get("/communities")
    who = {"setting": "center", "languages": "es", "session": "later", "name": "Rosa",
           "email": "rosa@example.org", "county": "los_angeles"}  # fmt: skip
    g.add("a center that wants to join", browser.answer(who))
    browser.get("/communities")
    g.add("a language of no group", browser.answer({**who, "setting": "ffn", "languages": "other"}))
    browser.get("/communities")
    g.add("joined", browser.answer({**who, "setting": "ffn"}))


def call_ups(g: PageCollection) -> None:
    """A call-up of the roster, before and after the press."""
    g.begin()
    one = fire(g.harness.world)
    ada = g.staff("admin")
    for who in ROSTER:
        people.set_fields(who, {"emergency_trained": True, "emergency_roster": True})
    path = f"/console/emergencies/{one.id}/call-up"
    g.add("/console/emergencies/call-up", ada.get(path))
    g.add("a call-up without an answer", ada.answer({}), 422)
    ada.get(path)
    ada.answer({"places": "1", "note": "From Friday on, in the evening."})
    g.harness.run_scheduler()
    (new,) = call_up.of_emergency(one.id)
    g.add("a call-up that was sent", ada.get(path))
    g.add("who is called up", ada.get(f"/console/referrals/{new.asked[ROSTER[0]]}"))
    deployments(g, new)


def deployments(g: PageCollection, new: call_up.CallUp) -> None:
    """Shifts of who has a place: planned, recorded, and as staff see them."""
    story = Story(g.harness, new.asked[ROSTER[0]])
    ada, cora = g.staff("admin"), g.staff("coordinator")
    live = f"/console/emergencies/{new.emergency}/deployments"
    g.add("nobody has a place", ada.get(live))
    story.says(decision="yes")
    g.add("nobody has a shift", ada.get(live))
    plan = kind_of("call_up_place").example(story.state, g.harness.world.at, "planned")
    hours = {"starts": "00:10", "ends": "08:00", "way": "onsite", "place": "Creek School"}
    for days in (0, 1):
        on = {"day": day(g.harness.world.at, days)}
        story.says(**{**plan, **on, **(hours if days else {"starts": "23:00", "ends": "23:59"})})
    browser = g.browser()
    page = open_task(browser, story)
    g.add("a place with two shifts", page)
    g.add("a shift without an answer", answers(browser, page, {}), 422)
    g.add(
        "a shift that is wrong", answers(browser, page, {"decision": "met", "whom": "family"}), 422
    )
    met = kind_of("call_up_place").example(story.state, g.harness.world.at, "met")
    g.add("an encounter that was recorded", answers(browser, page, met))
    g.add("a place with an encounter", open_task(browser, story))
    g.add("/console/emergencies/deployments", cora.get(live))
    g.add("one emergency with shifts", ada.get(f"/console/emergencies/{new.emergency}"))
    g.add("a shift on behalf", cora.get(f"/console/referrals/{story.reference}/behalf/2"))
    g.add("a deployment's own page", ada.get(f"/console/referrals/{story.reference}"))
    ada.get(f"/console/emergencies/{new.emergency}/report")
    ada.answer({})
    g.harness.run_scheduler()
    g.add("a report with deployments", ada.get(f"/console/emergencies/{new.emergency}/report"))


def training(g: PageCollection) -> None:
    """Cohorts of the training program with who is in them, as staff, a facilitator and a trainee see it."""
    g.begin()
    world = g.harness.world
    cora = g.staff("coordinator")
    g.add("/console/training", cora.get("/console/training"))
    g.add("a cohort without an answer", cora.answer({}), 422)
    cohort = entered_cohort(world)
    own = f"/console/training/cohorts/{cohort.id}"
    g.add("a cohort without anybody", cora.get(own))
    one = enrolled(world)
    g.harness.settle()
    small_groups.add(SmallGroup("blue", cohort.id, "Blue", FACILITATOR))
    meeting = planned_meetings(world, cohort.id)[0]
    planned_meetings(world, "blue")
    g.add("a cohort", cora.get(own))
    g.add("a practicum to begin", cora.get(f"/console/training/practicums/{one}"))
    g.add("a practicum without a guide", cora.answer({}), 422)
    cora.get(f"/console/training/practicums/{one}")
    cora.answer({"facilitator": "elena-vartan", "until": "2030-06-30"})
    g.harness.settle()
    g.add("a practicum", cora.get(f"/console/training/practicums/{one}"))
    g.add("practicums", cora.get("/console/training/practicums"))
    g.add("a cohort narrowed", cora.get(f"{own}?lacks=sessions"))
    for way in ("change", "enroll", "requirements", "coursework", "coursework/journal", "sessions",
                "groups", "groups/blue"):  # fmt: skip
        g.add(f"a cohort/{way}", cora.get(f"{own}/{way}"))
    theirs = f"/console/training/trainees/{one}"
    g.add("a trainee", cora.get(theirs))
    for way in ("change", "record", "place"):
        g.add(f"a trainee/{way}", cora.get(f"{theirs}/{way}"))
    g.add("a trainee's case", cora.get(f"/console/referrals/{one}"))
    g.add("/console/training/meetings", cora.get("/console/training/meetings"))
    for way in ("", "/change", "/cancel", "/attendance", "/called"):
        g.add(
            f"training: a session{way}", cora.get(f"/console/training/meetings/{meeting.id}{way}")
        )
    given(one, "blue", world.at)
    g.harness.settle()
    link = desk.address(cohort, FACILITATOR).rpartition("/training-desk/")[2]
    browser = g.browser()
    g.add("a facilitator's page", browser.get(f"/training-desk/{link}"))
    g.add("a facilitator's trainee", browser.get(f"/training-desk/{link}/{one}"))
    g.add("a facilitator's trainee without an answer", browser.answer({}), 422)
    decides(one, {"decision": "end", "why": "own_wish"}, world.at, "end")
    g.add("a trainee who left", cora.get(theirs))
    g.add("a trainee/again", cora.get(f"{theirs}/again"))
    g.add("opened again without a word", cora.answer({"note": ""}), 422)
    g.add("a facilitator's page that is closed", browser.get(f"/training-desk/{link[:-1]}a"), 410)


def applications(g: PageCollection) -> None:
    """The applications of a cohort, from the public form to the offers."""
    g.begin()
    world, browser = g.harness.world, g.browser()
    g.add("/training without a cohort", browser.get("/training"))
    program(world, places=1)
    g.add("/training", browser.get("/training"))
    g.add("an application without an answer", browser.answer({}), 422)
    browser.get("/training")
    g.add("an application that is kept", browser.answer({"motivation": "I"}, _keep="1"))
    half = {"motivation": "I", "email": "ana@example.org"}
    g.add("an application that is kept and mailed", browser.answer(half, _keep="1"))
    way = re.findall(r"/training/back/[a-z0-9-]+", world.mails[-1].text)[0]
    g.add("/training/back", g.browser().get(way))
    browser.get("/training")
    g.add("/training/sent", browser.answer(APPLIED))
    g.add("an application's way back that is over", browser.get(way), 410)
    first, second = (applies(world) for _ in range(2))
    g.harness.settle()
    declares(world, first, REVIEWERS[0])
    g.harness.settle()
    two_score(g.harness, Story(g.harness, first))
    browser.get("/training")
    phone = {**APPLIED, "email": "", "phone": "209-555-0142"}
    g.add("an application by phone alone", browser.answer(phone))
    sofia = g.staff("specialist")
    g.add("an application for a caller", sofia.get("/console/training/apply"))
    g.add("an application for a caller without an answer", sofia.answer({}), 422)
    sofia.get("/console/training/apply")
    called = {**phone, "phone": "209-555-0143", "letters_language": "es"}
    g.add("an application for a caller that is taken", sofia.answer(called))
    own = "/console/training/cohorts/fall"
    sam = g.staff("supervisor")
    g.add("reviewers of a cohort", sam.get(f"{own}/reviewers"))
    g.add("reviewers without an answer", sam.answer({"reviewers": []}), 422)
    g.add("rubrics", sam.get("/console/training/rubric"))
    g.add("a rubric without an answer", sam.answer({}), 422)
    g.add("applications of a cohort", sam.get(f"{own}/applications"))
    sam.answer({})
    g.harness.run_scheduler()
    g.add("applications with an offer", sam.get(f"{own}/applications"))
    g.add("an application", sam.get(f"/console/referrals/{first}"))
    there = f"/console/training/applications/{second}/withdraw"
    g.add("an application to withdraw for a caller", sam.get(there))
    g.add("an application to withdraw without an answer", sam.answer({}), 422)
    link = own_page.address(second).rpartition("/application/")[2]
    browser.get(f"/training/application/{link}")
    g.add("an application of one's own", browser.get(f"/training/application/{link}"))
    g.add("an own application without an answer", browser.answer({}), 422)
    browser.get(f"/training/application/{link}")
    g.add("an application that is withdrawn", browser.answer({"decision": "withdraw"}))


# What somebody says who applies for the training program.
APPLIED = {
    "motivation": "I want to help those who care for young children.",
    "experience": "Ten years in a family child care home.",
    "spoken_es": "work",
    "county": "fresno",
    "settings": ["fcch_small"],
    "availability": ["evenings"],
    "name": "Rosa Diaz",
    "email": "rosa.diaz@example.org",
}
ROOMS = (
    console,
    one_record,
    by_phone,
    keyed_in,
    house,
    helpline,
    communities,
    call_ups,
    training,
    applications,
)
