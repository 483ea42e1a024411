"""The RTSP server's own process: `python -m sharp_eyes.demo.clip_server FOLDER PORT`.

The server spends a thread on each client from the event loop's pool, which has four more than the machine has cores:
past that, cameras would wait until another one's clip is over. So the pool is made large enough first.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aio_rtsp_toolkit.server import serve

HOST: Final = "127.0.0.1"
_MOST_CLIENTS: Final = 256


async def serve_folder(folder: str, port: int) -> None:
    """Serve the clips of `folder` on loopback until the process is ended."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_MOST_CLIENTS))
    await serve(folder, HOST, port)


if __name__ == "__main__":
    asyncio.run(serve_folder(sys.argv[1], int(sys.argv[2])))
