"""What the Data field of a NOTIFICATION says, by code and sub-code (RFC 4271 section 6 and those that add to it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.capability.fields import afi, safi
from bgpwire.capability.whole import capabilities
from bgpwire.field import (
    Field,
    by_length,
    chosen,
    first_of,
    named,
    octets,
    raw,
    record,
    sized,
    text,
    turned,
    u8,
    u16,
    u32,
)
from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.field.octets import HEX
from bgpwire.message.base import MARKER, Message, MessageType
from bgpwire.message.notification_names import CODES, SUBCODES
from bgpwire.message.route_refresh import RouteRefresh, RouteRefreshCisco, refresh_body
from bgpwire.numbers import error_code as codes
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk

type Details = dict[str, Any]

_MESSAGES: Final = {
    kind.value: kind.name.lower() for kind in MessageType if kind is not MessageType.ROUTE_REFRESH_CISCO
}
_EXTENDED_LENGTH: Final = 0x10
_DEPTH: Final = 4
"""How many hard resets may stand inside each other before the rest stays octets."""


class _ErroneousAttribute(Field):
    """RFC 4271 section 6.3: the erroneous attribute, whole."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read)

    def _read(self, reader: Reader) -> Details:
        flags, code = reader.u8(), reader.u8()
        size = reader.uint(2 if flags & _EXTENDED_LENGTH else 1)
        return {"flags": flags, "code": code, "value": reader.take(size)}

    def walk(self, walk: Walk) -> Details:
        flags, code = walk("flags", u8), walk("code", u8)
        size = walk("length", u16 if flags & _EXTENDED_LENGTH else u8)
        return {"flags": flags, "code": code, "value": walk("value", raw(size))}

    def write(self, writer: Writer, value: Any) -> None:
        writer.u8(value["flags"])
        writer.u8(value["code"])
        with writer.sub(2 if value["flags"] & _EXTENDED_LENGTH else 1) as body:
            body.octets(value["value"])

    def to_json(self, value: Any) -> Details:
        out: Details = {"attribute": attribute_name(value["code"]), "code": value["code"], "flags": value["flags"]}
        return out | {"length": len(value["value"]), "value": value["value"].hex()}

    def from_json(self, form: Any) -> Details:
        found = members_of(form)
        head = {name: integer_of(found[name]) for name in ("flags", "code")}
        return head | {"value": octets_of(found["value"])}

    def schema(self) -> dict[str, Any]:
        properties = _missing.schema()["properties"] | {"flags": u8.schema(), "length": u16.schema(), "value": HEX}
        return {"type": "object", "properties": properties, "required": [*properties]}


class _Communication(Field):
    """RFC 9003 section 2: its length, and UTF-8 that may be none; then it is not ``valid_utf8``, and ``octets`` are
    what came, which U+FFFD in the text does not lead back to."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read)

    def _read(self, reader: Reader) -> Details:
        found = reader.take(reader.u8())
        out: Details = {"communication": found.decode("utf-8", "replace")}
        return out if out["communication"].encode() == found else out | {"valid_utf8": False, "octets": found}

    def walk(self, walk: Walk) -> Details:
        begin = walk.reader.offset
        sub = walk.sub(walk("length", u8))
        sub("communication", text)
        return self.decode(walk.reader.since(begin))  # type: ignore[no-any-return]

    def write(self, writer: Writer, value: Any) -> None:
        said = value["communication"]
        if "octets" in value:
            if value["octets"].decode("utf-8", "replace") != said:
                raise ValueError(f"octets {value['octets'].hex()} are not what {said!r} shows")
            sized(octets, 1).write(writer, value["octets"])
        elif value.get("valid_utf8", True):
            sized(text, 1).write(writer, said)
        else:
            raise ValueError("a communication that is no valid UTF-8 is written of its octets: octets, in hex")

    def from_json(self, form: Any) -> Details:
        found = dict(members_of(form))
        return found | {"octets": octets_of(found["octets"])} if "octets" in found else found

    def schema(self) -> dict[str, Any]:
        properties = {"communication": text.schema(), "valid_utf8": {"const": False}, "octets": HEX}
        return {"type": "object", "properties": properties, "required": ["communication"]}


class _Refresh(Field):
    """RFC 7313 section 5: the whole ROUTE-REFRESH message; made of values it is one, read any message."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read, exact=False)

    def _read(self, reader: Reader) -> Details:
        return {"message": Message.decode(reader.rest())}

    def walk(self, walk: Walk) -> Details:
        found = Message.decode(walk.reader.ahead(len(walk)))
        walk("marker", raw(len(MARKER)))
        walk("length", u16)
        walk("type", _type)
        walk.part("body", refresh_body.walk if isinstance(found, RouteRefresh) else octets.walk)
        return {"message": found}

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value["message"]))

    def to_json(self, value: Any) -> Details:
        return {"message": value["message"].json()}

    def from_json(self, form: Any) -> Details:
        found = members_of(members_of(form)["message"])
        kind = _REFRESHES.get(found["type"])
        if kind is None:
            raise ValueError(f"{found['type']!r} is no ROUTE-REFRESH")
        rest = {name: member for name, member in found.items() if name not in ("type", "length", "errors")}
        return {"message": kind.from_json(rest)}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {"message": {"$ref": "#/$defs/message"}}, "required": ["message"]}


