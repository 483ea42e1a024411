"""`sharp-eyes secrets`: what it does to the keys, and what it says."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.camera import Login, Stream
from core.errors import Conflict
from events.alerts import subscription_secrets
from events.alerts.subscription import SubscriptionId
from registry import cameras, key_ring, sealing_key, stream_secrets, streams
from registry.db import open_database
from registry.key_ring import KeyFiles, KeyRing
from registry.sealing_key import SealingKey
from sharp_eyes.cli import app
from sharp_eyes.migrate import upgrade
from tests.support.builders import START
from tests.support.subscribing import a_subscription

OLD, NEW = "01" * 32, "02" * 32
GIVEN = {"SHARP_EYES_KEY": NEW, "SHARP_EYES_FORMER_KEYS": OLD}
LOGIN = Login("ann", "S3cret")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


def add_stream(data: Path, keys: KeyRing) -> Stream:
    database = open_database(f"sqlite:///{data}/sharp-eyes.db")
    upgrade(database)
    with database.write() as connection:
        camera = cameras.add(connection, name=f"gate {keys.current.id}").id
        stream = streams.add(connection, camera=camera, url="rtsp://10.0.0.1/")
        stream_secrets.put(connection, keys, stream, LOGIN)
    database.close()
    return stream


def login(data: Path, keys: KeyRing, stream: Stream) -> Login | None:
    database = open_database(f"sqlite:///{data}/sharp-eyes.db")
    with database.read() as connection:
        found = stream_secrets.get(connection, keys, stream)
    database.close()
    return found


def said(data: Path, *words: str, code: int = 0, environment: Mapping[str, str] | None = None) -> str:
    """What `sharp-eyes secrets` says."""
    done = CliRunner().invoke(app, ["secrets", *words], env={"SHARP_EYES_DATA": str(data), **(environment or {})})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def files(data: Path) -> KeyFiles:
    return KeyFiles(data / "keys" / "sealing.key")


def test_a_rotation_makes_a_key_and_keeps_the_former_one(data: Path) -> None:
    before = key_ring.open_files(files(data).path)
    stream = add_stream(data, before)
    old = before.current.id
    assert "1 logins were sealed" in said(data, "rotate")
    current, former = KeyRing(files(data)).keys
    assert former.id == old
    assert login(data, key_ring.ring_of(current), stream) == LOGIN
    told = said(data, "status")
    assert f"key in force  {current.id}" in told
    assert f"former key    {old}: 0 logins\n" in told


def test_a_rotation_that_was_begun_is_finished_without_another_key(data: Path) -> None:
    ring = key_ring.open_files(files(data).path)
    add_stream(data, ring)
    sealing_key.replace(files(data).path, files(data).former / f"{ring.current.id}.key")
    keys = [key.id for key in KeyRing(files(data)).keys]
    assert "to be sealed anew" in said(data, "status")
    assert "this finishes a rotation that was begun before; 1 logins" in said(data, "rotate")
    assert [key.id for key in KeyRing(files(data)).keys] == keys


def test_a_key_of_the_environment_is_rotated_by_its_owner(data: Path) -> None:
    old, new = SealingKey(bytes.fromhex(OLD)), SealingKey(bytes.fromhex(NEW))
    stream = add_stream(data, key_ring.ring_of(old))
    with pytest.raises(Conflict, match="comes from SHARP_EYES_KEY") as caught:
        said(data, "rotate", environment={"SHARP_EYES_KEY": OLD})
    assert "SHARP_EYES_FORMER_KEYS" in (caught.value.hint or "")
    told = said(data, "rotate", "--reseal", environment=GIVEN)
    assert f"1 logins were sealed with the key {new.id}" in told
    assert login(data, key_ring.ring_of(new), stream) == LOGIN
    assert not (data / "keys").exists()


def test_a_login_of_a_key_that_is_not_at_hand_is_told_and_no_key_is_made(data: Path) -> None:
    lost = SealingKey(bytes.fromhex(OLD))
    stream = add_stream(data, key_ring.ring_of(lost))
    in_force = key_ring.open_files(files(data).path).current.id
    assert f"unknown key   {lost.id}: 1 logins that cannot be opened" in said(data, "status", code=1)
    assert f"no key opens the logins of cameras {stream.camera}" in said(data, "rotate", code=1)
    assert [key.id for key in KeyRing(files(data)).keys] == [in_force]


def subscribe(data: Path, keys: KeyRing) -> tuple[SubscriptionId, str]:
    """A subscription with a secret, and that one."""
    with closing(open_database(f"sqlite:///{data}/sharp-eyes.db")) as database:
        upgrade(database)
        with database.write() as connection:
            number = a_subscription(connection).id
            return number, subscription_secrets.make(connection, keys, number, START)


def test_a_rotation_seals_secrets_of_subscriptions_too(data: Path) -> None:
    before = key_ring.open_files(files(data).path)
    number, text = subscribe(data, before)
    assert "0 logins and 1 secrets of subscriptions were sealed" in said(data, "rotate")
    current = KeyRing(files(data)).current
    assert f"key in force  {current.id}" in said(data, "status")
    assert "0 logins, 1 secrets of subscriptions\n" in said(data, "status")
    with closing(open_database(f"sqlite:///{data}/sharp-eyes.db")) as database, database.read() as connection:
        [found] = subscription_secrets.in_force(connection, key_ring.ring_of(current), number, START)
    assert subscription_secrets.text_of(found) == text


def test_a_secret_of_a_subscription_that_no_key_opens_is_told(data: Path) -> None:
    lost = SealingKey(bytes.fromhex(OLD))
    number, _ = subscribe(data, key_ring.ring_of(lost))
    told = said(data, "status", code=1)
    assert f"unknown key   {lost.id}: 0 logins, 1 secrets of subscriptions that cannot be opened" in told
    assert f"no key opens the secrets of subscriptions {number}" in said(data, "rotate", code=1)


def test_nothing_that_is_said_holds_a_key_or_a_login(data: Path) -> None:
    add_stream(data, key_ring.ring_of(SealingKey(bytes.fromhex(OLD))))
    told = said(data, "status", "--json", environment=GIVEN)
    told += said(data, "status", environment=GIVEN)
    told += said(data, "rotate", "--reseal", environment=GIVEN)
    assert not [secret for secret in (OLD, NEW, LOGIN.password) if secret in told]
