"""Where others find this server, as a setting says it."""

from typing import Annotated

from pydantic import AfterValidator


def _checked(url: str) -> str:
    if not url.startswith(("http://", "https://")) or any(mark in url for mark in " @#?"):
        raise ValueError("expected an address that begins with http:// or https://, without login, ? and #")
    return url.rstrip("/")


OwnUrl = Annotated[str, AfterValidator(_checked)]
"""An address without a slash at its end, to which paths are added."""
