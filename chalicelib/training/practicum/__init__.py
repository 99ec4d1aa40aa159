"""The practicum of a trainee: one family child care home, found by the match; its hours, logged and confirmed."""
