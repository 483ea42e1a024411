"""What a client can unpack, by RFC 9110."""


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the header `Accept-Encoding` lets an answer be packed by gzip."""
    weights = dict(_weights(accept_encoding))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weights(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 0.0
        found.append((name.strip().lower(), weight))
    return found
