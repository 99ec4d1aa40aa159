"""Storey 1: the Network's shared words. Imports the standard library and pydantic only."""
