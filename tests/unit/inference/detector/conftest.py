"""Models for the detector's tests."""

import pytest

from inference.fit import ModelSession, open_session
from models.model_file import ModelFile
from models.store import ModelStore


@pytest.fixture(scope="session")
def nanodet(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    return ModelStore(tmp_path_factory.mktemp("models")).find("nanodet-g-int8")


@pytest.fixture(scope="session")
def objects(nanodet: ModelFile) -> ModelSession:
    return open_session(nanodet)


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> ModelSession:
    return open_session(ModelStore(tmp_path_factory.mktemp("models")).find("centerface-int8"))
