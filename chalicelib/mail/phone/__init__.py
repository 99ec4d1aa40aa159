"""Letters to somebody without email: said on the phone by staff, in one call that gathers them."""
