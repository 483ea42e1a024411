"""`sharp-eyes health`."""

from typing import Annotated

import typer

from .options import Config

_TIMEOUT_S = 4.0


def health(
    url: Annotated[
        str | None,
        typer.Option(help="What to ask, http(s)://host:port/path. Without it: the API that the settings name."),
    ] = None,
    config: Config = None,
) -> None:
    """Ask the API, or the worker's internal port, whether it answers: for the health checks of containers.

    Exit code 1 if it does not. A worker turns away who has no token, and answers by that.

    Example: sharp-eyes health

    Example: sharp-eyes health --url http://127.0.0.1:8090/
    """
    from api.listening import own_url

    from ..health import ask
    from ..settings import load

    if url is None:
        api = load(config).api
        url = f"{own_url(api.host, api.port, tls=api.has_tls)}/healthz"
    print(f"{url}: {ask(url, _TIMEOUT_S)}")
