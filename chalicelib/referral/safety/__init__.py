"""A safety concern: flagged without a free word, paged to the on-call lead, closed with an outcome."""
