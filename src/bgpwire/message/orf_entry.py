"""The entries of outbound route filters: an octet that says what to do, and fields that the type of the filter has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Community, ExtendedCommunity
from bgpwire.errors import DecodeError
from bgpwire.extended_community.base import extended_community, mac
from bgpwire.field import (
    Field,
    cases,
    depends,
    ipv4,
    ipv6,
    prefix,
    raw,
    record,
    repeat,
    reserved,
    sized,
    text,
    turned,
    u8,
    u32,
)
from bgpwire.field.base import members_of
from bgpwire.field.number import number_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk

REMOVE_ALL: Final = "remove_all"
_ACTIONS: Final[dict[int, str | int]] = {0: "add", 1: "remove", 2: REMOVE_ALL}
"""RFC 5291 section 4; 3 is not assigned."""
_FRR_ACTIONS: Final[dict[int, str | int]] = {0: "add", 2: "remove", 3: REMOVE_ALL}
"""What FRR sends (ORF_COMMON_PART_… in its bgp_packet.h): octets 0x00, 0x80 and 0xC0."""
_MATCHES: Final = ("permit", "deny")
_DENY: Final = 0x20
_RESERVED: Final = 0x1F


class ActionOctet(Field):
    """Action (2 bits), match (1) and reserved bits (5): RFC 5291 section 4. REMOVE-ALL has no match.

    DecodeError for an action that is not among ``actions``; and for reserved bits where these have to be ``clear``.
    """

    __slots__ = ("_numbers",)

    def __init__(self, actions: Mapping[int, str | int], clear: bool = False) -> None:
        def read(reader: Reader) -> dict[str, Any]:
            at = reader.offset
            octet = reader.u8()
            action, rest = octet >> 6, octet & _RESERVED
            if action not in actions or (clear and rest):
                raise DecodeError(f"action {action}, octet 0x{octet:02x}", at)
            out: dict[str, Any] = {"action": actions[action]}
            if out["action"] != REMOVE_ALL:
                out["match"] = _MATCHES[bool(octet & _DENY)]
            return out | {"reserved": rest} if rest else out

        super().__init__(read, exact=False, width=1)
        self._numbers = {name: number for number, name in actions.items()}

    def walk(self, walk: Walk) -> dict[str, Any]:
        found: dict[str, Any] = walk.part("action", lambda inner: self.read(inner.reader), self.to_json)
        return found

    def write(self, writer: Writer, value: Any) -> None:
        match, rest = _MATCHES.index(value.get("match", "permit")), value.get("reserved", 0)
        if not 0 <= rest <= _RESERVED:
            raise ValueError(f"reserved bits {rest}")
        writer.u8(self._numbers[value["action"]] << 6 | match * _DENY | rest)

    def from_json(self, form: Any) -> dict[str, Any]:
        return dict(members_of(form))

    def schema(self) -> dict[str, Any]:
        members = {
            "action": {"enum": [*self._numbers]},
            "match": {"enum": [*_MATCHES]},
            "reserved": number_schema(5),
        }
        return {"type": "object", "properties": members, "required": ["action"]}


_AFIS: Final = (0, 1, 2)
"""IPv4, IPv6, and all others."""
_community: Final = turned(u32, Community.from_int, int, Community, {"$ref": "#/$defs/community"}, exact=True)


def _target_text(wire: bytes) -> str:
    """A route target as text; 8 octets in hex where their text does not lead back to them, as of other communities."""
    shown = str(ExtendedCommunity.from_bytes(wire))
    try:
        if bytes(ExtendedCommunity(shown)) == wire:
            return shown
    except ValueError:
        pass
    return f"0x{wire.hex()}"


_target: Final = turned(raw(8), _target_text, lambda name: bytes(ExtendedCommunity(name)), schema=text.schema())
_RANGE: Final[dict[str, Field]] = {"sequence": u32, "minimum": u8, "maximum": u8}
_as_path: Final = record(sequence=u32, as_path=sized(text, 2))
"""draft-ietf-idr-aspath-orf section 3: a regular expression behind its length."""
_absent: Final = reserved(0)
_HOSTS: Final[dict[int, Field]] = {
    0: depends(lambda entry: mac if entry["route_type"] == 2 else _absent, mac),
    1: ipv4,
    2: ipv6,
}


def _covering_prefix(afi: int) -> Field:
    """RFC 7543 section 2: the host address is as long as the family has it."""
    return record(**_RANGE, vpn_route_target=_target, import_route_target=_target, route_type=u8, host=_HOSTS[afi])


# Types 1 to 3 are of draft-ietf-idr-route-filter: one prefix or community an entry.
_BY_TYPE: Final[dict[tuple[int, int], Field]] = {
    **{(1, afi): record(prefix=prefix(afi)) for afi in (1, 2)},
    **{(2, afi): record(community=_community) for afi in _AFIS},
    **{(3, afi): record(community=extended_community) for afi in _AFIS},
    **{(kind, afi): _as_path for kind in (9, 68) for afi in _AFIS},
    # RFC 5292 section 3; Cisco's type 128 is the same.
    **{(kind, afi): record(**_RANGE, prefix=prefix(afi)) for kind in (64, 128) for afi in (1, 2)},
    **{(65, afi): _covering_prefix(afi) for afi in _AFIS},
}
_NOTHING: Final = record()


def _entries(action: Field) -> dict[tuple[int, int], Field]:
    """Entries until the octets end, by the type of the filter and the AFI; REMOVE-ALL has no more than its octet."""

    def entries(rest: Field) -> Field:
        return repeat(cases(action, lambda head: _NOTHING if head["action"] == REMOVE_ALL else rest, rest, _NOTHING))

    return {key: entries(rest) for key, rest in _BY_TYPE.items()}


_RFC5291: Final = _entries(ActionOctet(_ACTIONS))
_ANY: Final = _entries(ActionOctet(_ACTIONS | {3: 3}))
_FRR: Final = {key: field for key, field in _entries(ActionOctet(_FRR_ACTIONS, True)).items() if key[0] in (64, 128)}
"""FRR has these types alone, and leaves the reserved bits clear."""


def entries_of(kind: int, afi: int) -> tuple[Field, Field, Field | None] | None:
    """The entries of a filter of type ``kind``: by the numbers that RFC 5291 has for actions, by these and the one that
    is not assigned, and by those of FRR, ``None`` where FRR has no such filter. ``None`` for a type that is not known.
    """
    key = kind, afi if afi in _AFIS else 0
    return (_RFC5291[key], _ANY[key], _FRR.get(key)) if key in _RFC5291 else None
