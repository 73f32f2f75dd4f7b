"""Events of jobs and tasks: received by a webhook or polled, told from forgeries and repetitions, handed on once."""

from connector.events.event import KINDS, Event, Kind, events_of
from connector.events.handing import Handler, Handover
from connector.events.journal import Journal
from connector.events.polling import Poller, poll
from connector.events.receiver import Receiver
from connector.events.signature import sign, verify
from connector.events.subscription import Subscription, Webhook

__all__ = [
    "KINDS",
    "Event",
    "Handler",
    "Handover",
    "Journal",
    "Kind",
    "Poller",
    "Receiver",
    "Subscription",
    "Webhook",
    "events_of",
    "poll",
    "sign",
    "verify",
]
