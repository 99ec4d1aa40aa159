"""The referral's lifecycle: its model and what its rooms share; one room a stage."""
