"""The first start: a link, printed once, by which the first city admin chooses a password. There is no default one."""

import logging
from datetime import datetime

from core.errors import Conflict, SharpEyesError
from registry.access import invitations, people
from registry.access.invitations import Invitation
from registry.audit.entry import Act
from registry.db import Database

from .by_machine import note
from .settings import Settings
from .welcome import in_force_until, welcome_link

_log = logging.getLogger(__name__)


def make_set_up_link(database: Database, settings: Settings, address: str, at: datetime) -> tuple[Invitation, str]:
    """A new link for the first city admin; the one before it ends. Raises `Conflict` where there is anybody already."""
    with database.write() as connection:
        made, token = invitations.make(connection, None, at, settings.access.setup_lasts)
        note(connection, at, Act.INVITE, "person", detail={"first": True})
    return made, welcome_link(address, token)


def tell_set_up_link(database: Database, settings: Settings, address: str, at: datetime) -> None:
    """Print such a link where nobody has been set up yet: on standard output, and never through the log, which is kept
    and handed around."""
    with database.read() as connection:
        if people.is_anybody(connection):
            return
    try:
        made, link = make_set_up_link(database, settings, address, at)
    except Conflict:  # set up just now
        return
    except SharpEyesError as error:  # a full disk: what is there is served all the same
        _log.warning("no set-up link could be made: %s", error.message)
        return
    try:
        print(
            "Nobody can sign in yet. Open this link to become the first city admin; it works once, until "
            f"{in_force_until(made)}, and no longer than until the next start:\n\n  {link}\n",
            flush=True,
        )
    except (OSError, ValueError):
        # Whoever was to read our output has gone: that must not end what serves.
        _log.warning("the set-up link could not be printed; make another one with: sharp-eyes people setup-link")
