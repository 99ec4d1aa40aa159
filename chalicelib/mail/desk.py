"""What staff see of the post: letters that did not arrive, those that wait, and the doctor."""

from __future__ import annotations

from contextlib import suppress

from chalice.app import Response

from chalicelib.aws import send_gate
from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.aws.settings import settings
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone
from chalicelib.mail import letter_rows
from chalicelib.mail.addressees import person
from chalicelib.mail.health import checkup, test_letter
from chalicelib.mail.health.doctor import summary, verdict
from chalicelib.web.languages import N_, date_words, time_words
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import command_id, only_once
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.effects import TEXT

DAY = 86400
# Letters on one page: each is a read of its row.
MOST = 50
WHY = {
    "bounced": N_("Came back"),
    "complained": N_("Marked as spam"),
    "rejected": N_("Refused: the address cannot be right"),
    "parked": N_("Not sent: the address does not work"),
    "queued": N_("Waits for the post"),
    "sending": N_("On its way"),
}
VERDICTS = {
    "green": N_("Letters can leave, and we hear what becomes of them."),
    "yellow": N_("Letters can leave. Some things should be fixed."),
    "red": N_("Letters do not arrive, or we would not hear of it. New requests are closed."),
    "harmless": N_("Letters can leave, but AWS refuses something else that we need. Fix it now."),
}
COLOURS = {
    "green": N_("Good"),
    "yellow": N_("Look at it"),
    "red": N_("Fix this"),
    "unknown": N_("Unknown"),
    "unchecked": N_("Not checked"),
}
TESTS = {
    "asked": N_("The test letter was asked for. Load the page again in a minute."),
    "leaves": N_("The test letter is being sent. Load the page again in a minute."),
    "sent": N_("The test letter left. What becomes of it is not known yet: load the page again."),
    "delivered": N_("The test letter arrived, and its report reached us."),
    "delayed": N_("The test letter is delayed."),
    "bounced": N_("The test letter came back, and its report reached us."),
    "complained": N_("The test letter was marked as spam."),
    "rejected": N_("The test letter was refused."),
    "refused": N_("SES did not take the test letter."),
}


def show_letters() -> Response:
    """The newest first. Whose letter it is, by role or name; never an address."""
    since = f"{now() - 14 * DAY:011d}"
    lost, more = _lines(letter_rows.UNDELIVERED, since)
    state = send_gate.read()
    waiting, still = _lines(letter_rows.POST) if state.get("since") else ([], "")
    if settings().sends_texts and send_gate.read(TEXT).get("since"):
        waiting += _lines(letter_rows.post_of(TEXT))[0]
    pages = {"lost": more, "waiting": still}
    return show("mail/letters.html", lost=lost, waiting=waiting, pages=pages, why=WHY, when=_when)


def _lines(which: str, since: str = "") -> tuple[list[Item], str]:
    """A page of the letters of cases in the reader's counties, and the address of the next one."""
    cursor = (current().query.get(which) or [""])[0]
    found, more = letter_rows.page_of(which, MOST, since, current_staff().scope, cursor)
    return [_line(row) for row in found], f"/console/letters?{which}={more}" if more else ""


def _line(row: letter_rows.LetterRow) -> Item:
    to = row.get("to", "")
    name = "" if ":" not in to else str(person(to).get("name") or to)
    at = row.get("status_at") or row.get("at") or 0
    return {
        "reference": row["reference"],
        "name": name,
        "status": row.get("status", ""),
        "at": at,
        "text": row.get("channel") == TEXT,
    }


def _when(at: int) -> str:
    lang = current().lang
    return f"{date_words(at, lang)}, {time_words(at, lang)}"


def show_doctor() -> Response:
    """Every check with its colour and its fix, and the answer to the last test letter."""
    found = checkup.latest(now())
    lang = current().lang
    state = send_gate.read()
    lines = [(one.check, one.colour, *checkup.said(one, lang)) for one in found]
    return show(
        "mail/doctor.html",
        said=VERDICTS[summary(found)],
        colour=verdict(found),
        lines=lines,
        colours=COLOURS,
        test=TESTS.get(str(state.get("test_status", "")), ""),
        test_at=_when(int(state["test_at"])) if state.get("test_at") else "",
    )


def send_test_letter() -> Response:
    """To the address of who presses, and to no other; one for each page that offered it."""
    with suppress(AlreadyDone):
        only_once(command_id())
        row = people.staff_member(current_staff().id)
        test_letter.ask(str(row.get("email", "")), current().lang)
    return redirect("/console/mail#test")
