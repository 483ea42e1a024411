"""Signatures, as the library of Standard Webhooks sees them."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from core.errors import BadInput
from events.alerts.signing import signed_headers

ONE, OTHER = b"1" * 32, b"2" * 32
BODY = '{"name":"门"}'.encode()


def reader(secret: bytes) -> Webhook:
    return Webhook("whsec_" + base64.b64encode(secret).decode())


def test_a_receiver_with_the_secret_believes_it() -> None:
    headers = signed_headers("1.1.1", datetime.now(UTC), BODY, [ONE])
    assert reader(ONE).verify(BODY, headers) == {"name": "门"}


def test_each_secret_in_force_is_believed_while_one_takes_over() -> None:
    headers = signed_headers("1.1.1", datetime.now(UTC), BODY, [ONE, OTHER])
    reader(ONE).verify(BODY, headers)
    reader(OTHER).verify(BODY, headers)


@pytest.mark.parametrize(
    ("body", "more"),
    [(BODY + b" ", {}), (BODY, {"webhook-id": "2.1.1"}), (BODY, {"webhook-timestamp": "1"})],
    ids=["body", "id", "time"],
)
def test_what_was_changed_on_the_way_is_not_believed(body: bytes, more: dict[str, str]) -> None:
    headers = signed_headers("1.1.1", datetime.now(UTC), BODY, [ONE]) | more
    with pytest.raises(WebhookVerificationError):
        reader(ONE).verify(body, headers)


def test_who_has_another_secret_does_not_believe_it() -> None:
    headers = signed_headers("1.1.1", datetime.now(UTC), BODY, [ONE])
    with pytest.raises(WebhookVerificationError):
        reader(OTHER).verify(BODY, headers)


def test_what_is_caught_and_sent_again_later_is_not_believed() -> None:
    headers = signed_headers("1.1.1", datetime.now(UTC) - timedelta(minutes=6), BODY, [ONE])
    with pytest.raises(WebhookVerificationError):
        reader(ONE).verify(BODY, headers)


def test_nothing_goes_out_unsigned() -> None:
    with pytest.raises(BadInput, match="no secret"):
        signed_headers("1.1.1", datetime.now(UTC), BODY, [])
