"""API v1 in front of v2: programs that were written for the retired API keep working.

`translate` says what job a v1 payload becomes; `Gateway` carries processes out over a connection and remembers them;
`make_app` is the ASGI application that speaks v1. Source of every shape: CloudConvert's conversion guide of API v1 and
its clients of that time.
"""

from connector.hosts.v1.order import Order
from connector.hosts.v1.translate import Translation, translate

__all__ = ["Order", "Translation", "translate"]
