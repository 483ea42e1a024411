"""Flows: how many objects crossed a line, by minute."""
