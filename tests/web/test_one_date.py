"""By when a provider is called: one day, wherever it is said, and none before the rules have looked."""

from __future__ import annotations

import re

import pytest

from chalicelib.web.languages import translator
from tests.world import World

from .conftest import CENTER, Browser, resume_with
from .taskpages import shown_status

pytestmark = pytest.mark.promise("one-date")
# Routine, and one that the rules find more urgent than what was assumed before.
ASKS = {
    "routine": {"suspension_expulsion_status": "none", "behavior_serious": ["none"]},
    "asap": {"suspension_expulsion_status": "suspension_considered"},
}
DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri)day, October \d+|(?:lunes|martes|miércoles|jueves|viernes) \d+ de octubre"
)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("asks", ASKS)
def test_confirmation_receipt_and_status_name_the_same_day(
    world: World, browser: Browser, patient: None, asks: str, lang: str
) -> None:
    browser.lang = lang
    resume_with(browser, {**CENTER, **ASKS[asks], "letters_language": lang})
    early = browser.answer({})
    (row,) = [r for r in world.table.scan()["Items"] if r["sk"] == "REFERRAL"]
    reference = str(row["pk"]).removeprefix("R#")
    said = [early.text, shown_status(Browser(browser.client, lang), reference).text]
    # Below it stand the answers, with the day on which they were sent.
    aims = re.split("What you told us|Lo que nos dijo", early.text)[0]
    assert not DAY.search(aims), aims
    world.step("decide_eligibility", reference)
    assert "Nuestra meta" not in said[1] and "We aim to call you by" not in said[1]
    world.step("ask_triage", reference)
    world.relay()  # a receipt that waited
    (receipt,) = [m for m in world.mails if m.to == "rosa@example.org"]
    status = shown_status(Browser(browser.client, lang), reference)
    task = world.state(reference).task
    assert task is not None
    from chalicelib.web.languages import date_words

    aim = translator(lang)("We aim to call you by %(date)s.", date=date_words(task.due, lang))
    for text in (browser.get("/request/sent").text, receipt.text, status.text):
        assert aim in " ".join(text.split())
        assert set(DAY.findall(text.split(aim)[0])) <= {date_words(task.due, lang)}


def test_a_receipt_that_leaves_before_the_rules_says_where_to_see_the_day(world: World) -> None:
    world.submit(letters_language="en")
    world.relay()
    (receipt,) = [m for m in world.mails if m.tags.get("v") == "1"]
    assert "says by when we aim to call you" in " ".join(receipt.text.split())
    assert not DAY.search(receipt.text)
