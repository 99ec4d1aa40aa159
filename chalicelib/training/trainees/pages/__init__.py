"""What staff, facilitators and trainees see: cohorts with who is in them, and each trainee's own pages."""
