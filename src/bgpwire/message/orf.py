"""Outbound route filters inside a ROUTE-REFRESH (RFC 5291 section 4, RFC 5292, RFC 7543)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import Reader
from bgpwire.capability.outbound_route_filtering import orf_name
from bgpwire.errors import Action, DecodeError, RouteRefreshError
from bgpwire.field import UNKNOWN, Field, named, octets, u8, u16
from bgpwire.field.base import integer_of, items_of, members_of, octets_of
from bgpwire.field.first_of import FirstOf
from bgpwire.message.orf_entry import REMOVE_ALL, entries_of
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire._impl import Writer
    from bgpwire.field import Walk

WHEN = {1: "immediate", 2: "defer"}
_WHEN = named(WHEN)
_FRR, _RFC5291 = "frr", "rfc5291"

type Entries = tuple[dict[str, Any], ...]


class Filter(NamedTuple):
    """One filter: ``entries``, or ``None`` where they cannot be read, and its octets (none of a filter made of JSON).
    ``reading`` says by whose numbers the actions are, where it matters; ``error`` what is wrong."""

    type: int
    entries: Entries | None
    data: bytes
    reading: str | None = None
    error: DecodeError | None = None


class EntriesField(FirstOf):
    """The entries of a filter of type ``kind``, and all else that a :class:`Filter` says of them.

    FRR numbers the actions otherwise than RFC 5291: where the octets of the list are entries only by FRR's numbers, it
    is read by those, and that is an error. ``afi`` decides which fields an entry has.
    """

    __slots__ = ("_frr", "_kind", "_rfc")

    def __init__(self, kind: int, afi: int) -> None:
        rfc, lenient, frr = entries_of(kind, afi) or (None, octets, None)
        super().__init__(self._written, tuple(field for field in (rfc, frr, lenient) if field is not None))
        self._kind = kind
        self._rfc = lenient
        self._frr = frr

    def found(self, kind: Field, value: Any, fault: DecodeError | None) -> Filter:
        if kind is octets:
            return Filter(self._kind, None, value)
        if fault is None:
            differs = any(entry["action"] == REMOVE_ALL for entry in value)
            return Filter(self._kind, value, b"", _RFC5291 if differs else None)
        if kind is self._frr:
            reason = f"entries by the action numbers of FRR, not of RFC 5291 ({fault.reason})"
            return Filter(self._kind, value, b"", _FRR, self.error(reason, fault.offset, Action.KEEP))
        return Filter(self._kind, value, b"", _RFC5291, self.error(fault.reason, fault.offset))

    def error(self, reason: str, offset: int, action: Action = Action.ATTRIBUTE_DISCARD) -> DecodeError:
        """No code of NOTIFICATION is that of a filter (0/0), and the filter is what is to be ignored."""
        return RouteRefreshError(f"ORF {orf_name(self._kind)}: {reason}", offset, 0, 0, action)

    def _written(self, value: Any) -> Field:
        if value.entries is None:
            return octets
        return self._frr if value.reading == _FRR and self._frr is not None else self._rfc

    def write(self, writer: Writer, value: Any) -> None:
        if value.data or value.entries is None:
            writer.octets(value.data)
        else:
            self._written(value).write(writer, value.entries)

    def to_json(self, value: Any) -> dict[str, Any]:
        out: dict[str, Any] = {"type": value.type, "name": orf_name(value.type)}
        if value.reading is not None:
            out["reading"] = value.reading
        if value.entries is None:
            out["value"] = value.data.hex()
        else:
            field = self._written(value)
            out["entries"] = field.to_json(value.entries)
            if value.data and not field.restores(out["entries"], value.data):
                out["raw"] = value.data.hex()
        if value.error is not None and value.error.action is not Action.KEEP:
            out["error"] = value.error.json()
        return out

    def from_json(self, form: Any) -> Filter:
        found = members_of(form)
        if "raw" in found:
            data = octets_of(found["raw"])
            return self.decode(data)._replace(data=data)  # type: ignore[no-any-return]
        if "value" in found:
            return Filter(self._kind, None, octets_of(found["value"]))
        reading = found.get("reading")
        kept = Filter(self._kind, (), b"", reading)
        field = self._written(kept)
        if field is octets:
            raise ValueError(f"filters of type {self._kind} are octets")
        return kept._replace(entries=field.from_json(found["entries"]))

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/filter"}


class Orf(Field):
    """All that is left of a request for the routes of an ``afi``: ``when_to_refresh``, and ``filters``, each behind its
    type and its length. DecodeError where the length of a list of entries runs over the end."""

    __slots__ = ("_afi",)

    def __init__(self, afi: int) -> None:
        super().__init__(self._read, exact=False)
        self._afi = afi

    def _read(self, reader: Reader) -> dict[str, Any]:
        when = _WHEN.read(reader)
        filters = []
        while len(reader):
            kind = reader.u8()
            body = reader.sub(reader.u16())
            data, field = body.ahead(len(body)), EntriesField(kind, self._afi)
            try:
                filters.append(field.read(body)._replace(data=data))
            except DecodeError as error:
                filters.append(Filter(kind, None, data, None, field.error(error.reason, error.offset)))
        return {"when_to_refresh": when, "filters": tuple(filters)}

    def walk(self, walk: Walk) -> dict[str, Any]:
        when = walk("when_to_refresh", _WHEN)
        filters: list[Filter] = []
        while len(walk):
            filters.append(walk.part("orf", self._walk_one))
        return {"when_to_refresh": when, "filters": tuple(filters)}

    def _walk_one(self, walk: Walk) -> Filter:
        kind, size = walk("type", u8), walk("length", u16)
        field = EntriesField(kind, self._afi)
        name = "entries" if entries_of(kind, self._afi) else UNKNOWN
        found: Filter | None = walk.bounded(name, size, field.walk, lambda value: value.data.hex())
        return found or Filter(kind, None, b"")

    def write(self, writer: Writer, value: Any) -> None:
        _WHEN.write(writer, value["when_to_refresh"])
        for found in value["filters"]:
            writer.u8(found.type)
            with writer.sub(2) as body:
                EntriesField(found.type, self._afi).write(body, found)

    def to_json(self, value: Any) -> dict[str, Any]:
        filters = [EntriesField(found.type, self._afi).to_json(found) for found in value["filters"]]
        return {"when_to_refresh": value["when_to_refresh"], "filters": filters}

    def from_json(self, form: Any) -> dict[str, Any]:
        found = members_of(form)
        filters = (
            EntriesField(integer_of(members_of(item).get("type")), self._afi).from_json(item)
            for item in items_of(found["filters"])
        )
        return {"when_to_refresh": _WHEN.from_json(found["when_to_refresh"]), "filters": tuple(filters)}

    def schema(self) -> dict[str, Any]:
        filters = {"type": "array", "items": {"$ref": "#/$defs/filter"}}
        properties = {"when_to_refresh": _WHEN.schema(), "filters": filters}
        return {"type": "object", "properties": properties, "required": [*properties]}


def decode_orf(data: bytes, base: int, afi: int) -> tuple[dict[str, Any], list[DecodeError]]:
    """``data`` is what stands behind the first 4 octets of the message's body, at offset ``base``.

    Gives ``when_to_refresh`` and ``filters`` as JSON, each with a type and its entries, or with its octets and an
    error; and the errors of all filters. :class:`bgpwire.DecodeError` if the length of a list runs over the end.
    """
    field = Orf(afi)
    found = field.read(Reader(data, 0, None, base))
    return field.to_json(found), filter_errors(found["filters"])


def filter_errors(filters: Iterable[Filter]) -> list[DecodeError]:
    """What is wrong with them."""
    return [found.error for found in filters if found.error is not None]


def encode_orf(decoded: Mapping[str, Any], afi: int) -> bytes:
    """The octets that :func:`decode_orf` reads as ``decoded``. ValueError for other forms."""
    return Orf(afi).encode_json(decoded)


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
