"""PostgreSQL's own programs: what they must be told to reach the database that a URL names."""

import psycopg
from sqlalchemy.engine import make_url


def environment(url: str) -> dict[str, str]:
    """The variables (`PGHOST`, `PGPASSWORD` ...) that lead psql, pg_dump and the like to the database at `url`.

    In the environment, and not on the command line, which everybody on the machine can read.
    """
    parsed = make_url(url)
    names = {option.keyword.decode(): option.envvar for option in psycopg.pq.Conninfo.get_defaults()}
    given = parsed.translate_connect_args(username="user", database="dbname") | dict(parsed.query)
    return {variable.decode(): str(value) for key, value in given.items() if (variable := names.get(key)) is not None}
