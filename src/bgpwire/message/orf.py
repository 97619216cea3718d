"""Outbound route filters inside a ROUTE-REFRESH (RFC 5291 section 4, RFC 5292, RFC 7543)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader, Writer
from bgpwire.capability.outbound_route_filtering import orf_name
from bgpwire.errors import Action, DecodeError, RouteRefreshError
from bgpwire.field import Reads, octets
from bgpwire.field.base import integer_of, octets_of
from bgpwire.message.orf_entry import ACTIONS, ANY_ACTION, FRR_ACTIONS, Entry, specific

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.field import Field

WHEN = {1: "immediate", 2: "defer"}
_NUMBERS = {name: number for number, name in WHEN.items()}
_FRR_TYPES = (64, 128)
"""The filter types that FRR has."""


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
    out: dict[str, Any] = {"type": kind, "name": orf_name(kind)}
    field = specific(kind, afi)
    if field is None:
        return out | {"value": data.hex()}, None
    entries, fault = _entries(Reader(data, 0, None, base), field, ACTIONS)
    if fault is None:
        differs = any(entry["action"] == "remove_all" for entry in entries)
        return out | ({"reading": "rfc5291"} if differs else {}) | {"entries": entries}, None
    others = _frr_entries(kind, data, base, field)
    if others is not None:
        reason = f"ORF {out['name']}: entries by the action numbers of FRR, not of RFC 5291 ({fault.reason})"
        return out | {"reading": "frr", "entries": others}, _error(reason, fault.offset, Action.KEEP)
    error = _error(f"ORF {out['name']}: {fault.reason}", fault.offset)
    entries, torn = _entries(Reader(data, 0, None, base), field, ANY_ACTION)
    rest = {"value": data.hex()} if torn is not None else {"reading": "rfc5291", "entries": entries}
    return out | rest | {"error": error.json()}, error


def entries_field(kind: int, data: bytes, afi: int) -> Reads:
    """A field that reads the entries ``data`` of a filter by the action numbers that are theirs, up to what is
    malformed, and leaves no octets."""
    field = specific(kind, afi)
    if field is None:
        return octets
    malformed = _entries(Reader(data), field, ACTIONS)[1] is not None
    actions = FRR_ACTIONS if malformed and _frr_entries(kind, data, 0, field) is not None else ANY_ACTION

    def entries(reader: Reader) -> Any:
        found, _ = _entries(reader, field, actions)
        reader.skip(len(reader))
        return found

    return entries


def _error(reason: str, offset: int, action: Action = Action.ATTRIBUTE_DISCARD) -> DecodeError:
    return RouteRefreshError(reason, offset, 0, 0, action)


def _frr_entries(kind: int, data: bytes, base: int, field: Field) -> list[dict[str, Any]] | None:
    """The entries of a list by FRR's numbers; ``None`` where one is not FRR's."""
    if kind not in _FRR_TYPES:
        return None
    entries, fault = _entries(Reader(data, 0, None, base), field, FRR_ACTIONS)
    return entries if fault is None else None


def _entries(
    reader: Reader, field: Field, actions: Mapping[int, str | int]
) -> tuple[list[dict[str, Any]], DecodeError | None]:
    """The entries of a list by one numbering of actions, and the first fault."""
    out: list[dict[str, Any]] = []
    entry = Entry(field, actions).read
    try:
        while len(reader):
            out.append(entry(reader))
    except DecodeError as error:
        return out, error
    return out, None


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
            field = specific(kind, afi)
            if field is None:
                raise ValueError(f"filters of type {kind} are octets")
            entry = Entry(field, FRR_ACTIONS if found.get("reading") == "frr" else ANY_ACTION)
            for form in found["entries"]:
                entry.write(body, form)
    return bytes(writer)
