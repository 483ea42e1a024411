"""How many events there are: counted as they are written, so that nobody has to count ten million."""
