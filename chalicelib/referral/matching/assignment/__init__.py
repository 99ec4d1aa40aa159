"""Many waiting requests and many consultants: who should have whom, before anything is offered."""
