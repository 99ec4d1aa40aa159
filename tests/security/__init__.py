"""What a stranger may try: every route with anything, every field with everything."""
