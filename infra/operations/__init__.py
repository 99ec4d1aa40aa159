"""What an operator does with a stage besides deploying it: try it, take it down, let its first admin in."""
