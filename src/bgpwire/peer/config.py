"""What a speaker says of itself, and what it asks of its peer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bgpwire._impl import Address
from bgpwire.afi_safi import Family, family_of, numbers_of
from bgpwire.capability import Capability, decode_capability
from bgpwire.capability.fields import DIRECTIONS
from bgpwire.capability.session_options import ROLES
from bgpwire.immutable import Immutable, fill
from bgpwire.message.open import Open
from bgpwire.numbers import capability as codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    type AnyFamily = Family | tuple[int, int] | str

_DIRECTIONS = {name: number for number, name in DIRECTIONS.items()}
_ROLES = {name: number for number, name in ROLES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Immutable):
    """One side of a session, as its OPEN has it, and the limits that it keeps.

    Families are written as :class:`bgpwire.Family`, (AFI, SAFI), or text: ``"ipv4-unicast"``, ``"1/128"``.
    ValueError or TypeError for what cannot be sent.
    """

    asn: int
    """This speaker's AS number."""
    bgp_id: Address | str
    """This speaker's BGP identifier, an IPv4 address (RFC 6286)."""
    peer_asn: int | None = None
    """The AS number that the peer must have, else 2/2 (Bad Peer AS); ``None``: any."""
    families: Iterable[AnyFamily] = ((1, 1), (2, 1))
    """Of which routes are exchanged (RFC 4760). A peer without one of them is refused: 2/7."""
    hold_time: int = 90
    """In seconds, 0 or 3 to 65535: the smaller of both sides' counts; 0 is none, and no KEEPALIVEs."""
    least_hold_time: int = 0
    """In seconds: a peer that offers less is refused (2/6). More than 0 refuses 0 too."""
    add_path: Mapping[AnyFamily, str] = field(default_factory=dict)
    """Path identifiers (RFC 7911): ``"receive"``, ``"send"`` or ``"both"`` of a family."""
    extended_messages: bool = True
    """Messages of up to 65,535 octets where the peer knows them too (RFC 8654)."""
    extended_next_hop: Iterable[tuple[int, int, int]] = ()
    """(AFI, SAFI, next-hop AFI) triples (RFC 8950)."""
    multiple_labels: Mapping[AnyFamily, int] = field(default_factory=dict)
    """How many labels a route of a family may have (RFC 8277 section 2.1)."""
    route_refresh: bool = False
    """That this speaker sends its routes once more where it is asked to (RFC 2918): the requests are events."""
    enhanced_route_refresh: bool = False
    """That the peer may frame what it sends once more (RFC 7313)."""
    end_of_rib: bool = True
    """That the peer is to mark the end of its first routes: graceful restart of no family (RFC 4724 section 3)."""
    role: str | None = None
    """``provider``, ``rs_server``, ``rs_client``, ``customer`` or ``peer`` (RFC 9234); where the peer's does not fit:
    2/11."""
    capabilities: Iterable[Capability | tuple[int, bytes]] = ()
    """More of them, as values or pairs of code and octets; they need not be known here."""
    required: Iterable[int] = ()
    """The codes of capabilities without which a peer is refused: 2/7 (RFC 5492 section 5)."""
    asn4: bool = True
    """AS numbers of 4 octets (RFC 6793)."""
    disable_families: bool = False
    """Where the routes of a family cannot be read: whether this family alone is given up (:class:`FamilyDisabled`, RFC
    7606 section 3 j). Otherwise the session is reset."""
    open_time: float = 240.0
    """In seconds: how long the peer may take for its OPEN, the large hold time of RFC 4271 section 8.2.2."""
    connect_time: float = 120.0
    """In seconds: ConnectRetryTime, after which a connection is tried anew (RFC 4271 section 8)."""
    send_hold_time: float | None = None
    """In seconds: how long the peer may take none of what is sent; ``None``: 480, or twice the hold time where that is
    more; 0: for ever (RFC 9687 section 3.3)."""

    def __post_init__(self) -> None:
        fill(self, "families", tuple(dict.fromkeys(map(family, self.families))))
        if not self.families:
            raise ValueError("a session of no families")
        fill(self, "bgp_id", self.bgp_id if isinstance(self.bgp_id, Address) else Address(self.bgp_id))
        fill(self, "add_path", {family(name): way for name, way in self.add_path.items()})
        fill(self, "multiple_labels", {family(name): count for name, count in self.multiple_labels.items()})
        for name in ("extended_next_hop", "capabilities", "required"):
            fill(self, name, tuple(getattr(self, name)))
        if self.peer_asn is not None and not 0 < self.peer_asn <= 0xFFFFFFFF:
            raise ValueError(f"peer_asn is an AS number, not {self.peer_asn}")
        if self.role is not None and self.role not in _ROLES:
            raise ValueError(f"a role is one of {', '.join(_ROLES)}, not {self.role!r}")
        if not 0 <= self.least_hold_time <= 0xFFFF:
            raise ValueError(f"a least hold time of {self.least_hold_time} seconds")
        for name in ("open_time", "connect_time"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is a number of seconds, not {getattr(self, name)!r}")
        if self.send_hold_time is not None and not self.send_hold_time >= 0:
            raise ValueError(f"send_hold_time is a number of seconds, not {self.send_hold_time!r}")
        self.open()

    def __hash__(self) -> int:
        return hash(self.open())

    def open(self) -> Open:
        """The OPEN that says it. ValueError where the capabilities have no room."""
        return Open.build(self.asn, self.bgp_id, self.hold_time, self._capabilities(), asn4=self.asn4)

    def _capabilities(self) -> list[Capability | tuple[int, bytes]]:
        out = [decode_capability(code, data, 0) for code, data in self._declared()]
        return [*out, *self.capabilities]

    def _declared(self) -> Iterator[tuple[int, bytes]]:
        """Code and octets of the capabilities that have a field of their own."""
        for name in self.families:
            afi, safi = family(name)
            yield codes.MULTIPROTOCOL, afi.to_bytes(2) + bytes((0, safi))
        if self.extended_next_hop:
            yield codes.EXTENDED_NEXT_HOP, b"".join(map(_triple, self.extended_next_hop))
        if self.route_refresh:
            yield codes.ROUTE_REFRESH, b""
        if self.enhanced_route_refresh:
            yield codes.ENHANCED_ROUTE_REFRESH, b""
        if self.extended_messages:
            yield codes.EXTENDED_MESSAGE, b""
        if self.end_of_rib:
            yield codes.GRACEFUL_RESTART, b"\0\0"
        if self.add_path:
            yield codes.ADD_PATH, _by_family({name: _direction(way) for name, way in self.add_path.items()})
        if self.multiple_labels:
            yield codes.MULTIPLE_LABELS, _by_family(self.multiple_labels)
        if self.role is not None:
            yield codes.BGP_ROLE, bytes((_ROLES[self.role],))


def family(value: AnyFamily) -> Family:
    """The family of a pair or of its name. ValueError or TypeError for others."""
    return Family.parse(value) if isinstance(value, str) else family_of(value)


def _by_family(counts: Mapping[AnyFamily, int]) -> bytes:
    """AFI, SAFI and an octet of each."""
    out = bytearray()
    for name, count in counts.items():
        afi, safi = family(name)
        out += afi.to_bytes(2) + bytes((safi, count))
    return bytes(out)


def _triple(value: tuple[int, int, int]) -> bytes:
    numbers = numbers_of(value, (0xFFFF, 0xFFFF, 0xFFFF))
    if numbers is None:
        raise ValueError(f"{value!r} is no (AFI, SAFI, next-hop AFI) triple")
    return b"".join(number.to_bytes(2) for number in numbers)


def _direction(way: str) -> int:
    if way not in _DIRECTIONS:
        raise ValueError(f"ADD-PATH is one of {', '.join(_DIRECTIONS)}, not {way!r}")
    return _DIRECTIONS[way]
