"""What the program costs, as figures against budgets: `make bench`."""
