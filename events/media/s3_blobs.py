"""Blobs in an S3 store: what several machines share."""

import io
import logging
import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, BinaryIO, Final

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from core.errors import BadInput, NotFound, Unavailable

from .blobs import NoBlob, check_key, explained, is_key, without_key
from .checksums import digest_of
from .listing import StoredKey
from .settings import BlobSettings

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_log = logging.getLogger(__name__)

_WINDOW_BYTES: Final = 1 << 20
"""Read at once: most blobs come with one request."""
_PART_BYTES: Final = 16 << 20
"""A longer blob is sent in parts."""
_CONNECT_S: Final = 3.0
_READ_S: Final = 20.0
_TRIES: Final = 3
READERS: Final = 16
"""So many threads of a process read at once: while the store hangs, others are to have threads left."""
_TURN_S: Final = 1.0
"""So long the next ones wait for their turn. A store that works needs some milliseconds for each."""
_FORGOTTEN: Final = timedelta(days=1)
"""Nobody takes so long to send a blob."""
_MISSING: Final = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchBucket"})
_TURNED_AWAY: Final = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"})


class S3Blobs:
    """Blobs as objects of a bucket. What a writer writes waits in `folder`, without a name, and is sent at its end.

    A reader reads on in a blob that is replaced meanwhile as far as it has read ahead (1 MiB), and then says so.
    Nothing is asked of the store before it is needed: it may be away while a process starts.
    """

    def __init__(self, settings: BlobSettings, folder: Path, *, forgotten: timedelta = _FORGOTTEN) -> None:
        """`forgotten`: how old an upload is that nobody works on any more.

        Raises `BadInput` where the settings name no store or no login, `Unavailable` where `folder` cannot be made.
        """
        self._settings = settings
        self._folder = folder
        self._forgotten = forgotten
        self._bucket = settings.bucket
        self._client = _client(settings)
        self._readers = BoundedSemaphore(READERS)
        with explained("the folder for blobs that are being written cannot be made"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def __reduce__(self) -> tuple[type["S3Blobs"], tuple[BlobSettings, Path]]:
        return S3Blobs, (self._settings, self._folder)

    def __repr__(self) -> str:
        return f"S3Blobs({self.place!r})"

    @property
    def place(self) -> str:
        """Where the blobs lie, for people."""
        return f"{self._settings.s3_endpoint}/{self._bucket}"

    @contextmanager
    def writer(self, key: str) -> Iterator[BinaryIO]:
        """See `Blobs.writer`. It is sent by the thread that ends the context."""
        check_key(key)
        problem = f"blob {key} cannot be written"
        with explained(problem):
            draft = _Draft(self._folder, problem)
        with draft:
            sink = io.BufferedRandom(draft)
            yield sink
            with explained(problem):
                sink.flush()
                length = sink.seek(0, io.SEEK_END)
            self._send(key, sink, length, problem)

    def put(self, key: str, source: BinaryIO) -> None:
        """See `Blobs.put`."""
        check_key(key)
        problem = f"blob {key} cannot be written"
        with explained(problem):
            length = source.seek(0, io.SEEK_END)
        self._send(key, source, length, problem)

    def open(self, key: str) -> BinaryIO:
        """See `Blobs.open`. Raises `Unavailable` while reading, too."""
        check_key(key)
        return io.BufferedReader(_Source(self, key), 64 * 1024)

    def size(self, key: str) -> int:
        """See `Blobs.size`."""
        check_key(key)
        problem = f"the size of blob {key} cannot be read"
        with self._turn(problem), self._explained(problem, key):
            return self._client.stat_object(self._bucket, key).size or 0

    def delete(self, key: str) -> None:
        """See `Blobs.delete`."""
        check_key(key)
        try:
            with self._explained(f"blob {key} cannot be deleted", key):
                self._client.remove_object(self._bucket, key)
        except NotFound:
            pass

    def keys(self, prefix: str = "", after: str = "") -> Iterator[StoredKey]:
        """See `Blobs.keys`. It comes in pages of a thousand; a bucket that is not there yet holds nothing."""
        problem = "the blobs cannot be listed"
        try:
            with self._explained(problem, None):
                for found in self._client.list_objects(self._bucket, prefix, recursive=True, start_after=after or None):
                    key = str(found.object_name)
                    if found.is_dir or not is_key(key):
                        continue
                    if found.last_modified is None or found.size is None:
                        raise Unavailable(f"{problem}: the store tells no time or no length of {key}", told=problem)
                    yield StoredKey(key, found.size, found.last_modified)
        except NotFound:
            return

    def sweep_unfinished(self) -> int:
        """See `Blobs.sweep_unfinished`. A store that is away is swept another time."""
        try:
            with self._explained("unfinished uploads cannot be removed", None):
                return self._sweep()
        except NotFound:
            return 0  # There is no bucket yet.
        except Unavailable as error:
            _log.warning("%s; they are looked for at the next start", error.message)
            return 0

    def read_part(self, key: str, start: int, etag: str | None) -> tuple[bytes, int, str]:
        """Up to 1 MiB of a blob from `start` on, its length, and its version; of the version `etag`, if that is given.

        Raises `NotFound`, and `Unavailable` where the blob is of another version now.
        """
        problem = f"blob {key} cannot be read"
        headers: dict[str, str | list[str] | tuple[str]] | None = {"If-Match": f'"{etag}"'} if etag else None
        with self._turn(problem), self._explained(problem, key):
            try:
                response = self._client.get_object(self._bucket, key, start, _WINDOW_BYTES, request_headers=headers)
            except S3Error as error:
                if error.code == "InvalidRange":  # Of an empty one there is no first byte.
                    return b"", 0, etag or ""
                if error.code == "PreconditionFailed":
                    words = "it was replaced meanwhile"
                    raise Unavailable(f"{problem}: {words}", hint="read it again", told=words) from None
                raise
            try:
                content = response.read()
            finally:
                response.close()
                response.release_conn()
        return content, _whole_length(response, len(content)), response.headers.get("ETag", "").strip('"')

    def _send(self, key: str, sink: BinaryIO, length: int, problem: str) -> None:
        def put() -> str | None:
            sink.seek(0)
            # Each part goes with its checksum, which the store compares: Content-MD5 over TLS, else a signed SHA-256.
            return self._client.put_object(
                self._bucket, key, sink, length, part_size=_PART_BYTES, num_parallel_uploads=1, content_type=_TYPE
            ).etag

        with self._explained(problem, None):
            try:
                etag = put()
            except S3Error as error:
                if error.code != "NoSuchBucket":
                    raise
                self._make_bucket()
                etag = put()
        self._check(key, sink, length, etag, problem)

    def _check(self, key: str, sink: BinaryIO, length: int, etag: str | None, problem: str) -> None:
        """Raises `Unavailable` where the store has something else than was sent to it."""
        if (stored := self.size(key)) != length:
            words = f"{problem}: the store {self.place} has {stored} bytes of the {length} that were sent"
            raise Unavailable(words, told=f"{without_key(problem)}: the store cut it off")
        if length > _PART_BYTES or etag == digest_of(sink, "md5"):
            return
        # Stores that encrypt have other marks than a part's MD5: then it is read back.
        with self.open(key) as stored_blob:
            if digest_of(stored_blob, "sha256") != digest_of(sink, "sha256"):
                words = f"{problem}: the store {self.place} gives back other bytes than were sent"
                raise Unavailable(words, told=f"{without_key(problem)}: the store changed it")

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(self._bucket, self._settings.region)
            _log.info("made the bucket %s", self.place)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise

    def _sweep(self) -> int:
        """Minio's client has no public way to see uploads that were begun; these are the calls below its own."""
        before = datetime.now(UTC) - self._forgotten
        left = [
            upload
            for upload in self._client._list_multipart_uploads(self._bucket).uploads
            if upload.initiated_time is not None and upload.initiated_time <= before
        ]
        for upload in left:
            self._client._abort_multipart_upload(self._bucket, upload.object_name, upload.upload_id or "")
        return len(left)

    @contextmanager
    def _turn(self, problem: str) -> Iterator[None]:
        """One of those who read. Raises `Unavailable` where none of them comes to an end soon."""
        words = "too many wait for the store"
        if not self._readers.acquire(timeout=_TURN_S):
            hint = "see whether the store hangs"
            raise Unavailable(f"{problem}: {words} {self.place}", hint=hint, told=f"{without_key(problem)}: {words}")
        try:
            yield
        finally:
            self._readers.release()

    @contextmanager
    def _explained(self, problem: str, key: str | None) -> Iterator[None]:
        """Turn what the client raises into our errors: `problem`, and why, in our words: its own may hold keys."""
        told = without_key(problem)
        try:
            yield
        except S3Error as error:
            if error.code in _MISSING and key is not None:
                raise NoBlob(key) from None
            if error.code in _MISSING:
                raise NotFound(f"there is no bucket {self.place}") from None
            hint = f"see the store {self.place}"
            if error.code in _TURNED_AWAY:
                hint = "see blobs.bucket, SHARP_EYES_BLOBS__ACCESS_KEY and SHARP_EYES_BLOBS__SECRET_KEY"
            words = f"{problem}: the store {self.place} answers {error.code}"
            raise Unavailable(words, hint=hint, told=f"{told}: the store answers {error.code}") from None
        except (MinioException, HTTPError) as error:
            hint = "see blobs.s3_endpoint, blobs.secure and blobs.ca_file, and whether the store runs"
            words = f"{problem}: the store {self.place} {_why(error)}"
            raise Unavailable(words, hint=hint, told=f"{told}: the store is away") from None


_TYPE: Final = "application/octet-stream"


class _Draft(io.FileIO):
    """A new file without a name: whatever happens, it is gone when it is closed. Its writes raise `Unavailable`."""

    def __init__(self, folder: Path, problem: str) -> None:
        path = folder / secrets.token_hex(16)
        super().__init__(path, "x+b")
        path.unlink()
        self._problem = problem

    def write(self, data: "ReadableBuffer") -> int:
        with explained(self._problem):
            return super().write(data)


class _Source(io.RawIOBase):
    """Reads a blob in parts of 1 MiB, the first one when it is made."""

    def __init__(self, blobs: S3Blobs, key: str) -> None:
        self._blobs = blobs
        self._key = key
        self._at = 0
        self._start = 0
        self._part, self._length, self._etag = blobs.read_part(key, 0, None)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        if start + offset < 0:
            raise ValueError(f"cannot seek to {start + offset}, before the start of {self._key}")
        self._at = start + offset
        return self._at

    def readinto(self, target: "WriteableBuffer") -> int:
        view = memoryview(target).cast("B")
        if self._at >= self._length:
            return 0
        if not self._start <= self._at < self._start + len(self._part):
            self._part, _, _ = self._blobs.read_part(self._key, self._at, self._etag)
            self._start = self._at
        within = self._at - self._start
        part = self._part[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)


def _client(settings: BlobSettings) -> Minio:
    if settings.s3_endpoint is None:
        raise BadInput("there is no S3 store in the settings", field="blobs.s3_endpoint")
    if settings.access_key is None or settings.secret_key is None:
        raise BadInput(
            f"the S3 store {settings.s3_endpoint} needs a login",
            field="blobs.access_key",
            hint="set SHARP_EYES_BLOBS__ACCESS_KEY and SHARP_EYES_BLOBS__SECRET_KEY in the environment",
        )
    retries = Retry(total=_TRIES - 1, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504))
    try:
        tls = ssl.create_default_context(cafile=settings.ca_file) if settings.secure else None
        client = Minio(
            settings.s3_endpoint,
            settings.access_key.get_secret_value(),
            settings.secret_key.get_secret_value(),
            secure=settings.secure,
            region=settings.region,
            http_client=PoolManager(
                timeout=Timeout(connect=_CONNECT_S, read=_READ_S), retries=retries, maxsize=16, ssl_context=tls
            ),
        )
    except OSError as error:
        raise BadInput(
            f"the certificates in {settings.ca_file} cannot be read: {error}", field="blobs.ca_file"
        ) from None
    except ValueError as error:
        raise BadInput(f"the S3 store cannot be used: {error}", field="blobs.s3_endpoint") from None
    if settings.path_style:
        client.disable_virtual_style_endpoint()  # type: ignore[no-untyped-call]  # minio types it not
    else:
        client.enable_virtual_style_endpoint()  # type: ignore[no-untyped-call]  # minio types it not
    return client


def _whole_length(response: BaseHTTPResponse, got: int) -> int:
    """The blob's length, by `Content-Range: bytes 0-9/120`, where only part of it was sent."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else got


def _why(error: Exception) -> str:
    """What went wrong with the connection, by the kind of what was raised: its text may hold headers."""
    inner = getattr(error, "reason", None) or error
    match type(inner).__name__:
        case "NewConnectionError" | "ConnectTimeoutError" | "NameResolutionError" | "MaxRetryError":
            return "cannot be reached"
        case "SSLError":
            return "shows no certificate that is trusted"
        case "ReadTimeoutError":
            return f"did not answer within {_READ_S:.0f} s"
        case other:
            return f"does not answer as it should ({other})"
