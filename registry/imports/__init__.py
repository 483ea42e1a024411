"""Files of cameras into the registry: read row by row, checked, compared with what is there, and written in batches.

A file in three steps, none of which holds all of it: `opening` gives its rows, `checking` what a row says, `importer`
what became of it. Each row has a verdict, and a fault of one row harms that row alone.
"""
