"""Connect to a case system's database: where its address lies, and one transaction that only reads.

The address holds a password, so it stands in a file of its own and in no message. Nothing that
SQLAlchemy or a driver says is passed on: their texts quote addresses, statements and values.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pm_pipeline.errors import PipelineError
from pm_pipeline.ingest.private_files import read_secret

if TYPE_CHECKING:
    import sqlalchemy as sa

# How one unchanging view of all tables is asked for. A database that is not named here, or that does
# not know it, gives each table as it is when it is read.
_ISOLATION: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    "mysql": {"isolation_level": "REPEATABLE READ"},
    "mariadb": {"isolation_level": "REPEATABLE READ"},
    "mssql": {"isolation_level": "SNAPSHOT"},
}
_FIRST: dict[str, tuple[str, ...]] = {
    "sqlite": ("PRAGMA query_only = ON", "BEGIN"), "oracle": ("SET TRANSACTION READ ONLY",),
}


def address_path(key_dir: Path, municipality_id: str, system: str) -> Path:
    """Where the address of the database lies: one line such as ``postgresql://user:…@host/name``."""
    return key_dir / f"{municipality_id}.{system}.url"


@contextmanager
def reading(address: Path) -> Iterator[sa.Connection]:
    """A connection with one transaction that reads; whatever is done in it is rolled back.

    Raises PipelineError for an address that is not there, readable by others or no address, and for
    any failure of the database inside; what the driver said is left out.
    """
    import sqlalchemy as sa

    try:
        text = read_secret(address, "address").decode().strip()
        url = sa.make_url(text)
        engine = sa.create_engine(
            url, poolclass=sa.NullPool, hide_parameters=True, **_read_only_file(url)
        )
    except (sa.exc.ArgumentError, UnicodeDecodeError, ValueError):
        raise PipelineError(
            f"{address}: expected one line with the address of a database, such as "
            "postgresql://user:password@host/name."
        ) from None
    except (ImportError, sa.exc.NoSuchModuleError):
        raise PipelineError(
            f"{address}: the driver of this kind of database is not installed. Install the one that "
            "SQLAlchemy names for it (psycopg2 is there; oracledb for Oracle, pyodbc for SQL Server)."
        ) from None
    dialect = engine.dialect.name
    try:
        with engine.connect() as opened:
            connection = opened.execution_options(**_ISOLATION.get(dialect, {}))
            for statement in _FIRST.get(dialect, ()):
                connection.exec_driver_sql(statement)
            yield connection
            connection.rollback()
    except PipelineError:
        raise
    except (sa.exc.SQLAlchemyError, engine.dialect.loaded_dbapi.Error, OverflowError,
            ValueError) as error:
        cause = getattr(error, "orig", None) or error
        state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
        told = f"{type(cause).__name__}, SQLSTATE {state}" if state else type(cause).__name__
        raise PipelineError(
            f"{address}: the database could not be read ({told}). Check that it can be reached, that "
            "the user may read the tables, and 'part' in the contract. Nothing was registered."
        ) from None
    finally:
        engine.dispose()


def _read_only_file(url: sa.URL) -> dict[str, Any]:
    """SQLite makes a file that is not there; opened to be read only, it does not."""
    if url.get_backend_name() != "sqlite":
        return {}
    import sqlite3

    if not url.database:
        raise ValueError
    file = Path(url.database).absolute().as_uri()
    return {"creator": lambda: sqlite3.connect(f"{file}?mode=ro", uri=True)}
