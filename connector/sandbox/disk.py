"""What a person hears of a disk that refuses."""

from __future__ import annotations

import errno
import logging

logger = logging.getLogger("connector.sandbox")


def disk_failure(error: Exception) -> tuple[str, str]:
    """The code and the sentence for what the disk did not do."""
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "full" in str(error)
    if full:
        return "OUT_OF_SPACE", "The disk of the sandbox is full; make room and try again."
    logger.error("the disk refused: %s", error)
    return "CONVERSION_FAILED", "The sandbox could not read or write a file on its disk; its log says more."
