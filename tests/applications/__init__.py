"""Applications for the training program, from the form to a place."""
