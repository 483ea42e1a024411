"""Cameras out of the registry, as files: read in short pieces, written as they are read."""
