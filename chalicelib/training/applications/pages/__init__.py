"""Applying, an application's own page, and what staff see and press."""
