"""What must stand before a process starts is made once, however many start."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import BadInput
from core.rule import RuleKind
from registry import department_rules, departments, rules
from registry.sealing_key import KEY_BYTES, SealingKey
from sharp_eyes.preparation import open_keys, prepare, schema_fault
from sharp_eyes.settings import Settings

PREPARE = """
import sys
from pathlib import Path
from sharp_eyes.preparation import prepare
from sharp_eyes.settings import Settings
settings = Settings(data=Path(sys.argv[1]))
print('ready', flush=True)
sys.stdin.readline()
prepare(settings).close()
"""


def test_three_processes_prepare_one_folder_at_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-c", PREPARE, str(data)]
    at_once = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in at_once:
        assert process.stdout is not None
        process.stdout.readline()
    for process in at_once:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=180)[1] for process in at_once]
    assert [process.returncode for process in at_once] == [0, 0, 0], errors
    assert (data / "keys" / "sealing.key").stat().st_size == KEY_BYTES
    database = prepare(Settings(data=data))
    assert schema_fault(database) is None
    with database.read() as connection:
        usual = department_rules.of_department(connection, departments.DEFAULT)
    assert [(one.rule.kind, one.rule.min_duration) for one in usual] == [(RuleKind.STREAM_LOST, timedelta(seconds=30))]
    database.close()


def test_a_usual_rule_that_was_removed_does_not_come_back(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    database = prepare(settings)
    with database.write() as connection:
        (usual,) = department_rules.of_department(connection, departments.DEFAULT)
        rules.remove(connection, usual.id)
    database.close()
    database = prepare(settings)
    with database.read() as connection:
        assert department_rules.of_department(connection, departments.DEFAULT) == []
    database.close()


def test_keys_of_the_environment_come_before_the_files(tmp_path: Path) -> None:
    given = Settings(data=tmp_path, key=SecretStr("00" * 32), former_keys=SecretStr(f"{'01' * 32}, {'02' * 32}"))
    assert [key.id for key in open_keys(given).keys] == [SealingKey(bytes([n]) * 32).id for n in range(3)]
    assert not (tmp_path / "keys").exists()


def test_former_keys_without_a_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="former_keys is set") as caught:
        open_keys(Settings(data=tmp_path, former_keys=SecretStr("00" * 32)))
    assert "SHARP_EYES_KEY" in (caught.value.hint or "")
