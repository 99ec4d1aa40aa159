"""Text messages to who asked for them: a letter's short line with its link, and the words STOP, HELP, START."""
