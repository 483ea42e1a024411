"""`sharp-eyes simulate`."""
