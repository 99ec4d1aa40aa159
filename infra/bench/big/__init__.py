"""Figures at sizes that the local stack cannot be filled to: thousands of cases, on a table of their own."""
