"""Letters: compose, send, delivery reports, bounces, the queue and the mail doctor."""
