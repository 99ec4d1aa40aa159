"""Closure: the consultant's summary, the end, the provider's survey, how it is 30 days later."""
