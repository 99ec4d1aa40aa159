"""The engine: cases, commands, tasks, pause, undo, scheduler, runs and the reconciler."""
