"""Models for the detector's tests."""

import av
import numpy as np
import pytest

from core.frame import Picture
from inference.fit import ModelSession, open_session
from models.model_file import ModelFile
from models.store import ModelStore
from tests.support.footage import bikes


@pytest.fixture(scope="session")
def nanodet(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    return ModelStore(tmp_path_factory.mktemp("models")).find("nanodet-g-int8")


@pytest.fixture(scope="session")
def objects(nanodet: ModelFile) -> ModelSession:
    return open_session(nanodet)


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> ModelSession:
    return open_session(ModelStore(tmp_path_factory.mktemp("models")).find("centerface-int8"))


@pytest.fixture(scope="session")
def street() -> Picture:
    """A street with cars."""
    with av.open(str(bikes())) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == 45:
                return frame.to_ndarray(format="bgr24").astype(np.uint8)
    raise AssertionError("the clip is shorter than it was")
