"""Targets inside one's own network that deliveries may go to: hosts, hosts with a port, and networks."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from core.errors import BadInput

from .addresses import Address, inner_address, network_of

_FIELD: Final = "alerts.allowed_targets"
_EXPECTED: Final = "expected a host, host:port, an address or a network such as 10.1.0.0/16"


@dataclass(frozen=True, slots=True)
class AllowedTargets:
    """What is open beside the internet. A host that is named is trusted wherever its name leads."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    """Names in lower case, each with the port that is open, or None for all of them."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "AllowedTargets":
        """As the setting writes them. Raises `BadInput` for one that cannot be read."""
        hosts: set[tuple[str, int | None]] = set()
        networks: list[IPv4Network | IPv6Network] = []
        for text in texts:
            if (network := network_of(text)) is not None:
                networks.append(network)
            else:
                hosts.add(_host(text))
        return cls(frozenset(hosts), tuple(networks))

    def has_host(self, host: str, port: int) -> bool:
        """Whether that host was named, in itself or with that port."""
        name = host.lower()
        return (name, None) in self.hosts or (name, port) in self.hosts

    def has_address(self, address: Address) -> bool:
        """Whether that address lies in a network that was named."""
        forms = [form for form in (address, inner_address(address)) if form is not None]
        return any(form in network for form in forms for network in self.networks if form.version == network.version)


NONE_ALLOWED: Final = AllowedTargets()


def _host(text: str) -> tuple[str, int | None]:
    name, colon, port = text.rpartition(":")
    if not colon:
        name, port = text, ""
    bare = name.removeprefix("[").removesuffix("]").lower()
    is_host = bare and (network_of(bare) is not None or all(c.isalnum() or c in "-._" for c in bare))
    is_port = not colon or (port.isascii() and port.isdigit() and 0 < int(port) < 65_536)
    if not is_host or not is_port:
        raise BadInput(f"{text[:100]!r} is no target; {_EXPECTED}", field=_FIELD)
    return bare, int(port) if colon else None
