"""Stage 0: how a provider asks for support, from the first page to the reference."""
