"""What is packed, what is committed, and that nobody else owns our import names."""

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"core", "ingest", "inference", "models", "registry", "events", "api", "sharp_eyes"}

WEIGHTS = {
    "models/weights/nanodet-g-int8.onnx": "2121b3d9a19eb09d5a5d6dfe7661e84fbf163638506c2031299b0c15490bc246",
    "models/weights/centerface-int8.onnx": "404b6d1f37812dc4eb8bbc38810898c89545f7343a639ad13980e19aee0d97cf",
}
"""The weights whose licences let them be passed on, with their SHA-256."""

FOOTAGE = frozenset({".mp4", ".m4v", ".mkv", ".avi", ".mov", ".webm", ".h264", ".h265", ".264", ".265", ".flv", ".mpg"})
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
MOST_BYTES = 5_000_000

# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    "|".join(rf"(?<![\w.-])/{name}/" for name in ("work", "root", r"tmp/bash_job[\w.]*", r"home/\w+"))
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built without the console (which needs Node, and has tests of its own)."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [_uv(), "build", "--wheel", "--quiet", "--out-dir", folder, ROOT],
        env={**os.environ, "SHARP_EYES_SKIP_CONSOLE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        yield archive


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """Paths of all files that git tracks, relative to the root."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git checkout, so what is committed cannot be told")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    # A file that was removed and not yet committed is listed still.
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def _uv() -> str:
    for found in (os.environ.get("UV"), shutil.which("uv"), ROOT / ".uv" / "bin" / "uv"):
        if found is not None and Path(found).is_file():
            return str(found)
    pytest.skip("uv was not found, so no wheel can be built; `./run test` brings it")


def test_the_wheel_holds_our_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_the_wheel_holds_every_committed_file_of_our_packages(wheel: zipfile.ZipFile, committed: list[str]) -> None:
    assert {path for path in committed if path.partition("/")[0] in PACKAGES} - set(wheel.namelist()) == set()


def test_the_wheel_holds_the_weights_with_cards_and_licences(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    packed = {name: hashlib.sha256(wheel.read(name)).hexdigest() for name in names if name.endswith(".onnx")}
    assert packed == WEIGHTS
    cards = {Path(name).stem for name in names if re.fullmatch(r"models/cards/[^/]+\.toml", name)}
    assert cards >= {Path(name).stem for name in WEIGHTS}
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_wheel_holds_the_migrations(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if re.fullmatch(r"sharp_eyes/migrations/versions/\w+\.py", name)]


def test_the_wheel_holds_no_tests_and_no_footage(wheel: zipfile.ZipFile) -> None:
    odd = [name for name in wheel.namelist() if "test" in Path(name).parts[0] or Path(name).suffix.lower() in FOOTAGE]
    assert odd == []


def test_the_wheel_cannot_be_uploaded_to_a_public_index(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(wheel.read(name).decode())
    assert "Private :: Do Not Upload" in (metadata.get_all("Classifier") or [])


def test_the_wheel_starts_the_program(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    assert "sharp-eyes = sharp_eyes.cli:main" in wheel.read(name).decode()


def test_no_other_distribution_owns_one_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    others = {name: [owner for owner in owners.get(name, []) if owner != "sharp-eyes"] for name in PACKAGES}
    assert {name: found for name, found in others.items() if found} == {}


def test_no_committed_file_is_large(committed: list[str]) -> None:
    assert [path for path in committed if (ROOT / path).stat().st_size > MOST_BYTES] == []


def test_only_weights_that_may_be_passed_on_are_committed(committed: list[str]) -> None:
    suffixes = {".onnx", ".pt", ".pth", ".safetensors", ".tflite", ".engine", ".pb"}
    found = {path: _sha256(path) for path in committed if Path(path).suffix.lower() in suffixes}
    assert found == WEIGHTS


def test_no_footage_is_committed(committed: list[str]) -> None:
    suffixes = {path: Path(path).suffix.lower() for path in committed}
    assert [path for path, suffix in suffixes.items() if suffix in FOOTAGE] == []
    assert [path for path, suffix in suffixes.items() if suffix in PICTURES and not path.startswith("docs/")] == []


def test_committed_texts_name_no_folder_of_one_machine(committed: list[str]) -> None:
    found = []
    for path in committed:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if MACHINE_PATHS.search(line)
        ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["work", "root", "tmp/bash_jobs.0", "home/someone"])
def test_a_folder_of_one_machine_is_recognised(name: str) -> None:
    assert MACHINE_PATHS.search(f"see '/{name}/main'")
    assert not MACHINE_PATHS.search(f"https://example.org/{name}/main and frame{name}/x")


def test_the_lock_file_names_one_public_registry() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    sources = {
        package["source"].get("registry") or str(package["source"])
        for package in lock["package"]
        if package["name"] != "sharp-eyes"
    }
    assert len(sources) == 1, f"all packages come from one registry, not from {sorted(sources)}"
    files = {
        file["url"]
        for package in lock["package"]
        for file in [package.get("sdist"), *package.get("wheels", [])]
        if file
    }
    assert [url for url in {*sources, *files} if not _is_public(url)] == []


def _is_public(url: str) -> bool:
    """Whether a URL is https to a host of the public `.org` domain, without login or port."""
    parts = urlsplit(url)
    return parts.scheme == "https" and re.fullmatch(r"[a-z][a-z0-9.]*\.org", parts.netloc) is not None


def _sha256(path: str) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
