"""The hook: an Airflow connection as one of the connector's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from airflow.sdk.bases.hook import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from connector.connection import Connection
from connector.connection.check import check
from connector.connection.record import SavedConnection
from connector.errors import ConnectorError, TemporaryError
from connector.hosts.airflow.form import CONNECTION_TYPE, DEFAULT_ID, connection_of


class CloudConvertHook(BaseHook):
    """Signs in with the Airflow connection `cloudconvert_conn_id`."""

    conn_name_attr = "cloudconvert_conn_id"
    default_conn_name = DEFAULT_ID
    conn_type = CONNECTION_TYPE
    hook_name = "CloudConvert"

    def __init__(self, cloudconvert_conn_id: str = DEFAULT_ID, **rest: Any) -> None:
        super().__init__(**rest)
        self.cloudconvert_conn_id = cloudconvert_conn_id

    def get_conn(self) -> Connection:
        """The connector's connection; use it as a context manager. Raises ConnectorError."""
        return Connection.from_record(self.record())

    async def aget_conn(self) -> Connection:
        """The same inside a trigger, where the blocking look-up could stop the loop for good."""
        return Connection.from_record(_record(await self.aget_connection(self.cloudconvert_conn_id)))

    def record(self) -> SavedConnection:
        """What the form of the Airflow connection says."""
        return _record(self.get_connection(self.cloudconvert_conn_id))

    def test_connection(self) -> tuple[bool, str]:
        """What the Test button shows: whose account it is, and which scopes are missing."""
        try:
            record = self.record()
            with Connection.from_record(record) as connection:
                found = check(connection.api, record.environment)
        except ConnectorError as error:
            return False, sentence(error)
        missing = f" Missing scopes: {', '.join(found.missing())}." if found.missing() else ""
        return True, f"Signed in as {found.whose()}.{missing}"


def _record(connection: Any) -> SavedConnection:
    return connection_of(connection.conn_id, connection.password, connection.extra_dejson)


def sentence(error: ConnectorError) -> str:
    """The error with what to do next, for the log and the Test button."""
    return f"{error} {error.hint}".rstrip()


@contextmanager
def told() -> Iterator[None]:
    """Errors as Airflow understands them: a task is tried again only where that can help."""
    try:
        yield
    except TemporaryError as error:
        raise AirflowException(sentence(error)) from None
    except ConnectorError as error:
        raise AirflowFailException(sentence(error)) from None
