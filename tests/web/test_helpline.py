"""The helpline's pages: a call in few key strokes, who is calling, and all that follows from it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from chalice.test import Client

from chalicelib.directory import emergencies
from chalicelib.directory.emergencies import Emergency
from chalicelib.domain import vocabulary
from chalicelib.domain.calendar import pacific_date
from chalicelib.services.helpline import contacts, form
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.services.helpline.events import CONTACT_LOGGED
from chalicelib.workflow.lists import records
from chalicelib.workflow.storage import store
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.world import World

CALL = "/console/helpline/call"
SHORT = {
    "county": "fresno",
    "language": "en",
    "role": "teacher",
    "setting": "center",
    "topic": "challenging_behavior",
    "disposition": "resolved_on_contact",
    "channel": "phone",
    "repeat": "not_asked",
}


@pytest.fixture
def sofia(world: World, client: Client) -> Browser:
    """A specialist who takes calls."""
    return signed_in(world, client, "specialist")


def logged(browser: Browser, **more: str) -> Page:
    """A call is written down."""
    browser.get(CALL)
    return press(browser, CALL, **(SHORT | more))


def kept(world: World) -> list[HelplineContact]:
    """Today's contacts."""
    return contacts.of_day(pacific_date(world.at))


class _Order(HTMLParser):
    """What the keyboard reaches in the call's form, in order, from where the page puts the focus."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.stops: list[tuple[str, list[str]]] = []
        self.start = -1
        self._inside = False
        self._options: list[str] | None = None
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == "call"
        if not self._inside or found.get("type") == "hidden":
            return
        if tag in ("select", "input", "textarea", "button"):
            if "autofocus" in found:
                self.start = len(self.stops)
            self.stops.append((found.get("name") or tag, []))
            self._options = self.stops[-1][1] if tag == "select" else None

    def handle_data(self, data: str) -> None:
        if self._options is not None and data.strip():
            self._options.append(data.strip())

    def strokes(self, chosen: dict[str, str]) -> int:
        """Key strokes for a call: a Tab to each next stop up to the button, its first letter again and
        again until a list shows the answer, and Enter."""
        count = 0
        for name, options in self.stops[self.start :]:
            if name in chosen:
                label = chosen[name]
                alike = [one for one in options if one[0] == label[0]]
                count += alike.index(label) + 1
            if name == "button":
                return count + 1
            count += 1
        raise AssertionError("no button")


@pytest.mark.promise("helpline-short-call")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_shortest_honest_call_takes_at_most_fourteen_key_strokes(
    world: World, client: Client, lang: str
) -> None:
    from chalicelib.web.languages import translator

    page = signed_in(world, client, "specialist", lang).get(CALL)
    order = _Order(page.body)
    assert order.stops[order.start][0] == "county", "the county is typed, and the focus is there"
    _ = translator(lang)
    labels: dict[str, dict[str, str]] = {
        "role": vocabulary.REQUESTER_ROLES,
        "setting": vocabulary.SETTINGS,
        "topic": form.TOPICS,
        "disposition": vocabulary.DISPOSITIONS,
    }
    for calls in (SHORT, SHORT | {"role": "owner_licensee", "setting": "fcch_small"}):
        chosen = {name: _(words[calls[name]]) for name, words in labels.items()}
        assert order.strokes(chosen) <= 14
    assert logged(signed_in(world, client, "specialist", lang)).status == 200


@pytest.mark.promise("helpline-anonymous")
def test_nobody_has_to_say_who_they_are_and_nothing_of_them_is_kept(
    world: World, sofia: Browser
) -> None:
    page = logged(sofia)
    assert "The call is written down." in page.text
    (one,) = kept(world)
    assert (one.name, one.phone, one.email) == ("", "", "")
    assert (one.county, one.role, one.topics) == ("fresno", "teacher", ("challenging_behavior",))
    assert one.by == "staff:sofia-south"
    page = sofia.get(f"/console/helpline/contacts/{one.key}")
    assert "They did not say who they are." in page.text


def test_a_call_in_which_nobody_spoke_asks_for_nothing_else(world: World, sofia: Browser) -> None:
    sofia.get(CALL)
    press(sofia, CALL, language="en", disposition="abandoned", channel="phone", repeat="not_asked")
    assert [one.disposition for one in kept(world)] == ["abandoned"]


@pytest.mark.promise("child-never-named")
def test_the_guard_reads_what_is_written_of_a_call(world: World, sofia: Browser) -> None:
    page = logged(sofia, unmet_note="Mateo, born 3/4/2023, needs a speech therapist")
    assert page.errors == ["unmet_note"] and not kept(world)


def test_a_live_hand_over_says_to_whom_and_whether_it_was_accepted(
    world: World, sofia: Browser
) -> None:
    page = logged(sofia, disposition="warm_transfer_not_accepted")
    assert page.errors == ["hand_over_to"]
    logged(sofia, disposition="warm_transfer_not_accepted", hand_over_to="crisis_988")
    (one,) = kept(world)
    assert (one.disposition, one.hand_over_to) == ("warm_transfer_not_accepted", "crisis_988")


@pytest.mark.promise("helpline-safety")
def test_of_a_safety_concern_type_time_role_and_done_are_kept_and_the_words_stand_on_the_page(
    world: World, sofia: Browser
) -> None:
    page = sofia.get(CALL)
    assert (
        "call 911 now" in page.text and "llame al 911" in page.text and "we call 988" in page.text
    )
    logged(sofia, protocol="self_harm_988", protocol_done="yes", disposition="crisis_redirect")
    (one,) = kept(world)
    assert (one.protocol, one.protocol_done, one.role_of_staff) == (
        "self_harm_988",
        "yes",
        "specialist",
    )


@pytest.mark.promise("helpline-knows-callers")
def test_who_is_known_is_found_beside_the_form_and_the_look_is_logged(
    world: World, sofia: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    reference = world.submit(contact_name="Rosa Díaz")
    sofia.get(CALL)
    with caplog.at_level("INFO"):
        page = press(sofia, CALL, _find="1", q="rosa diaz")
    assert page.status == 200 and reference in page.text and "Rosa Díaz" in page.text
    assert not kept(world), "looking writes nothing"
    found = [r for r in caplog.records if r.getMessage() == "contacts found"]
    assert found and reference in found[-1].referrals  # type: ignore[attr-defined]
    press(sofia, CALL, **SHORT, case=reference, q="rosa diaz")
    (one,) = kept(world)
    assert one.case == reference
    entry = store.log(store.load(reference))[-1]
    assert (entry.event, entry.actor) == (CONTACT_LOGGED, "staff:sofia-south")
    page = sofia.get(f"/console/referrals/{reference}")
    assert "They were in touch with the helpline about it." in page.text
    assert "Answered on the call" in page.text
    page = press(sofia, CALL, _find="1", q="rosa diaz") if sofia.get(CALL) else page
    assert "Answered on the call" in page.text, "the history stands beside the form"


@pytest.mark.promise("helpline-knows-callers")
def test_who_called_before_and_has_no_request_is_found_too_in_ones_own_counties(
    world: World, client: Client, sofia: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    records.forget()
    logged(sofia, name="Maribel Ochoa", phone="626-555-0170")
    sofia.get(CALL)
    with caplog.at_level("INFO"):
        page = press(sofia, CALL, _find="1", q="(626) 555 0170")
    (path,) = [link for link in page.links if "/console/people/" in link]
    assert "Maribel Ochoa" in page.text and "Nobody fits" not in page.text
    found = [r for r in caplog.records if r.getMessage() == "contacts found"]
    assert found and path in vars(found[-1])["records"]
    assert "Answered on the call" in sofia.get(path).text
    nina = signed_in(world, client, "specialist", who="nina-north")
    nina.get(CALL)
    assert "Nobody fits" in press(nina, CALL, _find="1", q="(626) 555 0170").text


def test_a_press_counts_once(world: World, sofia: Browser) -> None:
    page = sofia.get(CALL)
    for _ in range(3):
        sofia.post(CALL, {"_nonce": page.hidden["_nonce"], **SHORT})
    assert len(kept(world)) == 1


EVERYTHING = SHORT | {
    "language": "es",
    "disposition": "converted_to_request",
    "repeat": "repeat",
    "interpreter": "yes",
    "topics": "staff_stress_turnover",
    "unmet": "sooner",
    "unmet_note": "Somebody this week",
    "protocol": "other_safety",
    "protocol_done": "yes",
    "name": "Rosa Díaz",
    "phone": "559-555-0142",
    "email": "rosa@example.org",
}


@pytest.mark.promise("helpline-becomes-request")
def test_open_a_request_carries_every_answer_over_attributed(world: World, sofia: Browser) -> None:
    page = logged(sofia, **EVERYTHING)
    assert page.path.startswith("/console/new?call="), page.path
    filled = set(re.findall(r'value="([^"]+)"(?: checked| selected)', page.body))
    assert {"fresno", "teacher", "challenging_behavior", "staff_stress_turnover", "es"} <= filled
    for typed in ("Rosa Díaz", "rosa@example.org", "559-555-0142"):
        assert typed in page.body
    (one,) = kept(world)
    from tests.web.conftest import CENTER

    answers = {**CENTER, "came_by": "phone", "county": "fresno", "contact_phone": "559-555-0142"}
    answers |= {"contact_name": "Rosa Díaz", "contact_email": "rosa@example.org"}
    page = sofia.answer(answers)
    (one,) = kept(world)
    assert one.became, page.text[:300]
    told = sofia.get(f"/console/referrals/{one.became}").text
    for words in ("Somebody this week", "Help sooner than we can", "They were in touch before"):
        assert words in told, "what no question asks for stands on the timeline"
    entries = store.log(store.load(one.became))
    assert {e.actor for e in entries if e.event == CONTACT_LOGGED} == {"staff:sofia-south"}


@pytest.mark.promise("helpline-texts")
def test_what_to_say_is_written_by_staff_version_by_version(world: World, sofia: Browser) -> None:
    path = "/console/helpline/scripts"
    sofia.get(f"{path}?topic=opening")
    sofia.answer({"words_en": "Hello.", "words_es": "Hola."})
    stale = dict(sofia.page.hidden)
    sofia.answer({"words_en": "Hello, how are you?", "words_es": "Hola, ¿cómo está?"})
    page = sofia.get(CALL)
    assert "Hello, how are you?" in page.text and "Hola, ¿cómo está?" in page.text
    late = sofia.post(path, {**stale, "words_en": "Old", "words_es": "Viejo"})
    assert late.status == 422 and "Somebody else has just changed it." in late.text
    page = sofia.get(f"{path}?topic=opening")
    assert "Version 1" in page.text and "Version 2" in page.text and "Version 3" not in page.text


@pytest.mark.promise("helpline-texts")
def test_a_resource_is_read_aloud_or_mailed_in_the_callers_language(
    world: World, sofia: Browser
) -> None:
    sofia.get("/console/helpline/resources")
    sofia.answer(
        {
            "title_en": "Demo sheet", "title_es": "Hoja de muestra", "words_en": "Breathe out.",
            "words_es": "Exhale despacio.", "link": "https://example.org/demo",
        }
    )  # fmt: skip
    page = sofia.get(CALL)
    assert "Breathe out." in page.text
    (offered,) = re.findall(r'name="resources"[^>]*value="([^"]+)"', page.body)
    assert logged(sofia, resources=offered).errors == ["email"]
    logged(sofia, resources=offered, email="rosa@example.org", language="es")
    (mail,) = world.mails
    assert mail.to == "rosa@example.org" and "Exhale despacio." in mail.text
    assert "https://example.org/demo" in mail.text


@pytest.mark.promise("helpline-figures")
def test_the_consoles_first_page_says_how_the_day_went(
    world: World, sofia: Browser, client: Client
) -> None:
    logged(sofia, unmet="language")
    world.at += 60
    sofia.get(CALL)
    press(sofia, CALL, language="en", disposition="abandoned", channel="phone", repeat="not_asked")
    page = sofia.get("/console")
    told = page.text[page.text.index("Helpline today") :]
    for words in ("Answered 1", "Left before we could talk 1", "Answered on the call: 1"):
        assert words in told, told[:400]
    assert "Their language: 1" in told
    world.at += 86400
    tomorrow = signed_in(world, client, "specialist").get("/console").text
    assert "Answered 0" in tomorrow[tomorrow.index("Helpline today") :]


@pytest.mark.promise("another-id-looks-missing")
def test_answers_of_another_county_are_for_whoever_wrote_them_down_alone(
    world: World, client: Client
) -> None:
    from tests.web.staff import becomes

    becomes(world, "sofia-south", counties=["los_angeles"])
    mine = signed_in(world, client, "specialist")
    logged(mine, disposition="converted_to_request")
    assert mine.page.status == 200 and "fresno" in mine.page.body
    (one,) = kept(world)
    becomes(world, "nina-north", counties=["alameda"])
    other = signed_in(world, client, "specialist", who="nina-north")
    assert other.get(f"/console/new?call={one.key}&setting=center").status == 404
    assert other.get(f"/console/helpline/contacts/{one.key}").status == 404
    assert one.key not in other.get("/console/helpline").body


def test_a_declared_emergency_stands_on_the_pages_of_the_helpline_at_once(
    world: World, sofia: Browser, client: Client
) -> None:
    fire = Emergency(
        counties=("butte",), since=world.at, until="2026-12-31", reason="wildfire", by="x"
    )
    emergencies.declare(fire)
    for browser, path in ((sofia, CALL), (Browser(client), "/helpline")):
        assert browser.get(path).text.count("Butte.") == 1, path
        assert "Call 911. In a crisis" not in browser.page.text, "the head of the page says it"
    (short,) = [link for link in sofia.page.links if "incident=" in link]
    assert f'value="{fire.id}" checked' in sofia.get(short).body


def test_a_call_from_a_declared_emergency_becomes_a_request_by_the_short_form(
    world: World, sofia: Browser
) -> None:
    fire = Emergency(("fresno",), world.at, "2026-12-31", "wildfire", "x")
    emergencies.declare(fire)
    page = logged(sofia, **EVERYTHING)
    assert 'value="center" checked' in page.body and f'value="{fire.id}" checked' not in page.body
    page = sofia.get(f"{page.path}&setting=center&incident={fire.id}")
    assert "There is an emergency where you are" in page.text
    assert "Rosa Díaz" in page.body and "support_wanted" not in page.names


def test_the_record_of_a_person_says_what_each_call_was_about_and_what_came_of_it(
    world: World, sofia: Browser
) -> None:
    logged(sofia, topics="own_request", phone="559-555-0142")
    (one,) = kept(world)
    words, page = contacts.tell([one.key, "0000000001-" + "0" * 16], "en")[one.key]
    assert words.endswith("A request that they sent; Answered on the call")
    assert words.count(";") == 2 and page == f"/console/helpline/contacts/{one.key}"