class _HardReset(Field):
    """RFC 8538 section 3.1: code, sub-code and data of the NOTIFICATION that says why."""

    __slots__ = ("_depth",)

    def __init__(self, depth: int) -> None:
        super().__init__(self._read, exact=False)
        self._depth = depth

    def _data(self, code: int, subcode: int) -> Field:
        return data_field(code, subcode, self._depth - 1)

    def _read(self, reader: Reader) -> Details:
        code, subcode = reader.u8(), reader.u8()
        return {"code": code, "subcode": subcode, "data": self._data(code, subcode).read(reader)}

    def walk(self, walk: Walk) -> Details:
        code, subcode = walk("code", u8), walk("subcode", u8)
        return {"code": code, "subcode": subcode, "data": walk("data", self._data(code, subcode))}

    def write(self, writer: Writer, value: Any) -> None:
        writer.u8(value["code"])
        writer.u8(value["subcode"])
        self._data(value["code"], value["subcode"]).write(writer, value["data"])

    def to_json(self, value: Any) -> Details:
        code, subcode, data = value["code"], value["subcode"], value["data"]
        out: Details = {"code": code, "subcode": subcode, "code_name": CODES.get(code, f"code_{code}")}
        if (code, subcode) in SUBCODES:
            out["subcode_name"] = SUBCODES[code, subcode]
        if not isinstance(data, bytes):
            out["details"] = self._data(code, subcode).to_json(data)
        elif data:
            out["data"] = data.hex()
        return out

    def from_json(self, form: Any) -> Details:
        found = members_of(form)
        code, subcode = integer_of(found["code"]), integer_of(found["subcode"])
        if "details" in found:
            return {"code": code, "subcode": subcode, "data": self._data(code, subcode).from_json(found["details"])}
        return {"code": code, "subcode": subcode, "data": octets_of(found.get("data", ""))}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {"code": u8.schema(), "subcode": u8.schema()}}


