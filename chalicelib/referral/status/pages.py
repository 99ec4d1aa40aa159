"""The provider's pages: ask for a code, see where the request stands, take it back."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.directory.people import consultant, guide_of
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.ids import digits_of_code, normalize_reference
from chalicelib.mail import email_code, status_link
from chalicelib.mail.fresh_links import send_fresh
from chalicelib.referral.model import Referral
from chalicelib.referral.sessions import link as session_link
from chalicelib.referral.status import codes, forms
from chalicelib.referral.status.paper_pages import mailing
from chalicelib.referral.status.session import ahead
from chalicelib.referral.status.view import view
from chalicelib.referral.status.who import COOKIE, cookie, whose
from chalicelib.referral.status.withdraw import withdraw
from chalicelib.web import links
from chalicelib.web.forms import Cleaned, Values, blank, clean
from chalicelib.web.languages import N_, translator
from chalicelib.web.pages import Cookie, current, form, redirect, render
from chalicelib.web.press import FormPage, command_id, nonce, shown_by_us
from chalicelib.workflow.storage import store

WRONG = N_("That code is not right, or it is too old. You can ask for a new one below.")


def ask() -> Response:
    """Ask for the reference; whoever has just shown a code goes on to the page itself."""
    ticket = _ticket(current().query)
    given = (current().query.get("reference") or [status_link.reference_of(ticket)])[0]
    known = whose()
    if known and normalize_reference(given) in (None, known):
        return redirect("/status/view")
    return _ask(blank(forms.ASK, {"reference": given[:40]}), current().query)


def ask_for_code() -> Response:
    """Mail a code to the address on file. The answer is the same for every reference."""
    cleaned = clean(forms.ASK, form(), current().lang)
    if not cleaned.ok:
        return _ask(cleaned, form())
    reference = str(normalize_reference(str(cleaned.values["reference"])))
    codes.send_code(reference, current().source_ip, _ticket(form()))
    return redirect(f"/status/code?reference={reference}")


def ask_code() -> Response:
    """Ask for the code that was mailed, if there was an address to mail it to."""
    reference = normalize_reference((current().query.get("reference") or [""])[0])
    if reference is None:
        return redirect("/status")
    return _code(reference, blank(forms.CODE))


def check_code() -> Response:
    """A right code opens the page for half an hour in this browser."""
    reference = normalize_reference((form().get("reference") or [""])[0])
    if reference is None:
        return redirect("/status")
    cleaned = clean(forms.CODE, form(), current().lang)
    if not cleaned.ok:
        return _code(reference, cleaned)
    if not codes.right(reference, digits_of_code(str(cleaned.values["code"]))):
        cleaned.errors["code"] = translator(current().lang)(WRONG)
        cleaned.raw["code"] = []
        return _code(reference, cleaned)
    return redirect("/status/view", cookies=[cookie(reference)])


def show(state: Referral) -> Response:
    """Where the request stands, what comes next, who acts and by when."""
    seen = view(state, store.log(state), now(), _name_of)
    asked = current().query
    own = nonce(_mailing(state), state.version)
    papers = mailing(state)
    return render(
        "status/view.html",
        view=seen,
        reach=consultant(state.consultant) if seen.consultant else {},
        guide=guide_of(state.consultant) if seen.consultant else "",
        declines={at: session_link.path(state.reference, n) for n, at in ahead(state).items()},
        mailed=asked.get("mailed") == ["yes"],
        nonce=own,
        papers_nonce=nonce(papers, state.version) if papers else "",
        papers_mailed=(asked.get("papers") or [""])[0],
    )


def mail_again(state: Referral) -> Response:
    """Mail the link of the provider's own open task again, once for each page that offered it; it raises
    nothing else."""
    asked = state.task is not None and state.task.role == "provider"
    if state.task is None or not asked or not shown_by_us(_mailing(state)):
        return redirect("/status/view")
    try:
        send_fresh(state.reference, state.task.number, own="status page", press=command_id())
    except AlreadyDone:
        return redirect("/status/view")
    return redirect("/status/view?mailed=yes")


def _mailing(state: Referral) -> str:
    """What the nonce of that button is for."""
    return f"mail|{state.reference}"


def take_back(state: Referral) -> Response:
    """Ask whether, and why if they like to say; then take the request back."""
    if not state.open:
        return redirect("/status/view")

    def act(values: Values, command: str) -> str:
        withdraw(state.reference, str(values["reason"] or ""), command)
        return "/status/view"

    page = FormPage(
        "status/withdraw.html",
        forms.TAKE_BACK,
        subject=f"withdraw|{state.reference}",
        version=state.version,
        facts=lambda: {"state": state},
    )
    return page.answer(act, no=forms.KEEP, back="/status/view")


def leave() -> Response:
    """Forget the code in this browser, which may be a shared one."""
    if known := whose():
        email_code.forget(codes.person(known))
    return redirect("/status", cookies=[Cookie(COOKIE, "", 0)])


def _ask(cleaned: Cleaned, sent: dict[str, list[str]]) -> Response:
    return render(
        "status/ask.html", cleaned.status, form=forms.ASK, cleaned=cleaned, ticket=_ticket(sent)
    )


def _ticket(sent: dict[str, list[str]]) -> str:
    """What the link of a letter carried."""
    return (sent.get(status_link.PURPOSE) or [""])[0][: links.LONGEST]


def _code(reference: str, cleaned: Cleaned) -> Response:
    return render(
        "status/code.html", cleaned.status, form=forms.CODE, cleaned=cleaned, reference=reference
    )


def _name_of(key: str) -> str:
    return str(consultant(key).get("name", "")) if key else ""
