"""Status: where a request stands, for the provider who asked; and taking it back."""
