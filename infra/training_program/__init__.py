"""The demo's life of the training program: ten applicants, a cohort of six, and what becomes of them."""
