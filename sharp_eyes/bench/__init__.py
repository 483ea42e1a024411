"""Benchmarks: each measures the installed program from outside, and checks that what it did was right."""
