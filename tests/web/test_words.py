"""Nothing a person reads may be missing in a language that we offer."""

from __future__ import annotations

import ast
import re
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from chalicelib.web import languages
from tests.source import MODULES, ROOT, nodes

pytestmark = pytest.mark.promise("letter-fact-missing", "english-and-spanish")

PLACEHOLDER = re.compile(r"%\((\w+)\)")


@cache
def msgids() -> dict[str, str]:
    """Every msgid in python, templates and letters, with where it was found."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    keywords = {"_": None, "N_": None}
    found = {}
    for path, line, message, _comments, _context in extract_from_dir(
        ROOT, methods, options, keywords, directory_filter=lambda d: ".venv" not in d
    ):
        if isinstance(message, str) and message:
            found.setdefault(message, f"{path}:{line}")
    return found


@cache
def catalogue(lang: str) -> Catalog:
    """The translations, as the file has them."""
    source = languages.LOCALE / lang / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as text:
        return read_po(text, locale=lang)


def translations(lang: str) -> dict[str, str]:
    """What is said there for each message."""
    return {m.id: m.string for m in catalogue(lang) if m.id and m.string}


@pytest.mark.parametrize(
    "lang", [lang for lang in languages.languages() if lang != languages.DEFAULT]
)
def test_every_msgid_is_translated(lang: str) -> None:
    known = {m.id for m in catalogue(lang) if m.id and m.string and not m.fuzzy}
    missing = {m: where for m, where in msgids().items() if m not in known}
    assert not missing


def test_no_words_stand_inside_an_f_string() -> None:
    """Before Python 3.12 the extractor sees no message there, so nobody would miss its translation."""
    found = [
        f"{path.relative_to(ROOT)}:{string.lineno}"
        for path in MODULES
        for string in nodes(path)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_")
        and any(isinstance(arg, ast.Constant) for arg in call.args)
    ]
    assert not found


@pytest.mark.parametrize(
    "lang", [lang for lang in languages.languages() if lang != languages.DEFAULT]
)
def test_a_translation_fills_in_the_same_facts(lang: str) -> None:
    for message in catalogue(lang):
        if message.id and isinstance(message.string, str):
            assert set(PLACEHOLDER.findall(message.id)) == set(
                PLACEHOLDER.findall(message.string)
            ), message.id
            assert _braces(message.id) == _braces(message.string), message.id


def _braces(text: str) -> set[str | None]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def test_the_spanish_catalogue_compiles_and_answers() -> None:
    assert languages.translator("es")("Monday") == "lunes"
    assert languages.language_name("es") == "Español"
    assert languages.language_name("en") == "English"


# What nobody here says; each with the word that we use.
UNSAID_ENGLISH = {
    r"t(ake|akes|ook|aken|aking) (it |my answer |your request )?back": "cancel, undo",
    r"mend(s|ed|ing)?": "fix",
    r"anew": "again",
    r"whoever (opens|needs|is)|whomever": "anyone who, the person who",
    r"need not": "do not have to",
    r"most often|usually": "no source says how often",
    r"any more(?=[.:,]|$)": "anymore",
}
UNSAID_SPANISH = {
    r"el especialista|el o la especialista|un o una especialista|un especialista": "persona especialista",
    r"resumen final": "resumen de cierre",
    r"conductas?": "comportamiento",
    r"descuido": "negligencia",
    r"nota de entrega": "nota de traspaso",
    r"formación|entrenamiento": "capacitación",
    r"(tiene|tenga|tienen) lugar(?! a)|con lugar": "cupo",
    r"[“”]": "«»",
    r"a las 1:": "a la 1:",
}


@pytest.mark.parametrize(("lang", "unsaid"), [("en", UNSAID_ENGLISH), ("es", UNSAID_SPANISH)])
def test_words_are_those_that_people_here_use(lang: str, unsaid: dict[str, str]) -> None:
    said = msgids() if lang == "en" else translations(lang).values()
    found = [
        f"{text}: say {better}"
        for text in said
        for word, better in unsaid.items()
        if re.search(rf"(?<!\w)({word})(?!\w)", text, re.I)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "lang", [lang for lang in languages.languages() if lang != languages.DEFAULT]
)
def test_a_button_is_quoted_as_it_says(lang: str) -> None:
    words, found = translations(lang), []
    for msgid, text in words.items():
        quoted = re.findall(r"“([^“”]+)”", msgid)
        theirs = re.findall(r"«([^«»]+)»", text)
        found += [
            f"{text}: «{words[button]}»"
            for button in quoted
            if button in words and words[button] not in theirs
        ]
    assert not found, "\n".join(found)


# A sentence of a template with what fills it in, and each fact in it that is a day.
SENTENCE = re.compile(r'_\(\s*"((?:[^"\\]|\\.)*)"\s*,([^{}]*?)\)\s*(?:}}|%}|\))', re.S)
DAY = re.compile(r"(\w+)=[^,]*?\|(?:moment|date)\b")


def test_a_day_has_its_article_in_spanish() -> None:
    said = translations("es")
    bare = []
    for template in [one for end in ("html", "j2") for one in ROOT.glob(f"chalicelib/**/*.{end}")]:
        for sentence, facts in SENTENCE.findall(template.read_text(encoding="utf-8")):
            for day in DAY.findall(facts):
                spanish = str(said.get(sentence, ""))
                begins = rf"(?:^|\b(?:el|del|al) |[:(,·–] ?)%\({day}\)"
                if spanish and not re.search(begins, spanish):
                    bare.append(f"{template.name}: {spanish}")
    assert not bare
