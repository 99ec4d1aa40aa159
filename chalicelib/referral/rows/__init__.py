"""The rows of a referral beside its state: the request, drafts, decisions, plans, the line."""
