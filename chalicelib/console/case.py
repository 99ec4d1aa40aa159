"""One referral: its facts, its people, why it was decided so, and its story."""

from __future__ import annotations

import re
from functools import partial

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now
from chalicelib.console import case_record, entry_words, timeline
from chalicelib.console.answers import about, decision_lines, request_lines
from chalicelib.console.case_record import CaseRecord
from chalicelib.console.sentence import sentence
from chalicelib.console.take_over import LINK_SECONDS, shown, take
from chalicelib.console.trouble import SideState, causes, look
from chalicelib.directory import emergencies, people
from chalicelib.domain import vocabulary
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ids import normalize_reference
from chalicelib.domain.roles import ROLE_WORDS
from chalicelib.mail.resend import BEFORE, ENOUGH, LETTER, LINK, OVER, goes_to, send_again
from chalicelib.referral.events import told_in
from chalicelib.referral.model import Referral
from chalicelib.referral.records import episode
from chalicelib.referral.reopen import may_reopen
from chalicelib.referral.rows import request_rows
from chalicelib.web import way_back
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, date_words, long_words, translator, when_words
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import SENT_BEFORE, command_id
from chalicelib.web.render import TemplateValues
from chalicelib.web.staff_auth import current_staff, note_look, show
from chalicelib.workflow.board import MARKS
from chalicelib.workflow.cases import Case
from chalicelib.workflow.lists.records import PERSON, SITE, own_ids
from chalicelib.workflow.machines import titles
from chalicelib.workflow.on_behalf import may_record
from chalicelib.workflow.pause import stood_still
from chalicelib.workflow.storage import store

_SINCE = N_("since %(since)s")


def show_case(reference: str) -> Response:
    """The page of a case. Contact data is shown on demand, and looking at it is logged."""
    state = store.look_up(reference, Case)
    if state.reference != reference:  # one address a case
        return redirect(f"/console/referrals/{state.reference}")
    if isinstance(state, Referral):
        return _show_referral(state)
    page: Response = load("console.other_case:show_other")(state)
    return page


def _show_referral(state: Referral) -> Response:
    found, lang, at = case_record.read(state), current().lang, now()
    contact = current().query.get("contact") == ["yes"]
    if contact:
        note_look(state.reference)
    chosen = (current().query.get("kind") or [""])[0]
    again = partial(goes_to, state, found.entries, contact=contact)
    told = timeline.lines(
        found.entries, found.mails, at, lang, current_staff().role, again, contact=contact
    )
    seen = look(state)
    said = sentence(state, found.entries, at, lang, seen)
    return show(
        "console/case.html",
        version=state.version,
        state=state,
        said=said,
        causes=causes(state, seen) if said.mark == "attention" else [],
        sent=SENT.get((current().query.get("sent") or [""])[0], ""),
        mark_word=MARKS[said.mark],
        stands=vocabulary.STATUSES.get(state.status),
        about=about(found.request, state.priority, lang),
        facts=_facts(found, lang),
        others=_others(found),
        everything=_records(found),
        reopens=may_reopen(state, at, current_staff().actor),
        contact=state.contact if contact else None,
        people=_people(found),
        lines=[line for line in told if chosen in ("", line.group)],
        total=len(told),
        chosen=chosen if chosen in timeline.GROUPS else "",
        groups=timeline.GROUPS,
        eligibility=_eligibility(found, lang),
        proposal=_proposal(found, lang),
        answers=request_lines(found.request, lang),
        runs=list(reversed(case_record.runs_of(state, found.entries))),
        machines=titles(),
        **_tasks(state, seen, at),
        when=lambda instant: when_words(instant, at, lang),
        long=lambda seconds: long_words(seconds, lang),
    )


def _tasks(state: Referral, seen: SideState, at: int) -> TemplateValues:
    """Every open task, and whose answer the reader may write down."""
    who = current_staff()
    tasks = [*([state.task] if state.task else []), *seen.tasks]
    return {
        "tasks": [shown(task, who, at) for task in tasks if task.role != "system"],
        "records": [task for task in tasks if may_record(who.role, state, task, at)],
        "marks": MARKS,
        "roles": {**ROLE_WORDS, **vocabulary.OWNERS},
        "back": way_back.here(),
    }


def open_task(reference: str) -> Response:
    """Open a task of a referral as one's own: a fresh link, and on to the page behind it, which leads
    back to where the task was opened."""
    stored = normalize_reference(reference)
    if stored is None:
        raise NotFound(reference)
    n = one(form(), "n")
    press = command_id(f"take {stored} {n}")
    link = take(stored, int(n), current_staff(), press) if n.isascii() and n.isdigit() else ""
    if not link:
        return redirect(f"/console/referrals/{stored}")
    back = way_back.cookie(stored, int(n), one(form(), way_back.FIELD), LINK_SECONDS)
    return redirect(f"/t/{link}", cookies=[back])


SENT = {
    LINK: N_("A new link is on its way. The links that were mailed before are closed."),
    LETTER: N_("The same letter is on its way again."),
    ENOUGH: N_("This address had three letters in this hour. Please wait, or call."),
    OVER: N_("This letter has lost its reason: what it says is not so anymore."),
    BEFORE: SENT_BEFORE,
}


