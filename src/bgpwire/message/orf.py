"""Outbound route filters inside a ROUTE-REFRESH (RFC 5291 section 4, RFC 5292, RFC 7543)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Community, ExtendedCommunity, Reader
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.capability.outbound_route_filtering import ORF_TYPES
from bgpwire.errors import Action, DecodeError, RouteRefreshError
from bgpwire.field import Reads, octets, read_prefix, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Prefix

WHEN = {1: "immediate", 2: "defer"}
ACTIONS = {0: "add", 1: "remove", 2: "remove_all"}
"""RFC 5291 section 4; 3 is not assigned."""
_ANY_ACTION: dict[int, str | int] = {**ACTIONS, 3: 3}
FRR_ACTIONS = {0: "add", 2: "remove", 3: "remove_all"}
"""What FRR sends (ORF_COMMON_PART_… in its bgp_packet.h): octets 0x00, 0x80 and 0xC0."""
_FRR_TYPES = (64, 128)
"""The filter types that FRR has."""
_HOST_SIZES = {AFI_IPV4: 4, AFI_IPV6: 16}


def decode_orf(data: bytes, base: int, afi: int) -> tuple[dict[str, Any], list[DecodeError]]:
    """``data`` is what stands behind the first 4 octets of the message's body, at offset ``base``.

    Gives ``when_to_refresh`` and ``filters``, each with a type and its entries, or with its octets and an error; and
    the errors of all filters. No code of NOTIFICATION is theirs (0/0), and the filter is what is to be ignored.
    :class:`bgpwire.DecodeError` if the length of a list runs over the end.
    """
    reader = Reader(data, 0, None, base)
    when = reader.u8()
    filters, errors = [], []
    while len(reader):
        kind = reader.u8()
        size = reader.u16()
        begin = reader.offset
        found, error = _filter(kind, reader.take(size), begin, afi)
        filters.append(found)
        if error is not None:
            errors.append(error)
    return {"when_to_refresh": WHEN.get(when, when), "filters": filters}, errors


def orf_text(decoded: dict[str, Any]) -> str:
    """What :func:`decode_orf` gave, in one line."""
    out = [str(decoded["when_to_refresh"])]
    for found in decoded["filters"]:
        reading = f" ({found['reading']} reading)" if "reading" in found else ""
        entries = ", ".join(" ".join(map(_printable, entry.values())) for entry in found.get("entries", ()))
        out.append(f"{found['name']}{reading} [{entries or found.get('value', '')}]")
    return " ".join(out)


def _printable(value: Any) -> str:
    """As text, what is no printable character escaped."""
    text = str(value)
    return text if text.isprintable() else ascii(text)[1:-1]


def _filter(kind: int, data: bytes, base: int, afi: int) -> tuple[dict[str, Any], DecodeError | None]:
    """One list of entries. FRR numbers the actions otherwise than RFC 5291: where the octets of the list are entries
    only by FRR's numbers, it is read by those, and that is an error. ``reading`` says by whose, where it matters.
    """
    out: dict[str, Any] = {"type": kind, "name": ORF_TYPES.get(kind, f"orf_{kind}")}
    read = _specific(kind, afi)
    if read is None:
        return out | {"value": data.hex()}, None
    entries, fault = _entries(Reader(data, 0, None, base), read, ACTIONS)
    if fault is None:
        differs = any(entry["action"] == "remove_all" for entry in entries)
        return out | ({"reading": "rfc5291"} if differs else {}) | {"entries": entries}, None
    others = _frr_entries(kind, data, base, read)
    if others is not None:
        reason = f"ORF {out['name']}: entries by the action numbers of FRR, not of RFC 5291 ({fault.reason})"
        return out | {"reading": "frr", "entries": others}, _error(reason, fault.offset, Action.KEEP)
    error = _error(f"ORF {out['name']}: {fault.reason}", fault.offset)
    entries, torn = _entries(Reader(data, 0, None, base), read, _ANY_ACTION)
    rest = {"value": data.hex()} if torn is not None else {"reading": "rfc5291", "entries": entries}
    return out | rest | {"error": error.json()}, error


def entries_field(kind: int, data: bytes, afi: int) -> Reads:
    """A field that reads the entries ``data`` of a filter by the action numbers that are theirs, up to what is
    malformed, and leaves no octets."""
    read = _specific(kind, afi)
    if read is None:
        return octets
    malformed = _entries(Reader(data), read, ACTIONS)[1] is not None
    actions = FRR_ACTIONS if malformed and _frr_entries(kind, data, 0, read) is not None else _ANY_ACTION

    def entries(reader: Reader) -> Any:
        found, _ = _entries(reader, read, actions)
        reader.skip(len(reader))
        return found

    return entries


def _error(reason: str, offset: int, action: Action = Action.ATTRIBUTE_DISCARD) -> DecodeError:
    return RouteRefreshError(reason, offset, 0, 0, action)


def _frr_entries(kind: int, data: bytes, base: int, read: Reads) -> list[dict[str, Any]] | None:
    """The entries of a list by FRR's numbers; ``None`` where one is not FRR's."""
    if kind not in _FRR_TYPES:
        return None
    entries, fault = _entries(Reader(data, 0, None, base), read, FRR_ACTIONS)
    return entries if fault is None else None


def _entries(
    reader: Reader, read: Reads, actions: Mapping[int, str | int]
) -> tuple[list[dict[str, Any]], DecodeError | None]:
    """The entries of a list by one numbering of actions, and the first fault."""
    out: list[dict[str, Any]] = []
    try:
        while len(reader):
            out.append(_entry(reader, read, actions))
    except DecodeError as error:
        return out, error
    return out, None


def _entry(reader: Reader, read: Reads, actions: Mapping[int, str | int]) -> dict[str, Any]:
    """Action (2 bits), match (1), reserved (5); REMOVE-ALL has nothing behind.

    FRR leaves the reserved bits clear. :class:`bgpwire.DecodeError` for an action that has no number.
    """
    at = reader.offset
    head = reader.u8()
    action = head >> 6
    if action not in actions or (actions is FRR_ACTIONS and head & 0x1F):
        raise DecodeError(f"action {action}, octet 0x{head:02x}", at)
    out: dict[str, Any] = {"action": actions[action]}
    alone = out["action"] == "remove_all"
    if not alone:
        out["match"] = "deny" if head & 0x20 else "permit"
    if head & 0x1F:
        out["reserved"] = head & 0x1F
    if not alone:
        out |= to_json(read(reader))
    return out


def _specific(kind: int, afi: int) -> Reads | None:
    """The field that reads the part of an entry that its type defines; ``None`` where it is unknown."""

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
        return read_prefix(reader, AFI_IPV6 if afi == AFI_IPV6 else AFI_IPV4)

    if kind in (1, 64, 128) and afi not in (AFI_IPV4, AFI_IPV6):
        return None
    fields: dict[int, Reads] = {
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
