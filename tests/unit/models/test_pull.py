"""Pulling: resumed, checked, whole or not at all."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from core.errors import BadInput, Conflict, NotFound, Unavailable
from models.download import check_address, shown
from models.store import ModelStore

from .conftest import CONTENT, Mirror, a_card

HALF = len(CONTENT) // 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A models folder that knows `small` and lacks its weights."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "small.toml").write_text(a_card())
    return folder


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_pulled_model_is_whole_and_nothing_else_is_left(folder: Path, mirror: Mirror) -> None:
    told: list[tuple[int, int]] = []
    model = ModelStore(folder, mirror.url).pull("small", lambda here, total: told.append((here, total)))
    assert model.read() == CONTENT
    assert left_in(folder) == {"small.toml", "small.onnx"}
    assert mirror.asked == [("/models/small.onnx", None)]
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_model_that_is_here_is_not_fetched(folder: Path, mirror: Mirror) -> None:
    store = ModelStore(folder, mirror.url)
    store.pull("small")
    store.pull("small")
    store.pull("nanodet-g-int8")
    assert len(mirror.asked) == 1


def test_a_damaged_model_is_fetched_again(folder: Path, mirror: Mirror) -> None:
    (folder / "small.onnx").write_bytes(b"damaged")
    assert ModelStore(folder, mirror.url).pull("small").read() == CONTENT


def test_a_download_that_broke_off_goes_on_where_it_stopped(folder: Path, mirror: Mirror) -> None:
    def break_off(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(CONTENT)))
        request.end_headers()
        request.wfile.write(CONTENT[:HALF])

    mirror.answer = break_off
    store = ModelStore(folder, mirror.url)
    with pytest.raises(Unavailable, match="cannot be fetched") as broken:
        store.pull("small")
    assert "goes on from there" in (broken.value.hint or "")
    mirror.answer = mirror.answer_well
    assert store.pull("small").read() == CONTENT
    assert mirror.asked[-1] == ("/models/small.onnx", f"bytes={HALF}-")


def test_a_server_that_cannot_resume_is_asked_for_the_whole(folder: Path, mirror: Mirror) -> None:
    (folder / ".small.onnx.part").write_bytes(CONTENT[:HALF])

    def whole(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(CONTENT)))
        request.end_headers()
        request.wfile.write(CONTENT)

    mirror.answer = whole
    assert ModelStore(folder, mirror.url).pull("small").read() == CONTENT


def test_a_beginning_that_is_too_long_is_thrown_away(folder: Path, mirror: Mirror) -> None:
    (folder / ".small.onnx.part").write_bytes(CONTENT + b"more")
    assert ModelStore(folder, mirror.url).pull("small").read() == CONTENT


def test_what_was_whole_before_a_crash_is_not_fetched_again(folder: Path, mirror: Mirror) -> None:
    (folder / ".small.onnx.part").write_bytes(CONTENT)
    assert ModelStore(folder, mirror.url).pull("small").read() == CONTENT
    assert mirror.asked == []


def test_wrong_bytes_are_refused_and_do_not_stay(folder: Path, mirror: Mirror) -> None:
    mirror.content = CONTENT[::-1]
    with pytest.raises(BadInput, match="what was fetched for 'small' is not model 'small': expected SHA-256"):
        ModelStore(folder, mirror.url).pull("small")
    assert left_in(folder) == {"small.toml"}


def test_a_page_in_place_of_the_file_is_refused_by_its_length(folder: Path, mirror: Mirror) -> None:
    mirror.content = b"<html>please log in</html>"
    with pytest.raises(BadInput, match="has 26 bytes, expected 10240"):
        ModelStore(folder, mirror.url).pull("small")


def test_an_endless_answer_is_cut(folder: Path, mirror: Mirror) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(CONTENT * 2)

    mirror.answer = endless
    with pytest.raises(BadInput, match="longer than the 10240 bytes"):
        ModelStore(folder, mirror.url).pull("small")
    assert left_in(folder) == {"small.toml"}


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (404, NotFound, "answered 404"),
        (403, Unavailable, "refuses to hand out"),
        (500, Unavailable, "answered 500"),
        (206, Unavailable, "answered 206"),
    ],
)
def test_another_answer_is_told(folder: Path, mirror: Mirror, status: int, error: type[Exception], said: str) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    mirror.answer = answer
    with pytest.raises(error, match=said):
        ModelStore(folder, mirror.url).pull("small")


def test_a_redirect_is_followed_and_an_endless_one_is_not(folder: Path, mirror: Mirror) -> None:
    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/elsewhere":
            return mirror.answer_well(request)
        request.send_response(302)
        request.send_header("Location", target)
        request.end_headers()
        return None

    mirror.answer = elsewhere
    target = "/models/small.onnx"
    with pytest.raises(Unavailable, match="redirects more than 5 times"):
        ModelStore(folder, mirror.url).pull("small")
    target = "/elsewhere"
    assert ModelStore(folder, mirror.url).pull("small").read() == CONTENT


def test_a_redirect_to_another_scheme_is_refused(folder: Path, mirror: Mirror) -> None:
    def away(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", "ftp://127.0.0.1/small.onnx")
        request.end_headers()

    mirror.answer = away
    with pytest.raises(BadInput, match=r"ftp://127\.0\.0\.1/small\.onnx is refused"):
        ModelStore(folder, mirror.url).pull("small")


def test_plain_http_is_for_a_mirror_that_says_so() -> None:
    with pytest.raises(BadInput, match="fetched over https"):
        check_address("http://example.com/small.onnx", allow_http=False)
    check_address("http://example.com/small.onnx", allow_http=True)


def test_nobody_listening_is_told_without_the_login(folder: Path, mirror: Mirror) -> None:
    port = mirror.server_port
    mirror.server_close()
    with pytest.raises(Unavailable) as refused:
        ModelStore(folder, f"http://joe:secret@127.0.0.1:{port}/models").pull("small")
    assert f"http://127.0.0.1:{port}/models/small.onnx" in refused.value.message
    assert "secret" not in refused.value.message


def test_an_address_is_shown_without_login_and_query() -> None:
    assert shown("https://joe:secret@example.com/a/b.onnx?token=secret#x") == "https://example.com/a/b.onnx"


@pytest.mark.parametrize("mirror", ["ftp://host/models", "http://", "file:///models", "http://h:secret@x:y/"])
def test_a_mirror_of_another_kind_is_refused(folder: Path, mirror: str) -> None:
    with pytest.raises(BadInput) as refused:
        ModelStore(folder, mirror).pull("small")
    assert "secret" not in refused.value.message


def test_a_folder_can_be_the_mirror(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "usb"
    source.mkdir()
    store = ModelStore(folder, str(source))
    with pytest.raises(NotFound, match=r"the mirror has no .*usb/small\.onnx"):
        store.pull("small")
    (source / "small.onnx").write_bytes(CONTENT)
    assert store.pull("small").read() == CONTENT


def test_a_card_that_says_nowhere_is_told(folder: Path) -> None:
    with pytest.raises(NotFound, match="does not say where to fetch it from"):
        ModelStore(folder).pull("small")


def test_two_at_the_same_time_do_not_mix(folder: Path, mirror: Mirror) -> None:
    store = ModelStore(folder, mirror.url)
    refused = []

    def second(request: BaseHTTPRequestHandler) -> None:
        try:
            ModelStore(folder, mirror.url).pull("small")
        except Conflict as conflict:
            refused.append(conflict.message)
        mirror.answer_well(request)

    mirror.answer = second
    assert store.pull("small").read() == CONTENT
    assert refused == ["model 'small' is being pulled by another process"]
