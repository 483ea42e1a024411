"""Answers that are written as JSON where their route runs.

What a route returns as a model the framework checks in a thread of its own and then writes in the event loop's, where
all others wait for it. Here it is written at once; `response_model` still says what it looks like.
"""

from collections.abc import Iterable

from fastapi import Response
from pydantic_core import to_json

from .fields import Body

_TYPE = "application/json"


def written(answer: Body) -> Response:
    """The answer that is `answer`."""
    return written_json(answer.model_dump_json().encode())


def written_json(answer: bytes) -> Response:
    """The answer that is JSON already: a test must hold such a thing against its model."""
    return Response(answer, media_type=_TYPE)


def written_listing(items: Iterable[bytes], **more: object) -> Response:
    """A `Listing` whose `items` are JSON already, with `more` after them in the order of the model's fields: `next`."""
    rest = b"".join(b"," + to_json(name) + b":" + to_json(value) for name, value in more.items())
    return written_json(b'{"items":[' + b",".join(items) + b"]" + rest + b"}")
