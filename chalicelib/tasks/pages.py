"""GET shows, POST decides: a chosen option, a press and a nonce (law 5, S4-S6, F2).

The link's own page shows the reference and neutral words. Whoever says that the task is theirs gets
a cookie and the page ``/task/...`` with the details, whose address holds no secret (S6).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.aws import links
from chalicelib.aws.links import Link
from chalicelib.aws.store import Refused
from chalicelib.kit import proof
from chalicelib.kit.forms import Cleaned, Form, blank, clean
from chalicelib.kit.fresh_links import send_fresh
from chalicelib.kit.now import now
from chalicelib.kit.tasks import answer
from chalicelib.kit.undo import Taking, take_back, taking
from chalicelib.kit.web import FORM, Cookie, current, form, page, redirect, render
from chalicelib.kit.wire import one
from chalicelib.kit.words import N_, translator
from chalicelib.referral.errors import AlreadyDone, Invalid
from chalicelib.tasks.proving import ask_for_proof, asking, code_page, person_of, proven
from chalicelib.tasks.standing import Standing, standing

bp = Blueprint(__name__)
COOKIE = "task"
STATUS = {
    "open": 200,
    "answered": 200,
    "over": 200,
    "expired": 410,
    "superseded": 410,
    "unknown": 404,
}
TOO_LATE = N_(
    "This cannot be taken back any more: the time is over, or the next person has acted. "
    "Please call the helpline: 1-877-524-2422."
)
STALE = N_("This page was open for a long time, or was sent by a program. Please choose again.")


@bp.route("/t/{link}", methods=["GET"])
@page
def show_link(link: str) -> Response:
    """The page that a mailed link opens."""
    return _show(standing(link, now()), inside=False)


@bp.route("/t/{link}", methods=["POST"], content_types=FORM)
@page
def answer_by_link(link: str) -> Response:
    """A decision on the link's own page."""
    return _decide(standing(link, now()), inside=False)


@bp.route("/t/{link}/open", methods=["POST"], content_types=FORM)
@page
def open_details(link: str) -> Response:
    """ "This was sent to me": a person's tick, then the page with the details."""
    return _open(standing(link, now()), inside=False)


@bp.route("/t/{link}/fresh", methods=["POST"], content_types=FORM)
@page
def fresh_link(link: str) -> Response:
    """Mail a fresh link to the address on file; the page says the same for any link (F5, S8)."""
    known = links.read(link)
    if current().switching:
        return _show(standing(link, now()), inside=False)
    if known is not None:
        send_fresh(known.reference, known.n)
    return render("tasks/fresh.html")


@bp.route("/task/{reference}/{n}/undo", methods=["POST"], content_types=FORM)
@page
def take_answer_back(reference: str, n: str) -> Response:
    """Take the own answer back, while that is possible (F4)."""
    found = _from_cookie(reference, n)
    return _take_back(found, inside=found.stand != "unknown")


@bp.route("/t/{link}/undo", methods=["POST"], content_types=FORM)
@page
def take_answer_back_by_link(link: str) -> Response:
    """The same from the link's own page."""
    return _take_back(standing(link, now()), inside=False)


@bp.route("/task/{reference}/{n}/open", methods=["POST"], content_types=FORM)
@page
def open_details_inside(reference: str, n: str) -> Response:
    """The same where the browser has the task's cookie, and is not known yet (F6)."""
    found = _from_cookie(reference, n)
    return _open(found, inside=found.stand != "unknown")


@bp.route("/task/{reference}/{n}", methods=["GET"])
@page
def show_task(reference: str, n: str) -> Response:
    """The task with its details, for the browser that holds its cookie."""
    found = _from_cookie(reference, n)
    return _show(found, inside=found.stand != "unknown")


@bp.route("/task/{reference}/{n}", methods=["POST"], content_types=FORM)
@page
def answer_inside(reference: str, n: str) -> Response:
    """A decision on the page with the details."""
    found = _from_cookie(reference, n)
    return _decide(found, inside=found.stand != "unknown")


def _from_cookie(reference: str, n: str) -> Standing:
    found = standing(current().cookies.get(COOKIE, ""), now())
    if found.link is None or (found.link.reference, str(found.link.n)) != (reference, n):
        return Standing("unknown")
    return found


def _open(found: Standing, *, inside: bool) -> Response:
    link, switching = found.link, current().switching
    ticked = form().get("mine") == ["yes"]
    if link is None or not ticked or (switching and not asking()):
        error = "" if switching else N_("Please tick the box to go on.")
        return _show(found, inside=inside, mine_error=error)
    if _guarded(found):
        asks_code = ask_for_proof(found, _action(link, inside) + "/open")
        if asks_code is not None:
            return asks_code
    return redirect(_inside(link), cookies=[_cookie(link)])


def _actor(found: Standing) -> str:
    assert found.kind is not None
    return f"{found.kind.role}:{found.who}" if found.who else found.kind.role


def _undoable(found: Standing) -> Taking | None:
    """The answer that the holder of this page may take back now. What was given with a proof is
    taken back with one only."""
    if found.link is None or found.state is None or found.kind is None or not found.kind.undo:
        return None
    if found.stand not in ("open", "answered") or found.state.main is not None:
        return None
    can = taking(found.state, found.link.n, _actor(found), now(), found.log)
    needs_proof = can is not None and can.answer.data.get("proof") == proof.VERIFIED
    return None if needs_proof and not proven(found) else can


