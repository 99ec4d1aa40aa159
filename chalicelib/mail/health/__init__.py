"""The mail doctor: can letters leave, and do we hear what became of them?"""
