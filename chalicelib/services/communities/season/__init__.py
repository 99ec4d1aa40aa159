"""A group in its season: its meetings, who is on their lists and completes it, its desk, and what staff change."""
