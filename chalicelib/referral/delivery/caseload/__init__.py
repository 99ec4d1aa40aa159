"""Caseloads: how many sessions were planned and held, what is quiet or late, and how evenly the work lies."""
