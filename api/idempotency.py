"""`Idempotency-Key`: a request that makes something may be sent again, and makes it once."""

import hmac
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from core.errors import BadInput
from registry import idempotency
from registry.idempotency import KeptAnswer, Transaction

from .caller import Caller, Who
from .instead import AnswerInstead
from .services import Services

REPLAYED: Final = "Idempotency-Replayed"
_HEADER: Final = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{16,128}\Z")
_PURPOSE: Final = "idempotency keys"
Answered = TypeVar("Answered", bound=BaseModel)


class Once:
    """One request, which may be a repetition. Without a key each one is the first."""

    def __init__(self, services: Services, key: str | None, digests: Sequence[str] = ()) -> None:
        self._services = services
        self._key = key
        self._digests = digests

    def begin(self, connection: Transaction) -> None:
        """First in the transaction that makes something: where the request came before, its answer goes out again."""
        if self._key is None:
            return
        kept = idempotency.begin(connection, self._key, self._digests, self._services.clock.now())
        if kept is not None:
            headers = {**kept.headers, REPLAYED: "true"}
            response = Response(kept.body, kept.status, headers, media_type="application/json")
            raise AnswerInstead(response)

    def keep(
        self,
        connection: Transaction,
        answer: Answered,
        headers: Mapping[str, str] | None = None,
        *,
        status: int = 201,
    ) -> Answered:
        """Last in it: `answer` back, kept under the key. `headers` are those that tell where and in which form."""
        if self._key is not None:
            kept = KeptAnswer(status, headers or {}, answer.model_dump_json(by_alias=True))
            idempotency.keep(connection, self._key, kept)
        return answer


async def _once(
    request: Request,
    who: Who,
    header: Annotated[
        str | None,
        Header(
            alias=_HEADER,
            description="16 to 128 visible characters, new for each request: a repetition within 24 hours makes "
            f"nothing, and gets the same answer with `{REPLAYED}: true`.",
        ),
    ] = None,
) -> Once:
    services = who.services
    if header is None:
        return Once(services, None)
    keys = request.headers.getlist(_HEADER)
    if len(keys) != 1 or not _KEY.match(keys[0]):
        raise BadInput(
            f"{_HEADER} is one key of 16 to 128 visible ASCII characters", field=_HEADER, hint="a random UUID will do"
        )
    parts = request.method.encode(), request.url.path.encode(), await request.body()
    whole = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    # Bodies hold passwords: a plain digest of one could be guessed at. By former keys too: a repetition is known as one
    # after the sealing key was changed.
    digests = [hmac.new(key, whole, digestmod=sha256).hexdigest() for key in services.sealing_key.derive_all(_PURPOSE)]
    return Once(services, _own(who, keys[0]), digests)


def _own(who: Caller, key: str) -> str:
    """The key as it is kept: two who use the same one never see each other's answers."""
    return sha256(f"{who.principal.kind.value} {who.principal.id} {key}".encode()).hexdigest()


FirstTime = Annotated[Once, Depends(_once)]
