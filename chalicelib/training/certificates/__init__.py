"""Certificates of the training: issued, mailed, printed, verified by their code, and revoked; and those of
others, recorded by staff."""
