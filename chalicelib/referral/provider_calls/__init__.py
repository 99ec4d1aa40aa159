"""A talk with a provider as it went: how ``calls/`` is used for a referral."""
