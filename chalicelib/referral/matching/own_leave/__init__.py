"""A leave that a consultant plans on their own page: its days, what becomes of what they have, and who hears of it."""
