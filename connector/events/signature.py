"""The signature of a webhook: hex HMAC-SHA256 of the raw body, keyed with the webhook's own secret.

There is no timestamp in it, so that a replay cannot be told from the signature: the journal does that.
"""

from __future__ import annotations

import hashlib
import hmac

from connector.errors import ForgedWebhook

HEADER = "CloudConvert-Signature"


def sign(raw_body: bytes, secret: str) -> str:
    """The value of the header for this body: 64 lower-case hex digits."""
    return hmac.new(secret.encode(), raw_body, hashlib.sha256).hexdigest()


def verify(raw_body: bytes, header: bytes | str | None, secret: str) -> None:
    """Raise ForgedWebhook unless the header is the signature of these very bytes; never anything else.

    `header` is the header's value as it came, None where there was none.
    """
    given = header.encode("utf-8", "surrogatepass") if isinstance(header, str) else header
    # Bytes, because compare_digest raises TypeError for text that is not ASCII.
    fits = hmac.compare_digest(given or b"", sign(raw_body, secret).encode())
    if not (secret and fits):
        raise ForgedWebhook(
            "The signature of the webhook call is missing or does not fit its body.",
            hint="Check that the signing secret belongs to this webhook, and that nothing in between rewrites the body.",
        )
