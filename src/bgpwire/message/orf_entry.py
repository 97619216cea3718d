"""One entry of an outbound route filter: what it does (RFC 5291 section 4), and what its type adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Community, ExtendedCommunity
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import DecodeError
from bgpwire.extended_community.base import extended_community, mac
from bgpwire.field import Field, depends, ipv4, ipv6, prefix, raw, record, reserved, sized, text, turned, u8, u32
from bgpwire.field.base import integer_of, members_of

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer

ACTIONS: Final[dict[int, str | int]] = {0: "add", 1: "remove", 2: "remove_all"}
"""RFC 5291 section 4; 3 is not assigned."""
ANY_ACTION: Final[dict[int, str | int]] = {**ACTIONS, 3: 3}
FRR_ACTIONS: Final[dict[int, str | int]] = {0: "add", 2: "remove", 3: "remove_all"}
"""What FRR sends (ORF_COMMON_PART_… in its bgp_packet.h): octets 0x00, 0x80 and 0xC0."""
_DENY, _RESERVED = 0x20, 0x1F


class Entry(Field):
    """Action (2 bits), match (1), reserved (5), then what ``kind`` reads; REMOVE-ALL has nothing behind.

    ``actions`` are the numbers and their names; FRR leaves the reserved bits clear. The value is the JSON form.
    :class:`bgpwire.DecodeError` for an action that has no number.
    """

    __slots__ = ("_kind", "_numbers")

    def __init__(self, kind: Field, actions: Mapping[int, str | int]) -> None:
        fields, frr = kind.read, actions is FRR_ACTIONS

        def read(reader: Reader) -> dict[str, Any]:
            at = reader.offset
            head = reader.u8()
            action = head >> 6
            if action not in actions or (frr and head & _RESERVED):
                raise DecodeError(f"action {action}, octet 0x{head:02x}", at)
            out: dict[str, Any] = {"action": actions[action]}
            alone = out["action"] == "remove_all"
            if not alone:
                out["match"] = "deny" if head & _DENY else "permit"
            if head & _RESERVED:
                out["reserved"] = head & _RESERVED
            return out if alone else out | kind.to_json(fields(reader))

        super().__init__(read, exact=False)
        self._kind = kind
        self._numbers = {name: number for number, name in actions.items()}

    def write(self, writer: Writer, value: Any) -> None:
        rest = dict(members_of(value))
        action, match, spare = rest.pop("action"), rest.pop("match", "permit"), integer_of(rest.pop("reserved", 0))
        if action not in self._numbers or match not in ("permit", "deny") or spare > _RESERVED:
            raise ValueError(f"{action!r}, {match!r}, {spare} is no head of an entry")
        writer.u8(self._numbers[action] << 6 | (_DENY if match == "deny" else 0) | spare)
        if action != "remove_all":
            self._kind.write(writer, self._kind.from_json(rest))
        elif rest:
            raise ValueError(f"no such fields: {', '.join(rest)}")

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (("head", u8), ("", self._kind))


def specific(kind: int, afi: int) -> Field | None:
    """The part of an entry that its type defines, in a filter of ``afi``; ``None`` where it is unknown."""
    family = afi if afi in (AFI_IPV4, AFI_IPV6) else 0
    return _KINDS[family].get(kind)


_target = turned(
    raw(8), lambda wire: str(ExtendedCommunity.from_bytes(wire)), lambda text: bytes(ExtendedCommunity(text))
)
"""A route target as text."""
_community = turned(u32, Community.from_int, int, Community)
_as_path = record(sequence=u32, as_path=sized(text, 2))
"""draft-ietf-idr-aspath-orf section 3: sequence, and a regular expression with its length."""
_NONE = reserved(0)
_MAC_ROUTE = 2
_HOSTS: Final[dict[int, Field]] = {
    1: ipv4,
    2: ipv6,
    0: depends(lambda entry: mac if entry["route_type"] == _MAC_ROUTE else _NONE, mac, _NONE),
}
"""RFC 7543 section 2: the host address is as long as the family has it, in EVPN a MAC address or absent."""


def _kinds(family: int) -> dict[int, Field]:
    covering = record(
        sequence=u32,
        minimum=u8,
        maximum=u8,
        vpn_route_target=_target,
        import_route_target=_target,
        route_type=u8,
        host=_HOSTS[family],
    )
    out: dict[int, Field] = {
        # Types 1 to 3 are of draft-ietf-idr-route-filter: one prefix or community an entry.
        2: record(community=_community),
        3: record(community=extended_community),
        9: _as_path,
        65: covering,
        68: _as_path,
    }
    if family:
        # RFC 5292 section 3; Cisco's type 128 is the same.
        address_prefix = record(sequence=u32, minimum=u8, maximum=u8, prefix=prefix(family))
        out |= {1: record(prefix=prefix(family)), 64: address_prefix, 128: address_prefix}
    return out


_KINDS: Final = {family: _kinds(family) for family in (0, 1, 2)}
