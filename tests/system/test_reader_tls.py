"""Cameras that speak TLS: trusted by an authority, by a pin, or not at all."""

import hashlib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from core.camera import Login
from core.stream_state import StreamState
from tests.support import gst_rtsp_server as gst
from tests.support.gst_rtsp_server import GstServer, start_gst_server
from tests.support.reading import reading
from tests.support.relay import answer_with

LOGIN = Login("ann", "s3cr/et@:#")

pytestmark = pytest.mark.skipif(gst.missing() is not None, reason=f"no live server: {gst.missing()}")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("localhost")


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory, certificate: trustme.LeafCert) -> Iterator[GstServer]:
    pem = tmp_path_factory.mktemp("tls") / "camera.pem"
    certificate.private_key_and_cert_chain_pem.write_to_path(str(pem))
    with start_gst_server(
        {"h264": gst.H264, "sound": gst.SOUND}, login=(LOGIN.user, LOGIN.password), certificate=pem
    ) as camera:
        yield camera


@pytest.fixture
def trusted_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: trustme.CA) -> None:
    """This machine knows the authority, and no other."""
    authority.cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))


def pin_of(certificate: trustme.LeafCert) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())).hexdigest()


def test_a_certificate_that_nobody_vouches_for_is_untrusted(camera: GstServer) -> None:
    with reading(camera.url("h264", "localhost"), LOGIN) as watched:
        status = watched.wait_for_state(StreamState.UNTRUSTED)
    assert "is not trusted" in status.reason
    assert watched.frames == []


@pytest.mark.usefixtures("trusted_here")
def test_a_certificate_of_a_known_authority_is_trusted(camera: GstServer) -> None:
    with reading(camera.url("h264", "localhost"), LOGIN) as watched:
        watched.wait_for_frames(25)


@pytest.mark.usefixtures("trusted_here")
def test_a_certificate_for_another_name_is_untrusted(camera: GstServer) -> None:
    with reading(camera.url("h264", "127.0.0.1"), LOGIN) as watched:
        assert "is not trusted" in watched.wait_for_state(StreamState.UNTRUSTED).reason


def test_the_pinned_certificate_is_trusted_whatever_its_name(camera: GstServer, certificate: trustme.LeafCert) -> None:
    with reading(camera.url("h264", "127.0.0.1"), LOGIN, pinned=pin_of(certificate)) as watched:
        watched.wait_for_frames(25)


@pytest.mark.usefixtures("trusted_here")
def test_another_certificate_than_the_pinned_one_is_untrusted(camera: GstServer, certificate: trustme.LeafCert) -> None:
    with reading(camera.url("h264", "localhost"), LOGIN, pinned="0" * 64) as watched:
        status = watched.wait_for_state(StreamState.UNTRUSTED)
    assert f"has SHA-256 {pin_of(certificate)}, which is not the pinned one" in status.reason
    assert watched.frames == []


def test_a_wrong_password_is_unauthorised_through_tls_too(camera: GstServer, certificate: trustme.LeafCert) -> None:
    with reading(camera.url("h264"), Login("ann", "wrong"), pinned=pin_of(certificate)) as watched:
        watched.wait_for_state(StreamState.UNAUTHORISED)


def test_a_stalled_camera_is_noticed_through_tls_too(camera: GstServer, certificate: trustme.LeafCert) -> None:
    with reading(camera.url("h264"), LOGIN, pinned=pin_of(certificate)) as watched:
        watched.wait_for_frames()
        camera.stall()
        watched.wait_for_state(StreamState.STALLED)
        camera.go_on()
        watched.wait_for_state(StreamState.LIVE)


def test_a_camera_without_tls_is_named() -> None:
    with answer_with(b"RTSP/1.0 400 Bad Request\r\n\r\n") as port, reading(f"rtsps://127.0.0.1:{port}/live") as watched:
        status = watched.wait_for_state(StreamState.UNREADABLE)
    assert "does not speak TLS" in status.reason


def test_sound_alone_is_no_video_through_tls_too(camera: GstServer, certificate: trustme.LeafCert) -> None:
    with reading(camera.url("sound"), LOGIN, pinned=pin_of(certificate)) as watched:
        assert "only: audio" in watched.wait_for_state(StreamState.NO_VIDEO).reason


def test_a_camera_that_leads_away_from_tls_is_not_followed(certificate: trustme.LeafCert) -> None:
    with start_gst_server({"h264": gst.H264}) as plain:
        answer = f"RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: {plain.url('h264')}\r\n\r\n"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        with (
            answer_with(answer.encode(), tls=context) as port,
            reading(f"rtsps://127.0.0.1:{port}/h264", LOGIN, pinned=pin_of(certificate)) as watched,
        ):
            status = watched.wait_for_state(StreamState.UNTRUSTED)
    assert "away from TLS" in status.reason
    assert watched.frames == []
