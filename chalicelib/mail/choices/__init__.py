"""What people want of our letters: the page where they say it, and what follows for a letter."""
