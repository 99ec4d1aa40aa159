"""The mailroom: the stream that lets effects leave, and what SES reports of each letter."""
