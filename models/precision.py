"""In which numbers a network computes."""

from enum import StrEnum


class Precision(StrEnum):
    """The numbers of an ONNX file. A card may list a file of each: which one is faster depends on the machine."""

    INT8 = "int8"
    """Quantised: about twice as fast on processors with instructions for it, and slower than floats elsewhere."""
    FLOAT = "float"
