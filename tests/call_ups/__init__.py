"""The call-up of the roster in an emergency: its cases, its places, and what holds whatever breaks."""
