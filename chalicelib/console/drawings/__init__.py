"""Drawing the machine of a run: its states, the lines between them, and where the run stands."""
