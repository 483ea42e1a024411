"""Subscriptions, looked after in a real browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.access import Role
from core.rule import Severity
from events.alerts import subscriptions
from events.alerts.deliveries import DeliveryState
from tests.support.subscribing import HOOK, a_delivery
from tests.system.api.conftest import City

from .conftest import Visiting
from .signed_in import a_person
from .told_city import NORTH_SCHOOL, SCHOOLS, a_told_city, fill_form, open_subscription, subscribed


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, console: Path) -> Iterator[City]:
    with a_told_city(tmp_path_factory.mktemp("told"), console) as found:
        yield found


def test_without_subscriptions_the_page_says_in_chinese_what_they_are(told: City, visiting: Visiting) -> None:
    admin = a_person(told, Role.DEPARTMENT_ADMIN, department=NORTH_SCHOOL)
    page = visiting(told, admin, language="zh-CN").go("/#/alerts")
    expect(page.get_by_role("heading", name="还没有向任何程序推送")).to_be_visible()
    page.get_by_text("程序如何接收并校验消息").click()
    expect(page.get_by_text("webhook-signature")).to_be_visible()
    page.locator(".empty").get_by_role("link", name="新建订阅").click()
    form = page.locator("form.subscription-form")
    form.locator("[name=grouping][value=camera]").check()
    expect(form.locator(".together")).to_have_text(
        "每台摄像机在 1 分钟内最多告警一次：首个事件立即推送，1 分钟内的其余事件到期后合并为一条消息。"
    )


def test_a_new_one_shows_its_secret_once_and_then_what_it_tells(told: City, visiting: Visiting) -> None:
    page = visiting(told).go("/#/alerts/new")
    form = fill_form(page, "duty desk", HOOK)
    form.get_by_role("button", name="Object", exact=True).click()
    form.get_by_label("Car", exact=True).check()
    form.locator("[name=min_severity]").select_option("2")
    form.locator("[name=grouping][value=camera]").check()
    form.get_by_role("button", name="Subscribe").click()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    assert secret.startswith("whsec_")
    page.get_by_role("button", name="Done").click()
    terms = page.locator("section.terms")
    for words in ("Schools", HOOK, "Car", "High or more urgent", "At most one alert per camera and 1 min."):
        expect(terms).to_contain_text(words)
    page.reload()
    expect(terms).to_be_visible()
    assert secret not in page.content()
    with told.services.database.read() as connection:
        made = next(one for one in subscriptions.list_subscriptions(connection).items if one.name == "duty desk")
    assert (made.filter.labels, made.min_severity, made.cool_down) == (
        frozenset({"car"}),
        Severity.HIGH,
        timedelta(minutes=1),
    )


def test_what_the_server_refuses_stands_at_its_field(told: City, visiting: Visiting) -> None:
    subscribed(told, "taken")
    page = visiting(told).go("/#/alerts/new")
    form = fill_form(page, "taken", "http://192.168.1.1/hook")
    form.get_by_role("button", name="Subscribe").click()
    expect(form.locator(".field").filter(has=page.locator("[name=url]")).locator(".fault")).to_be_visible()
    form.locator("[name=url]").fill(HOOK)
    form.get_by_role("button", name="Subscribe").click()
    expect(form.locator(".field").filter(has=page.locator("[name=name]")).locator(".fault")).to_contain_text("taken")


def test_a_search_leads_to_a_subscription_to_such_events(told: City, visiting: Visiting) -> None:
    page = visiting(told).go("/#/events?label=bus&severity=1&last=week")
    page.get_by_role("link", name="Tell a program").click()
    form = fill_form(page, "buses", HOOK)
    expect(form.get_by_role("button", name="Bus")).to_be_visible()
    form.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="Done").click()
    with told.services.database.read() as connection:
        made = next(one for one in subscriptions.list_subscriptions(connection).items if one.name == "buses")
    assert (made.filter.labels, made.filter.severities, made.filter.from_at) == (
        frozenset({"bus"}),
        frozenset({Severity.EMERGENCY}),
        None,
    )


def test_a_change_by_somebody_else_meanwhile_is_shown_and_not_overwritten(told: City, visiting: Visiting) -> None:
    before = subscribed(told, "changed by two")
    page = visiting(told).go(f"/#/alerts/{before.id}?edit=true")
    page.locator("[name=name]").fill("mine")
    with told.services.database.write() as connection:
        subscriptions.change(
            connection,
            replace(before, name="theirs", min_severity=Severity.HIGH),
            told.services.clock.now(),
        )
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Somebody else has changed this subscription meanwhile")
    for words in ("theirs", "mine", "High or more urgent"):
        expect(conflict).to_contain_text(words)
    conflict.get_by_role("button", name="Save mine over it").click()
    expect(page.get_by_role("heading", name="mine")).to_be_visible()
    expect(page.locator("section.terms")).to_contain_text("High or more urgent")


def test_a_paused_one_says_so_and_is_resumed(told: City, visiting: Visiting) -> None:
    page = open_subscription(told, visiting, subscribed(told, "to pause"))
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".desk-head .badge")).to_have_text("Paused")
    expect(page.locator("section.health")).to_contain_text("Nothing is sent until it is resumed")
    expect(page.get_by_role("button", name="Send a test")).to_be_disabled()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".desk-head .badge")).to_have_text("Active")


def test_a_new_secret_is_shown_once_with_the_end_of_the_old_one(told: City, visiting: Visiting) -> None:
    page = open_subscription(told, visiting, subscribed(told, "to rotate"))
    for overlap, words in (("Not at all", "does not sign any more"), ("7 days", "signs as well until")):
        page.get_by_role("button", name="New secret").click()
        page.get_by_role("dialog").get_by_label(overlap).check()
        page.get_by_role("dialog").get_by_role("button", name="New secret").click()
        expect(page.get_by_role("textbox", name="Secret")).to_have_value(re.compile("^whsec_"))
        expect(page.get_by_role("dialog")).to_contain_text(words)
        page.get_by_role("button", name="Done").click()


def test_deliveries_are_filtered_and_sent_again_one_by_one_or_by_time(told: City, visiting: Visiting) -> None:
    of = subscribed(told, "to replay")
    with told.services.database.write() as connection:
        at = told.services.clock.now()
        dead, arrived = (
            a_delivery(
                connection, of.id, at=at - timedelta(seconds=2 - n), state=state, event=told.events[n], reason=reason
            )
            for n, (state, reason) in enumerate(((DeliveryState.DEAD, "gone"), (DeliveryState.DELIVERED, "")))
        )
    page = open_subscription(told, visiting, of)
    rows = page.locator("tr[data-delivery]")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-delivery", str(arrived))
    page.locator(".deliveries").get_by_label("State").select_option("dead")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("gone")
    rows.get_by_role("link").click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"tells number {dead} again")
    page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    page.get_by_role("button", name="Send again what was of a time").click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 is sent again.")


def test_an_operator_reads_and_has_no_buttons(told: City, visiting: Visiting) -> None:
    of = subscribed(told, "to read")
    operator = a_person(told, Role.OPERATOR, department=SCHOOLS)
    page = visiting(told, operator).go(f"/#/alerts/{of.id}")
    expect(page.locator("section.terms")).to_contain_text("alerts.example")
    assert page.locator("main").get_by_role("button").all_inner_texts() == ["Time"]
    page.goto(f"{told.server.url}/#/alerts")
    expect(page.locator(f"tr[data-subscription='{of.id}']")).to_be_visible()
    expect(page.get_by_role("link", name="New subscription")).to_have_count(0)


def test_a_viewer_is_told_that_the_page_is_not_theirs(told: City, visiting: Visiting) -> None:
    page = visiting(told, a_person(told, Role.VIEWER, department=SCHOOLS)).go("/#/alerts")
    expect(page.get_by_role("heading", name="This page is not for your role")).to_be_visible()
