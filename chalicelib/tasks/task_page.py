"""The page behind a mailed link, as this visitor may see it: the form, the details, what was recorded,
or why the link is no longer good."""

from __future__ import annotations

from functools import cached_property

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.plain.values import frozen
from chalicelib.domain.roles import ROLES
from chalicelib.mail import email_code
from chalicelib.tasks.drafts import first_choice, keeps, restored
from chalicelib.tasks.kept_here import Here, kept_here
from chalicelib.tasks.link_status import Standing
from chalicelib.tasks.recorded import Answered, recorded_in, values_of
from chalicelib.web import way_back
from chalicelib.web.forms import Cleaned, Form, Values, blank
from chalicelib.web.http_input import one
from chalicelib.web.links import Link
from chalicelib.web.pages import Cookie, current, form, render
from chalicelib.web.press import nonce
from chalicelib.web.render import TemplateValues
from chalicelib.workflow.case_types import recipient
from chalicelib.workflow.cases import Case, Task
from chalicelib.workflow.kinds import Kind, kind_of
from chalicelib.workflow.storage import store
from chalicelib.workflow.undo import Correcting, Taking, correcting, taking

COOKIE = "task"
# The version of the entry that a form corrects, and the same in the address of its page.
CORRECTS, CORRECT = "_corrects", "correct"
STATUS = {
    "open": 200,
    "answered": 200,
    "over": 200,
    "expired": 410,
    "superseded": 410,
    "elsewhere": 410,
    "unknown": 404,
}
BROKEN = ("unknown", "expired", "superseded", "elsewhere")


def fresh_subject(link: Link) -> str:
    """What the nonce of the button under an ended link is for."""
    return f"fresh|{link.text}"


