"""A referral's story, newest first: one plain sentence an entry (``entry_words``), with who did it and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chalicelib.calls.words import TALKED, TALKS
from chalicelib.console.case_record import Mail
from chalicelib.console.entry_words import (
    before_after,
    entry_words,
    letter_words,
    reason_words,
    to_words,
)
from chalicelib.console.timeline_words import MAIL_STATUS
from chalicelib.console.told import Row, answers_told
from chalicelib.directory.people import name_of
from chalicelib.mail.email_code import LINK_ONLY, VERIFIED
from chalicelib.mail.letter_rows import NOT_LEFT, SKIPPED, TO_SAY
from chalicelib.referral.events import TASK_TAKEN, told_in
from chalicelib.web.languages import N_, translator, when_words
from chalicelib.workflow import events
from chalicelib.workflow.cases import Entry
from chalicelib.workflow.effects import SendLetter
from chalicelib.workflow.kinds import kind_of
from chalicelib.workflow.on_behalf import HOW

GROUPS = {
    "decisions": N_("Decisions and answers"),
    "tasks": N_("Tasks and reminders"),
    "mail": N_("Letters"),
    "runs": N_("Runs"),
}
ACTORS = {
    "system": N_("The system"),
    "clock": N_("The clock"),
    "reconciler": N_("The reconciler"),
    "provider": N_("The provider"),
    "caller": N_("The caller"),
    "applicant": N_("The applicant"),
    "reviewer": N_("A reviewer"),
    "consultant": N_("The consultant"),
    "specialist": N_("The specialist"),
    "coordinator": N_("The coordinator"),
    "supervisor": N_("The supervisor"),
    "staff": N_("Staff"),
}
PROOFS = {
    VERIFIED: N_("Checked with a mailed code"),
    LINK_ONLY: N_("By the mailed link alone"),
}
"""How an answer showed whose it is; what staff wrote down says so in its own sentence."""
_BROKEN = (
    events.RUN_RESTARTED,
    events.RECONCILED,
    events.PARKED,
    events.CLOCK_STUCK,
    events.HELD_UP,
)
TROUBLE = (events.ESCALATED, *_BROKEN)
_TASKS = (
    events.REMINDED, events.ESCALATED, events.LINK_RENEWED, events.TASK_GIVEN, TASK_TAKEN,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the timeline. ``at`` is UTC seconds; ``note`` is what a person wrote; ``proof``
    says how an answer showed whose it is; ``answers`` are name and words of what was chosen and told
    besides."""

    at: int
    group: str
    actor: str
    text: str
    cause: str = ""
    note: str = ""
    trouble: bool = False
    v: int = 0
    again: str = ""  # the letter's name, when it can be sent again
    gets: str = ""  # who would get it then, and where
    proof: str = ""
    answers: Sequence[Row] = ()


def lines(
    entries: Sequence[Entry],
    mails: Sequence[Mail],
    at: int,
    lang: str,
    role: str = "",
    goes_to: Callable[[SendLetter, int], tuple[str, str] | None] = lambda letter, version: None,
    *,
    contact: bool = False,
) -> list[Line]:
    """The timeline, newest first. A consultant's private notes are for the supervisor only.

    ``goes_to``: who would get a letter of an entry that is sent again, and where; ``contact``: whether the reader looks
    at who the provider is.
    """
    by_v = {entry.version: entry for entry in entries}
    told = [
        replace(
            _entry(entry, entries, at, lang, role),
            answers=answers_told(entry, lang, contact=contact),
        )
        for entry in entries
    ]
    told += [_letter(mail, by_v.get(mail.v), at, lang, goes_to) for mail in mails]
    # A letter comes after the entry that sent it, also within one second.
    return sorted(told, key=lambda line: (line.at, line.v), reverse=True)


def group_of(event: events.EventName) -> str:
    """The filter under which an entry is found."""
    if event in _BROKEN or event.endswith("_noted"):
        return "runs"
    if event in (events.LETTER_SENT_AGAIN, events.TEXTS_ENDED, events.TEXTS_BEGAN):
        return "mail"
    if event in _TASKS or event.endswith(("_asked", "_expired")):
        return "tasks"
    return "decisions"


def actor_words(actor: str, lang: str) -> str:
    """Who did it, by name where there is one."""
    _ = translator(lang)
    role = actor.partition(":")[0]
    known, name = _(ACTORS.get(role, actor)), name_of(actor)
    return f"{name} ({known})" if name else known


