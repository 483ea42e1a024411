"""Which hosts no camera can have: those at which a stream's address would reach what it must not."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from core.errors import BadInput

_METADATA_HOSTS: Final = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})
_METADATA_NETWORKS: Final = tuple(
    ip_network(one)
    for one in (
        "169.254.0.0/16",  # link-local: AWS, Azure, Google, OpenStack
        "fe80::/10",
        "fd00:ec2::254/128",  # AWS
        "fd20:ce::254/128",  # Google
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure
        "192.0.0.192/32",  # Oracle
    )
)
_NUMBERS = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?\Z")


def check_target(host: str, port: int, *, own_port: int | None) -> None:
    """Raises `BadInput` (field `url`) for an address that names no single machine, for link-local ones and those where
    a cloud keeps its secrets, for an IPv4 address in any form but four plain numbers, and for `own_port` of this
    machine.

    Names are not resolved: where they lead may be different by the time that the stream is opened.
    """
    name = host.strip("[]").partition("%")[0].rstrip(".").lower()
    if name in _METADATA_HOSTS:
        raise _bad(f"{name} is where a cloud tells its secrets, not a camera")
    address = _address(name)
    if address is not None and (address.is_unspecified or address.is_multicast or _is_broadcast(address)):
        raise _bad(f"{address} is no address of a camera", hint="name the one machine that sends the stream")
    if address is not None and any(address in network for network in _METADATA_NETWORKS):
        raise _bad(
            f"{address} is link-local or where a cloud tells its secrets, not a camera",
            hint="give the camera an address of its network",
        )
    is_here = name == "localhost" or name.endswith(".localhost") or (address is not None and address.is_loopback)
    if is_here and port == own_port:
        raise _bad(f"port {port} of this machine is our own server, not a camera")


def _address(name: str) -> IPv4Address | IPv6Address | None:
    """The address that `name` is; None for a name."""
    try:
        address = ip_address(name)
    except ValueError:
        if _NUMBERS.match(name):
            # The system's resolver takes 0x7f.1 and 2130706433 for addresses, and so would FFmpeg.
            raise _bad("the host is an IPv4 address in an unusual form", hint=f"write it as {_plain(name)}") from None
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _plain(name: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        return "four numbers from 0 to 255, 192.0.2.17 for example"


def _is_broadcast(address: IPv4Address | IPv6Address) -> bool:
    return address == IPv4Address("255.255.255.255")


def _bad(message: str, *, hint: str | None = None) -> BadInput:
    return BadInput(message, field="url", hint=hint)
