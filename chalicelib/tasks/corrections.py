"""What was recorded for a task that takes many, corrected by whoever recorded it.

One press is one entry: the same form sent again with something else corrects what it recorded. Where
something was recorded since the form was shown, the page shows it, and asks which of both is meant.
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.aws.now import now
from chalicelib.domain.press_ids import same_form, version_shown
from chalicelib.tasks.recorded import lines, values_of
from chalicelib.tasks.task_page import CORRECTS, TaskView
from chalicelib.web.forms import Values, clean
from chalicelib.web.http_input import one
from chalicelib.web.languages import N_
from chalicelib.web.pages import current, form, render
from chalicelib.web.press import command_id, nonce
from chalicelib.workflow.cases import Entry, Payload, enters
from chalicelib.workflow.storage import store
from chalicelib.workflow.undo import Correcting, correct, correcting

ASKED, MORE = "_meanwhile", "more"
CHOOSE = N_("Choose what you mean.")


def asking() -> bool:
    """Whether the posted form is the one that asks what is meant."""
    return ASKED in form()


def means_more() -> bool:
    """Whether the visitor says that what they typed is something else."""
    return one(form(), CORRECTS) == MORE


class Corrections(TaskView):
    """The presses that correct an entry, and the page that asks about one."""

    def correct(self, version: int, values: Values, told: Payload) -> None:
        """Put what was sent in the place of an entry; raises as ``undo.correct``."""
        n, command = self.link.n, command_id(self.subject)
        correct(self.link.reference, n, version, values, self.actor, command, now(), told)

    def of_this_form(self) -> tuple[Correcting | None, bool]:
        """What the form at hand recorded when it was sent before, if that is what was recorded last; and
        whether this very press, with all that was typed, is among what was recorded."""
        if not self.opens or not self.kind.policy.many:
            return None, False
        command, log = command_id(self.subject), store.log(self.state)
        found = correcting(self.state, self.link.n, self.actor, now(), log)
        if found is not None and not same_form(command, found.entry.command):
            found = None
        return found, any(entry.command == command for entry in log)

    def recorded_since(self) -> list[Entry]:
        """What was recorded for the open task since the form at hand was shown."""
        if not self.opens or not self.kind.policy.many:
            return []
        shown = version_shown(command_id(self.subject))
        return [e for e in store.log(self.state, shown) if enters(e, self.link.n)]

    def ask_what_is_meant(self, problem: str = "") -> Response:
        """The page that shows what was recorded meanwhile, with what was typed in hidden fields."""
        newest = correcting(self.state, self.link.n, self.actor, now())
        told: list[tuple[str, str]] = []
        if newest is not None and self.inside and not self.hidden:
            asked = self.kind.page.form(newest.without)
            known = values_of(self.kind, newest.without, asked, newest.entry)
            told = lines(asked, known, current().lang)
        return render(
            "tasks/meanwhile.html",
            422,
            kind=self.kind,
            reference=self.link.reference,
            action=self.action,
            entry=newest.entry if newest is not None else None,
            told=told,
            problem=problem,
            nonce=nonce(self.subject, self.state.version),
            typed=[(k, v) for k, vs in form().items() if not k.startswith("_") for v in vs],
        )

    def cleaned_for(self, found: Correcting) -> Values | None:
        """What was typed, read as the form that recorded the entry reads it; None where it lacks
        something."""
        cleaned = clean(self.kind.page.form(found.without), form(), current().lang)
        return cleaned.values if cleaned.ok else None
