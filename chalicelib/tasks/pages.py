"""GET shows, POST decides: a chosen option, a press and a nonce (law 5, S4-S6, F2).

The link's own page shows the reference and neutral words. Whoever says that the task is theirs gets
a cookie and the page ``/task/...`` with the details, whose address holds no secret (S6).
"""

from __future__ import annotations

import hashlib
import json
import re

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.ids import normalize_reference
from chalicelib.mail import email_code, task_list_link
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.tasks.code_challenge import ask_for_proof, asking, code_page, person_of, proven
from chalicelib.tasks.drafts import keep
from chalicelib.tasks.link_status import Standing, standing
from chalicelib.tasks.task_page import (
    COOKIE,
    action_of,
    actor_of,
    cookie_of,
    guarded,
    inside_path,
    show,
    subject_of,
    undoable,
)
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Form, blank, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import current, form, redirect, render
from chalicelib.workflow.store import Refused
from chalicelib.workflow.task_drafts import forget
from chalicelib.workflow.tasks import answer
from chalicelib.workflow.undo import take_back

# A task that is opened from the list is under a link that no newer one replaces, for a day.
NEWEST, LIST_SECONDS = 999, 86400
NOT_KEPT = {
    "nothing": N_("There is nothing new to keep yet."),
    "too long": N_("That was more text than we can keep. Please shorten it, or send it now."),
}
TOO_LATE = N_(
    "This cannot be taken back any more: the time is over, or the next person has acted. "
    "Please call the helpline: 1-877-524-2422."
)
STALE = N_("This page was open for a long time, or was sent by a program. Please choose again.")


def show_link(link: str) -> Response:
    """The page that a mailed link opens."""
    return show(standing(link, now()), inside=False)


def answer_by_link(link: str) -> Response:
    """A decision on the link's own page."""
    return _decide(standing(link, now()), inside=False)


def open_details(link: str) -> Response:
    """ "This was sent to me": a person's tick, then the page with the details."""
    return _open(standing(link, now()), inside=False)


def fresh_link(link: str) -> Response:
    """Mail a fresh link to the address on file; the page says the same for any link (F5, S8)."""
    known = links.read(link)
    if current().switching:
        return show(standing(link, now()), inside=False)
    if known is not None:
        send_fresh(known.reference, known.n)
    return render("tasks/fresh.html")


def take_answer_back(reference: str, n: str) -> Response:
    """Take the own answer back, while that is possible (F4)."""
    found = _from_cookie(reference, n)
    return _take_back(found, inside=found.stand != "unknown")


def take_answer_back_by_link(link: str) -> Response:
    """The same from the link's own page."""
    return _take_back(standing(link, now()), inside=False)


def open_details_inside(reference: str, n: str) -> Response:
    """The same where the browser has the task's cookie, and is not known yet (F6)."""
    found = _from_cookie(reference, n)
    return _open(found, inside=found.stand != "unknown")


def show_task(reference: str, n: str) -> Response:
    """The task with its details, for the browser that holds its cookie."""
    found = _from_cookie(reference, n)
    return show(found, inside=found.stand != "unknown")


def answer_inside(reference: str, n: str) -> Response:
    """A decision on the page with the details."""
    found = _from_cookie(reference, n)
    return _decide(found, inside=found.stand != "unknown")


def _from_cookie(reference: str, n: str) -> Standing:
    found = standing(current().cookies.get(COOKIE, ""), now())
    if found.link is not None and (found.link.reference, str(found.link.n)) == (reference, n):
        return found
    # Or the list of all one's tasks, which its own code has opened (F7).
    who = task_list_link.holder()
    if not who or not re.fullmatch("[1-9][0-9]{0,3}", n) or normalize_reference(reference) is None:
        return Standing("unknown")
    found = standing(links.mint(reference, int(n), NEWEST, now() + LIST_SECONDS), now())
    own = found.kind is not None and found.kind.role == "consultant" and found.who == who
    if not own or found.link is None:
        return Standing("unknown")
    current().new_cookies.append(cookie_of(found.link))
    return found


def _open(found: Standing, *, inside: bool) -> Response:
    link, switching = found.link, current().switching
    ticked = form().get("mine") == ["yes"]
    if link is None or not ticked or (switching and not asking()):
        error = "" if switching else N_("Please tick the box to go on.")
        return show(found, inside=inside, mine_error=error)
    if guarded(found):
        asks_code = ask_for_proof(found, action_of(link, inside) + "/open")
        if asks_code is not None:
            return asks_code
    kept = _keep_what_stands_beside(found)
    return redirect(inside_path(link) + ("?kept=open" if kept else ""), cookies=[cookie_of(link)])


