"""CloudConvert as a connector: `from connector import Connection, run`.

What runs modules is imported when it is first asked for: the sandbox and the command line start without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    ConversionFailed,
    CreditsExceeded,
    ForgedWebhook,
    InputError,
    LimitReached,
    NetworkError,
    NoAnswer,
    NotFound,
    OutOfSpace,
    ProtocolError,
    RateLimited,
    TemporaryError,
    TransferError,
    WaitExceeded,
)
from connector.version import __version__

if TYPE_CHECKING:
    from connector.bulk import Outcome, run_many
    from connector.connection import Connection
    from connector.facade import run
    from connector.runtime import Items, Progress, Record

_LATER = {
    "Connection": "connector.connection",
    "Items": "connector.runtime",
    "Outcome": "connector.bulk",
    "Progress": "connector.runtime",
    "Record": "connector.runtime",
    "run": "connector.facade",
    "run_many": "connector.bulk",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'connector' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


__all__ = [
    "Connection",
    "ConnectionInvalid",
    "ConnectorError",
    "ConversionFailed",
    "CreditsExceeded",
    "ForgedWebhook",
    "InputError",
    "Items",
    "LimitReached",
    "NetworkError",
    "NoAnswer",
    "NotFound",
    "OutOfSpace",
    "Outcome",
    "Progress",
    "ProtocolError",
    "RateLimited",
    "Record",
    "TemporaryError",
    "TransferError",
    "WaitExceeded",
    "__version__",
    "run",
    "run_many",
]
