"""A visit to a mailed task: it can be shown, opened, kept for later, decided and undone.

The link's own page shows the reference and neutral words. Whoever says that the task is theirs gets
that page's cookie and the page with the details, whose address holds no secret. A GET only shows.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from chalice.app import Response

from chalicelib.aws.entry_points import load
from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, Invalid, RecordedMeanwhile
from chalicelib.domain.ids import normalize_reference
from chalicelib.mail import email_code, task_list_link
from chalicelib.mail.addressees import address
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.tasks import drafts
from chalicelib.tasks.code_challenge import TICK, Place, ask_person, asking, code_page
from chalicelib.tasks.corrections import CHOOSE, Corrections, means_more
from chalicelib.tasks.corrections import asking as asking_what_is_meant
from chalicelib.tasks.link_status import Standing, standing
from chalicelib.tasks.task_page import COOKIE, CORRECTS
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, blank, clean
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, redirect
from chalicelib.web.press import SENT_BEFORE, STALE, command_id, refuse, shown_at, shown_by_us
from chalicelib.web.routing import Route
from chalicelib.workflow.case_types import asks_consultant
from chalicelib.workflow.cases import Payload
from chalicelib.workflow.storage import store
from chalicelib.workflow.storage.store import Refused
from chalicelib.workflow.storage.task_drafts import forget
from chalicelib.workflow.tasks import answer
from chalicelib.workflow.undo import correcting, take_back

# A task that is opened without a letter is under a link as good as its newest letter's, for a day.
LIST_SECONDS = 86400
TICK_UNDO = N_("Please check the box to cancel it.")
NOT_KEPT = {
    "nothing": N_("There is nothing new to keep yet."),
    "older": SENT_BEFORE,
    "too long": N_("That was more text than we can keep. Please shorten it, or send it now."),
}
TOO_LATE = N_(
    "This cannot be undone anymore: the time is over, or the next person has acted. "
    "Please call the helpline: 1-877-524-2422."
)
TOO_LATE_FOR_STAFF = N_(
    "This cannot be undone anymore: the time is over, or the next person has acted. "
    "What can still be changed is on the page of the request."
)


def let_in(route: Route, places: dict[str, str]) -> Response:
    """The page of a route, given the ``visit`` that the places of its path name."""
    visit = by_link(places["link"]) if "link" in places else by_cookie(**places)
    page: Response = load(route.view)(visit=visit)
    return page


def by_link(text: str) -> Visit:
    """A visit to the page of a mailed link."""
    return Visit(standing(text, now()), inside=False)


def by_cookie(reference: str, n: str) -> Visit:
    """A visit to the page with the details, by the page's own cookie; or from the list of all one's
    tasks, which its own code has opened."""
    came = standing(current().cookies.get(COOKIE, ""), now())
    mine = came.link is not None and (came.link.reference, str(came.link.n)) == (reference, n)
    who = task_list_link.holder()
    if mine and not (who and came.stand == "expired"):  # the list opens it again
        return Visit(came, inside=True)
    known = re.fullmatch("[1-9][0-9]{0,3}", n) and normalize_reference(reference) is not None
    visit = _newest(reference, int(n)) if known and who else None
    if visit is None or not visit.is_of(who):
        if mine:
            return Visit(came, inside=True)
        return Visit(Standing("unknown"), inside=False)
    current().new_cookies.append(visit.cookie)
    return visit


def budget(link: links.Link) -> str:
    """Whose limits a press counts on: each mailed link has its own. For one that was got without a letter
    the browser counts, as it would get another, and nobody uses up what another browser needs."""
    return link.text if link.mailed else f"no letter|{task_list_link.browser()}"


def _newest(reference: str, n: int) -> Visit:
    """A visit under a link that ends where those of the letters end: when somebody else takes over."""
    came = standing(links.mint(reference, n, 2 * links.UNMAILED - 1, now() + LIST_SECONDS), now())
    task = came.state.task if came.state else None
    if task is not None and task.number == n:
        text = links.mint(reference, n, links.UNMAILED + task.link_number, now() + LIST_SECONDS)
        came = replace(came, link=links.read(text))
    return Visit(came, inside=True)


class Visit(Corrections):
    """The page of a task, and the presses on it."""

    def go_on(self) -> Response:
        """To the page of the task that comes next, as soon as the run has asked for it; inside at once,
        where this browser is known as the person's."""
        if self.passes:
            return self._on_to("")
        task = self.next_task if self.known and self.goes_on else None
        if task is None:
            return self.show()
        follows = _newest(self.link.reference, task.number)
        return redirect(follows.path, cookies=[follows.cookie])

    @property
    def passes(self) -> bool:
        """Whether nobody has to say once more that the message was sent to them: their browser is known,
        or they are signed in."""
        stands = self.known and self.found.stand in ("open", "answered")
        return stands and not self.inside and email_code.known(self.person)

    def is_of(self, consultant: str) -> bool:
        """Whether it is the task of that consultant; of nobody for ""."""
        who = self.found.who
        return self.known and bool(consultant) and asks_consultant(self.kind.role, who, consultant)

    def open(self) -> Response:
        """ "This was sent to me": a person's tick, then the page with the details."""
        switching = current().switching
        ticked = form().get("mine") == ["yes"]
        if not self.known or not ticked or (switching and not asking()):
            return self.show(mine_error="" if switching else TICK)
        if self.guarded:
            asks_code = self._ask_for_code(self.action + "/open")
            if asks_code is not None:
                return asks_code
        kept = self._keep_what_stands_beside()
        return self._on_to("?kept=open" if kept else "")

    def undo(self) -> Response:
        """Take the own answer back, while that is possible."""
        if not self.known:
            return self.show()
        switching = current().switching
        meant = form().get("back") == ["yes"] and not switching
        if not meant or not shown_by_us(self.subject):
            return self.show(back_error="" if switching else TICK_UNDO)
        press = command_id(f"undo|{self.subject}")
        undone = self.undoable is not None and take_back(
            self.link.reference, self.link.n, self.actor, now(), press
        )
        if not undone:
            late = TOO_LATE_FOR_STAFF if self.for_staff else TOO_LATE
            return Visit(standing(self.link.text, now()), self.inside).show(notice=late)
        return self._on_to("?taken=yes")

    def decide(self) -> Response:
        """Record the answer: a chosen option, a press and a nonce; or keep it for later."""
        if not self.opens:
            return self._late()
        if (before := self._before_it_is_read()) is not None:
            return before
        keeping = bool(form().get("_keep"))
        cleaned = clean(self.asked_form, form(), current().lang, keeping=keeping)
        if keeping and not current().switching and not cleaned.unsure:
            return self.keep(cleaned)
        if asking_what_is_meant() and means_more():
            cleaned.errors.clear()
            return self.show(cleaned)
        if not cleaned.ok:
            return self._again_as_it_was() or self.show(cleaned)
        if not shown_by_us(self.subject):
            return self.show(cleaned, notice=STALE)
        if self.kind.policy.sensitive and self.kind.policy.proves(cleaned.values):
            asks_code = self._ask_for_code(self.action)
            if asks_code is not None:
                return asks_code
        return self._record(cleaned)

    def _late(self) -> Response:
        """The page of a task that waits for no answer any more: it says that this one was not recorded,
        unless this very press was."""
        pressed = self.found.stand == "answered" and not current().switching
        if not pressed or not shown_by_us(self.subject):
            return self.show()
        log = self.found.log or store.log(self.state)
        made = any(entry.command == command_id(self.subject) for entry in log)
        return self._on_to("?recorded=yes" if made else "?late=yes")

    def _before_it_is_read(self) -> Response | None:
        """The page that comes before the answer is looked at, if one does: the tick and the code, or what
        is meant where something was recorded meanwhile. What was typed goes through all of them."""
        unknown = self.kind.page.shows_details_first and not (self.inside and self.proven)
        if unknown and (known_first := self._known_first()) is not None:
            return known_first
        if current().switching:
            if asking():
                return code_page(self.action, self.link.reference, for_staff=self.for_staff)
            return self.ask_what_is_meant() if asking_what_is_meant() else None
        if asking_what_is_meant() and not form().get(CORRECTS):
            return self.ask_what_is_meant(CHOOSE)
        if self.wished.isdecimal() and self.correction is None:
            return self._corrected_meanwhile()
        return None

    def _known_first(self) -> Response | None:
        """The tick or the code that opens the details, where the form is beside them."""
        shown = self.inside and not current().switching and shown_by_us(self.subject)
        return self._ask_for_code(self.action) if shown else self.show(mine_error=TICK)

    def keep(self, cleaned: Cleaned) -> Response:
        """ "Keep and finish later": no answer yet, whatever it lacks."""
        if not shown_by_us(self.subject):
            return self.show(cleaned, notice=STALE)
        came = self._kept(cleaned)
        if came != "kept":
            cleaned.errors.clear()
            return self.show(cleaned, notice=NOT_KEPT[came])
        return self._on_to("?kept=yes")

    def _record(self, cleaned: Cleaned) -> Response:
        told: Payload = {"proof": email_code.word(self.person)}
        if self.correction is None and self.kind.policy.corrects(cleaned.values):
            return self._correct_newest(cleaned)
        try:
            if self.correction is not None:
                self.correct(self.correction.entry.version, cleaned.values, told)
            else:
                self._answer(cleaned, told)
        except Invalid as error:
            return self.show(refuse(cleaned, error.errors))
        except Refused:
            return self.show(cleaned, notice=self.kind.words.refused or STALE)
        except RecordedMeanwhile:
            return Visit(standing(self.link.text, now()), self.inside).ask_what_is_meant()
        except AlreadyDone:
            return self._sent_again(cleaned, told)
        if "_kept" in form():
            forget(self.link.reference, self.link.n)
        return self._on_to("?recorded=corrected" if self.correction else "?recorded=yes")

    def _answer(self, cleaned: Cleaned, told: Payload) -> None:
        link, state = self.link, self.state
        # A side task is seen through its own eyes: the answer reads the referral itself.
        known = state if state.main_task is None and state.task and not state.side_tasks else None
        command, values = command_id(self.subject), cleaned.values
        answer(
            link.reference, link.n, values, self.actor, command, now(), known, told, link.number
        )  # fmt: skip
        if state.contact.call in state.side_tasks and state.contact.call != link.n:
            # The answer may have been all that was to be said.
            load("mail.phone.sayings:settle")(link.reference, self.actor)

    def _sent_again(self, cleaned: Cleaned, told: Payload) -> Response:
        """A form that was sent before: with something else typed into it, it corrects what it recorded
        where that is possible; else the page says what stands."""
        now_is = Visit(standing(self.link.text, now()), self.inside)
        found, recorded = now_is.of_this_form()
        if found is not None and recorded:
            newest = found.entry.command == command_id(self.subject)
            return self._on_to("?recorded=yes") if newest else now_is.show(notice=SENT_BEFORE)
        if found is not None:
            if (values := now_is.cleaned_for(found)) is None:
                return self.show(cleaned, notice=SENT_BEFORE)
            try:
                now_is.correct(found.entry.version, values, told)
            except Invalid as error:
                return self.show(refuse(cleaned, error.errors))
            except AlreadyDone:
                return now_is.show(cleaned, notice=SENT_BEFORE)
            return self._on_to("?recorded=corrected")
        if not recorded and now_is.recorded_since():
            return now_is.ask_what_is_meant()
        return now_is.show(cleaned, notice=SENT_BEFORE) if now_is.opens else self._on_to("")

    def _again_as_it_was(self) -> Response | None:
        """What this very press recorded, when a connection that broke let it come again and the form asks
        something else by now; None where it recorded nothing."""
        if current().switching or not shown_by_us(self.subject):
            return None
        found, recorded = self.of_this_form()
        newest = found is not None and found.entry.command == command_id(self.subject)
        if newest:
            return self._on_to("?recorded=yes")
        return self.show(notice=SENT_BEFORE) if recorded else None

    def _corrected_meanwhile(self) -> Response:
        """A correction of what is not the newest entry any more: perhaps this press has corrected it."""
        cleaned = clean(self.kind.page.form(self.state), form(), current().lang)
        cleaned.errors.clear()
        if not shown_by_us(self.subject):
            return self.show(cleaned, notice=STALE)
        return self._sent_again(cleaned, {"proof": email_code.word(self.person)})

    def _correct_newest(self, cleaned: Cleaned) -> Response:
        """What was typed, on the form of the entry that was recorded last: nothing is sent yet."""
        newest = correcting(self.state, self.link.n, self.actor, now())
        if newest is None:
            return self.show(cleaned, notice=STALE)
        current().form[CORRECTS] = [str(newest.entry.version)]
        return Visit(self.found, self.inside).show(cleaned)

    def _on_to(self, query: str) -> Response:
        """To the page inside."""
        return redirect(self.path + query, cookies=[self.cookie])

    def _ask_for_code(self, action: str) -> Response | None:
        """None when this browser is known or has just typed the right code; else the page that asks.

        Mails the code at the first press and when somebody wants a new one, never for a wrong one.
        """
        state, link, own = self.state, self.link, budget(self.link)

        def letter() -> email_code.Letter:
            to = address(state, self.recipient)
            lang = str(to.get("language") or "en")
            return email_code.Letter("tasks/code", str(to["email"]), lang, state.reference)

        def instead() -> None:
            """Whoever passed the link on, or got it, used up its codes: its owner gets another, once for
            each page on which somebody pressed."""
            if shown_by_us(self.subject):
                with suppress(AlreadyDone):
                    press = command_id(f"code|{self.subject}")
                    send_fresh(link.reference, link.n, own=own, press=press)

        return ask_person(self.person, letter, Place(action, state.reference, own), instead)

    def _keep_what_stands_beside(self) -> bool:
        """What was typed before "Show the details" was pressed is there on the next page, too."""
        if not self.opens or self.kind.page.shows_details_first or not shown_by_us(self.subject):
            return False
        asked = self.kind.page.form(self.state)
        return self._kept(clean(asked, form(), current().lang, keeping=True)) == "kept"

    def _kept(self, cleaned: Cleaned) -> str:
        asked = self.kind.page.form(self.state)
        return drafts.keep(
            self.state,
            asked,
            cleaned,
            blank(asked, self.kind.page.known(self.state)),
            now(),
            shown_at(),
        )
