"""People that several rooms share: consultants and staff, and the emergencies that were declared."""
