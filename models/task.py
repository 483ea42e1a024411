"""What a model is for."""

from enum import StrEnum


class Task(StrEnum):
    """What a model looks for."""

    OBJECTS = "objects"
    """Things and people, for tracks and events."""
    FACES = "faces"
    """Faces, to mask them and for nothing else."""
