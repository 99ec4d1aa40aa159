"""The console's pages on which staff keep the texts of calls: what to say by topic, and resources to send."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory.people import name_of
from chalicelib.services.helpline import resources, scripts
from chalicelib.services.helpline.resources import Resource
from chalicelib.services.helpline.scripts import SCRIPT_TOPICS
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Values,
    checkboxes,
    several,
    textarea,
    words,
)
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, languages
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import FormPage, Hindered
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.web.text_input import Answer

SCRIPTS: Final = "/console/helpline/scripts"
MEANWHILE: Final = N_("Somebody else has just changed it. Please look at the text as it is now.")
LABELS: Final = {"en": N_("In English"), "es": N_("In Spanish")}


def write_script() -> Response:
    """All topics; one of them with its form, its newest words and every version before."""
    asked = one(form() if current().method == "POST" else current().query, "topic")
    topic = asked if asked in SCRIPT_TOPICS else ""
    if not topic:
        if current().method == "POST":
            return redirect(SCRIPTS)
        return show("helpline/scripts.html", found=scripts.every(), script_topics=SCRIPT_TOPICS)
    shown = scripts.newest(topic)

    def act(values: Values, press: str) -> str:
        said = {lang: words(values, f"words_{lang}") for lang in languages()}
        after = one(form(), "version")
        same = after == str(shown.version)
        if not same or not scripts.write(topic, said, shown.version, current_staff().actor, now()):
            raise Hindered(MEANWHILE)
        return f"{SCRIPTS}?topic={topic}"

    def facts() -> TemplateValues:
        return {
            "topic": topic,
            "title": SCRIPT_TOPICS[topic],
            "script": shown,
            "versions": scripts.versions(topic),
            "by": name_of,
        }

    known: Values = {f"words_{lang}": text for lang, text in shown.words.items()}
    page = FormPage(
        "helpline/script.html", _script_form(), once=True, known=known, facts=facts, draw=show
    )
    return page.answer(act)


def _script_form() -> Form:
    return Form(*(_words(lang) for lang in languages()))


def _words(lang: str) -> Field:
    return textarea(f"words_{lang}", LABELS.get(lang, lang), rows=8, hint=NO_CHILD, max_length=3000)


RESOURCES: Final = "/console/helpline/resources"
TITLES: Final = {"en": N_("Its name in English"), "es": N_("Its name in Spanish")}
SAYS: Final = {
    "en": N_("What to read aloud or send, in English"),
    "es": N_("What to read aloud or send, in Spanish"),
}
NO_LINK: Final = N_("Type an address that begins with https://")


def _link(text: Answer) -> str | None:
    """What is wrong with an address of the web, or None."""
    return None if str(text).startswith("https://") and " " not in str(text) else NO_LINK


def _resource_form() -> Form:
    titles = [Field(f"title_{lang}", "text", TITLES[lang], max_length=120) for lang in languages()]
    says = [textarea(f"words_{lang}", SAYS[lang], rows=4, max_length=1500) for lang in languages()]
    return Form(
        *titles,
        *says,
        Field("link", "text", N_("A link, if it has one"), required=False, check=_link),
        checkboxes(
            "retired",
            N_("Does it still count?"),
            ("yes", N_("No, do not offer it anymore")),
            required=False,
        ),
    )


def write_resource() -> Response:
    """Those that were entered, and the form for a new one or for the one that was chosen."""
    data = form() if current().method == "POST" else current().query
    every = {one_.id: one_ for one_ in resources.every()}
    chosen = every.get(one(data, "id"))

    def act(values: Values, press: str) -> str:
        made = Resource(
            chosen.id if chosen else resources.new_id(),
            {lang: words(values, f"title_{lang}") for lang in languages()},
            {lang: words(values, f"words_{lang}") for lang in languages()},
            words(values, "link"),
            not several(values, "retired"),
            current_staff().actor,
            chosen.at if chosen else now(),
        )
        resources.save(made)
        return RESOURCES

    def facts() -> TemplateValues:
        return {"every": list(every.values()), "chosen": chosen.id if chosen else ""}

    page = FormPage(
        "helpline/resources.html",
        _resource_form(),
        once=True,
        known=_known(chosen),
        facts=facts,
        draw=show,
    )
    return page.answer(act)


def _known(chosen: Resource | None) -> Values:
    if chosen is None:
        return {}
    known: Values = {f"title_{lang}": text for lang, text in chosen.title.items()}
    known |= {f"words_{lang}": text for lang, text in chosen.words.items()}
    return known | {"link": chosen.link, "retired": [] if chosen.active else ["yes"]}
