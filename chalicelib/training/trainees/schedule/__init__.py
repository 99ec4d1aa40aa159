"""When a cohort meets: its monthly sessions and its small groups, and who of the trainees is on which list."""
