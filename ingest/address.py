"""Addresses of streams: which are allowed, and how their secrets stay out of every text."""

import re
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from core.camera import Login
from core.errors import BadInput

from .targets import check_target

DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}

_LONGEST_ADDRESS = 1000
"""FFmpeg cuts longer paths off without a word; likewise `_LONGEST_LOGIN`, counted percent-encoded."""
_LONGEST_LOGIN = 127

HIDDEN = "***"
"""Stands where a secret was."""

_HOST = re.compile(r"[\w](?:[\w.-]*[\w.])?")
_RUN = re.compile(r"\S+")
_SECRET_IN_QUERY = re.compile(
    r"((?:pass(?:word|wd|phrase|code)?|pwd|psw|psk|pin|otp|token|jwt|secret|auth(?:basic)?|credentials?|ticket|session(?:id)?"
    r"|sign(?:ature)?|sig|key)(?:=|%3D)['\"]?)([^&\s;'\"<>]+)",
    re.IGNORECASE,
)
"""A name that ends like that, `apikey=` too, and its value."""
_SECRET_IN_HEADER = re.compile(r"((?:authorization|cookie|x-worker-token)['\"]?\s*[:,]\s*)[^\r\n]+", re.IGNORECASE)

_EXAMPLE = "write it like rtsp://user:password@camera.example:554/path"


def check_address(url: str, *, files: Path | None = None, own_port: int | None = None) -> tuple[str, Login | None]:
    """The address without its secrets, and those: the login (percent-decoded) and what `?token=` and its like hold.

    `rtsp` and `rtsps` are allowed; `file` only where `files` names the folder that such files must lie in. Cameras on
    private networks and on this machine are normal; refused are addresses that no camera has (`ingest.targets`), and
    `own_port` of this machine, where our own server listens.
    Raises `BadInput` (field `url`) for anything else. No message repeats the address, since it may hold a password.
    """
    url = url.strip(" ")
    if not url:
        raise _bad("the address is empty", hint=_EXAMPLE)
    if " " in url or not url.isprintable():
        raise _bad("the address holds a blank or an invisible character", hint="percent-encode it: a blank is %20")
    if HIDDEN in url:
        raise _bad(f"the address holds {HIDDEN}, which stands where a secret was hidden", hint="write the address anew")
    if len(url) > _LONGEST_ADDRESS:
        raise _bad(f"the address has {len(url)} characters; at most {_LONGEST_ADDRESS} are possible")
    scheme, colon, rest = url.partition("://")
    scheme = scheme.lower()
    if not colon:
        raise _bad("the address has no scheme", hint=_EXAMPLE)
    if scheme == "file":
        return _check_file(rest, files), None
    if scheme not in DEFAULT_PORTS:
        shown = scheme if re.fullmatch(r"[a-z][a-z0-9+.-]{0,20}", scheme) else "what this address begins with"
        raise _bad(f"{shown} is no scheme of a stream; expected rtsp or rtsps", hint=_EXAMPLE)
    try:
        parts = urlsplit(url)
        host, port = _host(parts), parts.port
    except ValueError:
        raise _bad(
            "host and port of the address cannot be told apart",
            hint="percent-encode what is special in a password: / is %2F, @ is %40, # is %23, ? is %3F",
        ) from None
    if port == 0:
        raise _bad("the port is 0; expected 1 to 65535")
    check_target(host, DEFAULT_PORTS[scheme] if port is None else port, own_port=own_port)
    where = host if port is None else f"{host}:{port}"
    after_host, tokens = _without_tokens(rest[len(parts.netloc) :])
    login = _login(parts.netloc)
    if tokens:
        login = Login(login.user, login.password, tokens) if login else Login("", "", tokens)
    return f"{scheme}://{where}{after_host}", login


def host_and_port(url: str) -> tuple[str, int]:
    """Host and port of a checked `rtsp` or `rtsps` address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]


def file_path(url: str) -> Path | None:
    """The path of a checked `file` address; None for any other."""
    return Path(unquote(url.removeprefix("file://"))) if url.startswith("file://") else None


def with_login(url: str, login: Login | None) -> str:
    """The whole address again: `url` with all that `check_address` took out. Never for a person."""
    if login is None:
        return url
    tokens = iter(login.tokens)
    scheme, _, rest = url.partition("://")
    rest = re.sub(re.escape(HIDDEN), lambda hidden: next(tokens, hidden[0]), rest)
    return f"{scheme}://{_encoded(login)}@{rest}" if login.names_user else f"{scheme}://{rest}"


def hide_secrets(text: str) -> str:
    """`text` without the logins, tokens and keys that addresses and headers in it may hold.

    Where it cannot be told where a password ends, more is hidden rather than less.
    """
    text = _RUN.sub(_without_login, text)
    text = _SECRET_IN_QUERY.sub(rf"\1{HIDDEN}", text)
    return _SECRET_IN_HEADER.sub(rf"\1{HIDDEN}", text)


def _without_login(run: re.Match[str]) -> str:
    # By hand: a regular expression for it takes quadratic time over a long text that almost fits.
    text = run[0]
    begins, ends = text.find("://"), text.rfind("@")
    return text if begins < 0 or ends < begins else text[: begins + 3] + HIDDEN + text[ends:]


def _without_tokens(after_host: str) -> tuple[str, tuple[str, ...]]:
    tokens: list[str] = []

    def hide(found: re.Match[str]) -> str:
        tokens.append(found[2])
        return found[1] + HIDDEN

    return _SECRET_IN_QUERY.sub(hide, after_host), tuple(tokens)


def _bad(message: str, *, hint: str | None = None) -> BadInput:
    return BadInput(message, field="url", hint=hint)


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        address, _, zone = host.partition("%")
        IPv6Address(address)
        if zone and not zone.isalnum():
            raise ValueError
        return f"[{host}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if not _HOST.fullmatch(host):
        raise _bad("the address names no host", hint=_EXAMPLE)
    return host


def _login(netloc: str) -> Login | None:
    userinfo, at, _ = netloc.rpartition("@")
    if not at or not userinfo:
        return None
    user, _, password = userinfo.partition(":")
    login = Login(unquote(user), unquote(password))
    if re.search(r"[\x00-\x1f\x7f]", login.user + login.password):
        raise _bad("the user name or the password holds a control character")
    if ":" in login.user:
        raise _bad("the user name holds a colon, which RTSP cannot carry")
    if len(_encoded(login)) > _LONGEST_LOGIN:
        raise _bad(f"user name and password are longer than {_LONGEST_LOGIN} characters together, percent-encoded")
    return login


def _encoded(login: Login) -> str:
    safe = "!$&'()*,;="
    return f"{quote(login.user, safe=safe)}:{quote(login.password, safe=safe)}"


def _check_file(rest: str, files: Path | None) -> str:
    if files is None:
        raise _bad(
            "files are not allowed as streams here; expected rtsp or rtsps",
            hint="name the folder of such files in the settings",
        )
    path = Path(unquote(rest))
    if not path.is_absolute():
        raise _bad("the path of a file address is absolute", hint="write it like file:///srv/footage/street.mp4")
    resolved = path.resolve()
    if not resolved.is_relative_to(files.resolve()):
        raise _bad(f"the file does not lie in {files}, the one folder that streams may be read from")
    return "file://" + quote(str(resolved))
