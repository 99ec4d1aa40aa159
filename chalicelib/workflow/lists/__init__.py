"""What of all cases is shown together: the queue of staff, and what a list is narrowed to."""
