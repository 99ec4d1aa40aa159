"""The order of the request's pages, as data: what comes next, what is missing, how long it takes.

Which questions stand on a page, and who is asked them, the questions say themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from chalicelib.referral import questions
from chalicelib.referral.question import PageSlug, Question, Situation
from chalicelib.referral.rows.request_drafts import LETTERS
from chalicelib.web.forms import Cleaned, Form, Values, blank, clean
from chalicelib.web.languages import N_, translator


@dataclass(frozen=True)
class Page:
    """One screen. ``seconds``: about how long it takes, for "about 3 minutes left".

    ``title`` is "" where one question is the heading. ``part``: the heading that begins here in the
    summary; pages without one belong to the last.
    """

    slug: PageSlug
    title: str
    seconds: int
    why: str = ""
    notes: tuple[str, ...] = ()
    part: str = ""

    def asked(self, answers: Values) -> list[Question]:
        """The questions of this page that these answers call for, in this setting's words."""
        return questions.asked(Situation.of(answers), page=self.slug)


PAGES = (
    Page(
        "start",
        N_("Three short questions first"),
        40,
        N_("They tell us, and you, whether we are the right place to ask."),
        notes=("collection",),
        part=N_("The care"),
    ),
    Page("setting", "", 15),
    Page("role", "", 15),
    Page(
        "site",
        N_("Where is the program?"),
        40,
        N_("To find a consultant near you. We never show your address to anyone else."),
    ),
    Page(
        "care",
        N_("Tell us about the care"),
        35,
        N_("To find someone who knows your area. We never show your address."),
    ),
    Page("children", N_("Tell us about the program"), 35, N_("All of these are optional.")),
    Page("concerns", "", 30, part=N_("What you would like help with")),
    Page("needs", N_("How can we help?"), 50, part=N_("What you would like help with")),
    Page(
        "behavior",
        N_("What is happening?"),
        35,
        N_("Think of your care in general. Please do not tell us about one child by name."),
        notes=("reporter",),
    ),
    Page(
        "safety",
        N_("Safety and hard times"),
        35,
        N_("So that those who need help first get it first."),
        notes=("reporter",),
    ),
    Page(
        "around",
        N_("What is happening?"),
        50,
        N_("So that those who need help first get it first."),
        notes=("reporter",),
    ),
    Page("support", N_("What support do you have in mind?"), 40),
    Page("meet", N_("How should we work together?"), 45, part=N_("Working together")),
    Page(
        "contact",
        N_("How can we reach you?"),
        60,
        N_("A specialist will talk with you before anything else happens."),
        notes=("reporter",),
        part=N_("Reaching you"),
    ),
)
BY_SLUG: dict[str, Page] = {page.slug: page for page in PAGES}
assert list(BY_SLUG) == list(get_args(PageSlug)), (
    "a page without a place, or a place without a page"
)
CHECK_SECONDS = 40


def path(answers: Values) -> list[Page]:
    """The pages that these answers call for, in order."""
    slugs = questions.pages(Situation.of(answers))
    return [page for page in PAGES if page.slug in slugs]


def form_of(page: Page, answers: Values, changing: bool = False) -> Form:
    """The page's questions for these answers. A language that is chosen already is not asked again, only
    to be changed."""
    chosen = LETTERS in answers and not changing
    return Form(*(one for one in page.asked(answers) if not (chosen and one.name == LETTERS)))


def read(
    page: Page, answers: Values, data: dict[str, list[str]], lang: str, again: bool = False
) -> Cleaned:
    """Read a posted page, the look at several answers together included. ``again``: it was accepted
    before, so a text that somebody has looked at is not asked about anew."""
    asked = form_of(page, answers, bool(data.get("_change")))
    found = clean(asked, data, lang, again=again)
    if not found.switching or data.get("_shown"):
        _ = translator(lang)
        wrong = questions.together(found.values)
        found.errors = {name: _(words) for name, words in wrong.items()} | found.errors
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
