"""The reconciler: what the runs and the table say of each other, and what is repaired."""
