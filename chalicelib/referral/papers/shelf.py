"""The papers of a request: which there are, and each as a document in its reader's language.

They are drawn from the log and the request each time, so they say what is kept and nothing else.
What a consultant wrote for the Network alone is in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.directory.people import name_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.vocabulary import label
from chalicelib.referral import request_changes
from chalicelib.referral.model import Referral
from chalicelib.referral.papers.agreement_text import TEXTS
from chalicelib.referral.papers.document import Document, Part, Row
from chalicelib.referral.question import SECTIONS
from chalicelib.referral.records import (
    PROGRESS,
    RHYTHMS,
    Agreement,
    Episode,
    Plan,
    Session,
    Summary,
    episode,
)
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.web.forms import words_of
from chalicelib.web.languages import N_, Translate, date_words, moment_words, translator
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.on_behalf import HOW

ANSWERS, AGREEMENT, PLAN, SUMMARY = "answers", "agreement", "plan", "summary"
TITLES: Final = {
    ANSWERS: N_("What you told us"),
    AGREEMENT: N_("Service agreement"),
    PLAN: N_("Action plan, version %(n)s"),
    SUMMARY: N_("Closing summary"),
}
# The stage in which the consultation is over and lighter support goes on.
_AFTER: Final = "check_in"


@dataclass(frozen=True)
class Paper:
    """A paper that there is: its id in the address, title (msgid), number of a plan's version, and
    since when (UTC seconds)."""

    id: str
    title: str
    number: int
    at: int


@dataclass(frozen=True)
class _Source:
    """What papers are drawn from. ``request`` is read where a paper needs it."""

    state: Referral
    entries: Sequence[Entry]
    record: Episode
    lang: str

    @property
    def say(self) -> Translate:
        return translator(self.lang)

    def day(self, at: int) -> str:
        return date_words(at, self.lang, year=True)

    def consultant_at(self, at: int) -> str:
        """The name of who had the case at an instant; empty for nobody."""
        had = [e.changes for e in self.entries if e.at <= at and "consultant" in e.changes]
        who = str(dict(had[-1]).get("consultant") or "") if had else ""
        return name_of(f"consultant:{who}") if who else ""


def papers(state: Referral, record: Episode) -> list[Paper]:
    """The papers of a request as it stands, in the order in which they came to be."""
    found = [Paper(ANSWERS, TITLES[ANSWERS], 0, state.submitted)]
    if record.agreement is not None:
        found.append(Paper(AGREEMENT, TITLES[AGREEMENT], 0, record.agreement.at))
    found += [Paper(f"{PLAN}-{p.version}", TITLES[PLAN], p.version, p.at) for p in record.plans]
    over = not state.open or state.stage == _AFTER
    if over and record.summary is not None and record.summary.helped:
        found.append(Paper(SUMMARY, TITLES[SUMMARY], 0, record.summary.at))
    return found


def document(
    state: Referral,
    entries: Sequence[Entry],
    paper: str,
    lang: str,
    request: Callable[[str], Request],
) -> Document:
    """A paper by its id. ``request`` reads the answers of a reference. Raises NotFound."""
    source = _Source(state, entries, episode(entries), lang)
    found = next((one for one in papers(state, source.record) if one.id == paper), None)
    if found is None:
        raise NotFound(paper)
    if found.id == ANSWERS:
        lead, parts = _answers(source, request(state.reference))
    elif found.id == AGREEMENT and source.record.agreement is not None:
        lead, parts = _agreement(source, source.record.agreement)
    elif found.id == SUMMARY and source.record.summary is not None:
        lead, parts = _summary(source, source.record.summary)
    else:
        lead, parts = _plan(source, source.record.plans[found.number - 1])
    title = source.say(found.title, n=found.number)
    kept = tuple(part for part in parts if part.sentences or part.rows)
    return Document(title, state.reference, lang, lead, kept)


def sent(state: Referral, request: Request, lang: str) -> Document:
    """The answers as they were sent, before anybody has changed any."""
    source = _Source(state, (), Episode(), lang)
    lead, parts = _answers(source, request)
    given = tuple(part for part in parts if part.rows)
    return Document(source.say(TITLES[ANSWERS]), state.reference, lang, lead, given)


def _answers(source: _Source, request: Request) -> tuple[str, list[Part]]:
    _, lang = source.say, source.lang
    given = request.as_dict()
    parts = []
    for slug, section in SECTIONS.items():
        rows = [
            (_(one.listed), words)
            for one in QUESTIONS.values()
            if one.section == slug and (words := words_of(one, given.get(one.name), lang))
        ]
        if rows:
            parts.append(Part(_(section.title), rows=tuple(rows)))
    changed = tuple(
        (
            _(one.question.listed),
            _(
                N_("%(date)s. Before: %(before)s. Now: %(after)s."),
                date=source.day(one.at),
                before=one.words(one.before, lang) or "–",
                after=one.words(one.after, lang) or "–",
            ),
        )
        for one in request_changes.told(source.entries)
    )
    parts.append(Part(_(N_("What you changed since")), rows=changed))
    return _(N_("You sent this on %(date)s."), date=source.day(source.state.submitted)), parts


def _agreement(source: _Source, signed: Agreement) -> tuple[str, list[Part]]:
    _ = source.say
    parts = [
        Part(_(heading), tuple(_(one) for one in sentences))
        for heading, sentences in TEXTS.get(signed.text, ())
    ]
    rows: list[Row] = [
        (_(N_("Name typed as a signature")), signed.name),
        (_(N_("Signed on")), moment_words(signed.at, source.lang)),
        (_(N_("Your consultant")), source.consultant_at(signed.at)),
        (_(N_("How you told us")), _(HOW.get(signed.told_how, ""))),
        (_(N_("Version of the text")), signed.text),
    ]
    parts.append(Part(_(N_("Signature")), rows=_given(rows)))
    return _(N_("You signed this on %(date)s."), date=source.day(signed.at)), parts


def _plan(source: _Source, plan: Plan) -> tuple[str, list[Part]]:
    _, lang = source.say, source.lang
    goals = [(_(N_("Goal %(n)s"), n=n), g.text, g.doing) for n, g in enumerate(plan.goals, start=1)]
    meeting: list[Row] = [
        (_(N_("How many")), str(plan.planned or "")),
        (_(N_("The first one")), moment_words(plan.start, lang) if plan.start else ""),
        (_(N_("How often")), _(RHYTHMS.get(str(plan.every), ""))),
        (_(N_("How long each time")), _minutes(_, plan.minutes)),
        (_(N_("How you meet")), _(label("modality", plan.mode)) if plan.mode else ""),
        (_(N_("Where you join")), plan.join),
    ]
    if plan.agreed is not None:
        answer = _(N_("You agreed to this plan on %(date)s."), date=source.day(plan.agreed))
    elif plan.wish:
        answer = _(N_("You asked for changes."))
    else:
        answer = _(N_("You have not answered to this version."))
    own = [(_(N_("What should be different")), plan.wish)]
    own.append((_(N_("How you told us")), _(HOW.get(plan.told_how, ""))))
    return _written(source, plan.at), [
        Part(_(N_("Goals")), rows=tuple((name, _joined(*words)) for name, *words in goals)),
        Part(_(N_("Sessions")), rows=_given(meeting)),
        Part(_(N_("Your answer")), (answer,), _given(own)),
    ]


def _summary(source: _Source, summary: Summary) -> tuple[str, list[Part]]:
    _, plan = source.say, source.record.agreed_plan
    goals = plan.goals if plan is not None else ()
    progress = [*summary.progress, *[""] * len(goals)]
    reached = [
        (goal.text, _joined(_(PROGRESS.get(how, "")), goal.doing))
        for goal, how in zip(goals, progress, strict=False)
    ]
    return _written(source, summary.at), [
        Part(_(N_("What helped")), (summary.helped,)),
        Part(_(N_("What you can go on with")), tuple(filter(None, [summary.next_steps]))),
        Part(_(N_("Your goals")), rows=tuple(reached)),
        Part(_(N_("Sessions")), rows=tuple(_session(source, s) for s in source.record.held)),
    ]


def _session(source: _Source, session: Session) -> Row:
    return source.day(session.moment), _minutes(source.say, session.minutes)


def _written(source: _Source, at: int) -> str:
    if name := source.consultant_at(at):
        return source.say(N_("%(name)s wrote this on %(date)s."), name=name, date=source.day(at))
    return source.say(N_("Written on %(date)s."), date=source.day(at))


def _minutes(_: Translate, minutes: int) -> str:
    return _(N_("%(n)s minutes"), n=minutes) if minutes else ""


def _joined(*words: str) -> str:
    return "\n".join(filter(None, words))


def _given(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row[1])
