"""A talk with a provider as it went: how ``calls/`` is used for a referral, and the call that tells one
who has no email what cannot be mailed."""
