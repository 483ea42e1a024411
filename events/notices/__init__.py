"""Troubles of the system itself: opened, closed, shown, and told to the subscriptions that ask for them."""
