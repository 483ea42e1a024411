import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.camera import Login
from core.errors import BadInput
from core.stream_state import StreamState
from ingest.address import check_address, hide_secrets, host_and_port, with_login
from ingest.faults import StreamFault

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "without_login", "login"),
    [
        ("rtsp://cam.example/live", "rtsp://cam.example/live", None),
        ("RTSP://Cam.Example:8554/Live?x=1#2", "rtsp://cam.example:8554/Live?x=1#2", None),
        ("rtsps://ann:hunter2@10.0.0.7/1", "rtsps://10.0.0.7/1", Login("ann", "hunter2")),
        ("rtsp://ann:p%40ss%2Fword@cam/1", "rtsp://cam/1", Login("ann", "p@ss/word")),
        ("rtsp://ann:p@ss@cam/1", "rtsp://cam/1", Login("ann", "p@ss")),
        ("rtsp://ann:a:b@cam/1", "rtsp://cam/1", Login("ann", "a:b")),
        ("rtsp://ann@cam/1", "rtsp://cam/1", Login("ann", "")),
        ("rtsp://@cam/1", "rtsp://cam/1", None),
        ("rtsp://[2001:db8::7]:554/1", "rtsp://[2001:db8::7]:554/1", None),
        ("rtsp://摄像头.example/1", "rtsp://xn--o1q97ryrj.example/1", None),
        ("  rtsp://cam/1 ", "rtsp://cam/1", None),
        ("rtsp://cam/1?token=hunter2&x=1", "rtsp://cam/1?token=***&x=1", Login("", "", ("hunter2",))),
        (
            "rtsp://cam/?user=ann&Pwd=hunter2&key=k",
            "rtsp://cam/?user=ann&Pwd=***&key=***",
            Login("", "", ("hunter2", "k")),
        ),
        ("rtsp://a:b@cam/user=a&password=hunter2", "rtsp://cam/user=a&password=***", Login("a", "b", ("hunter2",))),
        ("rtsp://cam/1?authbasic=aHVudGVyMg==", "rtsp://cam/1?authbasic=***", Login("", "", ("aHVudGVyMg==",))),
        ("rtsp://cam/1#wsSecret%3Dhunter2", "rtsp://cam/1#wsSecret%3D***", Login("", "", ("hunter2",))),
    ],
)
def test_a_login_is_taken_out_of_an_address(url: str, without_login: str, login: Login | None) -> None:
    assert check_address(url) == (without_login, login)
    assert SECRET not in without_login + repr(login)


def test_an_address_is_whole_again_with_its_secrets() -> None:
    for url in ("rtsp://ann:hunter2@cam/1?token=a*b&x=1&sign=c**#key=%3D", "rtsp://cam/1?pwd=x", "rtsp://ann:@cam/1"):
        assert with_login(*check_address(url)) == url


