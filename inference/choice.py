"""Which of a model's files runs, and on what: by what is asked for, what the machine can do, and what is here."""

from dataclasses import replace
from typing import assert_never

from models.precision import Precision
from models.store import ModelStore

from .fit import ModelSession, open_session
from .processor import int8_instruction
from .settings import Provider


def best_precision(provider: Provider, instruction: str | None) -> tuple[Precision, str]:
    """Which file is faster with `provider`, and why. `instruction` is the processor's own for int8 networks."""
    match provider:
        case Provider.CUDA:
            # Convolutions of int8 have no CUDA kernel: each is computed as floats between two conversions, or on the
            # processor with a copy to and fro (microsoft/onnxruntime, issues 12229 and 24807).
            return Precision.FLOAT, "CUDA has no kernels for int8 networks in ONNX Runtime"
        case Provider.CPU | Provider.OPENVINO:
            # OpenVINO uses the same instructions: 11 ms a picture against 25 for the same network in floats.
            if instruction is None:
                return Precision.FLOAT, "this processor has no instructions for int8 networks"
            return Precision.INT8, f"this processor computes int8 networks with {instruction}"
        case _:
            assert_never(provider)


def open_best(store: ModelStore, name: str, provider: Provider) -> ModelSession:
    """Opens the file of model `name` that is fastest with `provider`, else the one that is here.

    Raises what `ModelStore.find` and `open_session` raise; a provider that does not work is no error, see there.
    """
    opened = open_session(store.find(name, _best_here(provider)), provider=provider)
    if opened.refusal is None:
        return opened
    other = store.find(name, _best_here(Provider.CPU))
    if other.precision is opened.precision:
        return opened
    return replace(open_session(other), refusal=opened.refusal)


def missing_file(opened: ModelSession) -> str | None:
    """What to say where another file of the card would be faster but is not here; None where all is well."""
    best, why = best_precision(opened.provider, int8_instruction())
    if opened.precision is best or best not in opened.card.precisions:
        return None
    return f"model {opened.card.name!r} runs its {opened.precision} file; the {best} one is not here, and faster: {why}"


def _best_here(provider: Provider) -> Precision:
    return best_precision(provider, int8_instruction())[0]