_REFRESHES: Final[dict[str, type[RouteRefresh]]] = {
    MessageType(kind.type).name.lower(): kind for kind in (RouteRefresh, RouteRefreshCisco)
}
_type: Final = named(_MESSAGES)
_missing: Final = turned(
    record(code=u8),
    lambda found: {"attribute": attribute_name(found["code"])} | found,
    lambda found: {"code": found["code"]},
    lambda form: {"code": integer_of(members_of(form)["code"])},
    {
        "type": "object",
        "properties": {"attribute": text.schema(), "code": u8.schema()},
        "required": ["attribute", "code"],
    },
)
"""RFC 4271 section 6.3: the type code of the attribute that is not there."""
_whole: Final = _ErroneousAttribute()
# One octet alone is taken for its type.
_attribute: Final = chosen(
    lambda reader: _missing if len(reader) == 1 else _whole,
    lambda found: _whole if "value" in found else _missing,
    _missing,
    _whole,
)
_communication: Final = _Communication()
_unexpected: Final = record(message_type=_type)
"""RFC 6608 section 4: the type of the message that was not expected."""
_asn: Final = {size: record(asn=number) for size, number in ((2, u16), (4, u32))}
_FIELDS: Final[dict[tuple[int, int], Field]] = {
    (codes.MESSAGE_HEADER_ERROR, codes.BAD_MESSAGE_LENGTH): record(message_length=u16),
    (codes.MESSAGE_HEADER_ERROR, codes.BAD_MESSAGE_TYPE): record(message_type=_type),
    # RFC 4271 section 6.2: the largest version that the sender would take.
    (codes.OPEN_MESSAGE_ERROR, codes.UNSUPPORTED_VERSION_NUMBER): record(version=u16),
    # The AS number that was not taken, in 2 octets or 4: RFC 4271 names no data, FRR and others send this.
    (codes.OPEN_MESSAGE_ERROR, codes.BAD_PEER_AS): by_length(
        "an AS number", _asn, lambda found: 2 if found["asn"] < 1 << 16 else 4
    ),
    # RFC 5492 section 5: the capabilities that made the sender end the session.
    (codes.OPEN_MESSAGE_ERROR, codes.UNSUPPORTED_CAPABILITY): record(capabilities=capabilities),
    (codes.UPDATE_MESSAGE_ERROR, 2): _attribute,
    (codes.UPDATE_MESSAGE_ERROR, 3): _missing,
    **{(codes.UPDATE_MESSAGE_ERROR, subcode): _attribute for subcode in (4, 5, 6, 8, 9)},
    # RFC 4486 section 4: the family and how many prefixes it may have.
    (codes.CEASE, codes.MAXIMUM_NUMBER_OF_PREFIXES_REACHED): record(afi=afi, safi=safi, limit=u32),
    (codes.CEASE, codes.ADMINISTRATIVE_SHUTDOWN): _communication,
    (codes.CEASE, codes.ADMINISTRATIVE_RESET): _communication,
    (codes.ROUTE_REFRESH_MESSAGE_ERROR, codes.INVALID_MESSAGE_LENGTH): _Refresh(),
}
_HARD_RESETS: Final = [_HardReset(depth) for depth in range(1, _DEPTH + 1)]


def details_field(code: int, subcode: int, depth: int = _DEPTH) -> Field | None:
    """The field of the Data of a NOTIFICATION; ``None`` where nothing is specified."""
    if (code, subcode) == (codes.CEASE, codes.HARD_RESET):
        return _HARD_RESETS[depth - 1] if depth else None
    return _FIELDS.get((code, subcode), _unexpected if code == codes.FINITE_STATE_MACHINE_ERROR else None)


def specified() -> list[tuple[int, int, Field]]:
    """Code, sub-code and field of each NOTIFICATION whose data are specified."""
    out = [(code, subcode, field) for (code, subcode), field in _FIELDS.items()]
    out += [(code, subcode, _unexpected) for code, subcode in SUBCODES if code == codes.FINITE_STATE_MACHINE_ERROR]
    return [*out, (codes.CEASE, codes.HARD_RESET, _HARD_RESETS[-1])]


def data_field(code: int, subcode: int, depth: int = _DEPTH) -> Field:
    """All that is left, the Data of a NOTIFICATION: octets where none are there, and where they are not what is
    specified."""
    field = details_field(code, subcode, depth)
    if field is None:
        return octets
    some: Field = field
    absent_or = chosen(lambda reader: some if len(reader) else octets, lambda value: some, some, octets)
    return first_of(lambda value: octets if isinstance(value, (bytes, str)) else some, absent_or, octets)


def decode_details(code: int, subcode: int, data: bytes) -> Details | None:
    """Named values as JSON; ``None`` where there are no octets, or they are not what is specified."""
    field = data_field(code, subcode)
    found = field.decode(data)
    return None if isinstance(found, bytes) else field.to_json(found)


def encode_details(code: int, subcode: int, details: Details) -> bytes:
    """The octets that :func:`decode_details` reads as ``details``. ValueError for others, and where none are
    specified."""
    field = details_field(code, subcode)
    if field is None:
        raise ValueError(f"what the data of a NOTIFICATION {code}/{subcode} say is not specified")
    return field.encode_json(details)
