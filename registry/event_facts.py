"""With whom the facts of events are shared without a grant.

Apart from `visibility`: the settings need these words alone, and a command that asks no database loads none.
"""

from enum import StrEnum


class EventFacts(StrEnum):
    """With whom the facts of events are shared without a grant. Pictures never are."""

    CITY = "city"
    """With everybody who looks at events."""
    SECTOR = "sector"
    """With those whose department is of the same kind."""
    GRANT = "grant"
    """With nobody."""
