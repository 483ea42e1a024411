"""Which IP addresses are of the open internet, whatever form they hide in."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

_CLOSED_4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: clouds tell their secrets there
        "168.63.129.16/32",  # the platform itself, as machines in one large cloud see it
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_OPEN_6: Final = IPv6Network("2000::/3")
"""Nothing else is handed out for the internet: loopback, link-local, unique local and multicast lie outside."""
_CLOSED_6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, which carries two IPv4 addresses, ORCHID, benchmarks
        "2001:db8::/32",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR: Final = IPv6Network("2002::/16")


def is_open(address: Address) -> bool:
    """Whether `address` is of the open internet. An IPv4 address inside an IPv6 one is looked at as what it is."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address.scope_id is not None:
        return False
    inner = inner_address(address)
    if inner is not None:
        return is_open(inner)
    return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


def inner_address(address: Address) -> IPv4Address | None:
    """The IPv4 address that is reached by way of this IPv6 one: mapped, by NAT64 or by 6to4. None where it is none."""
    if isinstance(address, IPv4Address):
        return None
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(number & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address(number >> 80 & 0xFFFF_FFFF)
    return None


def network_of(text: str) -> IPv4Network | IPv6Network | None:
    """The network that `text` writes, `10.1.0.0/16` or a single address; None where it writes none."""
    try:
        return ip_network(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
