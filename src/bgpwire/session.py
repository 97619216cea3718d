"""What two OPENs agreed on: everything a decoder must know that the octets themselves do not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import FAMILY_LIMITS, IPV4_UNICAST, numbers_of
from bgpwire.every_family import EveryFamily
from bgpwire.immutable import Immutable, fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire.afi_safi import Family
    from bgpwire.message.open import Open


class Provenance(StrEnum):
    """Where a piece of context comes from. Nothing is guessed unless a caller asks for it."""

    GIVEN = "given"
    NEGOTIATED = "negotiated"
    GUESSED = "guessed"


_NOTHING: frozenset[Any] = frozenset()


class _Kept(Immutable):
    """Keeps what :meth:`Session.reversed` and :meth:`Session.sending` gave: each message that is sent asks for it. No
    fields of the session."""

    __slots__ = ("_reversed", "_sending")
    _reversed: Session
    _sending: tuple[bool, bool, int, Session] | None


@dataclass(frozen=True, slots=True)
class Session(_Kept):
    """The context in which the octets of one direction of a session are read.

    ``add_path`` names the (AFI, SAFI) pairs whose NLRI arrive with a path identifier (RFC 7911),
    ``add_path_send`` those of the other direction; ``extended_next_hop`` the (AFI, SAFI, next-hop AFI)
    triples of RFC 8950; ``max_message`` is 65535 with ``extended_message`` (RFC 8654), else 4096.
    ``multiple_labels`` names the families whose NLRI may carry several labels, in both directions (RFC 8277
    section 2.1); ``label_limits`` are (AFI, SAFI, count) triples of the most labels that the receiver of the
    direction decoded can process, ``label_limits_send`` those of the other direction. A family without a triple
    has no limit.
    ``ibgp`` is ``None`` where it is not known.

    Any iterable of such tuples will do and becomes a frozenset; TypeError or ValueError for any other value.
    :data:`bgpwire.every_family.ALL_FAMILIES` is every family, the unregistered too.
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
    multiple_labels: frozenset[tuple[int, int]] = _NOTHING
    label_limits: frozenset[tuple[int, int, int]] = _NOTHING
    label_limits_send: frozenset[tuple[int, int, int]] = _NOTHING

    def __post_init__(self) -> None:
        for name in _SETS:
            value = getattr(self, name)
            if value is _NOTHING or (value is None and name == "families"):
                continue
            fill(self, name, _tuples(name, value))

    @property
    def max_message(self) -> int:
        """The largest message in octets, header included (RFC 4271 section 4.1, RFC 8654 section 4)."""
        return 65535 if self.extended_message else 4096

    def reversed(self) -> Session:
        """The same session as its other end reads it."""
        try:
            return self._reversed
        except AttributeError:
            found = self._turned()
        fill(self, "_reversed", found)
        return found

    def _turned(self) -> Session:
        return replace(
            self,
            add_path=self.add_path_send,
            add_path_send=self.add_path,
            label_limits=self.label_limits_send,
            label_limits_send=self.label_limits,
            local_asn=self.peer_asn,
            peer_asn=self.local_asn,
        )

    def sending(self) -> tuple[bool, bool, int, Session] | None:
        """What the octets of an announcement of IPv4 unicast depend on: whether AS numbers have 4 octets, whether
        routes have path identifiers, how many octets a message has at most, and :meth:`reversed`. ``None`` where they
        depend on more: towards an internal peer, and where the family was not negotiated."""
        try:
            return self._sending
        except AttributeError:
            found = None
        if not self.ibgp and (self.families is None or IPV4_UNICAST in self.families):
            found = self.asn4, IPV4_UNICAST in self.add_path_send, self.max_message, self.reversed()
        fill(self, "_sending", found)
        return found

    @classmethod
    def with_add_path(cls, *families: tuple[int, int], **fields: Any) -> Session:
        """A session whose listed families carry path identifiers in the direction that is decoded."""
        return cls(add_path=frozenset((int(afi), int(safi)) for afi, safi in families), **fields)

    @classmethod
    def from_opens(cls, sent: Open, received: Open) -> Session:
        """The session that the OPEN we ``sent`` and the one we ``received`` negotiate (RFC 5492).

        The result reads what the sender of ``received`` sends; :meth:`reversed` reads the other direction.
        ADD-PATH follows RFC 7911 section 4: a family's NLRI from the peer carry path identifiers when the
        peer said "send" (2) or "both" (3) and we said "receive" (1) or "both". Several labels take both sides
        (RFC 8277 section 2.1); our count bounds what the peer sends, the peer's what we send.
        """
        ours, theirs = sent.add_path, received.add_path
        labels, peer_labels = sent.multiple_labels, received.multiple_labels
        multiple = labels.keys() & peer_labels.keys()
        families = _families(sent) & _families(received)
        return cls(
            asn4=sent.asn4 is not None and received.asn4 is not None,
            add_path=frozenset(f for f in ours if ours[f] & 1 and theirs.get(f, 0) & 2),
            add_path_send=frozenset(f for f in ours if ours[f] & 2 and theirs.get(f, 0) & 1),
            extended_next_hop=sent.extended_next_hop & received.extended_next_hop,
            extended_message=sent.extended_message and received.extended_message,
            multiple_labels=frozenset(multiple),
            label_limits=_limits(labels, multiple),
            label_limits_send=_limits(peer_labels, multiple),
            families=frozenset(families),
            ibgp=sent.effective_asn == received.effective_asn,
            local_asn=sent.effective_asn,
            peer_asn=received.effective_asn,
            hold_time=min(sent.hold_time, received.hold_time),
            asn4_from=Provenance.NEGOTIATED,
            add_path_from=Provenance.NEGOTIATED,
        )


