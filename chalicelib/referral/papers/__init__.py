"""What was sent, agreed, planned and summed up, as the provider reads it, keeps it and prints it."""
