"""Which cameras have ever belonged to some departments: only they can have events of theirs."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.camera import DepartmentId

from ..db import is_sqlite
from .joined import read_columns
from .known_whereabouts import known_whereabouts
from .speech import speech_of


def ever_owned(
    connection: Connection, cameras: NDArray[np.int64], departments: Collection[DepartmentId]
) -> NDArray[np.int64]:
    """Those of `cameras` that belong to one of `departments`, or did, ascending. Where the database has to be asked it
    takes as long as there are cameras, a microsecond or two for each."""
    whereabouts = known_whereabouts(connection)
    if whereabouts is not None:
        return whereabouts.ever_owned(cameras, departments)
    speech, embedded = speech_of(connection), is_sqlite(connection)
    owners = speech.among("c.department", "owners", "integer")
    former = speech.among("f.department", "owners", "integer")
    joined = ",".join(map(str, cameras.tolist()))
    (found,), _ = read_columns(
        connection,
        f"{speech.found} WHERE c.id = found.id AND ({owners} "  # noqa: S608 - constant text
        f"OR EXISTS (SELECT 1 FROM former_owner f WHERE f.camera = c.id AND {former}{speech.fence}))",
        numbers=("c.id",),
        begin=f"WITH found AS MATERIALIZED ({speech.elements('cameras', 'integer')})",
        given={
            "cameras": f"[{joined}]" if embedded else f"{{{joined}}}",
            "owners": speech.array(sorted(departments)),
        },
    )
    return np.sort(found)
