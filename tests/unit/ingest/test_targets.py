"""Hosts at which no camera can be."""

import pytest

from core.errors import BadInput
from ingest.address import check_address

OWN_PORT = 8080


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "169.254.1.1:554",
        "[fe80::1]",
        "[fe80::1%eth0]",
        "[fd00:ec2::254]",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[2002:a9fe:a9fe::]",
        "100.100.100.200",
        "168.63.129.16",
        "metadata.google.internal",
        "METADATA.google.internal.",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "[::]",
        "224.0.0.1",
        "255.255.255.255",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "169.254.43518",
        "127.1",
        f"127.0.0.1:{OWN_PORT}",
        f"127.8.8.8:{OWN_PORT}",
        f"localhost:{OWN_PORT}",
        f"camera.localhost:{OWN_PORT}",
        f"[::1]:{OWN_PORT}",
        f"[::ffff:127.0.0.1]:{OWN_PORT}",
    ],
)
def test_a_host_that_no_camera_has_is_refused(host: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_address(f"rtsp://ann:hunter2@{host}/1", own_port=OWN_PORT)
    assert caught.value.field == "url"
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.64",
        "10.0.0.1:8080",
        "[fd12::17]",
        "[2001:db8::1]",
        "127.0.0.1:8554",
        "localhost",
        "camera-17.example:8080",
        "1.cameras.example",
        "nvr",
        "100.64.0.9",
    ],
)
def test_cameras_on_private_networks_and_on_this_machine_are_taken(host: str) -> None:
    assert check_address(f"rtsp://{host}/1", own_port=OWN_PORT) == (f"rtsp://{host}/1", None)


def test_an_unusual_form_is_told_in_the_usual_one() -> None:
    with pytest.raises(BadInput) as caught:
        check_address("rtsp://0x7f.1/1")
    assert caught.value.hint == "write it as 127.0.0.1"
