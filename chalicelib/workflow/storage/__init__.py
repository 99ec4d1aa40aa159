"""How cases are kept: keys, indexes, the state row, the log, rows beside it."""
