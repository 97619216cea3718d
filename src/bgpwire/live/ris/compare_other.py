"""Whether the fields of an OPEN or a NOTIFICATION of RIS Live and its octets say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address
from bgpwire.live.ris.build import notification_of
from bgpwire.live.ris.compare import Difference
from bgpwire.live.ris.fields import number
from bgpwire.message import Notification, Open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bgpwire.message import Message

__all__ = ["other_differences"]


def other_differences(
    data: Mapping[str, Any], message: Message, on_fault: Callable[[str, str], object]
) -> Iterator[Difference]:
    """Where the fields that are there and ``message`` differ. A field that has a value it cannot have goes to
    ``on_fault(field, reason)``. Capabilities are not compared."""
    for field, read, found in _fields(message):
        if data.get(field) is None:
            continue
        try:
            said = read(data)
        except (ValueError, TypeError, KeyError) as error:
            on_fault(field, f"{error.__class__.__name__}: {error}")
            continue
        if said != found:
            yield Difference(field, _text(said), _text(found))


def _fields(message: Message) -> Iterator[tuple[str, Callable[[Mapping[str, Any]], Any], Any]]:
    """Name, how it is read, and what the message says."""
    if isinstance(message, Notification):
        yield "notification", notification_of, (message.code, message.subcode, message.reason_data)
    elif isinstance(message, Open):
        yield "version", lambda data: number(data["version"], 8), message.version
        yield "asn", lambda data: number(data["asn"]), message.effective_asn
        yield "hold_time", lambda data: number(data["hold_time"], 16), message.hold_time
        yield "router_id", lambda data: Address(data["router_id"]), message.bgp_id


def _text(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    code, subcode, octets = value
    return f"{code}/{subcode} {octets.hex()}".rstrip()
