"""Questions that fold away until an answer calls for them; the style sheet alone folds them.

A page carries all its questions, so that it works everywhere. A browser that can (CSS ``:has``)
shows one with a ``when`` only while an option is chosen that calls for it: whoever records a session
on a phone between two visits sees three questions, not fifteen. What the server asks stays with
``forms.clean``; a question is folded only if single options decide about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Final

from chalicelib.domain.plain.values import frozen
from chalicelib.web.forms import Cleaned, Field, Form

MOST: Final = 8
"""How many different sets of options ``site.css`` has a rule for."""

Chosen = tuple[str, str]  # the name of a question and the value of one of its options


@frozen
class Folded:
    """Which questions of a page are folded, by the number of the set that unfolds them."""

    questions: dict[str, int] = field(default_factory=dict)
    sets: dict[Chosen, list[int]] = field(default_factory=dict)

    def unfolding(self, question: str, option: str) -> str:
        """The numbers of the sets that an option belongs to, for its attribute; "" if none."""
        return " ".join(map(str, self.sets.get((question, option), [])))


def folded(form: Form, cleaned: Cleaned) -> Folded:
    """What of a form to fold. What has an error or was filled in is never folded; what a ``fold`` of its
    own keeps out of sight may be filled in beforehand."""
    numbers: dict[frozenset[Chosen], int] = {}
    questions: dict[str, int] = {}
    for one in form.fields:
        filled = any(cleaned.raw.get(one.name, [])) and not one.fold
        if one.name in cleaned.errors or filled:
            continue
        callers = frozenset(calling(one, form.fields))
        if callers and (callers in numbers or len(numbers) < MOST):
            questions[one.name] = numbers.setdefault(callers, len(numbers) + 1)
    sets: dict[Chosen, list[int]] = {}
    for callers, number in numbers.items():
        for chosen in callers:
            sets.setdefault(chosen, []).append(number)
    return Folded(questions, sets)


def calling(question: Field, others: Iterable[Field]) -> list[Chosen]:
    """The options that call for a question, each by itself; none if it is asked in any case."""
    when = question.when
    if when is None or when({}):
        return []
    return [
        (other.name, option[0])
        for other in others
        for option in other.options
        if when({other.name: [option[0]] if other.many else option[0]})
    ]
