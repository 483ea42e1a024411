"""People, their sessions and keys, and what departments grant each other."""
