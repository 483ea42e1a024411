"""What a network's outputs say: a file for each kind of network."""

from typing import assert_never

from models.card import Card, Decoding

from .candidates import Candidates, Decoder, Output
from .centerface import CenterFaceDecoder
from .nanodet import NanoDetDecoder
from .yolox import YoloxDecoder

__all__ = ["Candidates", "Decoder", "Output", "decoder_for"]


def decoder_for(card: Card) -> Decoder:
    """The decoder that the card asks for."""
    match card.decoding:
        case Decoding.NANODET:
            return NanoDetDecoder(len(card.labels))
        case Decoding.YOLOX:
            return YoloxDecoder(len(card.labels))
        case Decoding.CENTERFACE:
            return CenterFaceDecoder()
        case _:
            assert_never(card.decoding)
