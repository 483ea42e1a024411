"""The ordeal: workers on one PostgreSQL over real RTSP streams, while what they stand on is taken from them in turn.

`python -m tests.chaos` runs it and prints what `tests.chaos.tally`, which knows nothing of our code, has counted.
"""
