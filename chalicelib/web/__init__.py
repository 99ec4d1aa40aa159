"""Pages: the request, forms, security, sessions, rendering, languages, static files."""
