"""The practicum of a trainee: the match, the hours, who confirms them, and what holds whatever breaks."""
