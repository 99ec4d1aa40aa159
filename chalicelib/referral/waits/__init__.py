"""How long requests waited for a consultant, and what whoever waits is told of it."""
