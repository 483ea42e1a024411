"""Which cameras have ever belonged to some departments: only they can have events of theirs."""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from core.camera import DepartmentId

from ..db import is_sqlite
from .speech import speech_of

_JOINED: Final = {True: "group_concat(c.id)", False: "string_agg(CAST(c.id AS text), ',')"}


def ever_owned(
    connection: Connection, cameras: NDArray[np.int64], departments: Collection[DepartmentId]
) -> NDArray[np.int64]:
    """Those of `cameras` that belong to one of `departments`, or did, ascending. It takes as long as there are cameras,
    a microsecond or two for each."""
    speech, embedded = speech_of(connection), is_sqlite(connection)
    owners = speech.among("c.department", "owners", "integer")
    former = speech.among("f.department", "owners", "integer")
    joined = ",".join(map(str, cameras.tolist()))
    statement = text(
        f"WITH found AS MATERIALIZED ({speech.elements('cameras', 'integer')}) "  # noqa: S608 - constant text
        f"SELECT {_JOINED[embedded]} FROM {speech.found} WHERE c.id = found.id AND ({owners} "
        f"OR EXISTS (SELECT 1 FROM former_owner f WHERE f.camera = c.id AND {former}{speech.fence}))"
    )
    given = {
        "cameras": f"[{joined}]" if embedded else f"{{{joined}}}",
        "owners": speech.array(sorted(departments)),
    }
    return np.sort(np.fromstring(connection.execute(statement, given).scalar() or "", np.int64, sep=","))
