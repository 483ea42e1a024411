"""The worker: cameras in, events and their media out."""
