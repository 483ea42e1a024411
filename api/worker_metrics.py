"""What several workers measure, as one Prometheus text: each sample says whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Family:
    """A metric's lines."""

    about: list[str]
    """HELP and TYPE, which stand once."""
    samples: list[str] = field(default_factory=list)


def with_worker_labels(texts: Mapping[str, bytes]) -> bytes:
    """`texts`, by the workers' names, joined: the samples of each metric together, with the label `worker`."""
    families: dict[str, _Family] = {}
    for name, text in texts.items():
        _gather(families, _escaped(name), text.decode())
    lines = [line for family in families.values() for line in (*family.about, *family.samples)]
    return "".join(f"{line}\n" for line in lines).encode()


def _gather(families: dict[str, _Family], worker: str, text: str) -> None:
    about: list[str] = []
    family = _Family([])
    for line in text.splitlines():
        if line.startswith("# HELP "):
            about = [line]
        elif line.startswith("# TYPE "):
            family = families.setdefault(line.split()[2], _Family([*about, line]))
        elif line and not line.startswith("#"):
            family.samples.append(_labelled(line, worker))


def _labelled(sample: str, worker: str) -> str:
    """`sample` with the label `worker` before its own."""
    name, brace, rest = sample.partition("{")
    if brace:
        return f'{name}{{worker="{worker}",{rest}'
    name, _, value = sample.partition(" ")
    return f'{name}{{worker="{worker}"}} {value}'


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
