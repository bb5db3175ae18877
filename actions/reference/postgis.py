"""PostGIS, where the server has it: a geography column with a GiST index on the places.

Passerelle searches its own index, the same on every database; the column serves SQL and GIS
tools on the directory, and the tests, as an oracle of another make.
"""

from __future__ import annotations

import logging

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from actions.reference.transactions import exclusive

_LOG = logging.getLogger(__name__)
_TABLE = "directory_place"
_COLUMN = "position"


def prepare_postgis(engine: Engine) -> bool:
    """Add the geography column where PostGIS is available; return whether it is there.

    On Debian: ``apt install postgresql-15-postgis-3``. The role must be allowed to create
    the extension, unless an administrator did (``CREATE EXTENSION postgis``).
    """
    if engine.dialect.name != "postgresql":
        return False
    if _has_column(engine):
        return True
    with engine.connect() as connection:
        available = connection.scalar(
            text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
        )
    if not available:
        return False
    try:
        with exclusive(engine) as connection:
            for statement in _STATEMENTS:
                connection.execute(text(statement))
    except DBAPIError as error:
        _LOG.info("PostGIS is not used: %s", str(error.orig).splitlines()[0])
        return False
    return True


def _has_column(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(
            connection.scalar(
                text(
                    "SELECT count(*) FROM information_schema.columns"
                    " WHERE table_schema = current_schema()"
                    " AND table_name = :table AND column_name = :column"
                ),
                {"table": _TABLE, "column": _COLUMN},
            )
        )


_STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    f"ALTER TABLE {_TABLE} ADD COLUMN IF NOT EXISTS {_COLUMN} geography(Point, 4326)"
    " GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED",
    f"CREATE INDEX IF NOT EXISTS {_TABLE}_{_COLUMN} ON {_TABLE} USING gist ({_COLUMN})",
)
