"""The services beside consultation, one room each."""
