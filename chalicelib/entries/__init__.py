"""How people are entered in the directory: what a consultant's row says, as a form and as a row, and what
everybody in it shares."""
