"""The referral as a type of case: what its end and an undo put right, and what its letters speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib import rooms
from chalicelib.aws.entry_points import load
from chalicelib.aws.settings import settings
from chalicelib.aws.writes import Write
from chalicelib.directory import people
from chalicelib.domain.alternatives import ALTERNATIVES
from chalicelib.domain.statuses import STAGES, STATUSES
from chalicelib.meetings.upcoming import soonest
from chalicelib.referral import pauses
from chalicelib.referral.aim import ANSWER, aim, danger_told
from chalicelib.referral.consultant_gives_back import is_hand_over
from chalicelib.referral.events import REASSIGNED, TAKEN_BACK, told_in
from chalicelib.referral.in_training.followed import followed
from chalicelib.referral.machines import PARENT
from chalicelib.referral.model import Referral
from chalicelib.referral.records import HandOver, episode
from chalicelib.referral.rows import request_rows, waitlist_rows
from chalicelib.referral.sessions import link as session_link
from chalicelib.referral.sessions.calendar import told
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.web.render import TemplateValues
from chalicelib.workflow import registry
from chalicelib.workflow.case_types import CaseType, Undoing
from chalicelib.workflow.cases import Entry, valid
from chalicelib.workflow.effects import Effect
from chalicelib.workflow.storage import store
from chalicelib.workflow.tasks import meanwhile


def at_the_end(state: Referral) -> list[Write]:
    """The consultant's place is free again, and nobody waits in line anymore."""
    rows = [people.release_place(state.consultant, state.reference)] if state.consultant else []
    if state.task is not None and state.task.kind in waitlist_rows.WAITING:
        rows.append(waitlist_rows.leave(state))
    return rows


def undo_rows(undoing: Undoing[Referral]) -> list[Write]:
    """Places as they were, the rows of the task's kind, and the place in the line."""
    rows = _places(undoing.state, undoing.before, undoing.at)
    if not is_hand_over(undoing.answer):
        rows += undoing.rows_of_kind()
    return rows + _line(undoing)


def _places(state: Referral, before: Referral, at: int) -> list[Write]:
    if state.consultant == before.consultant:
        return []
    rows = [people.release_place(state.consultant, state.reference)] if state.consultant else []
    if before.consultant:
        rows.append(people.reserve_place(before.consultant, state.reference, at))
    return rows


def _line(undoing: Undoing[Referral]) -> list[Write]:
    """The place in the line of those who wait, as it was."""
    before = undoing.before
    was = waitlist_rows.in_line(valid(undoing.entries[: undoing.answer.version - 1]))
    stands = waitlist_rows.in_line(valid(undoing.entries))
    if was and not stands and before.task is not None:
        return [waitlist_rows.join(before, before.task.number)]
    return [waitlist_rows.leave(undoing.state)] if stands and not was else []


def letter_facts(state: Referral, entry: Entry, lang: str) -> TemplateValues:
    """The consultant, help elsewhere, what happens next and by when, and whether someone is in danger."""
    keys = told_in(entry).get("alternatives", [])
    return {
        "consultant": people.consultant(state.consultant) if state.consultant else {},
        "guide": lambda: people.guide_of(state.consultant),
        "meanwhile": lambda: meanwhile(state),
        "reach_consultant": lambda spoken: _reach(
            people.consultant(state.consultant), lang, spoken
        ),
        "reach_provider": lambda: _reach(state.contact.model_dump(), lang),
        "join_address": lambda: load("referral.sessions.join:address")(state),
        "session_link": lambda number: (
            f"{settings().base_url}{session_link.path(state.reference, number)}"
        ),
        "declined": told_in(entry).get("moved_from"),
        "alternatives": [ALTERNATIVES[key] for key in keys if key in ALTERNATIVES],
        "aim": lambda: _aim(state, lang),
        "invitation": lambda: registry.load(rooms.INVITATION)(state, entry, lang),
        "danger": lambda: danger_told(state) is not None,
        "open_door": lambda: soonest("open_door"),
    }


def _aim(state: Referral, lang: str) -> str:
    """What the provider may expect next and by which day, as the case stands; "" for no date. What they are
    asked themselves is said by its own letter: another one may be said, or sent again, long after its day.
    """
    found = aim(state, lambda: store.log(state))
    if found is None or found.words == ANSWER:
        return ""
    return translator(lang)(found.words, date=date_words(found.at, lang))


def _reach(person: Mapping[str, object], lang: str, spoken: bool = False) -> str:
    """How to reach somebody, for the other side once both have said yes: first what they prefer. On the
    phone nobody writes an address down."""
    known = ("phone",) if spoken else ("phone", "email")
    ways = [str(person[way]) for way in known if person.get(way)]
    if person.get("by") == "email":
        ways.reverse()
    _ = translator(lang)
    told = N_("How to reach %(name)s: %(how)s")
    return _(told, name=person.get("name", ""), how=" · ".join(ways)) if ways else ""


def hand_over(state: Referral) -> HandOver | None:
    """The newest note of a consultant before; the log is read only where somebody was."""
    notes = episode(store.log(state)).hand_overs if state.previous else []
    return notes[-1] if notes else None


def called(state: Referral) -> str:
    """The program's name, or the name of who asked; in an offer nobody is told yet."""
    if not state.works_on(state.consultant):
        return ""
    return str(request_rows.answers(state.reference).site_name or state.contact.name)


def tells(before: Referral, after: Referral, entry: Entry) -> list[Effect]:
    """The effects of an entry with the days of sessions, and what a practicum hears of it."""
    return [*told(before, after, entry), *followed(before, after, entry)]


REFERRAL: Final = CaseType(
    name=Referral.case_type,
    model=Referral,
    parent=PARENT,
    applicant="provider",
    applicant_title=N_("Provider"),
    statuses=STATUSES,
    stages=STAGES,
    address_pause=("awaiting_provider", "address_not_working"),
    call_task="tell_by_phone",
    person_call_task="tell_person",
    paused_words={pauses.AWAY[0]: N_("Waits until you are back")},
    at_the_end=at_the_end,
    undo_rows=undo_rows,
    pause_ends=pauses.end,
    pause_ends_letter="delivery/pause_ends",
    hands_on=frozenset({REASSIGNED, TAKEN_BACK}),
    ends=frozenset(
        {"duplicate", "redirected_local", "out_of_scope", "cannot_be_served", "unresponsive"}
    ),
    letter_facts=letter_facts,
    letters_tell=frozenset({"consultant", "tier"}),
    hand_over=hand_over,
    called=called,
    found_again=request_rows.found_again,
    tells=tells,
    meeting="chalicelib.referral.delivery.meeting:meeting",
    calling="chalicelib.referral.provider_calls.calling:PROVIDER",
)
