"""The pages behind a mailed link: one task, one decision, no account."""
