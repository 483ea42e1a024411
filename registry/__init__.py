"""The city's record: departments, cameras, streams, zones, rules, and who watches them.

Functions over a `Connection`: those that change something raise the registry's version.
"""
