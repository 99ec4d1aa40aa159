"""Agreements and credentials that end: the case of a renewal, and what holds whatever breaks."""
