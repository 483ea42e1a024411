"""Whether int8 is fast on a processor is read from its flags."""

import pytest

from inference.processor import int8_instruction


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        ("processor : 0\nflags\t\t: fpu avx2 avx512_vnni\n", "avx512_vnni"),
        ("flags : fpu avx2 avx_vnni", "avx_vnni"),
        ("Features\t: fp asimd asimddp", "asimddp"),
        ("flags : fpu avx2 avx512f", None),
        ("model name : with avx512_vnni in its name\nflags : sse", None),
        ("", None),
    ],
)
def test_the_instruction_for_int8_is_named(cpuinfo: str, expected: str | None) -> None:
    assert int8_instruction(cpuinfo) == expected
