"""The helpline: contacts are logged, calls that were promised are made, and callers find when it is open."""
