"""What somebody is asked who applies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chalicelib.domain import vocabulary
from chalicelib.training import reached
from chalicelib.training.application_rows import Said
from chalicelib.training.cohort import Cohort
from chalicelib.web.forms import (
    NO_CHILD,
    Field,
    Form,
    Values,
    checkboxes,
    radios,
    select,
    several,
    textarea,
    words,
)
from chalicelib.web.languages import N_

# Languages in which families are served most, asked one by one; any other is typed.
ASKED: Final = ("en", "es", "yue", "cmn", "vi", "tl", "ko", "hy", "ru", "ar", "fa", "hmn", "ase")
SHOWN: Final = 2
LEVELS: Final = {
    "some": N_("A little"),
    "conversation": N_("Well"),
    "work": N_("For work"),
}
SPOKEN: Final = "spoken_"
SPEAK: Final = N_("Choose at least one language.")
OWN_WORDS: Final = 2000


def asked(open_cohorts: Sequence[Cohort]) -> Form:
    """The whole form; with more than one cohort also which."""
    which = radios(
        "cohort",
        N_("For which cohort do you apply?"),
        *((one.id, one.name) for one in open_cohorts),
    )
    return Form(
        *([which] if len(open_cohorts) > 1 else []),
        *_own_words(),
        *_languages(),
        *_where_and_when(),
        *_who(),
    )


def _own_words() -> list[Field]:
    return [
        textarea(
            "motivation",
            N_("Why do you want to become a consultant?"),
            rows=5,
            hint=N_("Do not write your own name: reviewers read this without knowing who you are."),
            max_length=OWN_WORDS,
        ),
        textarea(
            "experience",
            N_("What have you done with young children, families or child care providers?"),
            rows=5,
            hint=NO_CHILD,
            max_length=OWN_WORDS,
        ),
    ]  # fmt: skip


def _where_and_when() -> list[Field]:
    return [
        select(
            "county",
            N_("In which county do you live?"),
            *vocabulary.COUNTY_NAMES.items(),
        ),
        checkboxes(
            "counties",
            N_("Which other counties could you work in?"),
            *((slug, one.name) for slug, one in vocabulary.COUNTIES.items()),
            required=False,
            fold=N_("Other counties that you could work in"),
        ),
        checkboxes(
            "settings",
            N_("In which kinds of care could you work?"),
            *vocabulary.SETTINGS.items(),
        ),
        checkboxes("availability", N_("When do you have time?"), *vocabulary.AVAILABILITY.items()),
        textarea(
            "time",
            N_("Is there something about your time that we should know?"),
            required=False,
            max_length=600,
        ),
        textarea(
            "links",
            N_("Links to your work, if you have any"),
            rows=2,
            hint=N_("We take no files. Reviewers do not see the links."),
            required=False,
            guarded=False,
            max_length=600,
        ),
    ]  # fmt: skip


def _who() -> list[Field]:
    return [
        Field("name", "text", N_("Your name"), autocomplete="name", max_length=80),
        *reached.fields(
            Field("email", "email", N_("Your email"), autocomplete="email",
                  hint=N_("You have no email? Leave this empty and give us your phone number: we will call you.")),
            Field("phone", "tel", N_("Your phone number"), autocomplete="tel"),
        ),
    ]  # fmt: skip


def _languages() -> list[Field]:
    """English and Spanish in sight, the others folded."""
    return [
        *(_level(one, N_("How well do you speak these languages?"), "") for one in ASKED[:SHOWN]),
        *(_level(one, N_("And these?"), N_("Other languages")) for one in ASKED[SHOWN:]),
        Field("other_languages", "text", N_("Another language, and how well"), required=False,
              max_length=120, fold=N_("Other languages")),
    ]  # fmt: skip


def _level(one: str, table: str, fold: str) -> Field:
    name, options = f"{SPOKEN}{one}", LEVELS.items()
    label = vocabulary.LANGUAGES[one]
    missing = "" if fold else SPEAK
    return radios(name, label, *options, required=False, table=table, fold=fold, missing=missing)


def typed() -> dict[str, str]:
    """What is told in somebody's own words, by the name under which it is kept, with its label."""
    told = {one.name: one.label for one in asked([]).fields if one.kind in ("text", "textarea")}
    return told | {"other": told["other_languages"]}


def wrong(values: Values) -> dict[str, str]:
    """What is wrong with several answers together."""
    found = dict(reached.wrong(values))
    if not any(words(values, f"{SPOKEN}{one}") for one in ASKED) and not words(
        values, "other_languages"
    ):
        found[f"{SPOKEN}{ASKED[0]}"] = SPEAK
    return found


def said(values: Values) -> Said:
    """The answers, as they are kept."""
    spoken = {one: words(values, f"{SPOKEN}{one}") for one in ASKED}
    if words(values, "other_languages"):
        spoken["other"] = words(values, "other_languages")
    home = words(values, "county")
    return Said(
        motivation=words(values, "motivation"),
        experience=words(values, "experience"),
        spoken={one: level for one, level in spoken.items() if level},
        counties=list(dict.fromkeys([home, *several(values, "counties")])),
        settings=several(values, "settings"),
        availability=several(values, "availability"),
        time=words(values, "time"),
        links=words(values, "links"),
    )
