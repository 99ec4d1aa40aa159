"""The table of contents of the Network's system: every room's pages and steps, nothing else.

A blueprint's Lambda is imported on its own by AWS, without this file: what a step needs is in the
decorator where it is defined.
"""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.console import login
from chalicelib.console import pages as console_pages
from chalicelib.console import reconcile_pages as clock_pages
from chalicelib.mail import delivery_reports, relay
from chalicelib.mail import pages as mail_pages
from chalicelib.referral.closure import staff as closure_staff
from chalicelib.referral.closure import steps as closure_steps
from chalicelib.referral.delivery import staff as delivery_staff
from chalicelib.referral.delivery import steps as delivery_steps
from chalicelib.referral.eligibility import steps as eligibility_steps
from chalicelib.referral.intake import pages as intake_pages
from chalicelib.referral.matching import pages as match_pages
from chalicelib.referral.matching import steps as match_steps
from chalicelib.referral.safety import pages as safety_pages
from chalicelib.referral.status import change_pages, pausing, reopening
from chalicelib.referral.status import pages as status_pages
from chalicelib.referral.tiers import pages as tiers_pages
from chalicelib.referral.tiers import steps as tiers_steps
from chalicelib.services.emergency import pages as emergency_pages
from chalicelib.tasks import on_behalf_routes
from chalicelib.tasks import pages as task_pages
from chalicelib.tasks import task_list_pages as task_lists
from chalicelib.web import pages
from chalicelib.workflow import reconcile, scheduler
from chalicelib.workflow import repair_steps as clock_steps

app = Chalice(app_name="iecmhc")

for room in (
    pages,
    # who asks, who acts, who looks on
    intake_pages,
    status_pages,
    change_pages,
    pausing,
    reopening,
    task_pages,
    task_lists,
    on_behalf_routes,
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
    delivery_reports,
    scheduler,
    reconcile,
    clock_steps,
):
    app.register_blueprint(room.bp)
