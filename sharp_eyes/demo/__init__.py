"""`sharp-eyes demo`: a small city on one machine, over real RTSP."""
