"""Staff take a child's name out of the case, its log and its plan; the log says where, not what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.aws import dynamodb
from chalicelib.aws.writes import Key, update
from chalicelib.console import redact
from chalicelib.directory import people
from chalicelib.domain.ids import new_reference
from chalicelib.meetings import rows
from chalicelib.referral.model import Referral
from chalicelib.services.helpline import contacts
from chalicelib.services.helpline.contacts import HelplineContact
from chalicelib.workflow import case_types, registry
from chalicelib.workflow.cases import Entry, fold, same_story
from chalicelib.workflow.storage import free_text, keys, store
from tests.meetings import entered, sign
from tests.web.conftest import Browser
from tests.web.staff import signed_in
from tests.workflow.lifecycle import LifecycleHarness, Story, at
from tests.world import World

NAME = "Mateo"
PATH = "/console/referrals/{}/redact"


@pytest.fixture
def story(harness: LifecycleHarness) -> Story:
    """A case in whose request, notes and plan a child is named; the newest note still rides."""
    people.forget()
    found = at(harness, "service")
    reference = found.reference
    wish = ("answers", "anything_else")
    request, plan = update(keys.request(reference)), update(keys.plan(reference))
    dynamodb.write(request.set_at(wish, "Mateo bites. MATEO kicks."))
    dynamodb.write(plan.set_at(("versions", 0, "goals", 0, "text"), "Mateo naps"))
    wrote(reference, "Mateo and Mateos", found.harness.world.at)
    return found


def wrote(reference: str, note: str, when: int) -> Referral:
    return noted(reference, {"note": note}, when)


def noted(reference: str, told: dict[str, str], when: int) -> Referral:
    """An entry that tells this."""

    def decide(state: Referral) -> tuple[Entry, Sequence[Any]]:
        return Entry(
            event="repair_noted", at=when, actor="staff:ada-admin", command=f"n:{state.version}",
            payload=told,
        ), ()  # fmt: skip

    return store.change(reference, decide)


def everything(reference: str) -> str:
    return str(dynamodb.query(keys.case_pk(reference), consistent=True))


def fill(browser: Browser, reference: str, **more: Any) -> dict[str, Any]:
    browser.get(PATH.format(reference))
    chosen = re.findall(r'name="texts" id="[^"]+" value="([^"]+)"', browser.page.body)
    return {**browser.page.hidden, "words": NAME, "texts": chosen, "reason": "child_name", **more}


def confirmed(browser: Browser, reference: str) -> dict[str, Any]:
    """The fields of the preview's form."""
    browser.post(PATH.format(reference), fill(browser, reference))
    texts_ = re.findall(r'name="texts" value="([^"]+)"', browser.page.body)
    return {**browser.page.hidden, "texts": texts_, "_go": "do"}


@pytest.mark.promise("child-never-named", "log-tells-state", "every-change-recorded")
@pytest.mark.parametrize("role", ["admin", "supervisor", "specialist"])
def test_the_words_go_from_request_plan_and_log_and_the_fold_stays(
    client: Client, world: World, story: Story, role: str
) -> None:
    browser = signed_in(world, client, role)
    before = store.log(story.state)
    sent = confirmed(browser, story.reference)
    assert "<mark>[taken out]</mark>" in browser.page.body
    assert NAME in everything(story.reference), "a preview writes nothing"
    page = browser.post(PATH.format(story.reference), sent)
    assert page.status == 200
    left = everything(story.reference)
    assert not re.search(r"mateo\b", left, re.I) and "Mateos" in left
    log = store.log(story.state)
    assert [e.version for e in log] == list(range(1, len(before) + 2))
    assert same_story(fold(Referral, story.reference, log), story.state)
    assert [(e.event, e.changes, e.command) for e in log[:-1]] == [
        (e.event, e.changes, e.command) for e in before
    ]
    entry = log[-1]
    assert (entry.event, entry.reason) == ("redacted", "child_name")
    assert entry.actor.startswith("staff:") and entry.payload["total"] == 4
    assert "taken out of what was written, places: 4" in page.text


