"""What an offer says, so that a consultant can decide on it: on the link's first page nothing that tells
who, where or what about; once they have acted, what is going on and in which city. Never a name.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.directory.people import consultant
from chalicelib.domain import vocabulary
from chalicelib.referral.matching import offer_note
from chalicelib.referral.matching.constraints import ON_SITE
from chalicelib.referral.model import Referral
from chalicelib.referral.records import LEAST_SESSIONS, MOST_SESSIONS
from chalicelib.referral.request import QUESTIONS, Request
from chalicelib.referral.rows.request_rows import request_of
from chalicelib.web.languages import N_, translator
from chalicelib.web.request_context import reader
from chalicelib.workflow.kinds import Fact


def neutral(state: Referral) -> list[Fact]:
    """What may stand on a page that any holder of the link sees."""
    request = request_of(state)
    return [
        (N_("County"), [vocabulary.label("county", state.county)]),
        *_way_there(state),
        (N_("Setting"), [vocabulary.label("setting", state.setting)]),
        (N_("Where you would meet"), [vocabulary.label("modality", state.modality)]),
        (N_("Language"), languages_of(state, request)),
        (N_("Ages"), [vocabulary.label("age_bands", a) for a in request.age_bands]),
        (N_("How soon"), [vocabulary.PRIORITIES.get(state.priority, state.priority)]),
        (N_("Sessions"), [_sessions(state)]),
        *_known_site(state),
        *offer_note.facts(state, request),
    ]


def once_they_have_acted(state: Referral) -> list[Fact]:
    """What is going on, where and when, in the words of the form; what was left open is left out."""
    request = request_of(state)
    told: list[Fact] = [
        (N_("What is going on"), _chosen("concerns", request.concerns)),
        (N_("City"), [request.city] if request.city else []),
        (N_("Good times"), _chosen("availability", request.availability)),
    ]
    return [(label, values) for label, values in told if values]


def _chosen(name: str, values: Iterable[str]) -> list[str]:
    return [QUESTIONS[name].label_of(one) for one in values]


def languages_of(state: Referral, request: Request) -> list[str]:
    """The language of the work, and whether the provider chose to start with an interpreter."""
    spoken = vocabulary.label("language", request.language or "en")
    return [spoken, N_("with an interpreter")] if state.with_interpreter else [spoken]


def _way_there(state: Referral) -> list[Fact]:
    """How far it is for this consultant, where somebody travels and their way is on file."""
    ways = consultant(state.consultant).get("travel_by_county")
    way = ways.get(state.county) if isinstance(ways, dict) else None
    if way is None or state.modality not in ON_SITE:
        return []
    said = translator(reader())(N_("About %(n)s minutes to this county"), n=int(way))
    return [(N_("How far"), [said])]


def _sessions(state: Referral) -> str:
    """How many there will be; of those that somebody began, how many are left."""
    _, sessions = translator(reader()), state.sessions
    if sessions is not None and sessions.planned:
        left = max(0, sessions.planned - sessions.held)
        said = N_("%(planned)s are planned, %(left)s of them are still to come")
        return _(said, planned=sessions.planned, left=left)
    said = N_("%(least)s to %(most)s, as you agree with the provider")
    return _(said, least=LEAST_SESSIONS, most=MOST_SESSIONS)


def _known_site(state: Referral) -> list[Fact]:
    if state.previous != state.consultant:
        return []
    if state.sessions is not None:
        known = N_("Yes: this is your earlier consultation, which was opened again")
    else:
        known = N_("Yes: you worked with this site before")
    return [(N_("A site that you know"), [known])]
