"""Declared emergencies: staff declare one for a county, with an end date, and end it early."""
