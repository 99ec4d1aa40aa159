"""Who asks, for whom, how long it is kept, and every cookie: what the privacy notice says is so."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from chalicelib.referral.intake import notice
from chalicelib.referral.rows import request_drafts
from chalicelib.training.applications.pages import kept
from chalicelib.web.languages import translator

from .conftest import Browser

pytestmark = pytest.mark.promise("who-we-are")
ROOT = Path(__file__).resolve().parents[2]
IN_FULL = "Infant and Early Childhood Mental Health Consultation (IECMHC)"


@pytest.mark.parametrize("path", ["/", "/privacy"])
def test_the_name_is_spelled_out_and_who_pays_and_coordinates_is_named(
    browser: Browser, path: str
) -> None:
    text = browser.get(path).text
    for words in (IN_FULL, "California Department of Social Services (CDSS)", "WestEd"):
        assert words in text


def test_the_notice_names_the_responsible_agency_and_the_retention(browser: Browser) -> None:
    text = browser.get("/privacy").text
    for words in ("the responsible agency", "deleted after 30 days", "delete", "in danger"):
        assert words in text
    for _what, _long, _seconds, names in notice.COOKIES:
        assert ", ".join(names) in text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_notice_says_of_all_that_can_be_half_written_when_it_goes_and_how_to_delete_it(
    browser: Browser, lang: str
) -> None:
    browser.lang, _ = lang, translator(lang)
    text = browser.get("/privacy").text
    for words in ("Save and come back later", "Delete what I wrote"):
        assert re.search(f"[“«]{re.escape(_(words))}[”»]", text), words
    assert {kept.KEEP_SECONDS, request_drafts.KEEP} == {30 * notice.DAY}


def _set() -> dict[str, int]:
    """Every cookie that some module sets, with the longest time for which it is kept where that is known."""
    found: dict[str, int] = {}
    for path in (ROOT / "chalicelib").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "Cookie(" not in source:
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for call in ast.walk(ast.parse(source)):
            if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Cookie"):
                continue
            name = eval(ast.unparse(call.args[0]), vars(module))
            try:
                seconds = eval(ast.unparse(call.args[2]), {"text": "x"} | vars(module))
            except NameError:
                seconds = 0  # what it depends on is known when it is set
            found[name] = max(found.get(name, 0), int(seconds))
    return found


def test_every_cookie_is_listed_with_the_time_for_which_it_is_kept() -> None:
    listed = {name: seconds for _w, _l, seconds, names in notice.COOKIES for name in names}
    kept = _set()
    assert set(kept) == set(listed)
    assert not {name for name, seconds in kept.items() if seconds > listed[name]}
