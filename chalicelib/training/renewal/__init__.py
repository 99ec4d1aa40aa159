"""A consultant's agreement and credentials end on a day: they are asked in time to renew them, by one link."""
