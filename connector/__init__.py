"""CloudConvert as a connector: `from connector import Connection, run`."""

from connector.connection import Connection
from connector.errors import (
    ConnectionInvalid,
    ConnectorError,
    ConversionFailed,
    CreditsExceeded,
    ForgedWebhook,
    InputError,
    LimitReached,
    NetworkError,
    NotFound,
    OutOfSpace,
    ProtocolError,
    RateLimited,
    TemporaryError,
    TransferError,
    WaitExceeded,
)
from connector.facade import run
from connector.runtime import Progress, Record
from connector.version import __version__

__all__ = [
    "Connection",
    "ConnectionInvalid",
    "ConnectorError",
    "ConversionFailed",
    "CreditsExceeded",
    "ForgedWebhook",
    "InputError",
    "LimitReached",
    "NetworkError",
    "NotFound",
    "OutOfSpace",
    "Progress",
    "ProtocolError",
    "RateLimited",
    "Record",
    "TemporaryError",
    "TransferError",
    "WaitExceeded",
    "__version__",
    "run",
]
