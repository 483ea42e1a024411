"""What moves in a frame, as the motion gate saw it before any detector looked."""

from dataclasses import dataclass

from .box import Box


@dataclass(frozen=True, slots=True)
class Motion:
    """The gate's word on one frame."""

    share: float
    """Share of the picture that changed, ignored areas left out, 0 to 1; 0: nothing moves."""
    box: Box | None
    """Around all that changed; None where nothing did."""

    @property
    def is_there(self) -> bool:
        """Whether anything moves."""
        return self.box is not None


STILL = Motion(0.0, None)
"""Nothing moves."""
