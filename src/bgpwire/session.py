"""What two OPENs agreed on: everything a decoder must know that the octets themselves do not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from operator import index
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Afi, Safi

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire.message.open import Open


class Provenance(StrEnum):
    """Where a piece of context comes from. Nothing is guessed unless a caller asks for it."""

    GIVEN = "given"
    NEGOTIATED = "negotiated"
    GUESSED = "guessed"


_NOTHING: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Session:
    """The context in which the octets of one direction of a session are read.

    ``add_path`` names the (AFI, SAFI) pairs whose NLRI arrive with a path identifier (RFC 7911),
    ``add_path_send`` those of the other direction; ``extended_next_hop`` the (AFI, SAFI, next-hop AFI)
    triples of RFC 8950; ``max_message`` is 65535 with ``extended_message`` (RFC 8654), else 4096.
    ``ibgp`` is ``None`` where nobody knows.

    Any iterable of such tuples will do and becomes a frozenset; TypeError or ValueError for what is none.
    """

    asn4: bool = True
    add_path: frozenset[tuple[int, int]] = _NOTHING
    add_path_send: frozenset[tuple[int, int]] = _NOTHING
    extended_next_hop: frozenset[tuple[int, int, int]] = _NOTHING
    extended_message: bool = False
    families: frozenset[tuple[int, int]] | None = None
    ibgp: bool | None = None
    local_asn: int | None = None
    peer_asn: int | None = None
    hold_time: int | None = None
    asn4_from: Provenance = Provenance.GIVEN
    add_path_from: Provenance = Provenance.GIVEN

    def __post_init__(self) -> None:
        paths, back, families = self.add_path, self.add_path_send, self.families
        if paths is not _NOTHING and paths is not ALL_FAMILIES:
            object.__setattr__(self, "add_path", _tuples("add_path", paths))
        if back is not _NOTHING:
            object.__setattr__(self, "add_path_send", _tuples("add_path_send", back))
        if families is not None:
            object.__setattr__(self, "families", _tuples("families", families))
        if self.extended_next_hop is not _NOTHING:
            triples = _tuples("extended_next_hop", self.extended_next_hop, _TRIPLE)
            object.__setattr__(self, "extended_next_hop", triples)

    @property
    def max_message(self) -> int:
        """The largest message in octets, header included (RFC 4271 section 4.1, RFC 8654 section 4)."""
        return 65535 if self.extended_message else 4096

    def reversed(self) -> Session:
        """The same session as its other end reads it."""
        return replace(
            self,
            add_path=self.add_path_send,
            add_path_send=self.add_path,
            local_asn=self.peer_asn,
            peer_asn=self.local_asn,
        )

    @classmethod
    def with_add_path(cls, *families: tuple[int, int], **fields: Any) -> Session:
        """A session whose listed families carry path identifiers in the direction that is decoded."""
        return cls(add_path=frozenset((int(afi), int(safi)) for afi, safi in families), **fields)

    @classmethod
    def from_opens(cls, sent: Open, received: Open) -> Session:
        """The session that the OPEN we ``sent`` and the one we ``received`` negotiate (RFC 5492).

        The result reads what the sender of ``received`` sends; :meth:`reversed` reads the other direction.
        ADD-PATH follows RFC 7911 section 4: a family's NLRI from the peer carry path identifiers when the
        peer said "send" (2) or "both" (3) and we said "receive" (1) or "both".
        """
        ours, theirs = sent.add_path, received.add_path
        families = _families(sent) & _families(received)
        return cls(
            asn4=sent.asn4 is not None and received.asn4 is not None,
            add_path=frozenset(f for f in ours if ours[f] & 1 and theirs.get(f, 0) & 2),
            add_path_send=frozenset(f for f in ours if ours[f] & 2 and theirs.get(f, 0) & 1),
            extended_next_hop=sent.extended_next_hop & received.extended_next_hop,
            extended_message=sent.extended_message and received.extended_message,
            families=frozenset(families),
            ibgp=sent.effective_asn == received.effective_asn,
            local_asn=sent.effective_asn,
            peer_asn=received.effective_asn,
            hold_time=min(sent.hold_time, received.hold_time),
            asn4_from=Provenance.NEGOTIATED,
            add_path_from=Provenance.NEGOTIATED,
        )


_PAIR, _TRIPLE = (0xFFFF, 0xFF), (0xFFFF, 0xFFFF, 0xFFFF)


def _tuples(name: str, value: Any, limits: tuple[int, ...] = _PAIR) -> frozenset[Any]:
    """The value of a field as a frozenset of tuples of ints; ``limits`` are the largest value of each.

    TypeError, ValueError: it is none.
    """
    if type(value) is frozenset and not value:
        return value
    kind = "(AFI, SAFI) pairs" if len(limits) == 2 else "(AFI, SAFI, next-hop AFI) triples"
    if isinstance(value, (str, bytes, bytearray, dict)):
        raise TypeError(f"{name} is a set of {kind}, as in {{(1, 1)}}, not {value!r}; Family.parse reads a name")
    try:
        found = frozenset(tuple(index(number) for number in item) for item in value)
    except TypeError:
        raise TypeError(f"{name} is a set of {kind}, as in {{(1, 1)}}; Family.parse reads a name") from None
    for item in found:
        if len(item) != len(limits) or not all(0 <= n <= most for n, most in zip(item, limits, strict=True)):
            raise ValueError(f"{name} is a set of {kind}, and {item!r} is none")
    return value if type(value) is frozenset and value == found else found


def _families(message: Open) -> set[tuple[int, int]]:
    """RFC 4760 section 8: without the capability, a speaker does IPv4 unicast alone."""
    announced: Iterable[tuple[int, int]] = message.families
    return set(announced) or {(1, 1)}


ALL_FAMILIES: frozenset[tuple[int, int]] = frozenset((int(afi), int(safi)) for afi in Afi for safi in Safi)
"""Every family there is: what an ADD-PATH subtype of MRT says of its message (RFC 8050 section 3)."""
DEFAULT_SESSION = Session()
