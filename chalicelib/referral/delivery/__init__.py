"""Service delivery: first contact, agreement, action plan, sessions."""
