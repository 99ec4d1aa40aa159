"""The order of the request's pages, as data: what comes next, what is missing, what fell away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.vocabulary import ASK_DIRECTOR_KNOWS, FAMILY_CHILD_CARE
from chalicelib.referral.questions import MASTER, question
from chalicelib.web.forms import Cleaned, Field, Form, Values, blank, clean
from chalicelib.web.languages import N_

ABOUT_ADULTS = {
    "family_relationships",
    "family_needs_schedules",
    "community_resources",
    "staff_stress_turnover",
}


def _ffn(answers: Values) -> bool:
    return answers.get("setting") == "ffn"


def _not_ffn(answers: Values) -> bool:
    return not _ffn(answers)


def _group(answers: Values) -> bool:
    """Care with classrooms: a center or other licence-exempt program."""
    return answers.get("setting") in ("center", "other_license_exempt")


def _licensed(answers: Values) -> bool:
    return answers.get("setting") in ("center", *FAMILY_CHILD_CARE)


def _staff(answers: Values) -> bool:
    return _not_ffn(answers) and answers.get("requester_role") in ASK_DIRECTOR_KNOWS


def _children(answers: Values) -> bool:
    """Whether a concern is about children, not only about the adults."""
    return bool(set(answers.get("concerns") or ()) - ABOUT_ADULTS)


def _returning(answers: Values) -> bool:
    return answers.get("prior_contacts") in ("1", "2")


# Questions that only some are asked.
ONLY: Mapping[str, Callable[[Values], bool]] = {
    "director_knows": _staff,
    "license_number": _licensed,
    "classroom": _group,
    "behavior_serious": _children,
    "circumstances": _children,
    "same_consultant": _returning,
    "exclude_consultant": _returning,
}


@dataclass(frozen=True)
class Page:
    """One screen. ``seconds``: about how long it takes, for "about 3 minutes left".

    ``part``: the heading that begins here in the summary; pages without one belong to the last.
    ``also``: a look at several answers together, errors (msgids) by field.
    """

    slug: str
    title: str
    questions: tuple[str, ...]
    seconds: int
    why: str = ""
    when: Callable[[Values], bool] | None = None
    notes: tuple[str, ...] = ()
    part: str = ""
    also: Callable[[Values], dict[str, str]] = field(default=lambda values: {})

    def asked(self, answers: Values) -> list[Field]:
        """The questions of this page that these answers call for, in this setting's words."""
        if self.when is not None and not self.when(answers):
            return []
        return [
            question(name, answers)
            for name in self.questions
            if name not in ONLY or ONLY[name](answers)
        ]


def _reachable(values: Values) -> dict[str, str]:
    if values.get("contact_by") in ("phone", "text") and not values.get("contact_phone"):
        return {"contact_phone": N_("Type a phone number, or choose email below.")}
    return {}


