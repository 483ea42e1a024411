"""The loop, beside what bounds it from below (the floor) and what a user would write (the plain loop)."""
