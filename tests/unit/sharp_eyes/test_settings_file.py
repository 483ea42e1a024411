"""Settings: every fault is named with its place."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from sharp_eyes.settings_file import SettingsFaults, line_of, read_settings


class Api(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    token: SecretStr | None = None
    port: int = Field(default=8480, ge=1, le=65535)
    names: tuple[str, ...] = ()


class Example(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    api: Api = Api()
    database: str | None = None
    mirror: str | None = Field(default=None, max_length=3)
    key: SecretStr | None = Field(default=None, max_length=9)


def write(folder: Path, text: str) -> Path:
    file = folder / "sharp-eyes.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(file: Path | None, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsFaults) as caught:
        read_settings(Example, file, environment or {})
    return [str(fault) for fault in caught.value.faults]


def test_an_unknown_key_names_file_line_and_known_keys(tmp_path: Path) -> None:
    file = write(tmp_path, "\n[api]\nport = 1\nprot = 2\n")
    assert faults(file) == [f"{file}:4: api.prot: found an unknown key; known here: names, port"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, "colour = 1\n[api]\nport = 99999\n")
    assert [fault.split(": ")[1] for fault in faults(file)] == ["api.port", "colour"]


def test_a_value_out_of_bounds_says_what_was_found_and_is_allowed(tmp_path: Path) -> None:
    (fault,) = faults(write(tmp_path, "[api]\nport = 99999\n"))
    assert "found 99999" in fault
    assert "less than or equal to 65535" in fault


def test_text_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, "[api]\nport = = 3\n")
    (fault,) = faults(file)
    assert fault.startswith(f"{file}:2: ")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "found nothing" in faults(tmp_path / "none.toml")[0]


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[api]\nport = 1000\n")
    assert read_settings(Example, file, {"SHARP_EYES_API__PORT": "2000"}).api.port == 2000


def test_a_mistyped_variable_is_refused_by_its_name() -> None:
    (fault,) = faults(None, {"SHARP_EYES_DATABSE": "x"})
    assert fault.startswith("environment variable SHARP_EYES_DATABSE: databse: found an unknown key")


def test_the_text_of_a_database_url_is_never_shown() -> None:
    class Strict(BaseModel):
        database: int

    with pytest.raises(SettingsFaults) as caught:
        read_settings(Strict, None, {"SHARP_EYES_DATABASE": "postgresql://u:geheim@h/d"})
    assert "geheim" not in str(caught.value)


def test_the_line_of_a_dotted_key_is_found() -> None:
    assert line_of("a = 1\napi.port = 3\n", ("api", "port")) == 2


def test_a_variable_below_a_value_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, 'database = "x"\n')
    (fault,) = faults(file, {"SHARP_EYES_DATABASE__URL": "y"})
    assert fault == "environment variable SHARP_EYES_DATABASE__URL: database.url: found an unknown key; no such table"


def test_faults_of_variables_and_of_the_file_are_told_together(tmp_path: Path) -> None:
    found = faults(write(tmp_path, "colour = 1\n"), {"SHARP_EYES_API__PROT": "2", "SHARP_EYES_API__PORT": "x"})
    assert [fault.rpartition(": found")[0].rpartition(": ")[2] for fault in found] == ["api.port", "colour", "api.prot"]


def test_a_list_is_set_by_a_variable() -> None:
    assert read_settings(Example, None, {"SHARP_EYES_API__NAMES": "a,b"}).api.names == ("a", "b")


def test_a_password_of_any_address_is_hidden_where_a_value_is_shown() -> None:
    (fault,) = faults(None, {"SHARP_EYES_MIRROR": "https://ann:geheim@host/?token=geheim"})
    assert "https://***@host" in fault
    assert "geheim" not in fault


def test_what_was_found_is_shown_in_short() -> None:
    assert len(faults(None, {"SHARP_EYES_MIRROR": "x" * 100_000})[0]) < 250
    assert len(faults(None, {"SHARP_EYES_" + "X" * 100_000: "x"})[0]) < 100_400


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = '\xff'", "byte 0xff at 5; expected text in UTF-8"),
        (b"a = " + b"9" * 5000, "text that is no TOML"),
        (b"a = " + b"[" * 5000, "text that is no TOML"),
        (b"#" * 2_000_000, "more than 1048576 bytes"),
    ],
)
def test_a_file_that_is_no_settings_file_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "sharp-eyes.toml"
    file.write_bytes(content)
    (fault,) = faults(file)
    assert fault.startswith(str(file))
    assert said in fault


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    assert "Is a directory" in faults(tmp_path)[0]


def test_a_mark_at_the_beginning_of_the_file_does_not_matter(tmp_path: Path) -> None:
    assert read_settings(Example, write(tmp_path, "\ufeff[api]\nport = 1000\n"), {}).api.port == 1000


def test_a_secret_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    file = write(tmp_path, 'key = "S3cret"\n[api]\ntoken = "S3cret"\n')
    told = faults(file)
    assert sorted(fault.split(": ")[0] for fault in told) == [f"{file}:1", f"{file}:3"]
    assert told[0].endswith("expected in the environment variable SHARP_EYES_API__TOKEN alone")
    assert "S3cret" not in "".join(told)


def test_a_secret_of_the_environment_is_taken_and_never_shown(tmp_path: Path) -> None:
    found = read_settings(Example, None, {"SHARP_EYES_KEY": "S3cret"})
    assert found.key is not None
    assert found.key.get_secret_value() == "S3cret"
    assert "S3cret" not in found.model_dump_json() + repr(found)
    (fault,) = faults(None, {"SHARP_EYES_KEY": "too long a S3cret"})
    assert "S3cret" not in fault
