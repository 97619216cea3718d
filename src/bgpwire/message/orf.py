"""Outbound route filters inside a ROUTE-REFRESH (RFC 5291 section 4, RFC 5292, RFC 7543)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader, Writer
from bgpwire.capability.outbound_route_filtering import orf_name
from bgpwire.errors import Action, DecodeError, RouteRefreshError
from bgpwire.field.base import integer_of, octets_of
from bgpwire.message.orf_entry import REMOVE_ALL, entries_of
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.field import Field

WHEN = {1: "immediate", 2: "defer"}
_NUMBERS = {name: number for number, name in WHEN.items()}


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
        entries = ", ".join(
            " ".join(visible(str(value)) for value in entry.values()) for entry in found.get("entries", ())
        )
        out.append(f"{found['name']}{reading} [{entries or found.get('value', '')}]")
    return " ".join(out)


def _filter(kind: int, data: bytes, base: int, afi: int) -> tuple[dict[str, Any], DecodeError | None]:
    """One list of entries. FRR numbers the actions otherwise than RFC 5291: where the octets of the list are entries
    only by FRR's numbers, it is read by those, and that is an error. ``reading`` says by whose, where it matters.
    """
    out: dict[str, Any] = {"type": kind, "name": orf_name(kind)}
    fields = entries_of(kind, afi)
    if fields is None:
        return out | {"value": data.hex()}, None
    rfc, lenient, frr = fields
    entries, fault = _read(rfc, data, base)
    if fault is None:
        differs = any(entry["action"] == REMOVE_ALL for entry in entries)
        return out | ({"reading": "rfc5291"} if differs else {}) | {"entries": entries}, None
    if frr is not None:
        entries, torn = _read(frr, data, base)
        if torn is None:
            reason = f"ORF {out['name']}: entries by the action numbers of FRR, not of RFC 5291 ({fault.reason})"
            return out | {"reading": "frr", "entries": entries}, _error(reason, fault.offset, Action.KEEP)
    error = _error(f"ORF {out['name']}: {fault.reason}", fault.offset)
    entries, torn = _read(lenient, data, base)
    rest = {"value": data.hex()} if torn is not None else {"reading": "rfc5291", "entries": entries}
    return out | rest | {"error": error.json()}, error


def _read(field: Field, data: bytes, base: int) -> tuple[list[dict[str, Any]], DecodeError | None]:
    """The entries that all of ``data`` is, as JSON; or none, and what is wrong."""
    try:
        return field.to_json(field.read(Reader(data, 0, None, base))), None
    except DecodeError as error:
        return [], error


def entries_field(kind: int, data: bytes, afi: int) -> Field | None:
    """The field of the entries ``data`` of a filter, by the numbers of actions that are theirs; ``None`` for a type
    that is not known."""
    fields = entries_of(kind, afi)
    if fields is None:
        return None
    rfc, lenient, frr = fields
    theirs = frr is not None and _read(rfc, data, 0)[1] is not None and _read(frr, data, 0)[1] is None
    return frr if theirs else lenient


def _error(reason: str, offset: int, action: Action = Action.ATTRIBUTE_DISCARD) -> DecodeError:
    return RouteRefreshError(reason, offset, 0, 0, action)


def encode_orf(decoded: Mapping[str, Any], afi: int) -> bytes:
    """The octets that :func:`decode_orf` reads as ``decoded``. ValueError for other forms."""
    writer = Writer()
    when = decoded.get("when_to_refresh")
    writer.u8(_NUMBERS[when] if when in _NUMBERS else integer_of(when))
    for found in decoded["filters"]:
        kind = integer_of(found.get("type"))
        writer.u8(kind)
        with writer.sub(2) as body:
            if "value" in found:
                body.octets(octets_of(found["value"]))
                continue
            _, lenient, frr = entries_of(kind, afi) or (None, None, None)
            field = frr if found.get("reading") == "frr" else lenient
            if field is None:
                raise ValueError(f"filters of type {kind} are octets")
            field.write(body, field.from_json(found["entries"]))
    return bytes(writer)
