"""The console page of the reconciler: what its last rounds found, and a button for a round now."""

from __future__ import annotations

from contextlib import suppress

from chalice.app import Response

from chalicelib.aws.attribute_values import Item
from chalicelib.aws.now import now
from chalicelib.directory import people
from chalicelib.domain.errors import AlreadyDone
from chalicelib.web.languages import date_words, time_words
from chalicelib.web.pages import current, redirect
from chalicelib.web.press import command_id, only_once
from chalicelib.web.staff_auth import current_staff, show
from chalicelib.workflow.reconciler import rows
from chalicelib.workflow.reconciler.findings import FINDINGS, REPAIRS
from chalicelib.workflow.storage.counties import within

ROUNDS = 24


def show_rounds() -> Response:
    """The newest rounds with their findings, and whether one is asked for."""
    lang = current().lang
    return show(
        "console/reconcile.html",
        rounds=_rounds(),
        wish=rows.wished(),
        findings=FINDINGS,
        repairs=REPAIRS,
        who=people.name_of,
        when=lambda at: f"{date_words(at, lang)}, {time_words(at, lang)}",
    )


def _rounds() -> list[Item]:
    """The newest rounds; of what they found, what is in the reader's counties."""
    found = rows.rounds(ROUNDS)
    named = [finding["reference"] for one in found for finding in one["findings"]]
    near = within(current_staff().scope, named)
    return [
        {**one, "findings": [f for f in one["findings"] if f["reference"] in near]} for one in found
    ]


def ask_for_a_round() -> Response:
    """Ask the clock for a round now. Two presses within a minute are one round."""
    with suppress(AlreadyDone):
        only_once(command_id())
        rows.wish(now(), current_staff().actor)
    return redirect("/console/reconcile")
