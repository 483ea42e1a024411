"""The receiver that docs/guide/alerts.md shows takes what is ours, once, and nothing else."""

import base64
import hmac
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from http.server import HTTPServer
from pathlib import Path
from time import time
from typing import Any

import httpx2
import pytest

from events.alerts.subscription_secrets import text_of

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "alerts.md"
SECRETS = (b"n" * 32, b"o" * 32)
"""The new one, and the one before it."""
BODY = b'{"type":"city.sharpeyes.event.started"}'


@dataclass
class Shown:
    """The receiver of the guide, running."""

    url: str
    seen: set[str]

    def send(self, secret: bytes, *, number: str = "7.1.3", at: float | None = None, body: bytes = BODY) -> int:
        """Its answer to `BODY`, which `secret` has signed by the rules of Standard Webhooks; `body` is sent instead."""
        sent_at = int(time() if at is None else at)
        signature = hmac.digest(secret, f"{number}.{sent_at}.".encode() + BODY, sha256)
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": f"v1,AAAA v1,{base64.b64encode(signature).decode()}",
        }
        return httpx2.post(self.url, content=body, headers=headers, trust_env=False).status_code


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.setenv("ALERT_SECRETS", " ".join(text_of(secret) for secret in SECRETS))
    names: dict[str, Any] = {"__name__": "the guide"}
    exec(program, names)  # noqa: S102 - our own page
    with HTTPServer(("127.0.0.1", 0), names["Receiver"]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Shown(f"http://127.0.0.1:{server.server_port}/", names["SEEN"])
        server.shutdown()
        thread.join()


def test_it_takes_what_is_ours_once(shown: Shown, capsys: pytest.CaptureFixture[str]) -> None:
    assert [shown.send(secret) for secret in SECRETS] == [204, 204]
    assert capsys.readouterr().out == "city.sharpeyes.event.started\n"
    assert shown.seen == {"7.1.3"}


def test_it_takes_nothing_else(shown: Shown) -> None:
    assert shown.send(b"x" * 32) == 401
    assert shown.send(SECRETS[0], body=BODY.replace(b"started", b"ended")) == 401
    assert shown.send(SECRETS[0], at=time() - 301) == 401
    assert shown.seen == set()
