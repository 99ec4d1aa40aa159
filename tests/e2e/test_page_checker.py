"""What looks at the pages sees what is wrong, with the style sheet on."""

from __future__ import annotations

from infra.stack import LocalStack
from tests.e2e.visitor import PHONE, PageChecker, Visitor


def test_what_is_wrong_with_a_page_is_seen(
    phone: Visitor, checker: PageChecker, stack: LocalStack
) -> None:
    phone.open("/")
    bad = (
        '<h1>Planted</h1><img src="/x.png"><a href="/" class="button" style="color:#0b4a42">Hard to read</a>'
        '<p style="width:500px;color:#777;background:#666">Wide and gray</p>'
    )
    html = phone.page.content().replace("<h1>", bad + "<h1>", 1)
    found = "\n".join(checker.problems(f"{stack.base_url}/planted", html, PHONE))
    for words in ("image-alt", "color-contrast", "wider than 360 px", "(dark)"):
        assert words in found, found
    # The button is too dark on the sheet's own green: without the sheet there is no green.
    assert "background color: #1c5d55" in found
