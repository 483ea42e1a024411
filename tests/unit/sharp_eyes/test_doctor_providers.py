"""What the doctor says of ONNX Runtime's packages: those for several providers lie over one another."""

from pathlib import Path

import pytest

from inference.fit import open_session
from inference.settings import Provider
from models.store import ModelStore
from sharp_eyes.doctor.finding import Verdict
from sharp_eyes.doctor.providers import check_provider


def test_a_second_package_over_the_first_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_session(ModelStore(tmp_path).find("nanodet-g-int8"))
    assert check_provider(Provider.CPU, opened).verdict is Verdict.GOOD
    second = tmp_path / "onnxruntime_another-1.0.dist-info"
    second.mkdir()
    (second / "METADATA").write_text("Metadata-Version: 2.1\nName: onnxruntime-another\nVersion: 1.0\n")
    (second / "RECORD").write_text("onnxruntime/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    finding = check_provider(Provider.CPU, opened)
    assert finding.verdict is Verdict.BAD
    assert "onnxruntime-another" in finding.found
