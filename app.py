"""The table of contents of the Network's system: every room's pages and steps, nothing else.

A blueprint's Lambda is imported on its own by AWS, without this file: what a step needs is in the
decorator where it is defined.
"""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.clock import pages as clock_pages
from chalicelib.clock import reconcile, watch
from chalicelib.clock import steps as clock_steps
from chalicelib.closure import staff as closure_staff
from chalicelib.closure import steps as closure_steps
from chalicelib.console import login
from chalicelib.console import pages as console_pages
from chalicelib.delivery import staff as delivery_staff
from chalicelib.delivery import steps as delivery_steps
from chalicelib.eligibility import steps as eligibility_steps
from chalicelib.emergency import pages as emergency_pages
from chalicelib.intake import pages as intake_pages
from chalicelib.kit import web
from chalicelib.mailroom import pages as mail_pages
from chalicelib.mailroom import relay, reports
from chalicelib.match import pages as match_pages
from chalicelib.match import steps as match_steps
from chalicelib.safety import pages as safety_pages
from chalicelib.status import change_pages, pausing, reopening
from chalicelib.status import pages as status_pages
from chalicelib.tasks import behalf_pages
from chalicelib.tasks import list_pages as task_lists
from chalicelib.tasks import pages as task_pages
from chalicelib.tiers import pages as tiers_pages
from chalicelib.tiers import steps as tiers_steps

app = Chalice(app_name="iecmhc")

for room in (
    web,
    # who asks, who acts, who looks on
    intake_pages,
    status_pages,
    change_pages,
    pausing,
    reopening,
    task_pages,
    task_lists,
    behalf_pages,
    login,
    console_pages,
    mail_pages,
    delivery_staff,
    closure_staff,
    safety_pages,
    tiers_pages,
    emergency_pages,
    match_pages,
    clock_pages,
    # the lifecycle, one machine a stage
    eligibility_steps,
    tiers_steps,
    match_steps,
    delivery_steps,
    closure_steps,
    # what makes it certain
    relay,
    reports,
    watch,
    reconcile,
    clock_steps,
):
    app.register_blueprint(room.bp)
