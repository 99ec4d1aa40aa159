"""Open-Door sessions: staff enter them, anybody who gives care signs up with an e-mail, and comes."""
