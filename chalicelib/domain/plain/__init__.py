"""Classes of plain values that cost a cold start nothing."""
