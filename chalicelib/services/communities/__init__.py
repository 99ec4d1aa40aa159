"""Communities of Support: seasons, groups and seats, for people who give care in a home."""
