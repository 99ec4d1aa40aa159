"""Staff give a referral to another consultant, and see to the work of those who go away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.directory import people
from chalicelib.domain.calendar import local
from chalicelib.referral.matching import consultant_leave, consultants_page
from chalicelib.workflow.storage import store
from tests import episode
from tests.web.conftest import Browser, Page
from tests.web.staff import press, signed_in
from tests.world import World

NOTE = "They like short calls <b>in the morning</b>."


@pytest.fixture
def cora(world: World, client: Client) -> Browser:
    people.forget()
    return signed_in(world, client, "coordinator")


def day(world: World, days: int) -> str:
    return (local(world.at) + timedelta(days=days)).date().isoformat()


def choices(page: Page, name: str) -> list[str]:
    """The values that a field of the page offers."""
    radios = re.findall(rf'name="{name}"[^>]*value="([^"]+)"', page.body)
    found = re.search(rf'<select[^>]*name="{name}".*?</select>', page.body, re.S)
    return radios or (re.findall(r'<option value="([^"]+)"', found[0]) if found else [])


def row_of(reference: str) -> str:
    return "to_" + reference.replace("-", "_")


def held(world: World) -> dict[str, list[str]]:
    return {c["id"]: c.get("held", []) for c in people.consultants() if c.get("held")}


# -- one referral ----------------------------------------------------------------------------------


@pytest.mark.promise("reassign-with-note")
def test_a_coordinator_gives_a_consultation_to_somebody_else(world: World, cora: Browser) -> None:
    reference = episode.in_service(world)
    old = world.state(reference).consultant
    page = cora.get(f"/console/referrals/{reference}")
    assert f"/console/referrals/{reference}/consultant" in page.body
    page = cora.get(f"/console/referrals/{reference}/consultant")
    assert page.status == 200 and "Consultants who do not fit, and why" in page.text
    options = choices(page, "to")
    assert options[-1] == "look" and old not in options and len(options) > 1
    assert "checked" not in page.body
    path = f"/console/referrals/{reference}/consultant"
    page = press(cora, path, **{"from": old})
    assert page.status == 422 and {"to", "reason", "note"} <= set(page.errors)
    page = press(
        cora, path, **{"from": old, "to": options[0], "reason": "better_fit", "note": NOTE}
    )
    assert page.path == f"/console/referrals/{reference}"
    state = world.state(reference)
    assert (state.consultant, state.previous) == (options[0], old)
    assert "took over from" in page.text and NOTE in page.text
    assert held(world) == {options[0]: [reference]}
    # A tab from before changes nothing, and says how it stands.
    cora.get(path)
    page = press(cora, path, **{"from": old, "to": options[0], "reason": "other", "note": "x"})
    assert page.status == 422 and "not with that consultant anymore" in page.text


@pytest.mark.parametrize("stage", ["in_service", "offered"])
def test_whoever_has_it_now_is_not_among_those_who_could_take_it_over(
    world: World, cora: Browser, stage: str
) -> None:
    reference = episode.in_service(world) if stage == "in_service" else world.offered()
    old = world.state(reference).consultant
    name = people.name_of(f"consultant:{old}")
    page = cora.get(f"/console/referrals/{reference}/consultant")
    assert old not in choices(page, "to")
    listed = page.text.partition("Consultants who could serve it")[2]
    assert listed and name not in listed
    assert "ask the provider" not in page.text, "nothing here does that"


@pytest.mark.promise("places-match-work")
def test_somebody_who_is_full_since_the_page_was_shown_is_refused(
    world: World, cora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = episode.talked(world)
    old = world.state(reference).consultant
    path = f"/console/referrals/{reference}/consultant"
    new = choices(cora.get(path), "to")[0]
    from chalicelib.referral.matching import reassign_page

    def full(*given: Any) -> bool:
        raise store.Refused(1)

    monkeypatch.setattr(reassign_page.reassign, "hand_on", full)
    page = press(cora, path, **{"from": old, "to": new, "reason": "leave", "note": NOTE})
    assert page.status == 422 and "no free place anymore" in page.text
    assert "in the morning" in page.body, "what was typed stays"
    assert world.state(reference).consultant == old


def test_a_request_without_a_consultant_has_nothing_to_hand_on(world: World, cora: Browser) -> None:
    reference = world.triaged()
    page = cora.get(f"/console/referrals/{reference}/consultant", follow=False)
    assert page.status == 303
    assert cora.get("/console/referrals/0123-4567-8/consultant").status == 404


# -- everybody --------------------------------------------------------------------------------------


@pytest.mark.promise("leave-needs-destinations")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_list_and_the_pages_speak_both_languages(
    world: World, client: Client, lang: str
) -> None:
    people.forget()
    browser = signed_in(world, client, "supervisor", lang)
    reference = episode.in_service(world)
    key = world.state(reference).consultant
    people.set_fields(
        key, {"on_leave_from": world.at + 86400, "on_leave_until": world.at + 9 * 86400}
    )
    for path in ("/console/consultants", f"/console/consultants/{key}",
                 f"/console/referrals/{reference}/consultant"):  # fmt: skip
        page = browser.get(path)
        assert page.status == 200 and page.lang == lang
        assert len(page.ids) == len(set(page.ids))
    assert browser.get("/console/consultants/nobody").status == 404


@pytest.mark.promise("never-over-the-cap")
def test_offers_are_paused_and_taken_again(world: World, cora: Browser) -> None:
    page = cora.get("/console/consultants/ben-okafor")
    page = press(cora, "/console/consultants/ben-okafor", act="pause")
    assert "Takes no new offers right now." in page.text
    assert people.consultant("ben-okafor")["paused_offers"] is True
    press(cora, "/console/consultants/ben-okafor", act="take")
    assert "paused_offers" not in people.consultant("ben-okafor")
    assert press(cora, "/console/consultants/ben-okafor", act="fly").status == 422


@pytest.mark.promise("ended-stops-offers")
def test_the_page_of_a_consultant_says_what_keeps_offers_from_them(
    world: World, cora: Browser
) -> None:
    people.set_fields(
        "alma-reyes", {"agreement_until": world.at - 1, "credential_until": world.at - 1}
    )
    page = cora.get("/console/consultants/alma-reyes")
    assert "Their agreement with the Network has ended." in page.text
    assert "A certificate or license of theirs has ended." in page.text
    assert "Their agreement with the Network has ended." in cora.get("/console/consultants").text
    people.set_fields("dana-kim", {"active": False})
    assert "Is not active now." in cora.get("/console/consultants/dana-kim").text


def busy(world: World) -> tuple[str, str, str]:
    """Ben with a consultation and an open offer: his id and their references."""
    serving = episode.in_service(world)
    key = world.state(serving).consultant
    others = [c["id"] for c in people.consultants() if c["id"] != key]
    for other in others:
        people.set_fields(other, {"paused_offers": True})
    offer = world.offered()
    for other in others:
        people.set_fields(other, {"paused_offers": None})
    assert world.state(offer).consultant == key
    return key, serving, offer


@pytest.mark.promise("leave-needs-destinations", "consultant-leaves")
def test_nobody_is_inactive_before_every_consultation_has_a_place_to_go(
    world: World, cora: Browser
) -> None:
    key, serving, offer = busy(world)
    path = f"/console/consultants/{key}"
    page = cora.get(path)
    assert serving in page.text and offer in page.text and "We propose" in page.text
    assert "Offers without an answer go to the next candidate by themselves: 1." in page.text
    page = press(cora, f"{path}/away", what="left", note=NOTE)
    assert page.status == 422 and row_of(serving) in page.errors
    page = press(cora, f"{path}/away", what="left", note=NOTE, **{row_of(serving): "keep"})
    assert page.status == 422 and "do not come back" in page.text
    assert people.consultant(key)["active"] is True
    new = choices(page, row_of(serving))[0]
    old_link = world.link(serving)
    page = press(cora, f"{path}/away", what="left", note=NOTE, **{row_of(serving): new})
    assert page.status == 200 and page.text.count("Not done") == 0
    assert "Goes on with" in page.text and "goes to the next candidate" in page.text
    assert people.consultant(key)["active"] is False
    assert world.state(serving).consultant == new
    assert world.state(offer).consultant == "" and key in world.state(offer).declined
    assert held(world) == {new: [serving]}
    from chalicelib.tasks.link_status import standing

    assert standing(old_link, world.at).stand == "elsewhere"
    late = Browser(cora.client).get(f"/t/{old_link}")
    assert late.status == 410 and "This is now with someone else" in late.text
    assert "Ana" not in late.text and "fresh link" not in late.text
    world.step("ask_offer", offer)
    assert world.state(offer).consultant not in ("", key)


@pytest.mark.promise("consultant-leaves")
def test_what_broke_off_is_pressed_again_and_nothing_is_done_twice(
    world: World, cora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, serving, offer = busy(world)
    path = f"/console/consultants/{key}"
    new = choices(cora.get(path), row_of(serving))[0]
    real = consultant_leave.reassign.hand_on

    def breaks(reference: str, *more: Any) -> bool:
        if reference == serving:
            raise RuntimeError("it does not work")
        return real(reference, *more)

    monkeypatch.setattr(consultant_leave.reassign, "hand_on", breaks)
    page = press(cora, f"{path}/away", what="left", note=NOTE, **{row_of(serving): new})
    assert "Not done" in page.text and "Press again" in page.text
    assert people.consultant(key)["active"] is True
    assert people.consultant(key)["paused_offers"] is True, "no new offer comes meanwhile"
    moved = world.state(offer).version
    monkeypatch.setattr(consultant_leave.reassign, "hand_on", real)
    page = press(cora, f"{path}/away", what="left", note=NOTE, **{row_of(serving): new})
    assert "Not done" not in page.text and people.consultant(key)["active"] is False
    assert world.state(offer).version == moved and world.state(serving).consultant == new


@pytest.mark.promise("leave-needs-destinations")
def test_what_is_proposed_for_several_goes_together(world: World, cora: Browser) -> None:
    first = episode.in_service(world)
    key = world.state(first).consultant
    others = [one["id"] for one in people.consultants() if one["id"] != key]
    for other in others:
        people.set_fields(other, {"paused_offers": True})
    second = episode.in_service(world)
    for other in others:
        people.set_fields(other, {"paused_offers": None})
    assert world.state(second).consultant == key
    for one in people.consultants():
        people.set_fields(one["id"], {"cap": len(one.get("held", [])) + 1})  # one place each
    page = cora.get(f"/console/consultants/{key}")
    proposed = [choices(page, row_of(reference))[0] for reference in (first, second)]
    assert len(set(proposed)) == 2, "there is a place for each of what is proposed"
    chosen = {row_of(first): proposed[0], row_of(second): proposed[1]}
    page = press(cora, f"/console/consultants/{key}/away", what="left", note=NOTE, **chosen)
    assert page.text.count("Goes on with") == 2 and "Not done" not in page.text


@pytest.mark.promise("leave-needs-destinations")
def test_a_leave_keeps_holds_or_moves_each_as_chosen(world: World, cora: Browser) -> None:
    first, second = episode.in_service(world), ""
    key = world.state(first).consultant
    others = [c["id"] for c in people.consultants() if c["id"] != key]
    for other in others:
        people.set_fields(other, {"paused_offers": True})
    second = episode.in_service(world)
    assert world.state(second).consultant == key
    for other in others:
        people.set_fields(other, {"paused_offers": None})
    path = f"/console/consultants/{key}"
    cora.get(path)
    fields = {row_of(first): "keep", row_of(second): "hold"}
    page = press(cora, f"{path}/away", what="leave", note=NOTE,
                 leave_from=day(world, 5), leave_until=day(world, 2), **fields)  # fmt: skip
    assert page.status == 422 and "leave_until" in page.errors
    page = press(cora, f"{path}/away", what="leave", note=NOTE,
                 leave_from=day(world, 1), leave_until=day(world, 20), **fields)  # fmt: skip
    assert page.status == 200 and "Not done" not in page.text
    assert world.state(first).consultant == key and world.state(first).pause is None
    held_up = world.state(second)
    assert held_up.status == "consultant_away" and held_up.pause is not None
    assert local(held_up.pause.until).date().isoformat() == day(world, 21)
    row = people.consultant(key)
    assert row["on_leave_from"] <= world.at + 86400 < row["on_leave_until"]
    assert world.state(world.offered()).consultant != key
    page = press(cora, path, act="return")
    assert "on_leave_until" not in people.consultant(key)


@pytest.mark.promise("places-match-work")
def test_an_offer_in_the_last_second_keeps_them_active_until_it_has_moved(
    world: World, cora: Browser
) -> None:
    reference = world.offered()
    key = world.state(reference).consultant
    assert not consultant_leave.finish(key), "a place is held"
    assert people.consultants() and people.consultant(key)["active"] is True


@pytest.mark.promise("consultant-leaves", "places-match-work")
@pytest.mark.parametrize("stage", list(episode.STAGES))
def test_who_goes_at_any_stage_leaves_nothing_behind(
    world: World, cora: Browser, stage: str
) -> None:
    reference = episode.STAGES[stage](world)
    key = world.state(reference).consultant or "ben-okafor"
    before = world.state(reference)
    cora.get(f"/console/consultants/{key}")
    fields = {row_of(reference): "look"}
    page = press(cora, f"/console/consultants/{key}/away", what="left", note=NOTE, **fields)
    assert page.status == 200 and "Not done" not in page.text
    assert people.consultants() and people.consultant(key)["active"] is False
    assert key not in held(world)
    after = world.state(reference)
    assert after.consultant == "" and after.open
    if before.consultant and before.status != "match_proposed":
        assert (after.stage, after.status, after.previous) == ("match", "tier_assigned", key)
        assert after.generation == before.generation + 1 and after.task is None


def test_the_field_of_a_row_is_named_after_its_reference() -> None:
    from chalicelib.referral.matching.rules import Ranking
    from chalicelib.referral.model import Referral

    empty = Ranking((), (), (), (), (), "")
    case = consultant_leave.Case(Referral(reference="7K3M-9QXA-5"), empty, "")
    assert consultants_page.field_of(case) == "to_7K3M_9QXA_5"
