"""The commands that look at files: what they print, and what they say of bad input."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.providers import has
from inference.settings import Provider
from tests.support.footage import bikes, make_clip
from tests.support.program import run_command


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture with cars in it."""
    path = tmp_path_factory.mktemp("pictures") / "street.png"
    video = cv2.VideoCapture(str(bikes()))
    video.set(cv2.CAP_PROP_POS_FRAMES, 20)
    _, picture = video.read()
    video.release()
    cv2.imwrite(str(path), picture)
    return path


def test_detect_prints_a_line_for_each_picture_with_boxes_in_its_pixels(street: Path) -> None:
    done = run_command("detect", str(street), str(street), "--json", "--max", "3")
    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first == second
    assert (first["path"], first["width"], first["height"]) == (str(street), 640, 272)
    assert 1 <= len(first["detections"]) <= 3
    scores = [found["score"] for found in first["detections"]]
    assert scores == sorted(scores, reverse=True)
    for found in first["detections"]:
        left, top, right, bottom = found["box"]
        assert 0 <= left < right <= 640
        assert 0 <= top < bottom <= 272


@pytest.mark.parametrize("provider", [one for one in Provider if not has(one)])
def test_detect_goes_on_with_the_cpu_where_the_provider_is_missing_and_says_so_once(
    provider: Provider, street: Path
) -> None:
    expected = run_command("detect", str(street), str(street), "--json")
    environment = {"SHARP_EYES_DETECTOR__PROVIDER": provider.value}
    done = run_command("detect", str(street), str(street), "--json", environment=environment)
    assert (done.returncode, done.stdout) == (0, expected.stdout)
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"provider {provider} does not work here: this build of ONNX Runtime")
    assert "; the CPU computes nanodet-g-int8. It needs " in told


def test_a_higher_score_leaves_fewer_detections_and_another_size_is_taken(street: Path) -> None:
    low, high = (
        json.loads(run_command("detect", str(street), "--json", "--min-score", score).stdout)["detections"]
        for score in ("0.05", "0.6")
    )
    assert len(high) < len(low)
    assert all(found["score"] >= 0.6 for found in high)
    assert run_command("detect", str(street), "--json", "--size", "640x288").returncode == 0
    refused = run_command("detect", str(street), "--size", "641x288")
    assert refused.returncode == 2
    assert "32" in refused.stderr


def test_each_bad_picture_gets_its_own_message_and_the_good_one_is_looked_at(street: Path, tmp_path: Path) -> None:
    whole = street.read_bytes()
    bad = {
        "missing.png": None,
        "empty.png": b"",
        "random.jpg": np.random.default_rng(1).bytes(4000),
        "cut.png": whole[: len(whole) // 3],
        "text.png": b"this is no picture at all",
    }
    for name, data in bad.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in bad]
    done = run_command("detect", *paths, str(tmp_path), str(street), "--json")
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    messages = [line["error"].replace(line["path"], "") for line in lines[:-1]]
    assert len(messages) == 6
    assert "detections" in lines[-1]
    # Random bytes and a text are alike no pictures; all others differ.
    assert len(set(messages)) >= 5


def test_odd_pictures_are_looked_at(tmp_path: Path) -> None:
    odd: dict[str, np.ndarray] = {
        "tiny.png": np.full((16, 16, 3), 90, np.uint8),
        "8k.jpg": np.full((4320, 7680, 3), 90, np.uint8),
        "grey.png": np.full((90, 160), 90, np.uint8),
        "deep.png": np.full((90, 160, 3), 30_000, np.uint16),
        "wide.png": np.full((20, 2000, 3), 90, np.uint8),
    }
    for name, picture in odd.items():
        cv2.imwrite(str(tmp_path / name), picture)
    done = run_command("detect", *(str(tmp_path / name) for name in odd), "--json")
    assert done.returncode == 0, done.stdout
    sizes = [(line["width"], line["height"]) for line in map(json.loads, done.stdout.splitlines())]
    assert sizes == [(16, 16), (7680, 4320), (160, 90), (160, 90), (2000, 20)]


