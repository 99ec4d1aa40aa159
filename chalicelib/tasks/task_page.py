"""What the page behind a link shows: the form, the details, what was recorded, or why it is over."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.mail import email_code
from chalicelib.tasks.code_challenge import proven
from chalicelib.tasks.drafts import keeps, restored
from chalicelib.tasks.link_status import Standing
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Form, blank
from chalicelib.web.links import Link
from chalicelib.web.pages import Cookie, current, form, render
from chalicelib.workflow.undo import Taking, taking

COOKIE = "task"
STATUS = {
    "open": 200,
    "answered": 200,
    "over": 200,
    "expired": 410,
    "superseded": 410,
    "elsewhere": 410,
    "unknown": 404,
}


def guarded(found: Standing) -> bool:
    """Whether the page with the details has something that a link alone does not open (F6)."""
    if found.kind is None or not found.kind.policy.sensitive:
        return False
    after = found.kind.page.shows_details_after and found.may_see_details
    return found.stand == "open" or (found.stand == "answered" and after)


def action_of(link: Link, inside: bool) -> str:
    """Where the forms of a page go: the link's own page, or the one behind the cookie."""
    return inside_path(link) if inside else f"/t/{link.text}"


def inside_path(link: Link) -> str:
    """The page of a task whose address holds no secret (S6)."""
    return f"/task/{link.reference}/{link.n}"


def cookie_of(link: Link) -> Cookie:
    """The cookie that opens it, as long as the link is good."""
    return Cookie(COOKIE, link.text, max(60, link.expires - now()))


def subject_of(found: Standing) -> str:
    """What a nonce is for: this task. Which press it was, ``_command`` says (F11, F18)."""
    assert found.link is not None and found.state is not None
    return f"{found.link.reference}|{found.link.n}"


def actor_of(found: Standing) -> str:
    """Who answers here, as a log entry names them."""
    assert found.kind is not None
    return f"{found.kind.role}:{found.who}" if found.who else found.kind.role


def undoable(found: Standing) -> Taking | None:
    """The answer that the holder of this page may take back now. What was given with a proof is
    taken back with one only."""
    if (
        found.link is None
        or found.state is None
        or found.kind is None
        or not found.kind.policy.undo
    ):
        return None
    if found.stand not in ("open", "answered") or found.state.main_task is not None:
        return None
    can = taking(found.state, found.link.n, actor_of(found), now(), found.log)
    needs_proof = can is not None and can.answer.payload.get("proof") == email_code.VERIFIED
    return None if needs_proof and not proven(found) else can


def show(
    found: Standing,
    *,
    inside: bool,
    cleaned: Cleaned | None = None,
    notice: str = "",
    mine_error: str = "",
    back_error: str = "",
) -> Response:
    """The page for where a task stands. ``inside``: behind the cookie, so details may be seen;
    ``cleaned``, ``notice`` and the two errors say what was wrong with a press."""
    state, kind, link = found.state, found.kind, found.link
    broken = found.stand in ("unknown", "expired", "superseded", "elsewhere")
    if broken or state is None or kind is None or link is None:
        # Who has it no more gets no fresh link: it would go to the one who has it now.
        address = link.text if link and found.stand != "elsewhere" else ""
        return render(
            "tasks/closed_link.html", STATUS[found.stand], stand=found.stand, address=address
        )
    opens = found.stand == "open"
    recorded = inside and current().query.get("recorded") == ["yes"]
    hidden = inside and guarded(found) and not proven(found)
    sees = inside and not hidden
    asks = opens and not recorded and (sees or not kind.page.shows_details_first)
    asked: Form | None = kind.page.form(state) if asks else None
    draft = "_kept" in form()
    if asked is not None and cleaned is None:
        cleaned = starts = blank(asked, kind.page.known(state))
        if inside and keeps(asked) and (not kind.policy.sensitive or proven(found)):
            fresh = bool(current().query.get("kept"))
            cleaned = restored(state, asked, starts, now(), fresh=fresh)
        draft = cleaned is not starts
    can_undo = undoable(found)
    status = 422 if mine_error or back_error or notice else cleaned.status if cleaned else 200
    # A task that nobody answered leaves nothing to see: an offer, taken back, was never accepted.
    wanted = not recorded if opens else found.stand == "answered" and kind.page.shows_details_after
    shows = sees and wanted and found.may_see_details
    details: dict[str, Any] = kind.page.details(state) if shows else {}
    return render(
        "tasks/task.html",
        status,
        found=found,
        state=state,
        kind=kind,
        task=state.task if opens else None,
        action=action_of(link, inside),
        facts=kind.page.facts(state) if opens else [],
        form=asked,
        cleaned=cleaned,
        nonce=links.nonce(subject_of(found), now()) if asks or can_undo else "",
        keeps=asked is not None and keeps(asked),
        draft=draft,
        kept=(current().query.get("kept") or [""])[0] if asks else "",
        undo_until=can_undo.until if can_undo else 0,
        back_error=back_error,
        taken=opens and current().query.get("taken") == ["yes"],
        notice=notice,
        mine_error=mine_error,
        recorded=recorded,
        inside=inside,
        may_open=hidden and not recorded if inside else found.stand in ("open", "answered"),
        entry=found.entry,
        said=kind.words.said.get(str(found.entry.payload.get("verdict")), "")
        if found.entry
        else "",
        details=details,
        details_template=kind.page.template if details else "",
    )
