"""The database that a ledger lies in: a SQLite file on one machine, or any database by its URL."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from connector.bulk.tables import metadata
from connector.errors import ConnectorError, InputError, TemporaryError
from connector.redact import redact

_PATIENCE = 30  # seconds that another process may hold the file


class Database:
    """The database at a path or URL, with the ledger's tables. Can be shared by threads.

    Raises InputError for an address that is none, ConnectorError where it cannot be used.
    """

    def __init__(self, where: str | PathLike[str]) -> None:
        text = os.fspath(where)
        self.path = None if "://" in text else Path(text).expanduser()
        self.shown = str(self.path) if self.path else redact(text)
        # SQLite lets one write at a time; waiting for each other here is quicker than its own way of asking again.
        self._turn: contextlib.AbstractContextManager[Any] = (
            threading.RLock() if self.path else contextlib.nullcontext()
        )
        with self._sentences():
            self.engine = _file(self.path) if self.path else _server(text)
            _make_tables(self.engine)

    @contextlib.contextmanager
    def begin(self) -> Iterator[sa.engine.Connection]:
        """A transaction, written when the context ends well."""
        with self._sentences(), self._turn, self.engine.begin() as connection:
            yield connection

    def insert(self, table: sa.Table) -> Any:
        """An INSERT that can be told to leave alone what is there already (`on_conflict_do_nothing`)."""
        from sqlalchemy.dialects import postgresql, sqlite

        return (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(table)

    def close(self) -> None:
        """Close all connections to it."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Errors of the database and the file system, as sentences."""
        try:
            yield
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise InputError(
                f"The ledger's address {self.shown!r} cannot be used: {redact(str(error))[:150]}.",
                fields={"ledger": "is no address of a database"},
                hint="Give a file, or an address such as postgresql+psycopg://user@host/database (needs the package psycopg).",
            ) from error
        except sa.exc.OperationalError as error:
            raise TemporaryError(
                f"The ledger {self.shown} cannot be used at the moment: {_reason(error)}.",
                hint="What was noted so far is kept; run it again when the database can be reached.",
            ) from error
        except SQLAlchemyError as error:
            raise ConnectorError(
                f"{self.shown} cannot be used as a ledger: {_reason(error)}.",
                hint="Move it away or choose another place; a new ledger does not know what was done before.",
            ) from error
        except OSError as error:
            raise InputError(
                f"The ledger {self.shown} cannot be used: {error.strerror or error}.",
                fields={"ledger": "cannot be used"},
            ) from error


def _make_tables(engine: sa.engine.Engine) -> None:
    try:
        metadata.create_all(engine)
    except SQLAlchemyError:
        metadata.create_all(engine)  # another process has made them in between; whatever else is wrong is so again


def _reason(error: SQLAlchemyError) -> str:
    return redact(str(getattr(error, "orig", None) or error)).strip().splitlines()[0][:200].rstrip(".")


def _file(path: Path) -> sa.engine.Engine:
    """Only the owner may read it, since forms may hold secrets; SQLite gives its side files the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    url = sa.engine.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(url, future=True, connect_args={"timeout": _PATIENCE})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    return engine


def _server(url: str) -> sa.engine.Engine:
    return sa.create_engine(url, future=True, pool_pre_ping=True, pool_size=8, max_overflow=64)
