"""What `sharp-eyes run` refuses before anything starts."""

from pathlib import Path
from threading import Event as Flag

import pytest

from core.errors import BadInput
from sharp_eyes.run import run_all
from sharp_eyes.settings import Settings
from sharp_eyes.worker.settings import WorkerSettings


def test_several_workers_cannot_answer_on_one_port(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, worker=WorkerSettings(port=8601))
    with pytest.raises(BadInput, match="2 workers cannot all answer on port 8601") as refused:
        run_all(settings, None, Flag(), workers=2)
    assert refused.value.field == "worker.port"
    assert list(tmp_path.iterdir()) == []
