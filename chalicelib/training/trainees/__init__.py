"""Trainees of a cohort: their meetings, their coursework, their facilitator, and what completes the program."""
