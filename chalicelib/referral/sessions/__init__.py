"""What several rooms must know of sessions: whose calendar has which days, and when their notes are due."""
