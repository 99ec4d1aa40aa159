"""Tier assignment: the rules propose, a specialist talks with the provider and decides."""
