"""The console's built files, and a page that says how to build them where they are missing."""

from http import HTTPMethod
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

BUILT_CONSOLE: Final = Path(__file__).parent / "static"
_NOT_PAGES = ("/api/", "/healthz", "/readyz", "/metrics")
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sharp Eyes</title></head>
<body>
<h1>Sharp Eyes</h1>
<p>The API works, but this page was not built. Build it with
<code>uv sync --reinstall-package sharp-eyes</code>, then reload.</p>
<p lang="zh-CN">接口运行正常，但网页尚未构建。请运行
<code>uv sync --reinstall-package sharp-eyes</code>，然后刷新本页。</p>
<p><a href="/api/v1/openapi.json">/api/v1/openapi.json</a></p>
</body>
</html>
"""


class ConsolePage:
    """ASGI app for what is no route: a file of the console, or its first page for the console's own paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(status_code=404)
        path: str = scope["path"]
        if path.startswith(_NOT_PAGES) or path == "/api":
            raise HTTPException(status_code=404)
        if scope["method"] not in (HTTPMethod.GET, HTTPMethod.HEAD):
            raise HTTPException(status_code=405, headers={"Allow": "GET, HEAD"})
        response = await self._answer(path, scope)
        response.headers["Content-Security-Policy"] = _POLICY
        # Vite puts a hash of the content into the names of what lies in assets/: those files never change.
        hashed = path.startswith("/assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        await response(scope, receive, send)

    async def _answer(self, path: str, scope: Scope) -> Response:
        if not (self._folder / "index.html").is_file():
            if path != "/":
                raise HTTPException(status_code=404)
            return HTMLResponse(_NOT_BUILT)
        # A name with a dot is a file; other paths are the console's own views, which its first page shows.
        is_file = "." in path.rsplit("/", 1)[-1] or path.startswith("/assets/")
        name = self._files.get_path(scope) if is_file else "index.html"
        return await self._files.get_response(name, scope)
