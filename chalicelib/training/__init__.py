"""The consultant training program: cohorts, and one room for each part of the way to a certificate."""
