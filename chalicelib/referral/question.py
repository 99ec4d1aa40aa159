"""What a question of the request knows of itself: its words, whom it is asked of, where it stands,
and who may read the answer. The questions themselves are the fields of ``request.Request``.

Whom a question is asked of is decided by a ``Situation`` alone. It holds the few answers that others
depend on, so that a test can walk all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Concatenate, Final, Literal, ParamSpec

import pydantic

from chalicelib.domain.plain.values import frozen
from chalicelib.domain.vocabulary import ASK_DIRECTOR_KNOWS, FAMILY_CHILD_CARE, HOME_BASED
from chalicelib.web.forms import Answers, Field, Option, several, words_of
from chalicelib.web.languages import N_
from chalicelib.web.text_input import Answer

P = ParamSpec("P")

INCIDENT: Final = "incident"
"""What is kept among the answers of a request from the area of a declared emergency: its id."""

PageSlug = Literal[
    "start", "setting", "role", "site", "care", "children", "concerns", "needs", "behavior",
    "safety", "around", "support", "meet", "contact",
]  # fmt: skip
"""A page of the request form; ``intake/flow.py`` has their order and titles."""
SectionSlug = Literal["care", "children", "concerns", "support", "meet", "contact"]


@frozen
class Section:
    """A part of the request wherever it is read as a whole: the pages on which a provider changes
    it, the console, the details of a task. ``open``: not folded in the details."""

    title: str
    open: bool = False


SECTIONS: Final[dict[SectionSlug, Section]] = {
    "care": Section(N_("The care")),
    "children": Section(N_("The children")),
    "concerns": Section(N_("What is going on"), open=True),
    "support": Section(N_("What you ask for"), open=True),
    "meet": Section(N_("Working together")),
    "contact": Section(N_("Reaching you")),
}

_ABOUT_ADULTS: Final = frozenset(
    {
        "family_relationships",
        "family_needs_schedules",
        "community_resources",
        "staff_stress_turnover",
    }
)


@frozen
class Situation:
    """The answers that decide what else is asked. "" and an empty set mean: not answered.

    ``incident``: the declared emergency in whose area the care is given; then the form is short.
    """

    setting: str = ""
    requester_role: str = ""
    concerns: frozenset[str] = frozenset()
    prior_contacts: str = ""
    incident: str = ""

    @classmethod
    def of(cls, answers: Answers) -> Situation:
        """The situation that answers by name tell of, as typed or as stored."""
        contacts = answers.get("prior_contacts")
        return cls(
            setting=str(answers.get("setting") or ""),
            requester_role=str(answers.get("requester_role") or ""),
            concerns=frozenset(several(answers, "concerns")),
            prior_contacts="" if contacts is None else str(contacts),
            incident=str(answers.get(INCIDENT) or ""),
        )

    def is_anything(self) -> bool:
        """Everybody."""
        return True

    def is_ffn(self) -> bool:
        """Care by family, friends and neighbors."""
        return self.setting == "ffn"

    def is_program(self) -> bool:
        """Any other care than by family, friends and neighbors."""
        return not self.is_ffn()

    def is_family_child_care(self) -> bool:
        """A licensed family child care home."""
        return self.setting in FAMILY_CHILD_CARE

    def is_home_based(self) -> bool:
        """Care in somebody's home."""
        return self.setting in HOME_BASED

    def has_classrooms(self) -> bool:
        """A center or other license-exempt program."""
        return self.setting in ("center", "other_license_exempt")

    def is_licensed(self) -> bool:
        """Care that needs a license."""
        return self.setting in ("center", *FAMILY_CHILD_CARE)

    def is_not_in_charge(self) -> bool:
        """Whoever asks does not run the program."""
        return self.is_program() and self.requester_role in ASK_DIRECTOR_KNOWS

    def is_about_children(self) -> bool:
        """A concern is about children, not only about the adults."""
        return bool(self.concerns - _ABOUT_ADULTS)

    def is_about_children_in_a_program(self) -> bool:
        """As above, in any other care than by family, friends and neighbors."""
        return self.is_program() and self.is_about_children()

    def is_returning(self) -> bool:
        """They had help from us lately."""
        return self.prior_contacts in ("1", "2")


_SECTION_OF: Final[Mapping[PageSlug, SectionSlug]] = {
    "start": "care", "setting": "care", "role": "care", "site": "care", "care": "care",
    "children": "children", "concerns": "concerns", "needs": "concerns", "behavior": "concerns",
    "safety": "concerns", "around": "concerns", "support": "support", "meet": "meet",
    "contact": "contact",
}  # fmt: skip
"""Where the answers of a page are read, most of them."""


