"""Two connections with the same peer: which one stays (RFC 4271 section 6.8, RFC 6286 section 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.peer.state import State

if TYPE_CHECKING:
    from bgpwire.message import Open
    from bgpwire.peer.machine import Machine


class Collisions:
    """The connections of one speaker. Machines that share one find out that they have the same peer.

    What is the same peer is told by its address and its BGP identifier: who has another address cannot end a session.
    """

    def __init__(self) -> None:
        self._machines: dict[str, list[Machine]] = {}

    def join(self, machine: Machine) -> None:
        """``machine`` has a connection from now on."""
        found = self._machines.setdefault(machine.remote, [])
        if machine not in found:
            found.append(machine)

    def leave(self, machine: Machine) -> None:
        """It has none any more."""
        found = self._machines.get(machine.remote, [])
        if machine in found:
            found.remove(machine)
        if not found:
            self._machines.pop(machine.remote, None)

    def rival(self, machine: Machine, received: Open) -> Machine | None:
        """The machine that has the same peer as the sender of the OPEN that ``machine`` has just received."""
        for other in self._machines.get(machine.remote, ()):
            if other is not machine and other.state in (State.OPEN_CONFIRM, State.ESTABLISHED):
                theirs = other.received_open
                if theirs is not None and theirs.bgp_id == received.bgp_id:
                    return other
        return None


def stays(machine: Machine, rival: Machine, received: Open) -> bool:
    """Whether ``machine``, whose OPEN came last, stays, and ``rival`` goes.

    A session that is in use stays. Otherwise the connection stays that the speaker with the higher BGP identifier made,
    or of equal ones that with the larger AS number; of two that the same speaker made, the older.

    "In use" is narrower than established: of two connections that begin at the same time each side may see another one
    established first, and each would end the other's. As long as the peer has sent no routes both go by the identifiers
    (the CollisionDetectEstablishedState of RFC 4271 section 8.1.1).
    """
    if rival.used or machine.outgoing == rival.outgoing:
        return False
    sent = machine.sent_open
    ours = int.from_bytes(bytes(sent.bgp_id)), sent.effective_asn
    theirs = int.from_bytes(bytes(received.bgp_id)), received.effective_asn
    return machine.outgoing == (ours > theirs)