def _entry(entry: Entry, entries: Sequence[Entry], at: int, lang: str, role: str) -> Line:
    data = told_in(entry)
    note = data.get("note") or (data.get("session") or {}).get("note") or ""
    if data.get("note_for") == "private" and role != "supervisor":
        note = ""
    if not note and (more := data.get("more")):
        note = more.get("reason", "")
    note = note or data.get("wish") or data.get("question") or ""
    words = [entry_words(entry, at, lang, given=_given(entry, entries)), _told(entry, lang)]
    words.append(_corrected(entry, entries, at, lang))
    if data.get("why"):  # what goes with the code of a reason
        note = f"{data['why']} {note}".strip()
    return Line(
        at=entry.at,
        group=group_of(entry.event),
        actor=actor_words(entry.actor, lang),
        text=" ".join(one for one in words if one),
        cause=reason_words(entry.reason, lang),
        note=str(note) or before_after(entry, lang),
        trouble=is_trouble(entry.event),
        v=2 * entry.version,
        proof=translator(lang)(PROOFS.get(str(data.get("proof")), "")),
    )


def is_trouble(event: events.EventName) -> bool:
    """Whether it is bad news: something is overdue, broken, or had to be repaired."""
    kind, _sep, ending = event.rpartition("_")
    if ending == "asked":
        try:
            return bool(kind_of(kind).policy.trouble)
        except KeyError:
            return False
    return event in TROUBLE or ending == "expired"


def _told(entry: Entry, lang: str) -> str:
    """How they talked, and who wrote an answer down for whom, and who told it how."""
    return " ".join(filter(None, [_call(entry, lang), _recorded(entry, lang)]))


def _call(entry: Entry, lang: str) -> str:
    _ = translator(lang)
    data = told_in(entry)
    talked = TALKS.get(data.get(TALKED, ""), "")
    interpreter = N_("An interpreter was on the line.") if data.get("interpreter") else ""
    return " ".join(filter(None, [talked and _(talked) + ".", interpreter and _(interpreter)]))


def _recorded(entry: Entry, lang: str) -> str:
    if not entry.payload.get("for"):
        return ""
    _ = translator(lang)
    whom = str(entry.payload["for"])
    return _(
        N_("Recorded by %(staff)s for %(who)s. Told by: %(by)s. %(how)s."),
        staff=name_of(entry.actor),
        who=_(N_("the provider")) if whom == "provider" else name_of(whom),
        by=entry.payload.get("told_by", ""),
        how=_(HOW.get(str(entry.payload.get("told_how")), N_("Not known how"))),
    )


def _corrected(entry: Entry, entries: Sequence[Entry], at: int, lang: str) -> str:
    """That an entry stands in the place of an earlier one, or that a later one stands in its place."""
    _ = translator(lang)
    if version := entry.payload.get("corrects"):
        made = when_words(entries[version - 1].at, at, lang)
        return _(N_("It corrects what was recorded %(when)s."), when=made)
    later = any(one.payload.get("corrects") == entry.version for one in entries)
    return _(N_("It was corrected later.")) if later else ""


def _given(entry: Entry, entries: Sequence[Entry]) -> str:
    """Whose task an entry speaks of: the id that the task was last given to."""
    own = entry.changes.get("task")
    if own is not None and own.assignee:
        return own.assignee
    n = entry.payload.get("task")
    for other in reversed(entries):
        task = other.changes.get("task")
        if other.version < entry.version and n and task is not None and task.number == n:
            return task.assignee
    return ""


def _sent(letter: SendLetter | None) -> str:
    """What left, as a msgid."""
    if letter is not None and letter.channel:
        return N_("Text message to %(to)s: %(about)s")
    if letter is not None and letter.reminder:
        return N_("Reminder to %(to)s: %(about)s")
    return N_("Letter to %(to)s: %(about)s")


def _letter(
    mail: Mail,
    entry: Entry | None,
    at: int,
    lang: str,
    goes_to: Callable[[SendLetter, int], tuple[str, str] | None],
) -> Line:
    _ = translator(lang)
    effect = entry.effects[mail.number] if entry and mail.number < len(entry.effects) else None
    letter = effect if isinstance(effect, SendLetter) else None
    to = to_words(mail.to, lang)
    status = _(MAIL_STATUS.get(mail.status, mail.status))
    if mail.status_at > mail.at:
        status = _(
            N_("%(status)s %(when)s"), status=status, when=when_words(mail.status_at, at, lang)
        )
    if mail.bounce:
        status = f"{status} ({mail.bounce})"
    left = mail.status not in (*NOT_LEFT, SKIPPED, TO_SAY)
    found = goes_to(letter, mail.v) if left and letter is not None else None
    gets = ": ".join(_(part) for part in found or () if part)
    return Line(
        at=mail.at,
        group="mail",
        actor=actor_words("system", lang),
        text=_(_sent(letter), to=to, about=letter_words(mail.letter, lang)),
        cause=status,
        trouble=mail.status in ("bounced", "complained", "rejected", "parked"),
        v=2 * mail.v + 1,
        again=f"{mail.v}.{mail.number}" if gets else "",
        gets=gets,
    )
