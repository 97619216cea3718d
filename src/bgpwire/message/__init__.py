"""BGP messages: :meth:`Message.decode` gives one of the classes below."""

from __future__ import annotations

from bgpwire.message.base import Message, MessageType, UnknownMessage
from bgpwire.message.capability import CapabilityMessage
from bgpwire.message.keepalive import Keepalive
from bgpwire.message.notification import Notification
from bgpwire.message.open import Open
from bgpwire.message.route_refresh import RouteRefresh, RouteRefreshCisco
from bgpwire.message.update import Update

__all__ = [
    "CapabilityMessage",
    "Keepalive",
    "Message",
    "MessageType",
    "Notification",
    "Open",
    "RouteRefresh",
    "RouteRefreshCisco",
    "UnknownMessage",
    "Update",
]
