"""The training program: trainees, what completes it, and what promises of them hold whatever breaks."""