type _Form = tuple[str, tuple[int, ...]]
_PAIRS: _Form = ("(AFI, SAFI) pairs", FAMILY_LIMITS)
_COUNTS: _Form = ("(AFI, SAFI, count) triples", (*FAMILY_LIMITS, 0xFF))
_SETS: dict[str, _Form] = {
    "add_path": _PAIRS,
    "add_path_send": _PAIRS,
    "extended_next_hop": ("(AFI, SAFI, next-hop AFI) triples", (0xFFFF, 0xFFFF, 0xFFFF)),
    "families": _PAIRS,
    "multiple_labels": _PAIRS,
    "label_limits": _COUNTS,
    "label_limits_send": _COUNTS,
}
"""The fields that are sets: what of, and the largest value of each member."""


def _tuples(name: str, value: Any) -> frozenset[Any]:
    """The value of a field of :data:`_SETS` as a frozenset of tuples of ints. TypeError or ValueError for others."""
    kind, limits = form = _SETS[name]
    if isinstance(value, EveryFamily) and form is _PAIRS:
        return value
    if type(value) is frozenset and not value:
        return value
    if isinstance(value, (str, bytes, bytearray, dict)):
        raise TypeError(f"{name} is a set of {kind}, not {value!r}; Family.parse reads the name of a family")
    found = set()
    try:
        for item in value:
            numbers = numbers_of(item, limits)
            if numbers is None:
                raise ValueError(f"{name} is a set of {kind}, not {item!r}")
            found.add(numbers)
    except TypeError:
        raise TypeError(f"{name} is a set of {kind}; Family.parse reads the name of a family") from None
    return value if type(value) is frozenset and value == found else frozenset(found)


def _families(message: Open) -> set[tuple[int, int]]:
    """RFC 4760 section 8: without the capability, a speaker does IPv4 unicast alone."""
    announced: Iterable[tuple[int, int]] = message.families
    return set(announced) or {IPV4_UNICAST}


def _limits(counts: Mapping[Family, int], families: Iterable[Family]) -> frozenset[tuple[int, int, int]]:
    """RFC 8277 section 2.1: a count of 255 is no limit."""
    return frozenset((*family, counts[family]) for family in families if counts[family] < 255)


DEFAULT_SESSION = Session()
