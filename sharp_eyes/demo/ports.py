"""Free ports."""

import socket


def free_port(host: str, wanted: int = 0) -> int:
    """`wanted` where nobody listens there, else a port that is free now."""
    try:
        return _bound_port(host, wanted)
    except OSError:
        return _bound_port(host, 0)


def _bound_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])
