"""`sharp-eyes health`."""

from typing import Annotated

import typer

from .options import Config

_TIMEOUT_S = 4.0


def health(
    url: Annotated[
        str | None,
        typer.Option(help="What to ask, http://host:port/path. Without it: the API that the settings name."),
    ] = None,
    config: Config = None,
) -> None:
    """Ask the API, or the worker's internal port, whether it answers: for the health checks of containers.

    Exit code 1 if it does not. A worker turns away who has no token, and answers by that.

    Example: sharp-eyes health

    Example: sharp-eyes health --url http://127.0.0.1:8090/
    """
    from ..health import ask
    from ..settings import load

    if url is None:
        api = load(config).api
        url = f"http://{own_host(api.host)}:{api.port}/healthz"
    print(f"{url}: {ask(url, _TIMEOUT_S)}")


def own_host(host: str) -> str:
    """Where a server that listens on `host` is reached from the same machine."""
    if host == "0.0.0.0":  # noqa: S104 - the name of every address, not one that is listened on here
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host
