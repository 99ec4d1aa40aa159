"""What staff may decide of a record, offered with its reasons, and writing it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.console.one_record.told import names, programs, told
from chalicelib.directory import contacts, same_records
from chalicelib.directory.same_records import APART, MOVED, SAME, UNDONE, Decision
from chalicelib.domain.errors import Invalid
from chalicelib.domain.roles import Scope
from chalicelib.web.languages import N_, date_words, translator
from chalicelib.workflow.lists.alike import EMAIL, LICENSE, NAME, PHONE, Proposal, proposals
from chalicelib.workflow.lists.records import PERSON, Line, Records

REASONS: Final = {
    LICENSE: N_("same license number"),
    EMAIL: N_("same email address"),
    PHONE: N_("same phone number"),
    NAME: N_("name and county alike"),
}
DECIDED: Final = {
    SAME: N_("Joined with another record"),
    APART: N_("Said not to be the same as another record"),
    MOVED: N_("Moved a contact to a record of its own"),
    UNDONE: N_("Undid a decision"),
}
JOIN: Final = N_("Join with %(name)s")
NOT_SAME: Final = N_("%(name)s is somebody else")
NOT_SAME_SITE: Final = N_("%(name)s is another program")
NOT_THEIRS: Final = N_("Does not belong here: %(service)s, %(date)s")
UNDO: Final = N_("Undo: %(what)s")
NAMELESS: Final = N_("a record without a name")
# So many proposals and contacts are offered at once, the likeliest and the newest.
MOST_PROPOSED: Final = 5
MOST_MOVED: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be decided: ``words`` and ``hint`` are translated; ``act``, ``one`` and ``other`` as
    ``Decision`` has them."""

    act: str
    one: str
    other: str
    words: str
    hint: str = ""

    @property
    def id(self) -> str:
        """What the form calls it."""
        return f"{self.act}~{self.one}~{self.other}"


def choices(
    found: Records, kind: str, one: str, lines: Sequence[Line], scope: Scope, lang: str
) -> list[Choice]:
    """All that may be decided of a record."""
    _ = translator(lang)
    made: list[Choice] = []
    for proposal in proposals(found, kind, one)[:MOST_PROPOSED]:
        made += _of_proposal(found, proposal, found.root(one), scope, lang)
    if len(lines) > 1:
        for line in told(lines, lang)[:MOST_MOVED]:
            words = _(NOT_THEIRS, service=line.service, date=date_words(line.at, lang))
            own = contacts.hashed(f"moved|{line.key}")
            made.append(Choice(MOVED, f"{kind}|{line.key}", own, words, line.words))
    for decision in decided_here(found, kind, one):
        if decision.act != UNDONE:
            what = _(DECIDED[decision.act])
            when = date_words(decision.at, lang)
            made.append(Choice(UNDONE, decision.id, "", _(UNDO, what=what), when))
    return made


def _of_proposal(
    found: Records, proposal: Proposal, mine: str, scope: Scope, lang: str
) -> list[Choice]:
    """To join them or to say that they are two; nothing for one that lies in other counties."""
    _ = translator(lang)
    other = proposal.other if proposal.one == mine else proposal.one
    theirs = [line for line in found.record(proposal.kind, other) if scope.covers(line.county)]
    if not theirs:
        return []
    person = proposal.kind == PERSON
    known = names(theirs) if person else programs(theirs)
    name = known[0] if known else _(NAMELESS)
    why = ", ".join(_(REASONS[reason]) for reason in proposal.reasons)
    apart = NOT_SAME if person else NOT_SAME_SITE
    return [
        Choice(SAME, mine, other, _(JOIN, name=name), why),
        Choice(APART, mine, other, _(apart, name=name), why),
    ]


def decided_here(found: Records, kind: str, one: str) -> list[Decision]:
    """The decisions about any part of a record that still hold, the newest first."""
    told_ = same_records.decisions()
    undone = {each.one for each in told_ if each.act == UNDONE}
    parts = found.decided.joined(one)
    here = {line.key for line in found.record(kind, one)}
    # What was moved away is undone here, too: from here it is missed.
    here |= {key for part in parts for key in found.of[kind].get(part, {})}
    about = parts | {f"{kind}|{key}" for key in here}
    mine = [
        each
        for each in told_
        if each.act != UNDONE and each.id not in undone and {each.one, each.other} & about
    ]
    return mine[::-1]


def carry_out(
    offered: Sequence[Choice], chosen: str, why: str, by: str, press: str, at: int
) -> None:
    """Write one of the offered decisions down. Raises Invalid for another."""
    choice = next((one for one in offered if one.id == chosen), None)
    if choice is None:
        raise Invalid({"choice": N_("Choose what should change.")})
    decision = Decision(choice.act, choice.one, choice.other, at, by, why, press)
    same_records.decide(decision)