def _take_back(found: Standing, *, inside: bool) -> Response:
    link = found.link
    if link is None or found.stand == "unknown":
        return _show(found, inside=False)
    nonce = one(form(), "_nonce")
    meant = form().get("back") == ["yes"] and not current().switching
    if not meant or not links.nonce_ok(nonce, _subject(found), now()):
        error = "" if current().switching else N_("Please tick the box to take it back.")
        return _show(found, inside=inside, back_error=error)
    if _undoable(found) is None or not take_back(link.reference, link.n, _actor(found), now()):
        again = standing(link.text, now())
        return _show(again, inside=inside, notice=TOO_LATE)
    return redirect(_inside(link) + "?taken=yes", cookies=[_cookie(link)])


def _guarded(found: Standing) -> bool:
    """Whether the page with the details has something that a link alone does not open (F6)."""
    if found.kind is None or not found.kind.sensitive:
        return False
    after = found.kind.shows_details_after and found.may_see_details
    return found.stand == "open" or (found.stand == "answered" and after)


def _action(link: Link, inside: bool) -> str:
    return _inside(link) if inside else f"/t/{link.text}"


def _inside(link: Link) -> str:
    return f"/task/{link.reference}/{link.n}"


def _cookie(link: Link) -> Cookie:
    return Cookie(COOKIE, link.text, max(60, link.expires - now()))


def _subject(found: Standing) -> str:
    """What a nonce is for: this task. Which press it was, ``_command`` says (F11, F18)."""
    assert found.link is not None and found.state is not None
    return f"{found.link.reference}|{found.link.n}"


def _show(
    found: Standing,
    *,
    inside: bool,
    cleaned: Cleaned | None = None,
    notice: str = "",
    mine_error: str = "",
    back_error: str = "",
) -> Response:
    state, kind, link = found.state, found.kind, found.link
    broken = found.stand in ("unknown", "expired", "superseded")
    if broken or state is None or kind is None or link is None:
        address = link.text if link else ""
        return render(
            "tasks/closed_link.html", STATUS[found.stand], stand=found.stand, address=address
        )
    opens = found.stand == "open"
    recorded = inside and current().query.get("recorded") == ["yes"]
    guarded = inside and _guarded(found) and not proven(found)
    sees = inside and not guarded
    asks = opens and not recorded and (sees or not kind.shows_details_first)
    asked: Form | None = kind.form(state) if asks else None
    if asked is not None and cleaned is None:
        cleaned = blank(asked, kind.known(state))
    undoable = _undoable(found)
    status = 422 if mine_error or back_error or notice else cleaned.status if cleaned else 200
    # A task that nobody answered leaves nothing to see: an offer, taken back, was never accepted.
    wanted = not recorded if opens else found.stand == "answered" and kind.shows_details_after
    shows = sees and wanted and found.may_see_details
    details: dict[str, Any] = kind.details(state) if shows else {}
    return render(
        "tasks/task.html",
        status,
        found=found,
        state=state,
        kind=kind,
        task=state.task if opens else None,
        action=_action(link, inside),
        facts=kind.facts(state) if opens else [],
        form=asked,
        cleaned=cleaned,
        nonce=links.nonce(_subject(found), now()) if asks or undoable else "",
        undo_until=undoable.until if undoable else 0,
        back_error=back_error,
        taken=opens and current().query.get("taken") == ["yes"],
        notice=notice,
        mine_error=mine_error,
        recorded=recorded,
        inside=inside,
        may_open=guarded and not recorded if inside else found.stand in ("open", "answered"),
        entry=found.entry,
        said=kind.said.get(str(found.entry.data.get("verdict")), "") if found.entry else "",
        details=details,
        details_template=kind.template if details else "",
    )


def _decide(found: Standing, *, inside: bool) -> Response:
    state, kind, link = found.state, found.kind, found.link
    if found.stand != "open" or state is None or kind is None or link is None:
        return _show(found, inside=inside)
    if kind.shows_details_first and (not inside or not proven(found)):
        return _show(found, inside=inside, mine_error=N_("Please tick the box to go on."))
    if asking() and current().switching:
        return code_page(_action(link, inside), link.reference)
    asked = kind.form(state)
    cleaned = clean(asked, form(), current().lang)
    if not cleaned.ok:
        return _show(found, inside=inside, cleaned=cleaned)
    nonce = one(form(), "_nonce")
    if not links.nonce_ok(nonce, _subject(found), now()):
        return _show(found, inside=inside, cleaned=cleaned, notice=STALE)
    if kind.sensitive and kind.proves(cleaned.values):
        asks_code = ask_for_proof(found, _action(link, inside))
        if asks_code is not None:
            return asks_code
    actor = _actor(found)
    told = {"proof": proof.word(person_of(found))}
    try:
        command = _command(nonce, cleaned)
        # A task beside is seen through its own eyes: the answer reads the referral itself.
        known = state if state.main is None and state.task and not state.beside else None
        answer(link.reference, link.n, cleaned.values, actor, command, now(), known, told)
    except Invalid as error:
        _ = translator(current().lang)
        cleaned.errors |= {name: _(text) for name, text in error.errors.items()}
        return _show(found, inside=inside, cleaned=cleaned)
    except Refused:
        return _show(found, inside=inside, cleaned=cleaned, notice=kind.refused or STALE)
    except AlreadyDone:
        pass  # the page behind the redirect shows what was recorded, and when
    return redirect(_inside(link) + "?recorded=yes", cookies=[_cookie(link)])


def _command(nonce: str, cleaned: Cleaned) -> str:
    """The id of this press: the same form sent again is the same command (F11)."""
    typed = json.dumps(cleaned.values, sort_keys=True, default=str)
    return "t:" + hashlib.sha256(f"{nonce}|{typed}".encode()).hexdigest()[:12]
