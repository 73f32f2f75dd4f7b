"""A secret never leaves: known values and telling names are masked in every text that goes out.

Two nets. By value: every secret that the connector holds is registered with `remember`, and is masked wherever it
appears, also URL-encoded or in base64. By name: whatever follows `Authorization:`, `Bearer`, `Signature=` and friends is
masked even if nobody registered it.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"

_SECRET_KEY = re.compile(
    r"authorization|cookie|password|passwd|secret|api[-_]?key|access[-_]?key|private[-_]?key|token|signature|signing|verifier"
    r"|credential|temp_url_sig|^policy$|^x-amz-",
    re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"""(?P<name>
        \bBearer\s+
      | \b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic|Digest|Token|ApiKey)\s+)?
      | (?:^|[?&"'\s(\[{,;])(?:X-Amz-[A-Za-z-]+|AWSAccessKeyId|Signature|Policy|temp_url_sig|temp_url_expires|access_token|refresh_token
                  |client_secret|code_verifier|code|api_?key|token|s)["']?\s*[=:]\s*["']?
    )(?P<value>[^\s"'&,;<>\\]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_COOKIES = re.compile(r"""(\b(?:set-)?cookie["']?\s*[:=]\s*["']?)[^"'\r\n]+""", re.IGNORECASE)
_USER_INFO = re.compile(r"""(?<=://)[^/\s@"'<>]+(?=@)""")
_SHORTEST = 6  # a shorter value would mask ordinary words


class Redactor:
    """Knows the secrets of this process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._by_value: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def remember(self, secret: str) -> str:
        """Mask this value from now on; gives it back, so that it can be used in passing."""
        if len(secret) >= _SHORTEST and secret not in self._forms:
            with self._lock:
                self._forms.update(_spellings(secret))
                self._by_value = None
        return secret

    def _known(self) -> re.Pattern[str] | None:
        """One pattern for all of them, made when it is needed: most runs write no text that needs cleaning."""
        with self._lock:
            if self._by_value is None and self._forms:
                # Longest first: where one secret begins with another, the longer one must be masked whole.
                ordered = sorted(self._forms, key=len, reverse=True)
                self._by_value = re.compile("|".join(map(re.escape, ordered)))
            return self._by_value

    def values(self, text: str) -> str:
        """The text with every known secret masked, and nothing else."""
        known = self._known()
        return text if known is None else known.sub(MASK, text)

    def text(self, text: str) -> str:
        """The text with every known secret, and every value with a telling name, masked."""
        text = self.values(text)
        text = _COOKIES.sub(lambda match: match[1] + MASK, _USER_INFO.sub(MASK, text))
        return _BY_NAME.sub(lambda match: match["name"] + MASK, text)

    def data(self, value: object) -> object:
        """The same for JSON-like data: values under telling keys are masked, all texts are cleaned."""
        if isinstance(value, Mapping):
            return {k: MASK if _SECRET_KEY.search(str(k)) and v else self.data(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


def _spellings(secret: str) -> set[str]:
    """How a secret may appear: plain, URL-encoded, as part of a basic-auth header or a repr."""
    encoded = base64.b64encode(secret.encode()).decode()
    return {secret, quote(secret, safe=""), quote_plus(secret), encoded, repr(secret)[1:-1], *_inside_base64(secret)}


def _inside_base64(secret: str) -> set[str]:
    """What base64 makes of the secret behind other text, whose length decides how its bits fall."""
    size = len(secret.encode())
    return {
        base64.b64encode(bytes(before) + secret.encode()).decode()[-(-before * 8 // 6) : (before + size) * 8 // 6]
        for before in range(3)
    }


_process = Redactor()
remember = _process.remember
redact = _process.text
redact_values = _process.values
redact_data = _process.data


_GUARDED = frozenset({"connector", "keyring", "oauthlib", "requests", "requests_oauthlib", "urllib3"})
"""The families of loggers that see secrets: requests-oauthlib logs tokens and client secrets at DEBUG."""


class _Guard:
    """Makes the log records of the guarded families clean from the start.

    A filter on a logger would not see what is logged to the loggers below it, of which a library may make more later.
    """

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, name: str, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(name, *args, **kwargs)
        if name.partition(".")[0] in _GUARDED:
            record.msg, record.args = redact(_message(record)), None
            if record.exc_info:
                record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit are somebody else's mistake, and no reason to fail
        return f"{record.msg} {record.args!r}"


def guard_logging() -> None:
    """See to it that nothing secret is logged by the connector and the libraries it uses. Done once for the process."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Guard):
        logging.setLogRecordFactory(_Guard(make))
