"""The console page of the reconciler: what its last rounds found, and a button for a round now."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.kit.door import REPAIRERS, me, show, staff
from chalicelib.kit.now import now
from chalicelib.kit.web import FORM, current, page, redirect

bp = Blueprint(__name__)
ROUNDS = 24


@bp.route("/console/reconcile", methods=["GET"])
@page
@staff(*REPAIRERS)
def show_rounds() -> Response:
    """The newest rounds with their findings, and whether one is asked for (M10)."""
    from chalicelib.aws import fleet, people
    from chalicelib.kit.findings import FINDINGS, REPAIRS
    from chalicelib.kit.words import date_words, time_words

    lang = current().lang

    def who(actor: str) -> str:
        key = actor.partition(":")[2]
        return str(people.staff_member(key).get("name") or key)

    return show(
        "clock/reconcile.html",
        rounds=fleet.rounds(ROUNDS),
        wish=fleet.wished(),
        findings=FINDINGS,
        repairs=REPAIRS,
        who=who,
        when=lambda at: f"{date_words(at, lang)}, {time_words(at, lang)}",
    )


@bp.route("/console/reconcile", methods=["POST"], content_types=FORM)
@page
@staff(*REPAIRERS)
def ask_for_a_round() -> Response:
    """Ask the clock for a round now. Two presses within a minute are one round."""
    from chalicelib.aws import fleet

    fleet.wish(now(), me().actor)
    return redirect("/console/reconcile")
