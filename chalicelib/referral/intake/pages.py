"""The room's routes, for app.py: importing the pages registers them with the blueprint."""

from __future__ import annotations

from chalicelib.referral.intake import question_pages, resume_link, staff_pages, submit
from chalicelib.referral.intake.landing import bp

__all__ = ["bp", "question_pages", "resume_link", "staff_pages", "submit"]