def test_tokens_of_an_older_address_are_not_put_into_another() -> None:
    assert with_login("rtsp://cam/2", Login("", "", ("hunter2",))) == "rtsp://cam/2"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "empty"),
        ("cam.example/live", "no scheme"),
        ("http://ann:hunter2@cam/1", "http is no scheme"),
        ("concat:rtsp://ann:hunter2@cam/1", "is no scheme"),
        ("file:///etc/passwd", "files are not allowed"),
        ("rtsp://ann:hunter2@cam:99999/1", "host and port"),
        ("rtsp://ann:hunter2@cam:0/1", "port is 0"),
        ("rtsp://ann:hunter2@/1", "no host"),
        ("rtsp://ann:hunter2/@cam/1", "host and port"),
        ("rtsp://ann:hunter2@ca'm/1", "no host"),
        ("rtsp://ann:hunter2@[::1/1", "host and port"),
        ("rtsp://ann:hunter2@cam/a b", "a blank or an invisible character"),
        ("rtsp://ann:hunter2@cam/a\r\nb", "a blank or an invisible character"),
        ("rtsp://ann:hunter2@cam/a\u202eb", "a blank or an invisible character"),
        ("rtsp://ann:hunter2@cam/1?token=***", "where a secret was hidden"),
        ("rtsp://ann:hunter2%0d%0aX@cam/1", "holds a control character"),
        ("rtsp://a%3Ann:hunter2@cam/1", "holds a colon"),
        ("rtsp://ann:" + "x" * 130 + "@cam/1", "longer than 127"),
        ("rtsp://cam/" + "x" * 1000, "at most 1000"),
    ],
)
def test_a_bad_address_is_refused_with_its_reason_and_without_its_password(url: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_address(url)
    assert says in caught.value.message
    assert caught.value.field == "url"
    assert SECRET not in caught.value.message + (caught.value.hint or "")


def test_files_are_allowed_in_the_one_folder_that_is_named(tmp_path: Path) -> None:
    assert check_address(f"file://{tmp_path}/my%20clip.mp4", files=tmp_path) == (
        f"file://{tmp_path}/my%20clip.mp4",
        None,
    )
    with pytest.raises(BadInput, match="does not lie in"):
        check_address(f"file://{tmp_path}/../secret.mp4", files=tmp_path)


def test_a_link_does_not_lead_out_of_the_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link").symlink_to(tmp_path)
    with pytest.raises(BadInput, match="does not lie in"):
        check_address(f"file://{tmp_path}/inside/link/x.mp4", files=tmp_path / "inside")


@given(st.text(min_size=1, max_size=12), st.text(max_size=12))
def test_any_login_survives_the_way_through_an_address(user: str, password: str) -> None:
    login = Login(user, password)
    try:
        found = check_address(with_login("rtsp://cam:554/live", login))
    except BadInput:
        # What RTSP cannot carry: a colon in the name, control characters, too many bytes.
        assert ":" in user or any(ord(c) < 0x20 or ord(c) == 0x7F for c in user + password) or len(user + password) > 8
        return
    assert found == ("rtsp://cam:554/live", login)


def test_default_ports_are_those_of_the_scheme() -> None:
    assert host_and_port("rtsp://cam/1") == ("cam", 554)
    assert host_and_port("rtsps://[::1]/1") == ("::1", 322)
    assert host_and_port("rtsp://cam:8554/1") == ("cam", 8554)


@pytest.mark.parametrize(
    "text",
    [
        "cannot open 'rtsp://ann:hunter2@cam/1': refused",
        "rtsp://ann:hunter2@x@cam/1",
        "rtsp://ann:hunter2/with/slash@cam/1",
        "two: rtsp://a:hunter2@b/1 and rtsps://c:hunter2@d/2",
        "http://cam/video?user=ann&password=hunter2&x=1",
        "PWD=hunter2",
        "Login(user='ann', password='hunter2')",
        "x-worker-token: hunter2",
        "[(b'authorization', b'Basic hunter2')]",
        "a:" * 200 + "//ann:hunter2@cam",
        "token=hunter2, next",
        'Authorization: Digest username="ann", response="hunter2"',
    ],
)
def test_secrets_are_hidden_in_any_text(text: str) -> None:
    hidden = hide_secrets(text)
    assert SECRET not in hidden
    assert "***" in hidden


def test_a_fault_of_a_stream_hides_secrets_whatever_its_message_says() -> None:
    fault = StreamFault(StreamState.REFUSED, "rtsp://ann:hunter2@cam/1 refused")
    assert SECRET not in fault.message + str(fault) + repr(fault)


@pytest.mark.parametrize("text", ["a" * 200_000, "a://" * 50_000, "pass" * 50_000, "authorization" * 20_000])
def test_hiding_takes_no_longer_than_the_text_is_long(text: str) -> None:
    began = time.process_time()
    assert hide_secrets(text) == text
    assert time.process_time() - began < 1.0


def test_text_without_secrets_stays_as_it_is() -> None:
    text = "rtsp://cam:554/live?channel=1 refused the connection; ask ann@example.org"
    assert hide_secrets(text) == text


def test_a_password_is_not_in_the_text_form_of_a_login() -> None:
    _, login = check_address("rtsp://ann:hunter2@cam/1")
    assert SECRET not in repr(login)
    assert unquote(with_login("rtsp://cam/1", login)) == "rtsp://ann:hunter2@cam/1"
