"""Applications for a place in a cohort: scored blind, ranked, offered, and a line of who waits."""
