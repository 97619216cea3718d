"""Changes of state of RIS Live, in the form that archives have for them (RFC 6396 section 4.4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.numbers.mrt_subtype import BGP4MP_STATE_CHANGE_AS4
from bgpwire.route import kernels
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from bgpwire.route.kernels import Event, Peer, Route

__all__ = ["STATES", "routes_of", "state_octets"]

STATES: Final = {"down": 1, "connected": 2, "up": 6}
"""The states of RFC 4271 section 8.2.2 by the words of RIS: Idle, Connect, Established."""
_UNKNOWN = 0
"""The state before, which RIS Live does not say."""


def state_octets(state: Any, peer: Peer, microseconds: int) -> bytes:
    """What stands behind the header of a BGP4MP_ET record of subtype BGP4MP_STATE_CHANGE_AS4.

    The collector's own AS number and address, and the state before, are 0: RIS Live does not say them. ValueError for
    a word that is no state.
    """
    new = STATES.get(state) if isinstance(state, str) else None
    if new is None:
        said = repr(state) if isinstance(state, str) else state.__class__.__name__
        raise ValueError(f"{said} is none of {', '.join(STATES)}")
    address = bytes(peer.address or bytes(4))
    afi = AFI_IPV4 if len(address) == 4 else AFI_IPV6
    numbers = microseconds.to_bytes(4) + peer.asn.to_bytes(4) + bytes(4) + bytes(2) + afi.to_bytes(2)
    return numbers + address + bytes(len(address)) + _UNKNOWN.to_bytes(2) + new.to_bytes(2)


def routes_of(event: Event) -> list[Route]:
    """As :func:`bgpwire.routes_of`, and of a change of state a route of type ``"S"``, as archives give it.

    The first of its ``states`` is 0, unknown. :class:`bgpwire.DecodeError` as there.
    """
    if event.mrt_subtype == BGP4MP_STATE_CHANGE_AS4 and event.message is None:
        octets = event.octets
        states = int.from_bytes(octets[-4:-2]), int.from_bytes(octets[-2:])
        return [restore("Route", "S", event, event.peer, None, None, False, None, states)]
    return kernels.routes_of(event)
