"""Opening a model: nothing runs that does not fit its card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnxruntime as ort

from core.errors import BadInput, Unavailable
from models.card import Card
from models.input_size import FixedSize
from models.model_file import ModelFile
from models.precision import Precision
from models.size import Size

from .decoding import Output, decoder_for
from .decoding.candidates import Floats
from .providers import first_line, has_graphics_card, open_on, open_on_cpu
from .settings import Provider
from .trial import check_agreement, sees_alike_in_batches


@dataclass(frozen=True, slots=True, eq=False)
class ModelSession:
    """An open model. Any number of threads may run it at the same time."""

    card: Card
    session: ort.InferenceSession
    precision: Precision | None = None
    """Which of the card's files runs; None where that is not known."""
    provider: Provider = Provider.CPU
    """What computes it."""
    batches: bool = False
    """Whether several pictures in one run pay, and give what each gives alone: on graphics cards only."""
    refusal: Unavailable | None = None
    """Why it is not computed by the provider that was asked for."""

    @property
    def takes_batches(self) -> bool:
        """Whether its input is declared for any number of pictures."""
        return not isinstance(self.session.get_inputs()[0].shape[0], int)

    def run(self, tensor: Floats) -> Sequence[Output]:
        """The outputs for `tensor` (n, 3, height, width), in the order of the card."""
        outputs: Sequence[Output] = self.session.run(self.card.outputs, {self.card.input.name: tensor})
        return outputs


def open_session(model: ModelFile, threads: int = 1, provider: Provider = Provider.CPU) -> ModelSession:
    """Opens `model` and looks at a picture with it. `threads` work on one picture (1: the caller's own).

    A `provider` that does not work here, or computes something else than the processor, is replaced by the processor;
    `refusal` says why. Raises `NotFound`, or `BadInput` for bytes that the card does not name, a broken file, or one
    whose inputs or outputs are not those of the card; the message says what was expected and found.
    """
    data = model.read()
    try:
        session = open_on_cpu(data, threads)
    except Exception as error:  # onnxruntime's errors have no root of their own
        raise BadInput(f"{model.path} is no ONNX model that can be run: {first_line(error)}") from error
    opened = ModelSession(model.card, session, model.precision)
    faults = _faults_of_names(opened) or _faults_of_shapes(opened)
    if faults:
        raise BadInput(f"{model.path} does not fit the card of {model.card.name!r}: {'; '.join(faults)}")
    if provider is Provider.CPU:
        return opened
    try:
        return _hand_over(opened, data, provider)
    except Unavailable as refusal:
        return replace(opened, refusal=refusal)


def _hand_over(opened: ModelSession, data: bytes, provider: Provider) -> ModelSession:
    """The same model, computed by `provider`. Raises `Unavailable` where that is not so."""
    card, session = opened.card, open_on(provider, data)
    check_agreement(card, provider, opened.session, session)
    taken = replace(opened, session=session, provider=provider)
    batches = has_graphics_card(provider) and taken.takes_batches and sees_alike_in_batches(card, session)
    return replace(taken, batches=batches)


def _faults_of_names(opened: ModelSession) -> list[str]:
    """What is wrong with the names, types and declared shapes of inputs and outputs."""
    card = opened.card
    faults = []
    inputs = opened.session.get_inputs()
    if [found.name for found in inputs] != [card.input.name]:
        faults.append(f"expected one input {card.input.name!r}, found {[found.name for found in inputs]}")
    else:
        expected = _declared(card)
        found = inputs[0]
        if found.type != "tensor(float)" or not _agree(found.shape, expected):
            shape = ["any" if side is None else side for side in expected]
            faults.append(f"expected input tensor(float) {shape}, found {found.type} {found.shape}")
    outputs = [found.name for found in opened.session.get_outputs()]
    if sorted(outputs) != sorted(card.outputs):
        faults.append(f"expected outputs {list(card.outputs)} and no others, found {outputs}")
    return faults


def _declared(card: Card) -> list[int | None]:
    """The shape that the input must declare; None is a side that has to be free."""
    size = card.input.size
    return [1, 3, size.height, size.width] if isinstance(size, FixedSize) else [1, 3, None, None]


def _agree(found: Sequence[int | str | None], expected: Sequence[int | None]) -> bool:
    """Whether a declared shape takes the expected one: free sides (names in ONNX) take every length."""
    return len(found) == len(expected) and all(
        not isinstance(have, int) or have == want for have, want in zip(found, expected, strict=True)
    )


def _faults_of_shapes(opened: ModelSession) -> list[str]:
    """What a look at a black picture shows."""
    card = opened.card
    size = _probe(card)
    try:
        outputs = opened.run(np.zeros((1, 3, size.height, size.width), np.float32))
    except Exception as error:  # as above
        return [f"it cannot look at a picture of {size}: {first_line(error)}"]
    faults = []
    for name, output, expected in zip(card.outputs, outputs, decoder_for(card).shapes(size), strict=True):
        if output.shape != expected or output.dtype != np.float32:
            faults.append(
                f"for a picture of {size} expected output {name!r} float32 {list(expected)}, "
                f"found {output.dtype} {list(output.shape)}"
            )
        elif not np.isfinite(output).all():
            faults.append(f"for a black picture of {size} output {name!r} holds numbers that are not finite")
    return faults


def _probe(card: Card) -> Size:
    """A size to try: not square, so that height and width cannot be taken for each other."""
    size = card.input.size
    if isinstance(size, FixedSize):
        return Size(size.width, size.height)
    return Size(3 * size.multiple_of, 2 * size.multiple_of)
