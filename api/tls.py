"""TLS of the HTTP server, by certificate and key in files."""

import ssl
from pathlib import Path

from core.errors import BadInput


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer with the certificate of these files. Raises `BadInput`, which names the setting at fault."""
    for field, file in (("api.tls_certificate", certificate), ("api.tls_key", key)):
        try:
            file.read_bytes()
        except OSError as error:
            raise BadInput(f"{file} cannot be read: {error.strerror}", field=field) from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=_refuse_to_ask)
    except _Locked:
        raise BadInput(
            f"{key} is locked with a password",
            field="api.tls_key",
            hint="nobody is there to type it at a start: openssl pkey -in LOCKED -out OPEN writes it without one",
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise BadInput(
                f"the key in {key} is not that of the certificate in {certificate}",
                field="api.tls_key",
                hint="the server's own certificate must stand first in its file, those above it after it",
            ) from None
        raise BadInput(
            f"{certificate} and {key} are no certificate and key in PEM: {error.reason or 'neither can be read'}",
            field="api.tls_certificate",
            hint="PEM begins with -----BEGIN",
        ) from None
    return context


class _Locked(Exception):
    """The key wants a password."""


def _refuse_to_ask() -> str:
    # Without this OpenSSL asks at the terminal, or waits for ever where there is none.
    raise _Locked
