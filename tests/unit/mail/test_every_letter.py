"""Every letter of every room, in every language: whole, plain, and without what no subject may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.directory import emergencies
from chalicelib.directory import people as directory
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import service_standards
from chalicelib.domain.vocabulary import TIERS
from chalicelib.mail import send_letter
from chalicelib.mail.letters import Letter, compose, spoken
from chalicelib.meetings.groups import listed
from chalicelib.referral.model import Referral, Sessions
from chalicelib.referral.waits import invite
from chalicelib.services.communities import groups, information
from chalicelib.services.communities.groups import Group
from chalicelib.services.communities.model import Seat
from chalicelib.services.communities.season import plan
from chalicelib.services.emergency import call_up
from chalicelib.services.emergency.call_up import CallUp
from chalicelib.services.emergency.call_up_case import CalledUp
from chalicelib.services.helpline.model import PromisedCall
from chalicelib.training import cohort as cohorts
from chalicelib.training.applications.model import Application
from chalicelib.training.cohort import Cohort, Coursework
from chalicelib.training.onboarding.model import Onboarding
from chalicelib.training.renewal import credentials
from chalicelib.training.renewal.credentials import Credential
from chalicelib.training.renewal.model import Renewal
from chalicelib.training.supervision.rule import Threshold
from chalicelib.training.trainees import progress
from chalicelib.training.trainees.model import Trainee
from chalicelib.training.trainees.schedule import lists
from chalicelib.web import languages
from chalicelib.workflow.cases import Contact, Entry, Task
from chalicelib.workflow.effects import Appointment, SendLetter
from chalicelib.workflow.kinds import Kind, every_kind

LIB = Path(__file__).resolve().parents[3] / "chalicelib"
# Those of meetings belong to no case: ``tests/unit/meetings`` looks at them.
LETTERS = sorted(
    f"{p.parent.parent.name}/{p.stem}"
    for p in LIB.glob("**/letters/*.j2")
    if p.parent.parent.name != "meetings"
)
LANGUAGES = languages.languages()
AT = 1_778_000_000
REFERENCE = "7K3M-9QXA-5"
SECRETS = ("Ana Canary", "ana.canary@example.org", "5550142", "Canary Site", "Fresno", "canary")
# To the consultant who has accepted: how to reach the provider.
GIVES_CONTACT = ("delivery/first_contact", "matching/taken_over", "status/session_declined")
# What some letters speak of besides; everything else is in the state.
DATA: dict[str, list[dict[str, Any]]] = {
    "eligibility/other_help": [
        {"reasons": ["No children under six are in care. We serve care from birth to five."],
         "alternatives": ["local_agency", "helpline", "crisis"]},
        {"reasons": [], "alternatives": ["out_of_state"]},
    ],
    "workflow/escalation": [
        {"task": 1, "kind": "triage"}, {"task": 9, "kind": "offer"}, {"task": 1, "kind": "newer"},
    ],
    "delivery/extension_answered": [{"verdict": "approved", "planned": 16}, {"verdict": "declined"}],
    "delivery/paused": [{"until": AT + 86400 * 20}],
    "emergency/paused": [{"until": AT + 86400 * 20}],
    "status/session_declined": [{"moved_from": AT + 86400 * 3}],
    "delivery/pause_ends": [{"until": AT + 86400 * 3}],
    "delivery/plan": [{}, {"again": "changes_asked"}, {"again": "expired"}],
    "trainees/work_returned": [{"item": "journal"}],
    "closure/closed": [{"sessions": 0}],
    "matching/coordinator": [{"asked": 3}],
    "matching/new_consultant": [{"why": "leave"}, {"why": "left"}, {"why": "better_fit"}],
    "matching/leave_pause": [{"since": AT, "until": AT + 864_000}],
    "tasks/recorded": [
        {"for": "provider", "kind": "offer", "verdict": "accepted"},
        {"for": "consultant:c", "kind": "triage", "verdict": "intensive"},
    ],
}  # fmt: skip
AHEAD = {"n": 1, "start": 2 * AT, "end": 2 * AT + 28_800, "way": "virtual", "place": ""}
STATES: dict[str, list[dict[str, Any]]] = {
    "onboarding/agreement": [{}, {"trainee": REFERENCE}],
    "renewal/agreement": [{}, {"ends": 4_000_000_000}],
    **{
        f"renewal/{one}": [
            {"credential": "c1", "what": "credential"},
            {"credential": "c1", "what": "credential", "ends": 4_000_000_000},
        ]
        for one in ("credential", "check")
    },
    **{
        f"renewal/{one}": [{}, {"credential": "c1", "what": "credential"}]
        for one in ("renewed", "lapsed", "not_wanted")
    },
    "eligibility/other_help": [{}, {"closure": "duplicate"}],
    "tiers/triage": [{"tier": ""}, {"tier": "intensive"}],
    "tiers/decided": [{"tier": "intensive"}, {"tier": "emergency", "priority": "stat"}],
    "tiers/check_in": [{}, {"closed": None}],
    "closure/closed": [{"closure": "goals_met"}, {"closure": "site_closed"}],
    "communities/information": [{"languages": ["es"]}, {"languages": ["en"]}],
    "communities/completed": [{"closure": "completed"}, {"closure": "attended_in_part"}],
    "closure/stepped_down": [{"tier": "universal"}, {"tier": "targeted"}],
    "closure/survey": [{"setting": "center"}, {"setting": "fcch_small"}],
    "workflow/escalation": [{}, {"task": None}],
    "trainees/review": [{"wish": "break"}, {}],
    "emergency/place": [{}, {"shifts": [AHEAD]}, {"status": "call_up_last_shifts"}],
}
# Its reminders are the questions after each session: another first line, but no reminder.
ASKS_ANEW = {"delivery/service"}
ABOUT_SESSIONS = ("delivery/session_planned", "delivery/sessions_over")
APPOINTMENT = Appointment(days=((2, AT + 86400),), gone=((3, AT),), minutes=60, mode="virtual")


def kinds() -> dict[str, Kind]:
    return {kind.letter: kind for kind in every_kind().values() if kind.letter}


def a_seat(**more: Any) -> Seat:
    """Of letters about a seat in a Community."""
    task = Task(
        number=1, kind="registration", role="provider", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    contact = Contact(name="Ana Canary", email="ana.canary@example.org", phone="209-5550142")
    seat = Seat(reference=REFERENCE, county="fresno", tasks=1, contact=contact, group="g", met=2)
    return seat.model_copy(update={"task": task, **more})


def a_renewal(**more: Any) -> Renewal:
    """Of letters about an agreement that ends."""
    task = Task(
        number=1, kind="agreement_renewal", role="consultant", assignee="c", opened=AT,
        due=AT + 172_800, expires=AT + 900_000,
    )  # fmt: skip
    made = Renewal(reference=REFERENCE, county="fresno", tasks=1, consultant="c", ends=AT)
    return made.model_copy(update={"task": task, **more})


def an_onboarding(**more: Any) -> Onboarding:
    """Of letters to somebody who is to become a consultant."""
    task = Task(
        number=1, kind="onboarding_agreement", role="candidate", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    contact = Contact(name="Ana Canary", email="ana.canary@example.org", phone="209-5550142")
    made = Onboarding(reference=REFERENCE, county="fresno", tasks=1, contact=contact)
    return made.model_copy(update={"task": task, **more})


def a_state(**more: Any) -> Referral:
    task = Task(
        number=1, kind="triage", role="specialist", assignee="s", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    return Referral(
        reference=REFERENCE,
        county="fresno",
        setting="center",
        submitted=AT,
        closed=AT,
        tasks=1,
        contact=Contact(name="Ana Canary", email="ana.canary@example.org", phone="209-5550142"),
        specialist="s",
        consultant="c",
        sessions=Sessions(planned=4, next=AT + 86400, minutes=60, mode="virtual"),
    ).model_copy(update={"task": task, **more})


# To somebody who has no number yet.
UNNUMBERED = (
    "intake/return",
    "applications/return",
    "certificates/certificate",
    "helpline/resources",
    "communities/desk",
    "communities/desk_over",
    "supervision/confirm",
    "supervision/due",
    "supervision/lapsed",
    "supervision/lapsed_of",
    "mail/digest",
    "matching/own_leave",
)
OF_CALL_UPS = (
    "emergency/call_up",
    "emergency/place",
    "emergency/places_gone",
    "emergency/place_over",
)
OF_CALLS = ("helpline/call_back", "helpline/follow_up", "helpline/promised", "helpline/tell")


def a_call_up(**more: Any) -> CalledUp:
    task = Task(
        number=1, kind="call_up", role="consultant", assignee="c", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    who = CalledUp(reference=REFERENCE, submitted=AT, tasks=1, consultant="c", emergency="e")
    return who.model_copy(update={"task": task, **more})


def an_application(**more: Any) -> Application:
    task = Task(
        number=1, kind="application_offer", role="applicant", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    contact = Contact(name="Ana Canary", email="ana.canary@example.org", phone="209-5550142")
    who = Application(reference=REFERENCE, county="fresno", tasks=1, contact=contact, cohort="f")
    return who.model_copy(update={"task": task, **more})


def a_promised_call() -> PromisedCall:
    task = Task(
        number=1, kind="helpline_call_back", role="specialist", assignee="s", opened=AT,
        due=AT + 172_800, expires=AT + 900_000,
    )  # fmt: skip
    return PromisedCall(
        reference=REFERENCE, submitted=AT, tasks=1, specialist="s", promised=AT + 86400, task=task
    )


def a_trainee(**more: Any) -> Trainee:
    """Of letters about a trainee."""
    task = Task(
        number=1, kind="training", role="trainee", opened=AT, due=AT + 172_800,
        expires=AT + 900_000,
    )  # fmt: skip
    contact = Contact(name="Ana Canary", email="ana.canary@example.org")
    who = Trainee(reference=REFERENCE, county="fresno", tasks=1, contact=contact, cohort="fall")
    return who.model_copy(update={"task": task, "until": AT + 900_000, **more})


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    """One consultant, and links without keys: no letter of these tests needs the table."""
    row = {"id": "c", "name": "Carmen Solis", "email": "c@example.org"}
    session = {
        "title": "Biting",
        "at": AT,
        "link": "https://network.test/open-door/x",
    }
    monkeypatch.setattr(invite, "facts", lambda state, entry, lang: session)
    monkeypatch.setattr(directory, "consultant", lambda key: row)
    one = Credential("c1", "c", "Demo certificate", "Demo school", "https://example.org/1")
    monkeypatch.setattr(credentials, "one_of", lambda consultant, id_: one)
    group = Group("g", "s", "Tuesdays", "es", "consultant:c", 8, 4, AT, AT)
    monkeypatch.setattr(groups, "group", lambda key: group)
    ahead = SimpleNamespace(id="m", at=AT, language="es", full=False)
    monkeypatch.setattr(information, "sessions", lambda at: [ahead])
    monkeypatch.setattr(plan, "ahead", lambda key, at: [SimpleNamespace(at=AT)])
    work = [Coursework("journal", {"en": "Journal", "es": "Diario"})]
    fall = Cohort("fall", "Fall", "2026-05-01", "2027-02-01", 6, "", "", 9, coursework=work)
    monkeypatch.setattr(cohorts, "cohort", lambda key: fall)
    monkeypatch.setattr(progress, "minutes_of", lambda reference: (300, 90))
    monkeypatch.setattr(lists, "ahead", lambda state, at: [SimpleNamespace(at=AT)])
    monkeypatch.setattr(listed, "meetings", lambda group: [])
    fire = Emergency(("fresno",), AT, "2026-12-30", "disaster", "staff:a", name="Creek Fire")
    monkeypatch.setattr(emergencies, "one_of", lambda key: fire)
    sent = CallUp("e", "u", AT, "staff:a", 1, "onsite")
    monkeypatch.setattr(call_up, "find", lambda emergency, key: sent)
    monkeypatch.setattr(send_letter.links, "ticket", lambda *parts: "-".join(map(str, parts)))
    monkeypatch.setattr(send_letter.links, "mint", lambda *parts: "-".join(map(str, parts)).lower())


OF_ROOMS: dict[str, Callable[..., Any]] = {
    "communities": a_seat,
    "applications": an_application,
}


def contexts(name: str, lang: str, *, reminder: bool = False) -> Iterator[dict[str, Any]]:
    """The facts that the outbox gives to a letter, in every case that the letter knows."""
    if name == "communities/desk":
        link = "https://network.test/desk/x"
        yield {
            "reference": "",
            "link": link,
            "due": None,
            "group": "Tuesdays (English)",
            "days": [AT],
        }
        return
    if name == "communities/desk_over":
        for closed in (False, True):
            yield {
                "reference": "",
                "link": None,
                "due": None,
                "group": "Tuesdays (English)",
                "closed": closed,
            }
        return
    if name == "certificates/certificate":
        link = "https://network.test/certificate/x"
        told = {"program": "Consultant Training Program", "code": "7K3M-9QXA-52TV-HB40"}
        yield {"reference": "", "link": link, "due": None, **told}
        return
    if name == "mail/digest":
        first, second = (letters(one, lang)[0].facts for one in ("tiers/triage", "tasks/recorded"))
        yield {"reference": "", "link": None, "due": None, "parts": [first, second]}
        return
    if name == "tasks/mine":
        yield {"reference": REFERENCE, "link": "https://network.test/mine/x", "due": None}
        return
    if name in ("status/code", "tasks/code"):
        yield {"reference": REFERENCE, "link": None, "due": None, "code": "123456"}
        return
    if name in ("intake/return", "applications/return"):
        link = "https://network.test/request/back/abc"
        for reminds in (False, True):
            yield {"reference": "", "link": link, "due": None, "expires": AT, "reminder": reminds}
        return
    if name.startswith("supervision/"):
        asked = Threshold("2026-07-01", "consultants", 720, 365, 120)
        told = {"until": AT, "minutes": 570, "alone": 60, "threshold": asked}
        for n in (1, 3):
            yield {
                "reference": "",
                "link": "https://network.test/mine/x",
                "due": None,
                "n": n,
                **told,
            }
        return
    if name == "matching/own_leave":
        for last in (0, AT + 864_000):
            told = {"first": AT, "last": last, "others": 1, "open": 2}
            yield {"reference": "", "link": "https://network.test/console/x", "due": None, **told}
        return
    if name == "helpline/resources":
        words = {"en": "Breathe out.", "es": "Exhale despacio."}[lang]
        one = {"title": words, "words": words, "link": "https://example.org/demo"}
        yield {"reference": "", "link": None, "due": None, "resources": [one, {**one, "link": ""}]}
        return
    for state in STATES.get(name, [{}]):
        for data in DATA.get(name, [{}]):
            effect = SendLetter(
                letter=name,
                to="provider",
                task=1 if name in kinds() else None,
                reminder=reminder,
                appointment=APPOINTMENT if name in ABOUT_SESSIONS else None,
            )
            entry = Entry(event="x", at=AT, actor="system", command="x", payload=data)
            if name in OF_CALLS:
                yield send_letter.context(a_promised_call(), entry, effect, lang)
                continue
            if name in OF_CALL_UPS:
                yield send_letter.context(a_call_up(**state), entry, effect, lang)
                continue
            if name.startswith("trainees/"):
                yield send_letter.context(a_trainee(**state), entry, effect, lang)
                continue
            if name.startswith("renewal/"):
                yield send_letter.context(a_renewal(**state), entry, effect, lang)
                continue
            if name.startswith("onboarding/"):
                yield send_letter.context(an_onboarding(**state), entry, effect, lang)
                continue
            made = OF_ROOMS.get(name.partition("/")[0], a_state)
            yield send_letter.context(made(**state), entry, effect, lang)


def letters(name: str, lang: str, *, reminder: bool = False) -> list[Letter]:
    return [compose(name, lang, **ctx) for ctx in contexts(name, lang, reminder=reminder)]


# What nobody can do who only hears a letter.
READ_ONLY = re.compile(
    r"https?:|@|\blinks?\b|(?<!one )\bpage\b|\bmessages?\b|e-?mail|attached|\bfile\b|\bwe write to\b"
    r"|\benlaces?\b|(?<!una )\bpágina\b|\bmensajes?\b|correo|adjunto|\barchivo\b|le escrib",
    re.IGNORECASE,
)
NOT_TO_THEM = re.compile(
    r"\{# To (the|a|one) (consultant|specialist|coordinator|supervisor|second|on-call)"
)


def said_to_providers() -> list[str]:
    """The letters that somebody without email hears on the phone."""
    mailed = {"tasks/recorded", "status/changed_for_you", "tasks/mine", "status/address_changed"}
    mailed |= {"helpline/resources", "communities/desk", "communities/desk_over"}
    mailed |= {"certificates/certificate", "mail/texts_lost"}
    found = []
    for name in LETTERS:
        room, _slash, kind = name.partition("/")
        (file,) = LIB.glob(f"**/{room}/letters/{kind}.j2")
        text = file.read_text(encoding="utf-8")
        if not NOT_TO_THEM.match(text) and "code" not in name and name not in mailed:
            found.append(name)
    return [
        name
        for name in found
        if name not in ("intake/return", "applications/return", "safety/flag")
    ]


@pytest.mark.promise("served-without-email")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", said_to_providers())
def test_a_letter_that_is_said_asks_for_nothing_that_only_a_reader_can_do(
    name: str, lang: str, people: Any
) -> None:
    for reminds in (False, True):
        for ctx in contexts(name, lang, reminder=reminds):
            words = spoken(name, lang, **ctx)
            told = "\n".join([words.title, *words.paragraphs])
            assert words.paragraphs[0] and not READ_ONLY.search(told), told


# What somebody in training hears of a home on the phone, from its offer to the summary.
OF_A_HOME = (
    "matching/offer", "matching/offer_over", "delivery/first_contact", "delivery/plan", "delivery/service",
    "closure/summary",
)  # fmt: skip


@pytest.mark.promise("served-without-email")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", OF_A_HOME)
def test_who_is_in_training_and_has_no_email_hears_of_a_home_without_a_page_or_a_link(
    name: str, lang: str, people: Any
) -> None:
    for reminds in (False, True):
        for ctx in contexts(name, lang, reminder=reminds):
            words = spoken(name, lang, **ctx)
            told = "\n".join([words.title, *words.paragraphs])
            # How to reach the provider is their address, and is said.
            assert not READ_ONLY.search(told.replace(SECRETS[1], "")), told


def links(letter: Letter) -> set[str]:
    return set(re.findall(r"https?://[^\s<]+", letter.text))


@pytest.mark.promise("letter-fact-missing")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_composes_with_all_its_facts_in_every_language(
    name: str, lang: str, people: Any
) -> None:
    for letter in letters(name, lang):
        assert letter.text and letter.html
        assert "None" not in letter.text + letter.html
        assert "{" not in letter.text + letter.subject
        assert "%(" not in letter.text + letter.subject
        assert ".." not in letter.text + letter.subject


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_subject_has_the_reference_and_no_name_concern_or_place(
    name: str, lang: str, people: Any
) -> None:
    for letter in letters(name, lang):
        assert REFERENCE in letter.subject or name in UNNUMBERED  # not sent: no number yet
        assert "\n" not in letter.subject
        for secret in (*SECRETS, "Carmen", "123456"):
            assert secret.lower() not in letter.subject.lower()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_says_who_asked_or_where(name: str, lang: str) -> None:
    for letter in letters(name, lang):
        text = (letter.text + letter.html).lower()
        if name in GIVES_CONTACT:
            assert letter.text.count("Ana Canary: ana.canary@example.org · 209-5550142") == 1
            for known in SECRETS[:3]:
                text = text.replace(known.lower(), "")
        for secret in SECRETS:
            assert secret.lower() not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_has_one_link_at_most(name: str, lang: str) -> None:
    for letter in letters(name, lang):
        assert len(links(letter)) <= (2 if name == "mail/digest" else 1)
        hrefs = set(re.findall(r'href="([^"]+)"', letter.html))
        assert hrefs <= links(letter)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_tasks_letter_links_to_the_task_and_says_by_when(
    name: str, lang: str, people: Any
) -> None:
    due = languages.date_words(AT + 172_800, lang)
    for letter in letters(name, lang):
        (link,) = links(letter)
        assert link.startswith("https://network.test/t/")
        assert due in letter.subject
        assert due in letter.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_reminder_says_so_in_its_first_line(name: str, lang: str) -> None:
    said = languages.translator(lang)("This is a reminder.")
    if name not in ASKS_ANEW:
        for letter in letters(name, lang, reminder=True):
            assert letter.text.startswith(said)
    for letter in letters(name, lang):
        assert said not in letter.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_text_and_html_say_the_same(name: str, lang: str) -> None:
    import html

    for letter in letters(name, lang):
        shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", letter.html)).split())
        for line in letter.text.splitlines():
            plain = " ".join(line.removeprefix("- ").split()).removesuffix(":")
            if plain and plain not in ("--", "* * *"):
                assert plain in shown, plain


@pytest.mark.parametrize("name", LETTERS)
def test_spanish_is_not_english(name: str) -> None:
    for english, spanish in zip(letters(name, "en"), letters(name, "es"), strict=True):
        ours = {line for line in english.text.splitlines() if len(line.split()) > 4}
        assert not ours & set(spanish.text.splitlines())


def test_every_letter_that_is_sent_exists_and_every_letter_is_sent() -> None:
    source = "\n".join(p.read_text() for p in LIB.rglob("*.py"))
    named = set(re.findall(r'"([a-z_]+/[a-z_]+)"', source)) & set(LETTERS)
    named |= {f"tiers/{tier}" for tier in TIERS if tier not in ("intensive", "emergency")}
    sent = re.findall(r'letter="([a-z_/]+)"', source)
    assert set(sent) <= set(LETTERS)
    assert set(kinds()) <= set(LETTERS)
    assert named == set(LETTERS)


def test_the_supervisor_reads_what_is_overdue_for_every_kind() -> None:
    unknown = languages.translator("en")("Somebody should answer a question about it.")
    for kind in kinds().values():
        entry = Entry(
            event="escalated", at=AT, actor="clock", command="x",
            payload={"task": 1, "kind": kind.name},
        )  # fmt: skip
        ctx = send_letter.context(
            a_state(), entry, SendLetter(letter="workflow/escalation", to="staff:x"), "en"
        )
        letter = compose("workflow/escalation", "en", **ctx)
        assert unknown not in letter.text, kind.name
        assert REFERENCE in letter.text
        assert languages.date_words(AT, "en") in letter.text


def test_dates_of_a_promise_come_from_the_service_standards() -> None:
    entry = Entry(event="submitted", at=AT, actor="provider", command="x")
    ctx = send_letter.context(
        a_state(), entry, SendLetter(letter="intake/receipt", to="provider"), "en"
    )
    promised = languages.date_words(service_standards.due("triage_call", "routine", AT), "en")
    assert promised in compose("intake/receipt", "en", **ctx).text


def test_a_no_names_its_reasons_and_at_least_one_phone_number() -> None:
    for letter in letters("eligibility/other_help", "en"):
        assert languages.HELPLINE in letter.text
    first = letters("eligibility/other_help", "en")[0].text
    assert "No children under six" in first
    assert languages.REFERRAL_LINE in first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_own_staff_are_not_sent_to_the_helpline(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_letter.task_list_link, "address", lambda who: "https://x.test/mine")
    helpline = languages.HELPLINE
    for to, sent_there in (("staff:x", False), ("consultant:x", True), ("provider", True)):
        effect = SendLetter(letter="workflow/escalation", to=to)
        entry = Entry(event="x", at=AT, actor="clock", command="x", payload=DATA[effect.letter][0])
        told = send_letter.context(Referral(reference=REFERENCE), entry, effect, lang)
        assert (helpline in compose(effect.letter, lang, **told).text) == sent_there


IDLE = re.compile(r"You do not have to do anything|there is nothing to do", re.IGNORECASE)
# Letters that speak of one thing that is over or rests, or to staff: what else is asked stays as it is.
OF_ONE_THING = {
    "applications/return", "closure/ended_told", "closure/reopened", "communities/desk_over", "delivery/handed_over_told",
    "delivery/pause_ends", "delivery/paused", "emergency/paused", "emergency/place_over",
    "emergency/places_gone", "intake/return", "mail/texts_lost", "matching/handed_on", "matching/offer_over",
    "status/address_changed", "status/withdrawn_told",
}  # fmt: skip


def test_a_letter_says_that_there_is_nothing_to_do_only_where_nothing_is_asked() -> None:
    says = set()
    for path in LIB.glob("**/letters/*.j2"):
        name, text = f"{path.parent.parent.name}/{path.stem}", path.read_text()
        free = re.sub(r"\{% if not asked\(\) %\}.*?\{% endif", "", text, flags=re.DOTALL)
        says |= {name} if IDLE.search(free) and not name.startswith("meetings/") else set()
    assert says == OF_ONE_THING
