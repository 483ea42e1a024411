"""Where deliveries may go."""

import asyncio
from collections.abc import Sequence

import pytest

from core.errors import BadInput
from events.alerts.allowed_targets import AllowedTargets
from events.alerts.targets import NotAllowed, Target, check_url, resolve

HOSTILE = (
    "http://alerts.example.com/",
    "ftp://alerts.example.com/",
    "file:///etc/passwd",
    "gopher://alerts.example.com/",
    "//alerts.example.com/",
    "alerts.example.com",
    "",
    "https://",
    "https:///path",
    "https://user:password@alerts.example.com/",
    "https://alerts.example.com@10.0.0.1/",
    "https://@alerts.example.com/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://api.localhost/",
    "https://localhost.localdomain/",
    "https://ip6-localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://router.lan/",
    "https://nas.home.arpa/",
    "https://database/",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.0x1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/",
    "https://127\u30020\u30020\u30021/",
    "https://alerts.example.com\u2100.evil/",
    "https://alerts.example.com\\@10.0.0.1/",
    "https://alerts.example.com:0/",
    "https://alerts.example.com:99999/",
    "https://alerts.example.com:http/",
    "https://alerts.example.com /",
    "https://alerts.example.com/\r\nHost: 10.0.0.1",
    "https://alerts.example.com/\x00",
    "https://alerts..example.com/",
    "https://-alerts.example.com/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1%2e/",
    "https://alerts.example.com/#fragment",
    "https://alerts.example.com/" + "a" * 2_048,
    "https://" + "a" * 64 + ".example.com/",
)

CLOSED = (
    "127.0.0.1",
    "10.0.0.8",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104 - refused
    "198.19.0.1",
    "::1",
    "fe80::1",
    "fe80::1%2",
    "fd12:3456::1",
    "::ffff:10.0.0.8",
    "64:ff9b::a00:8",
    "2002:a00:8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
)
OPEN_HOST = Target("https", "alerts.example.com", 443)


def resolved(*answer: str, target: Target = OPEN_HOST, allowed: Sequence[str] = ()) -> list[str]:
    async def ask(host: str, port: int) -> Sequence[str]:
        return answer

    return [str(one) for one in asyncio.run(resolve(target, AllowedTargets.of(allowed), ask))]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_target_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_url(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        "https://alerts.example.com/",
        "https://alerts.example.com:8443/a/b?c=d",
        "https://xn--fiqs8s.example.com/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://[64:ff9b::808:808]/",
        "https://1.example.com/",
        "https://my_hooks.example.com/%7e",
    ],
)
def test_a_target_of_the_internet_is_taken(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize("url", [url for url in HOSTILE if url])
def test_a_refusal_shows_no_login(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_url(url)
    assert "password" not in refused.value.message + (refused.value.hint or "")


def test_what_the_setting_names_is_open_over_http_too() -> None:
    allowed = AllowedTargets.of(["hooks.lan", "localhost:9000", "10.8.0.0/16", "fd00::/8"])
    for url in ("http://hooks.lan/", "http://localhost:9000/", "http://10.8.1.1:80/", "https://[fd00::1]/"):
        check_url(url, allowed)
    for url in ("http://localhost:9001/", "https://10.9.1.1/", "http://hooks.lan.example.com/", "https://lan/"):
        with pytest.raises(BadInput):
            check_url(url, allowed)


def test_an_opened_network_is_open_in_every_disguise_of_its_addresses() -> None:
    check_url("https://[::ffff:10.8.1.1]/", AllowedTargets.of(["10.8.0.0/16"]))


@pytest.mark.parametrize("text", ["", "a b", "http://hooks.lan", "hooks.lan:0", "hooks.lan:x", "10.0.0.1/8", "a/b"])
def test_an_allowed_target_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no target"):
        AllowedTargets.of([text])


@pytest.mark.parametrize("address", CLOSED)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        resolved(address)
    assert address not in refused.value.message


def test_one_closed_address_among_open_ones_is_enough_to_refuse() -> None:
    with pytest.raises(NotAllowed):
        resolved("93.184.216.34", "10.0.0.8")


def test_a_name_that_leads_to_the_internet_is_resolved() -> None:
    assert resolved("93.184.216.34", "2606:2800:220:1::1") == ["93.184.216.34", "2606:2800:220:1::1"]


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(NotAllowed, match="has no address"):
        resolved()


def test_a_name_that_the_setting_opens_may_lead_inside() -> None:
    assert resolved("10.0.0.8", allowed=["alerts.example.com"]) == ["10.0.0.8"]


def test_a_network_that_the_setting_opens_may_be_led_to() -> None:
    assert resolved("10.0.0.8", allowed=["10.0.0.0/8"]) == ["10.0.0.8"]


def test_a_name_in_the_open_is_not_spoken_to_without_tls() -> None:
    with pytest.raises(NotAllowed, match="without TLS"):
        resolved("93.184.216.34", target=Target("http", "alerts.example.com", 80))


def test_an_address_is_not_asked_for() -> None:
    assert resolved("10.0.0.8", target=Target("https", "8.8.8.8", 443)) == ["8.8.8.8"]
