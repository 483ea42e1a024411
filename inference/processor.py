"""What this machine's processor can do for networks."""

from pathlib import Path

_FAST_INT8 = ("amx_int8", "avx512_vnni", "avx_vnni", "avx_vnni_int8", "i8mm", "asimddp")
"""As Linux names them: x86's VNNI and AMX, ARM's dot products."""


def int8_instruction(cpuinfo: str | None = None) -> str | None:
    """The processor's own instruction for int8 networks; None where it has none: int8 is slow there.

    `cpuinfo` is the text of `/proc/cpuinfo`, which is read where it is not given.
    """
    if cpuinfo is None:
        try:
            cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    flags = {flag for key, _, value in lines if key.strip().lower() in ("flags", "features") for flag in value.split()}
    return next((name for name in _FAST_INT8 if name in flags), None)