@frozen
class TaskView:
    """Where the task stands, and whether the visitor is ``inside``: on the page whose address holds no
    secret, behind the cookie, where details may be seen.

    All but ``show`` is for a link that is known: see ``known``.
    """

    found: Standing
    inside: bool

    @property
    def known(self) -> bool:
        """Whether the link leads to a task at all."""
        return self.found.stand != "unknown"

    @property
    def for_staff(self) -> bool:
        """Whether it is a task of the Network's own staff, whom the helpline could tell nothing."""
        return self.known and self.kind.role in ROLES

    @property
    def opens(self) -> bool:
        """Whether the task waits for its answer, and this link may give it."""
        return self.found.stand == "open"

    @property
    def link(self) -> Link:
        """The link by which the visitor came."""
        assert self.found.link is not None
        return self.found.link

    @property
    def state(self) -> Case:
        """The case as the task sees it."""
        assert self.found.state is not None
        return self.found.state

    @property
    def kind(self) -> Kind:
        """The kind of the task."""
        assert self.found.kind is not None
        return self.found.kind

    @property
    def path(self) -> str:
        """The page of the task whose address holds no secret."""
        return f"/task/{self.link.reference}/{self.link.n}"

    @property
    def action(self) -> str:
        """Where the forms of the page go."""
        return self.path if self.inside else f"/t/{self.link.text}"

    @property
    def cookie(self) -> Cookie:
        """The cookie that lets this browser inside, as long as the link is good. Each page has its own, so
        that several tasks may be open side by side."""
        return Cookie(COOKIE, self.link.text, max(60, self.link.expires - now()), self.path)

    @property
    def subject(self) -> str:
        """What a nonce is for: this task."""
        return f"{self.link.reference}|{self.link.n}"

    @property
    def actor(self) -> str:
        """Who answers here, as a log entry names them."""
        return f"{self.kind.role}:{self.found.who}" if self.found.who else self.kind.role

    @property
    def recipient(self) -> str:
        """Whose task it is, as letters are addressed."""
        return recipient(self.state, self.kind.role, self.found.who)

    @property
    def person(self) -> str:
        """The same, as known browsers name people."""
        to = self.recipient
        return to if ":" in to else f"{to}:{self.state.reference}"

    @property
    def sensitive(self) -> bool:
        """Whether a link alone opens nothing here: by its kind, or because it has ended."""
        return self.kind.policy.sensitive or self.found.ended

    @property
    def proven(self) -> bool:
        """Whether this browser may see what is kept behind the mailed code."""
        return not self.sensitive or email_code.known(self.person)

    @property
    def guarded(self) -> bool:
        """Whether the page has something that a link alone does not open."""
        after = self.found.stand == "answered" and self.found.may_see_details
        return self.sensitive and (self.opens or after)

    @property
    def hidden(self) -> bool:
        """Whether the code must be typed before the page shows what it has."""
        return self.inside and self.guarded and not self.proven

    @property
    def recorded(self) -> bool:
        """Whether the visitor has just answered."""
        return self.inside and bool(current().query.get("recorded"))

    @cached_property
    def correction(self) -> Correcting | None:
        """The entry that the visitor corrects, while that is possible."""
        if not (self.wished.isdecimal() and self.opens):
            return None
        found = correcting(self.state, self.link.n, self.actor, now())
        return found if found is not None and str(found.entry.version) == self.wished else None

    @property
    def wished(self) -> str:
        """What the visitor wants to correct, as the form or the address says."""
        return one(form(), CORRECTS) or (current().query.get(CORRECT) or [""])[0]

    @property
    def asked_form(self) -> Form:
        """The form of the task, or the one of the entry that is corrected."""
        return self.kind.page.form(self.correction.without if self.correction else self.state)

    @property
    def next_kind(self) -> Kind | None:
        """The kind of task that its answer leads on to; None when that is done, or somebody else's."""
        entry = self.found.entry
        if self.found.stand != "answered" or self.found.ended or entry is None:
            return None
        if not self.found.may_see_details:
            return None
        name = self.kind.page.leads_to.get(str(entry.payload.get("verdict")))
        # Until the run has asked for it, nothing has come after the answer.
        coming = self.state.task is None and self.state.version == entry.version
        return kind_of(name) if name and (coming or self._is_theirs(name)) else None

    def _is_theirs(self, kind: str) -> bool:
        """Whether the open task is of that kind, and was given to whoever has this one."""
        task = self.state.task
        return task is not None and (task.kind, task.assignee) == (kind, self.found.who)

    @property
    def next_task(self) -> Task | None:
        """The open task that its answer leads on to."""
        return self.state.task if self.next_kind is not None else None

    @property
    def goes_on(self) -> bool:
        """Whether the visitor wants to go on to it."""
        return self.inside and current().query.get("next") == ["yes"]

    @property
    def may_open(self) -> bool:
        """Whether the page offers to show the details."""
        if self.inside:
            return self.hidden and not self.recorded
        page, stand = self.kind.page, self.found.stand
        if stand == "open":
            return page.has_details or keeps(page.form(self.state))
        return stand == "answered"

    def answered(self) -> Answered | None:
        """Who answered and what, for whoever comes back; not on the page that thanks for it, which says
        so in a sentence."""
        seen = self.inside and not self.hidden and not self.recorded
        if not (seen and self.found.stand == "answered" and self.found.may_see_details):
            return None
        log = self.found.log or store.log(self.state)
        return recorded_in(self.state, log, self.link.n, current().lang)

    @property
    def undoable(self) -> Taking | None:
        """The answer that the visitor may take back now. What was given with a proof is taken back
        with one only."""
        if not self.known or not self.kind.policy.undo or self.state.main_task is not None:
            return None
        if self.found.ended or self.found.stand not in ("open", "answered"):
            return None
        can = taking(self.state, self.link.n, self.actor, now(), self.found.log or self.found.since)
        needs_proof = can is not None and can.answer.payload.get("proof") == email_code.VERIFIED
        return None if needs_proof and not self.proven else can

    def show(
        self,
        cleaned: Cleaned | None = None,
        *,
        notice: str = "",
        mine_error: str = "",
        back_error: str = "",
    ) -> Response:
        """The page; ``cleaned``, ``notice`` and the two errors say what was wrong with a press."""
        if self.found.stand in BROKEN:
            return self._closed(notice)
        recorded, sees = self.recorded, self.inside and not self.hidden
        asks = self.opens and not recorded and (sees or not self.kind.page.shows_details_first)
        drawn = self._form(cleaned) if asks else self._no_form(cleaned)
        shown, undo = drawn["cleaned"], self.undoable
        wrong, presses = mine_error or back_error or notice, asks or undo or self.may_open
        return render(
            "tasks/task.html",
            422 if wrong else shown.status if shown else 200,
            nonce=nonce(self.subject, self.state.version) if presses else "",
            **self._undo(undo),
            back_error=back_error,
            notice=notice,
            mine_error=mine_error,
            **drawn,
            **self._stands(),
            **self._details(sees, recorded),
        )

    def _undo(self, undo: Taking | None) -> TemplateValues:
        """Until when the visitor may take their answer back, and what of many they may correct."""
        corrects = undo is not None and self.kind.policy.many and self.proven
        newest = undo.answer if undo is not None and corrects else None
        return {"undo_until": undo.until if undo is not None else 0, "newest": newest}

    def _form(self, cleaned: Cleaned | None) -> TemplateValues:
        """The form, as somebody sent it or as it starts."""
        asked = self.asked_form
        typed = bool({"_kept", CORRECTS} & form().keys())
        shown, draft = (cleaned, typed) if cleaned else self._starts(asked)
        return {
            "form": asked,
            "cleaned": shown,
            "keeps": keeps(asked) and self.correction is None,
            "draft": draft and self.correction is None,
            "kept": (current().query.get("kept") or [""])[0],
            "corrects": self.correction.entry if self.correction else None,
        }

    def _no_form(self, cleaned: Cleaned | None) -> TemplateValues:
        nothing: TemplateValues = {"form": None, "corrects": None, "kept": ""}
        return {**nothing, "cleaned": cleaned, "keeps": False, "draft": False}

    def _stands(self) -> TemplateValues:
        """What the page says of the task, whatever was pressed."""
        entry, said = self.found.entry, self.kind.words.said
        return {
            "found": self.found,
            "state": self.state,
            "kind": self.kind,
            "task": self.state.task if self.opens else None,
            "action": self.action,
            "inside": self.inside,
            "for_staff": self.for_staff,
            "recorded": self.recorded,
            "corrected": self.recorded and current().query.get("recorded") == ["corrected"],
            "may_open": self.may_open,
            "only_kept": self.opens and not self.kind.page.has_details and not self.sensitive,
            "facts": self.kind.page.facts(self.state) if self.opens else [],
            "taken": self.opens and current().query.get("taken") == ["yes"],
            "answered": self.answered(),
            "late": current().query.get("late") == ["yes"],
            "entry": entry,
            "said": said.get(str(entry.payload.get("verdict")), "") if entry else "",
            "back": way_back.from_task(self.link.reference, self.link.n),
            "here": self._kept_here(),
            **self._what_comes_next(),
        }

    def _what_comes_next(self) -> TemplateValues:
        """What the same person is asked next; for a moment, until the run has asked, the way there leads
        to this page again."""
        return {
            "next_kind": self.next_kind,
            "next_way": f"{self.path}?next=yes" if self.inside else "",
            "next_waits": self.goes_on,
        }

    def _closed(self, notice: str) -> Response:
        """Why the link is no longer good. Who has the task no more gets no fresh link: it would go to
        the one who has it now."""
        stand, link = self.found.stand, self.found.link
        asks = link is not None and stand != "elsewhere"
        return render(
            "tasks/closed_link.html",
            STATUS[stand],
            stand=stand,
            notice=notice if asks else "",
            address=self.link.text if asks else "",
            nonce=nonce(fresh_subject(self.link), self.state.version) if asks else "",
            for_staff=self.for_staff,
            back=way_back.from_task(link.reference, link.n) if link else "",
            here=self._kept_here(),
        )

    def _kept_here(self) -> Here | None:
        """For an answer that a phone keeps: on pages that show the form, or would show what was answered.
        Whoever has lost the task still sees the words that they typed in this browser."""
        drawn = self.opens and not self.kind.page.shows_details_first if self.known else False
        sees = self.inside and (not self.known or not self.hidden)
        if self.found.link is None or not (drawn or sees):
            return None
        link = self.link
        return kept_here(link.reference, link.n, self.action, link.expires, now())

    def _starts(self, asked: Form) -> tuple[Cleaned, bool]:
        """The form before anybody pressed, and whether it shows what was kept before."""
        if found := self.correction:
            sees = self.inside and self.proven
            known = values_of(self.kind, found.without, asked, found.entry) if sees else {}
            return blank(asked, known), False
        starts = blank(asked, self.kind.page.known(self.state) | self._begun(asked))
        if not self.inside or not keeps(asked) or not self.proven:
            return starts, False
        fresh = bool(current().query.get("kept"))
        shown = restored(self.state, asked, starts, now(), fresh=fresh)
        return shown, shown is not starts

    def _begun(self, asked: Form) -> Values:
        """The choice that was made on the list of tasks already."""
        choice, chosen = first_choice(asked), (current().query.get("begin") or [""])[0]
        known = choice is not None and self.inside and chosen in {one[0] for one in choice.options}
        return {choice.name: chosen} if choice is not None and known else {}

    def _details(self, sees: bool, recorded: bool) -> TemplateValues:
        """What the page tells beside its form. A task that nobody answered leaves nothing to see: an
        offer, taken back, was never accepted."""
        answered = self.found.stand == "answered" and self.kind.page.shows_details_after
        wanted = not recorded if self.opens else answered
        shows = sees and wanted and self.found.may_see_details and not self.found.ended
        details = self.kind.page.details(self.state) if shows else {}
        return {
            "details": details,
            "details_template": self.kind.page.template if details else "",
        }
