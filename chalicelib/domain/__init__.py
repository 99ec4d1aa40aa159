"""Storey 1: the Network's vocabulary and rules of time. The standard library and pydantic only."""
