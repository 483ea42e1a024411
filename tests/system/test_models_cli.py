"""The commands that list, fetch, add and verify models, driven from outside."""

import hashlib
import json
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import cv2
import pytest

from tests.support.footage import bikes
from tests.support.program import run_command
from tests.unit.models.conftest import CONTENT, Mirror, a_card, mirror

__all__ = ["mirror"]

MODELS = Path(__file__).parents[2] / "models"
WEIGHTS = MODELS / "weights" / "nanodet-g-int8.onnx"
SHARED = Path(__file__).parents[3] / "shared" / "models"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def waiting(data: Path) -> Path:
    """The models folder of an installation that has the card of `small`, and lacks its weights."""
    folder = data / "models"
    folder.mkdir(parents=True)
    (folder / "small.toml").write_text(a_card())
    return folder


def models(data: Path, *arguments: str, mirror: str | None = None) -> subprocess.CompletedProcess[str]:
    """`sharp-eyes models ARGUMENTS`; never a traceback."""
    environment = {"SHARP_EYES_DATA": str(data), "COLUMNS": "400"}
    if mirror is not None:
        environment["SHARP_EYES_MODELS__MIRROR"] = mirror
    done = run_command("models", *arguments, environment=environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def a_shipped_card(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """The card of the shipped detector under the name `mine`, with changes; its path."""
    text = (MODELS / "cards" / "nanodet-g-int8.toml").read_text()
    for old, new in (('name = "nanodet-g-int8"', 'name = "mine"'), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return str(path)


def test_the_list_shows_each_model_with_its_state_also_as_json(data: Path) -> None:
    table = models(data, "list")
    assert table.returncode == 0
    assert "not here: sharp-eyes models pull yolox-nano-416" in table.stdout
    told = {one["name"]: one for one in map(json.loads, models(data, "list", "--json").stdout.splitlines())}
    assert {name: one["ready"] for name, one in told.items()} == {
        "centerface-int8": True,
        "nanodet-g-int8": True,
        "yolox-nano-416": False,
    }
    assert told["centerface-int8"]["labels"] == ["face"]
    assert not data.exists()


def test_a_broken_card_is_listed_with_its_fault_and_the_others_too(waiting: Path, data: Path) -> None:
    (waiting / "bad.toml").write_text("labels = [")
    table = models(data, "list")
    assert table.returncode == 0
    assert "is not TOML" in table.stdout
    assert "nanodet-g-int8" in table.stdout
    verified = models(data, "verify")
    assert verified.returncode == 1
    assert "bad: broken" in verified.stdout


def test_text_of_a_card_is_shown_as_it_is(data: Path, tmp_path: Path) -> None:
    card = a_shipped_card(tmp_path, ('licence = "Apache-2.0 (the', 'licence = "[/red] [link=x] (the'))
    assert models(data, "add", str(WEIGHTS), "--card", card).returncode == 0
    assert "[/red] [link=x]" in models(data, "list").stdout


def test_a_model_is_pulled_from_a_folder(waiting: Path, data: Path, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    missing = models(data, "pull", "small", mirror=str(usb))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert f"the mirror has no {usb}/small.onnx" in missing.stderr
    (usb / "small.onnx").write_bytes(b"another")
    wrong = models(data, "pull", "small", mirror=str(usb))
    assert wrong.returncode == 2
    assert f"expected SHA-256 {hashlib.sha256(CONTENT).hexdigest()}" in wrong.stderr
    assert f"found {hashlib.sha256(b'another').hexdigest()}" in wrong.stderr
    (usb / "small.onnx").write_bytes(CONTENT)
    done = models(data, "pull", "small", mirror=str(usb))
    assert (done.returncode, done.stdout) == (0, f"small: ready at {waiting}/small.onnx\n")
    assert (waiting / "small.onnx").read_bytes() == CONTENT


def test_a_download_that_breaks_off_goes_on_with_the_next_command(waiting: Path, data: Path, mirror: Mirror) -> None:
    half = len(CONTENT) // 2
    answer_well = mirror.answer

    def break_off(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(CONTENT)))
        request.end_headers()
        request.wfile.write(CONTENT[:half])

    mirror.answer = break_off
    address = mirror.url.replace("http://", "http://joe:s3cret@")
    broken = models(data, "pull", "small", mirror=address)
    assert (broken.returncode, broken.stdout) == (1, "")
    assert "Run the same command again: it goes on from there." in broken.stderr
    assert "s3cret" not in broken.stderr
    assert not (waiting / "small.onnx").exists()
    mirror.answer = answer_well
    done = models(data, "pull", "small", mirror=address)
    assert done.returncode == 0, done.stderr
    assert mirror.asked[-1] == ("/models/small.onnx", f"bytes={half}-")
    assert (waiting / "small.onnx").read_bytes() == CONTENT


def test_a_model_is_added_twice_without_harm_and_used(data: Path, tmp_path: Path) -> None:
    card = a_shipped_card(tmp_path)
    for _ in range(2):
        done = models(data, "add", str(WEIGHTS), "--card", card)
        assert (done.returncode, done.stdout) == (0, f"mine: added as {data}/models/mine.onnx\n"), done.stderr
    verified = models(data, "verify", "--json")
    assert verified.returncode == 0
    assert {"name": "mine", "state": "sound"}.items() <= json.loads(verified.stdout.splitlines()[-1]).items()
    (data / "models" / "mine.onnx").write_bytes(b"damaged")
    verified = models(data, "verify")
    assert verified.returncode == 1
    assert "mine (int8): wrong hash" in verified.stdout.replace("_", " ")


def test_each_file_of_a_card_of_two_is_pulled_listed_and_verified_by_itself(
    data: Path, waiting: Path, tmp_path: Path
) -> None:
    usb, floats = tmp_path / "usb", CONTENT[::-1]
    usb.mkdir()
    digest = hashlib.sha256(floats).hexdigest()
    second = f'[[accepted]]\nsha256 = "{digest}"\nsize_bytes = {len(floats)}\nprecision = "float"\n'
    (waiting / "small.toml").write_text(f'{a_card()}precision = "int8"\n{second}')
    (usb / "small_int8.onnx").write_bytes(CONTENT)

    def small(*arguments: str) -> str:
        return next(line for line in models(data, *arguments).stdout.splitlines() if "small" in line)

    assert "not here: sharp-eyes models pull small" in small("list")
    half = models(data, "pull", "small", mirror=str(usb))
    assert (half.returncode, half.stdout) == (1, f"small: ready at {waiting}/small_int8.onnx\n")
    assert f"the mirror has no {usb}/small_float.onnx" in half.stderr
    assert "ready (int8); more: sharp-eyes models pull small --precision float" in small("list")
    (usb / "small_float.onnx").write_bytes(floats)
    one = models(data, "pull", "small", "--precision", "float", mirror=str(usb))
    assert (one.returncode, one.stdout) == (0, f"small: ready at {waiting}/small_float.onnx\n")
    assert "ready (int8, float)" in small("list")
    told = [json.loads(line) for line in models(data, "list", "--json").stdout.splitlines()]
    assert [file["precision"] for file in next(one for one in told if one["name"] == "small")["files"]] == [
        "int8",
        "float",
    ]
    (waiting / "small_float.onnx").write_bytes(CONTENT)
    verified = models(data, "verify").stdout
    assert "small (float): wrong_hash: " in verified
    assert "is not the float file of model 'small'" in verified


REFUSALS = {
    "gender": (('"person", ', '"woman", '), "is about sex"),
    "emotion": (('"person", ', '"angry person", '), "is about emotion"),
    "names of people": (('"person", ', '"John Smith", '), "'John' is not among the words that labels are made of"),
    "another input": (('name = "images"', 'name = "pictures"'), "expected one input 'pictures', found ['images']"),
    "fewer labels": (('"person", ', ""), "expected output 'scores' float32 [1, 126, 79], found float32 [1, 126, 80]"),
    "another hash": (('sha256 = "2121', 'sha256 = "0000'), "expected SHA-256 0000b3d9a19eb09d"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_must_not_come_in_is_refused_with_its_reason(name: str, data: Path, tmp_path: Path) -> None:
    change, says = REFUSALS[name]
    done = models(data, "add", str(WEIGHTS), "--card", a_shipped_card(tmp_path, change))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert not list(data.rglob("*.onnx"))


def test_a_file_that_is_no_onnx_is_refused(data: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(WEIGHTS.read_bytes()[:-1000])
    digest = hashlib.sha256(broken.read_bytes()).hexdigest()
    hashed = ('sha256 = "2121b3d9a19eb09d5a5d6dfe7661e84fbf163638506c2031299b0c15490bc246"', f'sha256 = "{digest}"')
    done = models(data, "add", str(broken), "--card", a_shipped_card(tmp_path, hashed))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{broken} is no ONNX model that can be run" in done.stderr
    assert not list(data.rglob("*.onnx"))


def test_what_is_not_there_is_named(data: Path, tmp_path: Path) -> None:
    unknown = models(data, "pull", "nothing")
    assert unknown.returncode == 1
    assert "known are centerface-int8, nanodet-g-int8, yolox-nano-416" in unknown.stderr
    assert "there is no card at" in models(data, "add", str(WEIGHTS), "--card", str(tmp_path / "none.toml")).stderr
    assert "there is no file" in models(data, "add", str(tmp_path), "--card", a_shipped_card(tmp_path)).stderr


def test_yolox_is_added_by_name_and_finds_what_is_in_a_street(data: Path, tmp_path: Path) -> None:
    weights = SHARED / "yolox-nano-416.onnx"
    if not weights.is_file():
        pytest.skip(f"{weights.name} is not on this machine: {SHARED} is missing")
    done = models(data, "add", str(weights), "--card", "yolox-nano-416")
    assert (done.returncode, done.stdout) == (0, f"yolox-nano-416: added as {data}/models/yolox-nano-416.onnx\n")
    video = cv2.VideoCapture(str(bikes()))
    video.set(cv2.CAP_PROP_POS_FRAMES, 140)
    _, picture = video.read()
    video.release()
    cv2.imwrite(str(tmp_path / "street.png"), picture)
    found = run_command(
        "detect",
        str(tmp_path / "street.png"),
        "--json",
        "--model",
        "yolox-nano-416",
        environment={"SHARP_EYES_DATA": str(data)},
    )
    assert found.returncode == 0, found.stderr
    assert "car" in {one["label"] for one in json.loads(found.stdout)["detections"]}