def _keep_what_stands_beside(found: Standing) -> bool:
    """What was typed before "Show the details" was pressed is there on the next page, too."""
    state, kind = found.state, found.kind
    if found.stand != "open" or state is None or kind is None or kind.page.shows_details_first:
        return False
    if not links.nonce_ok(one(form(), "_nonce"), subject_of(found), now()):
        return False
    asked = kind.page.form(state)
    cleaned = clean(asked, form(), current().lang)
    return keep(state, asked, cleaned, blank(asked, kind.page.known(state)), now()) == "kept"


def _take_back(found: Standing, *, inside: bool) -> Response:
    link = found.link
    if link is None or found.stand == "unknown":
        return show(found, inside=False)
    nonce = one(form(), "_nonce")
    meant = form().get("back") == ["yes"] and not current().switching
    if not meant or not links.nonce_ok(nonce, subject_of(found), now()):
        error = "" if current().switching else N_("Please tick the box to take it back.")
        return show(found, inside=inside, back_error=error)
    if undoable(found) is None or not take_back(link.reference, link.n, actor_of(found), now()):
        again = standing(link.text, now())
        return show(again, inside=inside, notice=TOO_LATE)
    return redirect(inside_path(link) + "?taken=yes", cookies=[cookie_of(link)])


def _decide(found: Standing, *, inside: bool) -> Response:
    state, kind, link = found.state, found.kind, found.link
    if found.stand != "open" or state is None or kind is None or link is None:
        return show(found, inside=inside)
    if kind.page.shows_details_first and (not inside or not proven(found)):
        return show(found, inside=inside, mine_error=N_("Please tick the box to go on."))
    if asking() and current().switching:
        return code_page(action_of(link, inside), link.reference)
    asked = kind.page.form(state)
    cleaned = clean(asked, form(), current().lang)
    if form().get("_keep") and not current().switching and not cleaned.unsure:
        return _keep(found, inside, asked, cleaned)
    if not cleaned.ok:
        return show(found, inside=inside, cleaned=cleaned)
    nonce = one(form(), "_nonce")
    if not links.nonce_ok(nonce, subject_of(found), now()):
        return show(found, inside=inside, cleaned=cleaned, notice=STALE)
    if kind.policy.sensitive and kind.policy.proves(cleaned.values):
        asks_code = ask_for_proof(found, action_of(link, inside))
        if asks_code is not None:
            return asks_code
    actor = actor_of(found)
    told = {"proof": email_code.word(person_of(found))}
    try:
        command = _command(nonce, cleaned)
        # A task beside is seen through its own eyes: the answer reads the referral itself.
        known = state if state.main_task is None and state.task and not state.side_tasks else None
        answer(
            link.reference, link.n, cleaned.values, actor, command, now(), known, told, link.number
        )
    except Invalid as error:
        _ = translator(current().lang)
        cleaned.errors |= {name: _(text) for name, text in error.errors.items()}
        return show(found, inside=inside, cleaned=cleaned)
    except Refused:
        return show(found, inside=inside, cleaned=cleaned, notice=kind.words.refused or STALE)
    except AlreadyDone:
        pass  # the page behind the redirect shows what was recorded, and when
    if "_kept" in form():
        forget(link.reference, link.n)
    return redirect(inside_path(link) + "?recorded=yes", cookies=[cookie_of(link)])


def _keep(found: Standing, inside: bool, asked: Form, cleaned: Cleaned) -> Response:
    """ "Keep and finish later": no answer yet, whatever it lacks."""
    link, state, kind = found.link, found.state, found.kind
    assert link is not None and state is not None and kind is not None
    if not links.nonce_ok(one(form(), "_nonce"), subject_of(found), now()):
        return show(found, inside=inside, cleaned=cleaned, notice=STALE)
    came = keep(state, asked, cleaned, blank(asked, kind.page.known(state)), now())
    if came != "kept":
        cleaned.errors.clear()
        return show(found, inside=inside, cleaned=cleaned, notice=NOT_KEPT[came])
    return redirect(inside_path(link) + "?kept=yes", cookies=[cookie_of(link)])


def _command(nonce: str, cleaned: Cleaned) -> str:
    """The id of this press: the same form sent again is the same command (F11)."""
    typed = json.dumps(cleaned.values, sort_keys=True, default=str)
    return "t:" + hashlib.sha256(f"{nonce}|{typed}".encode()).hexdigest()[:12]
