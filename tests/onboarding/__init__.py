"""A graduate becomes a consultant: the case, and what holds whatever breaks."""
