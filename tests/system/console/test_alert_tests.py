"""Whether what is told arrives, as the page of alerts shows it: real receivers, and what sends to them."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from events.alerts import subscription_secrets
from events.alerts.dispatch import Dispatch
from events.alerts.signing import signed_headers
from events.alerts.subscription import Subscription
from tests.support.receiver import Receiver, Receivers, open_receivers
from tests.system.api.conftest import City

from .conftest import Visiting
from .told_city import WITHIN, a_told_city, fill_form, open_subscription, subscribed

HOSTILE = '<img src="//elsewhere.example/x" onerror="document.title=1">\u202etxt'


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    """A city whose alerts are sent."""
    with a_told_city(tmp_path_factory.mktemp("told"), console) as found:
        services = found.services
        dispatch = Dispatch(services.database, services.visibility, services.sealing_key, services.clock, WITHIN)
        dispatch.start()
        yield found
        dispatch.stop()


@pytest.fixture(scope="module")
def receivers() -> Iterator[Receivers]:
    with open_receivers() as found:
        yield found


def to(city: City, receiver: Receiver, name: str) -> Subscription:
    """A subscription with a secret, to `receiver`."""
    made = subscribed(city, name, url=receiver.url)
    with city.services.database.write() as connection:
        subscription_secrets.make(connection, city.services.sealing_key, made.id, city.services.clock.now())
    return made


def press_test(page: Page) -> None:
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("section.test-watch")).to_be_visible()


def test_a_test_arrives_signed_by_the_secret_that_was_shown(
    told: City, visiting: Visiting, receivers: Receivers
) -> None:
    receiver = receivers.open()
    page = visiting(told).go("/#/alerts/new")
    fill_form(page, "duty desk", receiver.url).get_by_role("button", name="Subscribe").click()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    page.get_by_role("button", name="Done").click()
    press_test(page)
    expect(page.locator("section.test-watch")).to_contain_text("It arrived: the receiver has taken it")
    [got] = receiver.got
    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    ours = signed_headers(got.id, at, got.body, [b64decode(secret.removeprefix("whsec_"))])
    assert ours["webhook-signature"] == got.headers["webhook-signature"]
    expect(page.locator("tr[data-delivery]")).to_contain_text("Delivered")


def test_a_failing_delivery_says_why_and_shows_a_hostile_answer_as_text(
    told: City, visiting: Visiting, receivers: Receivers
) -> None:
    receiver = receivers.open("500", answer=HOSTILE.encode())
    page = open_subscription(told, visiting, to(told, receiver, "failing"))
    press_test(page)
    watch = page.locator("section.test-watch")
    expect(watch).to_contain_text("It is tried again at")
    attempt = watch.locator("tr[data-attempt='1']")
    expect(attempt).to_contain_text("500")
    attempt.get_by_text("as the receiver wrote it").click()
    expect(attempt.locator("pre")).to_contain_text('<img src="//elsewhere.example/x"')
    expect(page.locator("main img")).to_have_count(0)
    expect(page.locator("tr[data-delivery] small").first).not_to_be_empty()


def test_a_receiver_that_is_gone_stops_it_and_the_page_says_why(
    told: City, visiting: Visiting, receivers: Receivers
) -> None:
    page = open_subscription(told, visiting, to(told, receivers.open("410"), "gone"))
    press_test(page)
    expect(page.locator(".desk-head .badge")).to_have_text("Stopped")
    expect(page.locator("section.health q")).to_contain_text("410")