@pytest.mark.promise("double-press")
def test_the_same_press_again_writes_no_second_line(
    client: Client, world: World, story: Story
) -> None:
    browser = signed_in(world, client, "admin")
    sent = confirmed(browser, story.reference)
    for _ in range(10):
        browser.post(PATH.format(story.reference), sent)
    assert [e.event for e in store.log(story.state)].count("redacted") == 1


@pytest.mark.promise("crash-anywhere")
def test_a_crash_half_way_is_put_right_by_pressing_again(
    client: Client, world: World, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(world, client, "admin")
    sent = confirmed(browser, story.reference)
    real = free_text._rewrite
    broken: list[str] = []

    def rewrite(key: Key, *rest: Any) -> int:
        if key.sk == keys.REQUEST and not broken:
            broken.append(key.sk)
            raise RuntimeError("gone")
        return real(key, *rest)

    monkeypatch.setattr(free_text, "_rewrite", rewrite)
    assert browser.post(PATH.format(story.reference), sent).status == 500
    assert NAME in everything(story.reference)
    browser.post(PATH.format(story.reference), sent)
    assert not re.search(r"mateo\b", everything(story.reference), re.I)
    assert [e.event for e in store.log(story.state)].count("redacted") == 1


@pytest.mark.promise("concurrent-writer")
def test_a_command_that_had_read_the_old_words_does_not_bring_them_back(
    client: Client, world: World, story: Story
) -> None:
    stale = story.state
    assert NAME in str(stale.pending_entry)
    browser = signed_in(world, client, "admin")
    browser.post(PATH.format(story.reference), confirmed(browser, story.reference))
    entry = Entry(event="repair_noted", at=world.at, actor="staff:x", command="late")
    with pytest.raises(store.Conflict):
        store.commit(stale, entry)
    assert not re.search(r"mateo\b", everything(story.reference), re.I)


@pytest.mark.promise("concurrent-writer")
def test_a_row_that_changes_meanwhile_is_read_again(
    world: World, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, raced = free_text._written, []

    def written(*args: Any) -> bool:
        if not raced:
            raced.append(1)
            request = update(keys.request(story.reference))
            dynamodb.write(request.set_at(("answers", "anything_else"), "Now Mateo sleeps."))
        return real(*args)

    monkeypatch.setattr(free_text, "_written", written)
    assert free_text.take_out(story.reference, ["REQUEST|answers.anything_else"], [NAME]) == 1
    row = dynamodb.get(keys.request(story.reference), consistent=True)
    assert row and row["answers"]["anything_else"] == "Now [taken out] sleeps."


@pytest.mark.promise("child-never-named")
def test_words_that_are_not_there_and_missing_answers_are_said(
    client: Client, world: World, story: Story
) -> None:
    browser = signed_in(world, client, "specialist", lang="es")
    sent = fill(browser, story.reference, words="Xavier")
    assert "no están en ninguno" in browser.post(PATH.format(story.reference), sent).text
    page = browser.post(PATH.format(story.reference), browser.page.hidden)
    assert page.status == 422 and set(page.errors) == {"words", "texts", "reason"}
    page = browser.post(
        PATH.format(story.reference), fill(browser, story.reference, words="x\n" + "a\x00")
    )
    assert page.status == 422


@pytest.mark.promise("looking-writes-nothing")
def test_looking_at_the_page_writes_nothing(client: Client, world: World, story: Story) -> None:
    before = everything(story.reference)
    browser = signed_in(world, client, "admin")
    assert browser.get(PATH.format(story.reference)).status == 200
    assert browser.get(f"/console/referrals/{story.reference}").status == 200
    assert everything(story.reference) == before


def test_lines_are_the_words() -> None:
    assert redact.lines(" Mateo \n\nJ.R.\nMateo") == ["Mateo", "J.R."]
    assert free_text.pattern(["J.R."]).sub("-", "J.R. bites, xJ.R.") == "- bites, xJ.R."


@pytest.mark.promise("child-never-named")
def test_the_words_go_from_a_half_written_answer_too(
    client: Client, world: World, story: Story
) -> None:
    from chalicelib.workflow.storage import task_drafts

    typed = {
        "goal_1": ["Mateo"],
        "helped": ["Mateo eats with us"],
        "more_reason": ["Mateo"],
        "mode": ["virtual"],
    }
    task_drafts.keep(story.reference, 3, typed, world.at, world.at + 86400, world.at)
    browser = signed_in(world, client, "admin")
    browser.post(PATH.format(story.reference), confirmed(browser, story.reference))
    assert not re.search(r"mateo\b", everything(story.reference), re.I)
    left = task_drafts.get(story.reference, 3, world.at)
    assert left == {
        "goal_1": ["[taken out]"],
        "helped": ["[taken out] eats with us"],
        "more_reason": ["[taken out]"],
        "mode": ["virtual"],
    }


@pytest.mark.promise("child-never-named")
def test_the_words_go_from_the_wish_for_more_sessions_too(
    client: Client, world: World, story: Story
) -> None:
    def decide(state: Referral) -> tuple[Entry, Sequence[Any]]:
        more = {"wanted": 16, "reason": "Mateo needs time"}
        return Entry(
            event="service_answered", at=world.at, actor="consultant:x", command="more",
            payload={"verdict": "more_asked", "more": more},
        ), ()  # fmt: skip

    store.change(story.reference, decide)
    browser = signed_in(world, client, "admin")
    browser.post(PATH.format(story.reference), confirmed(browser, story.reference))
    assert not re.search(r"mateo\b", everything(story.reference), re.I)


@pytest.mark.promise("child-never-named")
def test_choices_are_no_texts_even_where_others_type(
    client: Client, world: World, story: Story
) -> None:
    def decide(state: Referral) -> tuple[Entry, Sequence[Any]]:
        return Entry(
            event="hand_over", at=world.at, actor="staff:x", command="why",
            payload={"why": "better_fit", "note": "liam_s"},
        ), ()  # fmt: skip

    store.change(story.reference, decide)
    page = signed_in(world, client, "admin").get(PATH.format(story.reference))
    assert "better_fit" not in page.body and "liam_s" in page.body


@pytest.mark.promise("child-never-named")
def test_no_row_of_the_whole_table_keeps_a_name_that_was_taken_out(
    client: Client, world: World, story: Story
) -> None:
    """The case, the calls of its person, whether they said who they are or only the case, and the sign-ups."""
    email = story.state.contact.email
    from_them = HelplineContact(
        at=world.at, id=contacts.id_of("a"), email=email, disposition="resource_provided",
        unmet_note="Mateo", unmet=("other",),
    )  # fmt: skip
    contacts.write(from_them)
    nameless = HelplineContact(at=world.at, id=contacts.id_of("b"), unmet_note="a room for Mateo")
    contacts.write(nameless)
    noted(story.reference, {"contact": nameless.key, "unmet_note": "Mateo"}, world.at)
    session = entered(world, days=3)
    who = sign(world, session, email=email)
    dynamodb.write(update(rows.guest_key(session.id, who.key)).set(wish="Help Mateo sleep"))
    browser = signed_in(world, client, "supervisor")
    sent = confirmed(browser, story.reference)
    assert "A contact with the helpline: In a few words" in browser.page.text
    browser.post(PATH.format(story.reference), sent)
    left = [row for row in world.table.scan()["Items"] if re.search(r"\bmateo\b", str(row), re.I)]
    assert left == []


@pytest.mark.promise("child-never-named")
@pytest.mark.parametrize("name", [one for one in registry.case_types() if one != "referral"])
def test_words_can_be_taken_out_of_a_case_of_any_other_type(
    client: Client, world: World, name: str
) -> None:
    reference = new_reference()
    state = case_types.named(name).model(reference=reference, county="fresno")
    note = {"note": "Mateo bites"}
    store.create(
        state, Entry(event="noted", at=world.at, actor="system", command="n", payload=note), ()
    )
    browser = signed_in(world, client, "supervisor")
    page = browser.get(f"/console/referrals/{reference}")
    assert PATH.format(reference) in page.links
    browser.post(PATH.format(reference), confirmed(browser, reference))
    assert "mateo" not in everything(reference).lower()
