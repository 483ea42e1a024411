"""The track log: where which objects were, by camera and minute. No pictures."""
