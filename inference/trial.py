"""Whether a provider computes what the processor computes."""

import numpy as np
import onnxruntime as ort

from core.errors import Unavailable
from core.frame import Picture
from models.card import Card

from .decoding.candidates import Floats
from .preprocess import InputMaker
from .providers import first_line
from .settings import Provider

MOST_DEVIATION = 0.35
"""How far off a provider may be, in shares of what the picture changes: 1 is as if it had not seen the picture.

Rounding costs int8 networks much: the detector that comes with the program is off by 0.19 without ONNX Runtime's
optimisations, by 0.21 in OpenVINO, by 0.25 in floats, and finds the same objects each time, with scores within 0.05 for
OpenVINO. With one of its 34 convolutions damaged it is off by 0.42. Floats against floats give less than 0.01.
"""

_MOST_IN_BATCHES = 0.05
"""The same for a picture in company against the picture alone: there no number is rounded otherwise."""


def check_agreement(
    card: Card, provider: Provider, reference: ort.InferenceSession, tried: ort.InferenceSession
) -> None:
    """Looks at one picture with both. Raises `Unavailable` where `tried` fails, or sees something else."""
    black, seen = _tensors(card)
    idle, expected = (reference.run(card.outputs, {card.input.name: tensor}) for tensor in (black, seen))
    try:
        found = tried.run(card.outputs, {card.input.name: seen})
    except Exception as error:  # onnxruntime's errors have no root of their own
        raise _disagreement(card, provider, f"it cannot look at a picture: {first_line(error)}") from error
    for name, nothing, ours, theirs in zip(card.outputs, idle, expected, found, strict=True):
        if ours.shape != theirs.shape:
            raise _disagreement(card, provider, f"output {name!r} is {theirs.shape}, expected {ours.shape}")
        off = deviation(nothing, ours, theirs)
        if not off <= MOST_DEVIATION:
            raise _disagreement(
                card, provider, f"output {name!r} is off by {off:.2f}; at most {MOST_DEVIATION} is taken"
            )


def sees_alike_in_batches(card: Card, session: ort.InferenceSession) -> bool:
    """Whether two pictures in one run give what each gives alone: some networks have a batch of one built in."""
    black, seen = _tensors(card)
    try:
        alone = session.run(card.outputs, {card.input.name: seen})
        together = session.run(card.outputs, {card.input.name: np.concatenate([black, seen])})
    except Exception:  # as above
        return False
    return all(
        len(two) == 2 and one.shape == two[1:].shape and deviation(two[:1], one, two[1:]) <= _MOST_IN_BATCHES
        for one, two in zip(alone, together, strict=True)
    )


def deviation(idle: Floats, expected: Floats, found: Floats) -> float:
    """How far `found` is off, as root mean square, in shares of what lies between `idle` and `expected`.

    Not a number where one of them holds none.
    """
    return _size(found - expected) / max(_size(expected - idle), 1e-9)


def _size(numbers: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(numbers.astype(np.float64)))))


def _tensors(card: Card) -> tuple[Floats, Floats]:
    """What the network takes of a black picture and of one with something in it."""
    picture, maker = _a_picture(), InputMaker(card.input)
    # Copied, since the maker uses its tensor again.
    return maker.make(np.zeros_like(picture))[0].copy(), maker.make(picture)[0].copy()


def _a_picture() -> Picture:
    """Slopes and edges of all colours."""
    row, column = np.mgrid[:360, :640]
    squares = (row // 40 + column // 40) % 2 * 255
    return np.stack([column * 255 // 639, row * 255 // 359, squares], axis=2).astype(np.uint8)


def _disagreement(card: Card, provider: Provider, why: str) -> Unavailable:
    return Unavailable(
        f"provider {provider} does not compute {card.name!r} as the processor does: {why}",
        hint="Take another model, or another version of the provider; or set detector.provider to cpu.",
    )
