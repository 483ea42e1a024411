"""An answer that a route gives in place of the one it was asked for."""

from fastapi import FastAPI, Request
from starlette.responses import Response


class AnswerInstead(Exception):
    """Raised inside a route; a transaction around it is rolled back, since nothing was done in it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def answer_instead(app: FastAPI) -> None:
    """Make `app` send what `AnswerInstead` carries."""
    app.exception_handler(AnswerInstead)(_on_answer)


async def _on_answer(_: Request, instead: AnswerInstead) -> Response:
    return instead.response
