"""Benchmarks of the registry: the catalogue, imports, leases."""
