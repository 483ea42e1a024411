"""Where a worker is reached, and what it takes of the city, where nobody says so."""

import os
import socket

import pytest
from pydantic import ValidationError

from sharp_eyes.worker.settings import WorkerSettings


def test_without_settings_it_answers_on_loopback_and_is_called_by_machine_and_slot() -> None:
    settings = WorkerSettings()
    assert (settings.reached_at, settings.port) == ("127.0.0.1", 0)
    assert settings.called(3) == f"{socket.gethostname()}:3"
    assert settings.share == len(os.sched_getaffinity(0))


def test_what_is_said_counts() -> None:
    settings = WorkerSettings(host="10.1.0.17", advertise="worker-1", name="north", capacity=0.5)
    assert (settings.reached_at, settings.called(3), settings.share) == ("worker-1", "north", 0.5)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]"])  # noqa: S104 - refused
def test_who_answers_on_every_address_must_say_how_it_is_reached(host: str) -> None:
    with pytest.raises(ValidationError, match="name the one that the API connects to in `advertise`"):
        WorkerSettings(host=host)