PAGES = (
    Page(
        "start",
        N_("Three short questions first"),
        ("county", "age_bands", "outside_scope"),
        40,
        N_("They tell us, and you, whether we are the right place to ask."),
        notes=("collection",),
        part=N_("The care"),
    ),
    Page("setting", "", ("setting",), 15),
    Page("role", "", ("requester_role",), 15, when=_not_ffn),
    Page(
        "site",
        N_("Where is the program?"),
        ("director_knows", "site_name", "city", "zip", "license_number"),
        40,
        N_("To find a consultant near you. We never show your address to anyone else."),
        when=_not_ffn,
    ),
    Page(
        "care",
        N_("Tell us about the care"),
        ("requester_role", "city", "zip", "children_enrolled"),
        35,
        N_("To find someone who knows your area. We never show your address."),
        when=_ffn,
    ),
    Page(
        "children",
        N_("Tell us about the program"),
        ("children_enrolled", "classroom", "funding"),
        35,
        N_("All of these are optional."),
        when=_not_ffn,
    ),
    Page(
        "concerns",
        "",
        ("concerns",),
        30,
        when=_not_ffn,
        part=N_("What you would like help with"),
    ),
    Page(
        "needs",
        N_("How can we help?"),
        ("concerns", "support_wanted", "prior_contacts"),
        50,
        when=_ffn,
        part=N_("What you would like help with"),
    ),
    Page(
        "behavior",
        N_("What is happening?"),
        ("suspension_expulsion_status", "behavior_serious"),
        35,
        N_("Think of your care in general. Please do not tell us about one child by name."),
        when=lambda answers: _not_ffn(answers) and _children(answers),
        notes=("reporter",),
    ),
    Page(
        "safety",
        N_("Safety and hard times"),
        ("safety_now", "recent_event", "circumstances"),
        35,
        N_("So that whoever needs help first gets it first."),
        when=_not_ffn,
        notes=("reporter",),
    ),
    Page(
        "around",
        N_("What is happening?"),
        ("safety_now", "behavior_serious", "recent_event", "circumstances"),
        50,
        N_("So that whoever needs help first gets it first."),
        when=_ffn,
        notes=("reporter",),
    ),
    Page(
        "support",
        N_("What support do you have in mind?"),
        ("focus", "support_wanted", "prior_contacts"),
        40,
        when=_not_ffn,
    ),
    Page(
        "meet",
        N_("How should we work together?"),
        (
            "language",
            "language_required",
            "modality",
            "availability",
            "same_consultant",
            "exclude_consultant",
        ),
        45,
        part=N_("Working together"),
    ),
    Page(
        "contact",
        N_("How can we reach you?"),
        (
            "contact_name",
            "contact_email",
            "contact_phone",
            "contact_by",
            "letters_language",
            "anything_else",
        ),
        60,
        N_("A specialist will talk with you before anything else happens."),
        notes=("reporter",),
        also=_reachable,
        part=N_("Reaching you"),
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}
CHECK_SECONDS = 40


def path(answers: Values) -> list[Page]:
    """The pages that these answers call for, in order."""
    return [page for page in PAGES if page.asked(answers)]


def form_of(page: Page, answers: Values) -> Form:
    """The page's questions for these answers."""
    return Form(page.asked(answers))


def read(
    page: Page, answers: Values, data: dict[str, list[str]], lang: str, again: bool = False
) -> Cleaned:
    """Read a posted page, the look at several answers together included. ``again``: it was accepted
    before, so a text that somebody has looked at is not asked about anew (A8)."""
    from chalicelib.web.languages import translator

    found = clean(form_of(page, answers), data, lang, again=again)
    if not found.errors and (not found.switching or data.get("_shown")):
        _ = translator(lang)
        found.errors = {name: _(words) for name, words in page.also(found.values).items()}
    return found


def complete(page: Page, answers: Values, seen: Iterable[str]) -> bool:
    """Whether a page was answered and its answers still fit what it asks now."""
    if page.slug not in set(seen):
        return False
    form = form_of(page, answers)
    return not read(page, answers, blank(form, answers).raw, "en", again=True).errors


def first_open(answers: Values, seen: Iterable[str]) -> Page | None:
    """The first page that still needs an answer; None when all is there."""
    seen = set(seen)
    return next((page for page in path(answers) if not complete(page, answers, seen)), None)


def after(page: Page, answers: Values) -> Page | None:
    """The page that follows; None means: check your answers."""
    order = PAGES.index(page)
    return next((other for other in path(answers) if PAGES.index(other) > order), None)


def before(page: Page, answers: Values) -> Page | None:
    """The page that leads here; None for the first."""
    order = PAGES.index(page)
    found = [other for other in path(answers) if PAGES.index(other) < order]
    return found[-1] if found else None


def minutes_left(page: Page, answers: Values) -> int:
    """About how many minutes from this page to the end, 1 or more."""
    order = PAGES.index(page)
    rest = sum(other.seconds for other in path(answers) if PAGES.index(other) >= order)
    return max(1, round((rest + CHECK_SECONDS) / 60))


def kept(answers: Values) -> dict[str, Any]:
    """The answers that belong to the request as it branches now (A4)."""
    names = {one.name for page in path(answers) for one in page.asked(answers)}
    return {name: value for name, value in answers.items() if name in names}


def dropped(answers: Values) -> list[tuple[Field, Any]]:
    """Answers that a changed branch orphaned: shown as removed, and not sent."""
    stay = kept(answers)
    return [
        (MASTER[name], value)
        for name, value in answers.items()
        if name not in stay and name in MASTER and value not in (None, [], "")
    ]
