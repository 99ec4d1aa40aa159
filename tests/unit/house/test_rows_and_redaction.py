"""Every module that names rows of the table says whether people's words about a child can stand in them.

Words that staff take out of a case (``console/redact.py``) are taken out of every row of a case, of
whatever type, and of the rows that ``rooms.REDACTED_ROWS`` names. ``tests/web/test_console_redact.py``
writes a name into each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from chalicelib.rooms import REDACTED_ROWS
from tests.source import LIB, MODULES, nodes

CASE = "a row of a case: redacted with it, whatever the type of the case"
OTHERS = "redacted with the case of its person, by rooms.REDACTED_ROWS"
IDS = "ids, instants and counts: nobody types into it"
HASHED = "what an address becomes under a key, with choices beside it"
ADULTS = "names and addresses of adults, entered by staff and changed on the pages of the directory"
PUBLIC = "words for everybody, written by staff and rewritten on their own page"
BRIEF = "gone by itself within days, and shown to nobody but who typed it"

ROWS = {
    "aws.rate_limits": HASHED,
    "aws.send_gate": IDS,
    "console.people.consultant_pages": ADULTS,
    "entries.consultant_form": ADULTS,
    "console.people.sign_ins": ADULTS,
    "console.people.staff_away": ADULTS,
    "console.people.staff_pages": ADULTS,
    "directory.contacts": "the name, numbers and addresses of an adult who was met, and ids",
    "directory.emergencies": PUBLIC,
    "directory.mail_choices": HASHED,
    "directory.people": ADULTS,
    "directory.programs": PUBLIC,
    "directory.same_records": "the reasons why two records are one: sentences of ours",
    "directory.text_choices": HASHED,
    "mail.health.test_letter": IDS,
    "meetings.hosts": IDS,
    "meetings.groups.listed": IDS,
    "meetings.rows": OTHERS,
    "referral.delivery.caseload.ended": IDS,
    "referral.delivery.caseload.roster": IDS,
    "referral.delivery.caseload.rows": "names of consultants, references and numbers",
    "referral.intake.exits": "choices of who was shown another place to ask, with nothing of theirs",
    "referral.intake.unsent_danger": BRIEF,
    "referral.matching.assignment.hold": IDS,
    "referral.matching.consultant_leave": ADULTS,
    "referral.matching.own_leave.rows": IDS,
    "referral.rows.request_drafts": BRIEF,
    "referral.rows.sites": IDS,
    "referral.waits.invite": IDS,
    "referral.waits.kept": IDS,
    "services.communities.groups": PUBLIC,
    "services.communities.of_referral": IDS,
    "services.communities.one_seat": HASHED,
    "services.communities.pages.desk": "notes that only the facilitator sees, who rewrites them there",
    "services.communities.season.closing": PUBLIC,
    "services.communities.season.plan": IDS,
    "services.emergency.call_up": PUBLIC,
    "services.emergency.counting": IDS,
    "services.emergency.pausing": IDS,
    "services.emergency.rows": IDS,
    "services.helpline.contacts": OTHERS,
    "services.helpline.resources": PUBLIC,
    "services.helpline.scripts": PUBLIC,
    "services.helpline.slots": IDS,
    "training.application_rows": CASE,
    "training.applications.missing_scores": IDS,
    "training.applications.of_cohort": IDS,
    "training.applications.one_application": HASHED,
    "training.applications.pages.kept": BRIEF,
    "training.supervision.look": "ids, names of consultants, days and minutes",
    "training.supervision.rows": "ids, days and minutes",
    "training.cohort": "a cohort's dates, places and requirements, entered by staff: of adults alone",
    "training.practicum.case_type": ADULTS,
    "training.practicum.opening": IDS,
    "training.practicum.profile": ADULTS,
    "training.trainees.opening": IDS,
    "training.certificates.issuing": IDS,
    "training.certificates.rows": ADULTS,
    "training.onboarding.approval": ADULTS,
    "training.onboarding.facts": CASE,
    "training.onboarding.opening": IDS,
    "training.onboarding.reopening": IDS,
    "training.rubric": PUBLIC,
    "training.seats": IDS,
    "training.trainees.schedule.small_groups": PUBLIC,
    "training.renewal.credentials": ADULTS,
    "training.renewal.looking": IDS,
    "training.renewal.tasks": IDS,
    "web.sessions": IDS,
    "workflow.reconciler.rows": IDS,
    "workflow.storage.free_text": CASE,
    "workflow.storage.indexes": IDS,
    "workflow.storage.keys": CASE,
    "workflow.storage.lines": IDS,
    "workflow.storage.task_drafts": CASE,
}


def makes_keys(tree: Iterable[ast.AST]) -> bool:
    """Whether a file names rows: ``Key(partition, sort key)``."""
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "Key"
        for one in tree
    )


def test_every_module_that_names_rows_says_where_words_about_a_child_are_taken_out() -> None:
    paths = (f.relative_to(LIB).with_suffix("") for f in MODULES if makes_keys(nodes(f)))
    found = {".".join(path.parts) for path in paths}
    assert sorted(found - ROWS.keys()) == [], "say in ROWS whether it holds what people typed"
    assert sorted(ROWS.keys() - found) == [], "names no rows any more"


def test_each_room_whose_rows_are_redacted_with_a_case_is_asked_for_them() -> None:
    asked = {address.partition(":")[0].removeprefix("chalicelib.") for address in REDACTED_ROWS}
    wings = {module.rpartition(".")[0] for module, why in ROWS.items() if why == OTHERS}
    assert {module.rpartition(".")[0] for module in asked} == wings
