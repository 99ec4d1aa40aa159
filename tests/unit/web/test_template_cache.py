"""Compiled templates are kept beside their sources, and never used when these have changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FunctionLoader

from chalicelib.web.template_cache import TemplateCache


def drawn(root: Path, escape: bool = True) -> str:
    """A page in a process that has drawn none before."""
    source = root / "page.html"
    made = Environment(
        loader=FunctionLoader(lambda name: (source.read_text(), name, None)),
        bytecode_cache=TemplateCache(root),
        autoescape=escape,
    )
    return made.get_template("page.html").render(who="<b>")


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_text("Dear {{ who }}")
    assert drawn(tmp_path) == "Dear &lt;b&gt;"
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled again"))
    assert drawn(tmp_path) == "Dear &lt;b&gt;"


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    for text in ("Dear {{ who }}", "Hello {{ who }}"):
        (tmp_path / "page.html").write_text(text)
        assert drawn(tmp_path) == text.replace("{{ who }}", "&lt;b&gt;")


def test_escaped_and_plain_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ who }}")
    assert (drawn(tmp_path), drawn(tmp_path, escape=False)) == ("&lt;b&gt;", "<b>")


def test_a_place_that_cannot_be_written_to_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ who }}")
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    assert drawn(tmp_path) == "&lt;b&gt;"
