"""What happened: the index of events and their media."""
