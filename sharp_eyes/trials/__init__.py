"""Trying a rule on the track log."""
