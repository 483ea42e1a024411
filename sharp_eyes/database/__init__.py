"""Copies of the database, and how to get it back."""
