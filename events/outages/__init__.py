"""Outages: the lost streams of one uplink are one event.

The first camera whose stream is lost makes the event. What is lost within two minutes on the same uplink, in the same
department and as urgent, joins it while it goes on, whoever watches it; so does, for a day, a camera of it that is lost
once more. The event counts how many were lost at once, and ends when the last one is back.
"""
