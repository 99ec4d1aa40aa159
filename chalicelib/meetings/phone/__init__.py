"""Who comes to a meeting and cannot be written to: the calls that they are owed, and what is said in them."""
