"""Random tokens: what is handed out once, and the hash of it that is kept."""

import secrets
from hashlib import sha256
from typing import Final

_BYTES: Final = 32


def new_token(beginning: str = "") -> str:
    """256 random bits as text, after `beginning`."""
    return beginning + secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> bytes:
    """What is kept of a token. It is random, so a plain SHA-256 cannot be guessed at."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