def send_letter_again(reference: str, letter: str) -> Response:
    """Send a letter of the timeline again, once for this press."""
    stored = normalize_reference(reference)
    if stored is None or not re.fullmatch(r"[0-9]{1,6}\.[0-9]{1,2}", letter):
        raise NotFound(reference)
    v, number = (int(part) for part in letter.split("."))
    became = send_again(stored, v, number, current_staff().actor, command_id())
    return redirect(f"/console/referrals/{stored}?sent={became}")


def _facts(found: CaseRecord, lang: str) -> list[tuple[str, str]]:
    """Label (msgid) and value (msgid or plain) of what the state says."""
    state = found.state
    first = found.entries[0]
    by = timeline.actor_words(first.actor, lang) if first.actor.startswith("staff:") else ""
    at = now()
    asked = state.task is not None and state.task.kind == "information"
    since = state.task.opened if asked and state.task else at
    paused = state.paused + stood_still(state, at) + at - since
    rows = [
        (N_("Entered for the provider by"), by),
        (N_("Stage"), vocabulary.STAGES.get(state.stage, "")),
        (N_("Support"), vocabulary.TIERS.get(state.tier, "")),
        (N_("Emergency"), emergencies.called(state.incident) if state.incident else ""),
        (N_("How they meet"), vocabulary.label("modality", state.modality)),
        (N_("Language of letters"), vocabulary.label("letters_language", state.language)),
        (N_("Time in all"), long_words((state.closed or at) - state.submitted, lang)),
        (N_("Of it not counted"), long_words(paused, lang) if paused else ""),
        (N_("Why it ended"), entry_words.reason_words(state.closure or state.reason, lang)),
    ]
    if asked:
        words_ = translator(lang)(_SINCE, since=when_words(since, at, lang))
        rows.append((N_("With the provider, not counted"), words_))
    rows += _session_facts(found, lang)
    return [(label, value) for label, value in rows if value]


def _session_facts(found: CaseRecord, lang: str) -> list[tuple[str, str]]:
    """What became of the planned sessions; nothing before they are planned."""
    sessions = found.state.sessions
    if sessions is None or not sessions.planned:
        return []
    rows = [
        (N_("Sessions held"), f"{sessions.held} / {sessions.planned}"),
        (N_("Sessions missed"), str(sessions.missed or "")),
    ]
    record = episode(found.entries)
    if record.held:
        rows.append((N_("Time in sessions"), long_words(60 * record.minutes, lang)))
        newest = max(one.moment for one in record.held)
        rows.append((N_("Last session held"), date_words(newest, lang)))
    return rows


def _others(found: CaseRecord) -> list[str]:
    """Requests that looked the same, at the sending or to the rules."""
    named = [ref for entry in found.entries for ref in told_in(entry).get("others", [])]
    return list(dict.fromkeys(named))


def _records(found: CaseRecord) -> list[tuple[str, str]]:
    """What leads to everything of the person and of the site (a msgid, and the page)."""
    by = request_rows.found_by(found.request, found.state.contact)
    ids = own_ids(found.state.reference, by)
    pages = (
        (PERSON, N_("Everything of this person"), "people"),
        (SITE, N_("Everything of this site"), "sites"),
    )
    return [(words, f"/console/{path}/{ids[kind]}") for kind, words, path in pages if kind in ids]


def _people(found: CaseRecord) -> list[tuple[str, str, str]]:
    """Role (msgid), name and id of who works on it."""
    state = found.state
    rows = []
    if state.specialist:
        row = people.staff_member(state.specialist)
        rows.append((vocabulary.OWNERS["specialist"], row.get("name") or state.specialist, ""))
    if state.consultant:
        row = people.consultant(state.consultant)
        note = N_("asked, has not answered yet") if state.status == "match_proposed" else ""
        rows.append((vocabulary.OWNERS["consultant"], row.get("name") or state.consultant, note))
    task = state.task
    if task is not None and task.role not in ("provider", "consultant", "system"):
        row = people.staff_member(task.assignee)
        if task.assignee and task.assignee != state.specialist:
            label = timeline.ACTORS.get(task.role, task.role)
            rows.append((label, row.get("name") or task.assignee, ""))
    return rows


def _eligibility(found: CaseRecord, lang: str) -> TemplateValues:
    decision = found.decisions.get("eligibility", {})
    if not decision:
        return {}
    return {
        "result": entry_words.RESULTS.get(str(decision.get("result")), str(decision.get("result"))),
        "version": decision.get("rule_version", ""),
        "lines": decision_lines(decision, lang),
    }


def _proposal(found: CaseRecord, lang: str) -> TemplateValues:
    proposal = found.decisions.get("tiers", {})
    if not proposal:
        return {}
    return {
        "tier": vocabulary.TIERS.get(str(proposal.get("tier")), ""),
        "priority": vocabulary.PRIORITIES.get(str(proposal.get("priority")), ""),
        "rule": proposal.get("rule", ""),
        "version": proposal.get("rule_version", ""),
        "lines": decision_lines(proposal, lang),
    }
