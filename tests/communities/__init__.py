"""Communities of Support: seats, the line, and what promises of them hold whatever breaks."""
