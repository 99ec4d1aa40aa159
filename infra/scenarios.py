"""The scenarios of the demo: what happens to a referral, and the outcome that it must have."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from infra import seed_data
from infra.answers import ACCEPTED, AGREED, BY_PHONE, DECLINED, SURVEYED, TRIAGED
from infra.case import FFN, Case, day
from infra.player import Scanner, Unexpected


def happy_path(case: Case, sessions: int = 4) -> None:
    """1: center, English, goals met, survey, follow-up after 30 days."""
    case.request()
    case.matched()
    case.in_service(sessions)
    case.sessions(sessions)
    case.summed_up()
    case.sees("Closed")
    case.followed_up()


def spanish_ffn(case: Case) -> None:
    """2: FFN in Spanish, online; the first consultant declines, the second accepts."""
    case.request(**FFN)
    case.matched(DECLINED, ACCEPTED)
    case.in_service()
    case.sessions()
    case.summed_up()
    case.sees("Cerrada", "Cerrado", "Terminada")


def nobody_answers(case: Case) -> None:
    """3: reminder, the next consultant, three misses, and the coordinator assigns."""
    case.request()
    case.task("tier confirmed", TRIAGED)
    asked = [case.skip("offer") for _ in range(3)]
    if len(set(asked)) != 3:
        raise Unexpected(f"the same consultant was asked twice: {asked}")
    case.box.wait(
        "reminder",
        30,
        lambda m: case.reference in m["subject"] and "reminder" in m["text"].lower(),
    )
    case.say("a reminder went out")
    case.n += 1
    link, to = case.box.link(case.reference, case.n)
    with case.at_home(to) as person:
        person.open_task(link, case.code_for(to))
        first = person.page.select_one('[name="consultant"]')
        if first is None:
            raise Unexpected("the coordinator has nobody to choose")
        choice = {"decision": "assign", "consultant": first["value"]}
        person.fill("#task", choice).press()
    case.say(f"assigned by {to.split('@')[0]}")
    case.n += 1
    case.box.link(case.reference, case.n)
    case.sees("Consultant found")


def not_eligible(case: Case) -> None:
    """4: asks only for what the Network does not do; confirmed, with other places to turn to."""
    case.request(outside_scope=["therapy"])
    confirm = {
        "decision": "redirected_local",
        "alternatives": ["helpline", "local_agency"],
        "note": "Demo: asks for therapy",
    }
    case.task("confirmed by a person", confirm)
    letter = case.box.about(case.reference, "1-800-543-7793")
    if "1-877-524-2422" not in letter["text"]:
        raise Unexpected("the letter names no helpline")
    case.say("the letter names other places to turn to")
    case.sees("Closed")


def withdrawn(case: Case) -> None:
    """5: the provider withdraws in the middle of the service; the consultant is told."""
    case.request()
    case.matched()
    case.in_service()
    case.session(1)
    link, to = case.box.link(case.reference, case.n)
    case.withdraw()
    case.box.wait(
        "the consultant is told",
        30,
        lambda m: case.reference in m["subject"] and to in m["to"] and "/t/" not in m["text"],
    )
    case.say("the consultant was told")
    page = case.person().open(link)
    if page.page.select('form#task [name="happened"]'):
        raise Unexpected("the old link still takes answers")
    case.say("the old link takes no answer anymore")
    case.sees("Closed")


def stepped_up(case: Case) -> None:
    """8: universal support, "did not help" after two weeks, consultation under the same number."""
    case.request(
        concerns=["staff_stress_turnover"],
        support_wanted=["peer_reflection"],
        focus=["caregiver_wellbeing"],
    )
    case.task("universal support confirmed", TRIAGED)
    case.n += 1  # the two weeks ask nobody
    case.task("two weeks later: it did not help", {"decision": "not_helped"}, seconds=90)
    case.task("stepped up to consultation", TRIAGED)
    case.task("offer: accept", ACCEPTED)
    case.sees("Consultant found")


def asked_for_more(case: Case) -> None:
    """7: the specialist asks for two facts, the provider answers by link, the run goes on."""
    case.request(children_enrolled="", classroom="")
    more = {"talked": "email", "decision": "ask_provider"}
    case.task("two facts are missing", {**more, "ask_fields": ["children_enrolled", "classroom"]})
    case.sees("waiting for your answers", "Checking")
    case.task(
        "the provider answers",
        {"children_enrolled": "18", "classroom": "Green room", "complete": "yes"},
    )
    case.matched()
    case.sees("Consultant found")


def on_leave(case: Case) -> None:
    """9: the consultant goes on leave mid-service; the work goes to somebody else."""
    case.request(county="fresno", city="Fresno", zip="93701")
    case.matched()
    case.in_service()
    case.session(1)
    old, before = case.box.link(case.reference, case.n)
    staff = case.staff("coordinator").open(f"/console/consultants/{before.split('@')[0]}")
    own = "to_" + case.reference.replace("-", "_")
    answers = {
        "what": "leave",
        "leave_from": day(),
        "leave_until": day(60),
        "note": "Demo: knows the room and the plan, goes on with session two",
    }
    for field in staff.page.select("#away select"):
        choices = [o["value"] for o in field.select("option") if o["value"]]
        answers[field["name"]] = choices[0] if field["name"] == own else "keep"
    staff.fill("#away", answers).press()
    if "Not done" in staff.text:
        raise Unexpected(f"not moved: {staff.text[:400]}")
    case.say(f"on leave: {before.split('@')[0]}; moved")
    case.box.wait(
        "the new one",
        30,
        lambda m: (
            case.reference in m["subject"]
            and before not in m["to"]
            and "/t/" in m["text"]
            and f"-{case.n}-" in m["text"]
        ),
    )
    page = case.person().open(old)
    if page.page.select('#task [name="happened"]'):
        raise Unexpected("the old link still takes answers")
    case.say("the link of the one on leave takes no answer anymore")
    for number in (2, 3, 4):
        case.session(number, last=number == 4, as_planned=number > 2)
    case.summed_up()
    case.sees("Closed")


def disaster(case: Case) -> None:
    """10: a county in a declared emergency: emergency support, its own clocks, its own roster."""
    staff = case.staff("admin").open("/console/emergencies")
    declared = {
        "counties": "butte",
        "reason": str(staff.page.select_one('[name="reason"]')["value"]),
        "until": day(20),
        "note": "Demo: the county declared a local emergency today",
    }
    staff.fill("#declare", declared).press()
    case.say("emergency declared for the county")
    case.request(county="butte", city="Chico", zip="95926")
    case.task("emergency support confirmed", TRIAGED)
    to = case.task("offer: accept", ACCEPTED)
    row = next(c for c in seed_data.consultants() if c["id"] == to.split("@")[0])
    if not row.get("emergency_roster"):
        raise Unexpected(f"{to} is not on the emergency roster")
    page = case.staff("admin").open(f"/console/referrals/{case.reference}")
    facts = " ".join(one.get_text(" ") for one in page.page.select("dl.facts"))
    if facts.count("Emergency") < 2:
        raise Unexpected("the console shows neither emergency support nor its clocks")
    case.say("on emergency clocks, with somebody of the roster")
    case.sees("Consultant found")


def bounced(case: Case) -> None:
    """13: the first letter comes back; the address is repaired and everything goes on."""
    case.request(contact_email=f"bounce+{secrets.token_hex(3)}@simulator.amazonses.com")
    good = f"provider-repaired-{secrets.token_hex(2)}@example.org"
    found = {"talked": "phone", "decision": "new", "email": good}
    case.told("the address is repaired", "address", found)
    case.email = good
    case.box.wait(
        "the receipt at the right address",
        40,
        lambda m: case.reference in m["subject"] and good in m["to"],
    )
    case.say("the letters that came back went out again")
    case.told("tier confirmed", "decide on the support", TRIAGED)
    case.n = 2
    case.task("offer: accept", ACCEPTED)
    case.talked()
    case.task("agreement signed", {"decision": "agreed", "signed_name": "Demo Provider"})


def without_email(case: Case) -> None:
    """14: somebody without email, in Spanish: letters are said, answers written down, to the end."""
    case.request(**FFN, **BY_PHONE)
    case.said_by_phone()
    case.asked()
    case.task("tier confirmed", TRIAGED)
    case.asked()
    case.task("offer: accept", ACCEPTED)
    case.talked()
    case.recorded("agreement read and agreed to", AGREED, "read_aloud")
    case.asked()
    case.planned()
    case.recorded("action plan read and agreed to", {"decision": "agreed"}, "read_aloud")
    case.asked()
    case.n += 1
    case.sessions()
    case.summed_up()
    case.recorded("survey answered", SURVEYED)
    case.said_by_phone()
    staff = case.staff("supervisor").open(f"/console/referrals/{case.reference}/status")
    if not any(word in staff.text for word in ("Cerrada", "Terminada")):
        raise Unexpected(f"staff cannot tell how it ended: {staff.text[:300]}")


def scanned(case: Case) -> None:
    """12: a mail gateway opens every link and submits every form, then the person does the same."""
    scanner = Scanner()
    case.before_opening = scanner.visit
    case.request()
    case.matched()
    case.in_service()
    case.sessions()
    case.summed_up()
    case.sees("Closed")
    case.say(f"the scanner opened {scanner.visits} links and submitted {scanner.forms} forms")
    if not scanner.forms:
        raise Unexpected("the scanner found no form to submit")


# -- where referrals wait when a stack ends, and how they go on --------------------------------------
Act = Callable[[Case], None]


def _to_triage(case: Case) -> None:
    case.request()
    case.box.link(case.reference, 1)
    case.say("waits for the specialist")


def _from_triage(case: Case) -> None:
    case.matched(ACCEPTED)
    case.in_service()
    _from_sessions(case)


def _to_offer(case: Case) -> None:
    case.request()
    case.task("tier confirmed", TRIAGED)
    case.box.link(case.reference, 2)
    case.say("waits for the consultant to accept")


def _from_offer(case: Case) -> None:
    case.task("offer: accept", ACCEPTED)
    case.in_service()
    _from_sessions(case)


def _to_agreement(case: Case) -> None:
    case.request()
    case.matched()
    case.talked()
    case.box.link(case.reference, case.n + 1)
    case.say("waits for the provider to agree")


def _from_agreement(case: Case) -> None:
    case.agreed()
    _from_sessions(case)


def _to_sessions(case: Case) -> None:
    case.request()
    case.matched()
    case.in_service()
    case.box.link(case.reference, case.n)
    case.say("waits for the sessions")


def _from_sessions(case: Case) -> None:
    case.sessions()
    case.summed_up()
    case.sees("Closed")


def _to_summary(case: Case) -> None:
    _to_sessions(case)
    case.sessions()
    case.next_is_asked()
    case.say("waits for the closing summary")


def _from_summary(case: Case) -> None:
    case.summed_up()
    case.sees("Closed")


AT_TRIAGE = (_to_triage, _from_triage)
AT_OFFER = (_to_offer, _from_offer)
AT_AGREEMENT = (_to_agreement, _from_agreement)
AT_SESSIONS = (_to_sessions, _from_sessions)
AT_SUMMARY = (_to_summary, _from_summary)
FIVE_STAGES: list[tuple[Act, Act]] = [AT_TRIAGE, AT_OFFER, AT_AGREEMENT, AT_SESSIONS, AT_SUMMARY]
