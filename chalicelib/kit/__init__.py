"""Storey 3: how things are made here: pages, forms, letters, words, logs."""
