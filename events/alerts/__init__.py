"""Alerts: who is told of which events, where, and the attempts to tell them."""
