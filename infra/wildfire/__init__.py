"""A demo life: a wildfire in three counties, with two hundred requests and forty consultants."""
