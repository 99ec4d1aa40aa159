"""What people and staff see of Communities: joining, a seat, the desk of a facilitator, and the console."""
