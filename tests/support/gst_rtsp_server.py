"""A live RTSP server with switches, for tests: Debian's gst-rtsp-server, driven by the system's own Python.

The server makes its pictures itself, takes digest logins and TLS, and does on command what cameras do to one: stall,
change the resolution. This file is both: imported, it starts the server; run by `/usr/bin/python3`, it is the server.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
PICTURES = (
    "videotestsrc is-live=true pattern=ball ! capsfilter name=size "
    "caps=video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! identity name=gate ! "
)
H264 = PICTURES + "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96"
H264_WITH_B_FRAMES = (
    PICTURES + "x264enc bframes=2 b-adapt=false speed-preset=veryfast rc-lookahead=5 key-int-max=25 ! "
    "rtph264pay name=pay0 pt=96"
)
H265 = PICTURES + "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph265pay name=pay0 pt=96"
MJPEG = PICTURES + "jpegenc ! rtpjpegpay name=pay0 pt=26"
CLOCK = (
    "appsrc name=clock is-live=true do-timestamp=true format=time "
    "caps=video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! identity name=gate ! capsfilter name=size ! "
    "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={key_every} option-string=scenecut=0 ! "
    "rtph264pay name=pay0 pt=96"
)
"""Shows the time when each picture was made: see `clock_picture.py`."""
SOUND = "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay0 pt=8"
SOUND_AND_PICTURES = (
    H264 + " audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8"
)


class GstServer:
    """The server's process. Commands act on all that is being played."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, scheme: str) -> None:
        self._process = process
        self.port = port
        self._scheme = scheme

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}/{name}"

    def stall(self) -> None:
        """Send no more pictures, and leave the connection open."""
        self._command("stall")

    def go_on(self) -> None:
        self._command("go")

    def resize(self, width: int, height: int) -> None:
        """Change the resolution of what is being played."""
        self._command(f"resize {width} {height}")

    def _command(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()


def missing() -> str | None:
    """Why the server cannot run on this machine; None if it can."""
    if not Path(SYSTEM_PYTHON).exists():
        return f"{SYSTEM_PYTHON} is missing"
    check = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    found = subprocess.run([SYSTEM_PYTHON, "-c", check], capture_output=True, check=False)
    return None if found.returncode == 0 else "gst-rtsp-server and its Python bindings are missing"


@contextmanager
def start_gst_server(
    pipelines: dict[str, str], *, login: tuple[str, str] | None = None, certificate: Path | None = None
) -> Iterator[GstServer]:
    """A server with a path for each of `pipelines` (GStreamer's words), a digest login, and TLS with the certificate
    and key in the PEM file `certificate`, where they are given.
    """
    settings = {"pipelines": pipelines, "login": login, "certificate": certificate.read_text() if certificate else None}
    process = subprocess.Popen(
        [SYSTEM_PYTHON, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
        port = process.stdout.readline()
        if not port.strip():
            raise RuntimeError(f"the GStreamer server ended with {process.wait()} before it listened")
        yield GstServer(process, int(port), "rtsps" if certificate else "rtsp")
    finally:
        process.kill()
        process.communicate()


def _serve() -> None:
    # Both are the system Python's, which runs this; mypy looks at ours.
    import gi  # type: ignore[import-not-found]

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    # Beside this file, not of a package: the system's Python knows none of ours.
    from clock_picture import picture_of_now  # type: ignore[import-not-found]
    from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # type: ignore[import-not-found]

    settings = json.loads(sys.stdin.readline())
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_service("0")
    server.set_address("127.0.0.1")
    playing = []

    def show_time(clock: Any, element: Any) -> None:
        due = time.monotonic()
        while element in playing:
            clock.emit(
                "push-buffer", Gst.Buffer.new_wrapped(picture_of_now())
            )  # not taken before it is begun to be played
            due += 0.04
            time.sleep(max(0.0, due - time.monotonic()))

    def configure(factory: Any, media: Any) -> None:
        element = media.get_element()
        playing.append(element)
        if (clock := element.get_by_name("clock")) is not None:
            # A live source makes its pictures whether somebody takes them or not.
            threading.Thread(target=show_time, args=(clock, element), daemon=True).start()
        media.connect("unprepared", lambda media: playing.remove(element) if element in playing else None)

    for name, pipeline in settings["pipelines"].items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( {pipeline} )")
        factory.set_shared(True)
        factory.connect("media-configure", configure)
        if settings["login"]:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("viewer", "media.factory.access", True)
            permissions.add_permission_for_role("viewer", "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory("/" + name, factory)
    auth = GstRtspServer.RTSPAuth()
    if settings["login"]:
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(*settings["login"], token)
    if settings["certificate"]:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_pem(settings["certificate"], -1))
    if settings["login"] or settings["certificate"]:
        server.set_auth(auth)
    server.attach(None)
    print(server.get_bound_port(), flush=True)

    loop = GLib.MainLoop()

    def command(stdin: int, condition: Any) -> bool:
        line = sys.stdin.readline()
        if not line:  # Who started this has ended, and it would be called for ever.
            loop.quit()
        words = line.split()
        for element in playing:
            if words[:1] in (["stall"], ["go"]):
                element.get_by_name("gate").set_property("drop-probability", 1.0 if words == ["stall"] else 0.0)
            if words[:1] == ["resize"]:
                caps = f"video/x-raw,format=I420,width={words[1]},height={words[2]},framerate=25/1"
                element.get_by_name("size").set_property("caps", Gst.Caps.from_string(caps))
        return True

    GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN, command)
    loop.run()


if __name__ == "__main__":
    _serve()
