"""Outbound route filters inside a ROUTE-REFRESH (RFC 5291 section 4, RFC 5292, RFC 7543)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Community, ExtendedCommunity, Reader
from bgpwire.capability.outbound_route_filtering import ORF_TYPES
from bgpwire.errors import DecodeError
from bgpwire.fields import Field, prefix, to_json

if TYPE_CHECKING:
    from bgpwire._impl import Prefix

WHEN = {1: "immediate", 2: "defer"}
ACTIONS = {0: "add", 1: "remove", 2: "remove_all"}
_HOST_SIZES = {1: 4, 2: 16}


def decode_orf(data: bytes, base: int, afi: int) -> dict[str, Any]:
    """``data`` is what stands behind the first 4 octets of the message's body, at offset ``base``.

    Gives ``when_to_refresh`` and ``filters``, each with a type and its entries, or with its octets and an error.
    :class:`bgpwire.DecodeError` if the length of a list runs over the end.
    """
    reader = Reader(data, 0, None, base)
    when = reader.u8()
    filters = []
    while len(reader):
        kind = reader.u8()
        entries = reader.sub(reader.u16())
        filters.append(_filter(kind, entries, afi))
    return {"when_to_refresh": WHEN.get(when, when), "filters": filters}


def _filter(kind: int, reader: Reader, afi: int) -> dict[str, Any]:
    out: dict[str, Any] = {"type": kind, "name": ORF_TYPES.get(kind, f"orf_{kind}")}
    begin = reader.offset
    read = _specific(kind, afi)
    if read is None:
        return out | {"value": reader.rest().hex()}
    entries = []
    try:
        while len(reader):
            entries.append(_entry(reader, read))
    except DecodeError as error:
        reader.skip(len(reader))
        return out | {"value": reader.since(begin).hex(), "error": error.json()}
    return out | {"entries": entries}


def _entry(reader: Reader, read: Field) -> dict[str, Any]:
    """Action (2 bits), match (1), reserved (5); REMOVE-ALL has nothing behind."""
    head = reader.u8()
    action = head >> 6
    out: dict[str, Any] = {"action": ACTIONS.get(action, action)}
    if action != 2:
        out["match"] = "deny" if head & 0x20 else "permit"
    if head & 0x1F:
        out["reserved"] = head & 0x1F
    if action != 2:
        out |= to_json(read(reader))
    return out


def _specific(kind: int, afi: int) -> Field | None:
    """The field that reads the part of an entry that its type defines; ``None`` where nobody knows."""

    def address_prefix(reader: Reader) -> dict[str, Any]:
        """RFC 5292 section 3; Cisco's type 128 is the same."""
        out: dict[str, Any] = {"sequence": reader.u32(), "minimum": reader.u8(), "maximum": reader.u8()}
        return out | {"prefix": _prefix(reader)}

    def covering_prefix(reader: Reader) -> dict[str, Any]:
        """RFC 7543 section 2: the host address is as long as the family has it."""
        out: dict[str, Any] = {"sequence": reader.u32(), "minimum": reader.u8(), "maximum": reader.u8()}
        for name in ("vpn_route_target", "import_route_target"):
            out[name] = str(ExtendedCommunity.from_bytes(reader.take(8)))
        out["route_type"] = reader.u8()
        size = _HOST_SIZES.get(afi, 6 if out["route_type"] == 2 else 0)
        if size == 6:
            return out | {"host": reader.take(6).hex(":")}
        return out | {"host": reader.address(size)} if size else out

    def as_path(reader: Reader) -> dict[str, Any]:
        """draft-ietf-idr-aspath-orf section 3: sequence, and a regular expression with its length."""
        sequence = reader.u32()
        return {"sequence": sequence, "as_path": reader.take(reader.u16()).decode("utf-8", "replace")}

    def _prefix(reader: Reader) -> Prefix:
        return prefix(reader, 2 if afi == 2 else 1)

    if kind in (1, 64, 128) and afi not in (1, 2):
        return None
    fields: dict[int, Field] = {
        # Types 1 to 3 are of draft-ietf-idr-route-filter: one prefix or community an entry.
        1: lambda reader: {"prefix": _prefix(reader)},
        2: lambda reader: {"community": Community.from_int(reader.u32())},
        3: lambda reader: {"community": ExtendedCommunity.from_bytes(reader.take(8))},
        9: as_path,
        64: address_prefix,
        65: covering_prefix,
        68: as_path,
        128: address_prefix,
    }
    return fields.get(kind)