@frozen
class Question(Field):
    """One question of the request: a field of a form, and all else that is known of it.

    ``page``: where it stands in the request form; ``ffn_page`` where it does for care by family,
    friends and neighbors, if elsewhere. ``read_in``: the section where it is read and changed later,
    if another than the page's.
    ``asked_of``: in which situations it is asked. ``short_page``: where it stands in the short form of
    a declared emergency; without one it is not asked there. ``wording``: how a situation changes its words and
    options. ``staff``: its short name for staff, if another than the provider's. ``specialist_only``:
    no consultant sees the answer. ``read_by_rules``: a change sends an early request back to the
    rules and the specialist. ``asked_once``: nobody asks the provider for it again. ``changeable``:
    the provider may change the answer of a request that was sent.
    """

    page: PageSlug = field(kw_only=True)
    ffn_page: PageSlug | None = None
    short_page: PageSlug | None = None
    read_in: SectionSlug | None = None
    asked_of: Callable[[Situation], bool] = Situation.is_anything
    wording: Callable[[Question, Situation], Question] | None = None
    staff: str = ""
    specialist_only: bool = False
    read_by_rules: bool = True
    asked_once: bool = False
    changeable: bool = True

    @property
    def section(self) -> SectionSlug:
        """Where the answer is read and changed later."""
        return self.read_in or _SECTION_OF[self.page]

    @property
    def typed(self) -> bool:
        """Whether the answer is somebody's own words, which may name or locate a person."""
        return not self.options and self.kind != "number"

    def fits(self, answer: Answer) -> bool:
        """Whether an answer is given, and one of those that are offered."""
        given = answer if isinstance(answer, list | tuple) else [answer]
        known = {option[0] for option in self.options}
        return answer not in (None, [], ()) and (not known or known.issuperset(map(str, given)))

    @property
    def reaches_somebody(self) -> bool:
        """Whether the answer is a name or an address of whoever asks: shown on demand only."""
        return self.typed and self.section == "contact"

    @property
    def for_staff(self) -> str:
        """The msgid that names the answer to staff and consultants."""
        return self.staff or self.listed

    def seen_in(self, situation: Situation) -> Question:
        """The question in the words and with the options of a situation."""
        return self.wording(self, situation) if self.wording else self

    def asked_in(self, situation: Situation) -> bool:
        """Whether a situation asks it, in the usual form or in the short one."""
        return self.asked_of(situation) and not (situation.incident and self.short_page is None)

    def page_in(self, situation: Situation) -> PageSlug:
        """The page of the form on which a situation finds it."""
        if situation.incident and self.short_page:
            return self.short_page
        return self.ffn_page if self.ffn_page and situation.is_ffn() else self.page

    def offering(self, *only: str, words: Mapping[str, str] | None = None) -> Question:
        """The same with these options only, some of them in other ``words``."""
        labels = {option[0]: option[1] for option in self.options} | dict(words or {})
        return replace(self, options=tuple((v, labels[v]) for v in only or labels))


def _unnamed(make: Callable[Concatenate[str, P], Question]) -> Callable[P, Any]:
    def ask(*args: P.args, **kwargs: P.kwargs) -> Any:
        question = make("", *args, **kwargs)
        info: Any = pydantic.Field(default=() if question.many else None)
        info.metadata.append(question)
        return info

    return ask


ask = _unnamed(Question)
"""Declares a field of a model as a question; it takes what Question takes, but the name."""


def questions_of(model: type[pydantic.BaseModel]) -> dict[str, Question]:
    """The questions that a model's fields were declared with, by name and in their order."""
    return {
        name: replace(one, name=name)
        for name, info in model.model_fields.items()
        for one in info.metadata
        if isinstance(one, Question)
    }


def lines(
    questions: Iterable[Question], answers: Answers, lang: str, *, consultant: bool
) -> dict[SectionSlug, list[tuple[str, str]]]:
    """The answers as staff or a ``consultant`` read them: short name (msgid) and words in the
    reader's language, by section. How to reach somebody is shown apart."""
    told: dict[SectionSlug, list[tuple[str, str]]] = {}
    for slug in SECTIONS:
        for one in questions:
            hidden = slug == "contact" or (consultant and one.specialist_only)
            words = words_of(one, answers.get(one.name), lang)
            if one.section == slug and words and not hidden:
                told.setdefault(slug, []).append((one.for_staff, words))
    return told


def options(
    labels: Mapping[str, str], hints: Mapping[str, str] | None = None
) -> tuple[Option, ...]:
    """The answers of an enumeration: (id, label), or (id, label, hint)."""
    known = hints or {}
    return tuple((v, label, known[v]) if v in known else (v, label) for v, label in labels.items())