def test_analyze_says_the_same_twice_to_the_byte() -> None:
    first, second = (run_command("analyze", str(bikes()), "--json") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    looks = [line for line in lines if line["type"] == "tracks"]
    assert [look["frame"] for look in looks] == list(range(0, 250, 5))
    assert any(line["type"] == "event" for line in lines)


def test_analyze_looks_at_every_frame_when_told_to() -> None:
    done = run_command("analyze", str(bikes()), "--json", "--every-frame")
    looks = [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "tracks"]
    assert [look["frame"] for look in looks] == list(range(250))


def test_rules_of_a_file_decide_what_becomes_an_event(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rules]]\nname = "cars"\nlabels = ["car"]\nmin_duration_s = 1.0\nseverity = 2\n')
    done = run_command("analyze", str(bikes()), "--json", "--rules", str(rules))
    events = [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "event"]
    assert events
    assert {(event["label"], event["rule"], event["severity"]) for event in events} <= {
        (label, "cars", 2) for label in ("car", "truck", "bus", "van")
    }


def test_analyze_says_in_the_end_what_it_counted_and_why_nothing_happened(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    flow = 'name = "street"\nkind = "flow"\nlabels = ["car", "person", "bicycle"]\nline = [[0.5, 1.0], [0.5, 0.0]]\n'
    rules.write_text(f'[[rules]]\n{flow}[[rules]]\nname = "long"\nlabels = ["person"]\nmin_duration_s = 60\n')
    done = run_command("analyze", str(bikes()), "--json", "--rules", str(rules))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    flows = [line for line in lines if line["type"] == "flow"]
    assert {line["direction"] for line in flows} == {"left_to_right", "right_to_left"}
    counted, long = (line for line in lines if line["type"] == "account")
    assert counted["with_event"] <= sum(line["count"] for line in flows)
    assert (long["with_event"], long["tracks"]) == (0, sum(long["unfulfilled"].values()))
    assert set(long["unfulfilled"]) <= {"label", "score", "duration"}
    in_words = run_command("analyze", str(bikes()), "--rules", str(rules)).stdout
    assert f"long: 0 of {long['tracks']} tracks took part in an event; the others failed at: " in in_words
    assert "left to right" in in_words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[rules]]\nname = "x"\nlabels = ["unicorn"]\n', "unicorn"),
        ('[[rules]]\nname = "x"\nlabels = ["car"]\ncolour = 1\n', "colour"),
        ('[[rules]]\nname = "x"\nlabels = ["car"]\nzone = [[0,0],[1,1],[1,0],[0,1]]\n', "cross"),
        ("rules = 3", "rules"),
        ("rules = " + "9" * 5000, "TOML"),
        ("[[rules", "TOML"),
    ],
)
def test_bad_rules_are_refused_with_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(text)
    done = run_command("analyze", str(bikes()), "--rules", str(rules))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_each_bad_clip_gets_its_own_message(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    whole = clip.read_bytes()
    bad = {"empty.mp4": b"", "random.mp4": np.random.default_rng(1).bytes(9000), "cut.mp4": whole[: len(whole) // 2]}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile '{clip}'\n")
    messages = set()
    for name in (*bad, "list.mp4", "missing.mp4"):
        path = str(tmp_path / name)
        done = run_command("analyze", path)
        assert done.returncode == 2, name
        assert "Traceback" not in done.stderr
        assert path in done.stderr
        messages.add(done.stderr.replace(path, ""))
    # A playlist and random bytes may be told alike: neither is a container that is read.
    assert len(messages) >= 4


def test_an_unknown_model_is_refused_with_those_that_are_known(street: Path) -> None:
    done = run_command("detect", str(street), "--model", "nothing-like-it")
    assert done.returncode != 0
    assert "nanodet-g-int8" in done.stderr
