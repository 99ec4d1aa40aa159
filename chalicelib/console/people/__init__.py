"""The directory in the console: staff, consultants and local programs are added, changed and let go."""
