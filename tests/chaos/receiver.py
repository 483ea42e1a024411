"""A receiver of alerts that forgets nothing: `python -m tests.chaos.receiver PORT FILE`, the secret in `SECRET`.

It checks each signature with a library of its own, and writes a line to the file, on the disk, before it says thanks:
what it has acknowledged is there, also where it is killed right after.
"""

import json
import os
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class _Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    file: Path
    hook: Webhook
    lock = Lock()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.hook.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            self._answer(401)
            return
        message = json.loads(body)
        told = {
            "at": datetime.now(UTC).isoformat(),
            "id": self.headers["webhook-id"],
            "type": message["type"],
            "event": message["data"].get("id"),
            "moment": message["type"].rsplit(".", 1)[-1],
        }
        with self.lock, self.file.open("a") as out:
            out.write(json.dumps(told) + "\n")
            out.flush()
            os.fsync(out.fileno())
        self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> None:
    _Receiver.file = Path(sys.argv[2])
    _Receiver.hook = Webhook(os.environ["SECRET"])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Receiver).serve_forever()


if __name__ == "__main__":
    main()
