"""Every octet of a message by name: where each field stands, how long it is, and what it says.

The message is read once more, by fields that are made of one another down to the registered decoders; a
:class:`bgpwire.tracing.Tracer` writes down who reads what. Only what the kernels decode is split here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire._impl import PathAttributes, Reader, as_bytes
from bgpwire.bgp_ls.descriptors import BY_NLRI_TYPE
from bgpwire.errors import DecodeError
from bgpwire.field import Reads, ipv4, ipv6, octets, raw, record, repeat, tlvs, u8, u16, u24, u32, u64
from bgpwire.message import Message
from bgpwire.message.orf import entries_field
from bgpwire.nlri import parts
from bgpwire.nlri.base import NlriContext, UnknownNlri
from bgpwire.nlri.bgp_ls import SAFI_VPN, BgpLsNlri
from bgpwire.nlri.collection import _KERNEL, decode_nlri
from bgpwire.nlri.vpn_prefix import UnlabelledVpnPrefix
from bgpwire.numbers import capability_name
from bgpwire.registry import ATTRIBUTES, CAPABILITIES, EXTENDED_COMMUNITIES, NLRI
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.tracing import Span, trace
from bgpwire.value.attributes import attribute_name

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.tracing import Tracer

__all__ = ["Span", "dissect"]


def dissect(message: Message | Buffer, session: Session = DEFAULT_SESSION) -> Span:
    """The tree of a message, header included; a :class:`bgpwire.Message` brings its own session.

    Raises nothing, whatever the octets: what cannot be read is a leaf ``malformed``.
    """
    if isinstance(message, Message):
        data, session = message.data, message.session
    else:
        data = as_bytes(message)
    name = Message.of(data, session).name if len(data) > 18 else "message"
    return Span(name, 0, len(data), None, trace(data, _guarded(partial(_message, session=session))))


def _guarded(field: Reads) -> Reads:
    """``field`` for all octets there are: those it leaves or cannot read are malformed."""

    def read(reader: Any) -> Any:
        try:
            value = field(reader)
            if len(reader):
                raise DecodeError("octets too many", reader.offset)
        except DecodeError:
            reader.skip(len(reader))
            return None
        return value

    return read


def _within(size: int, field: Reads) -> Reads:
    """``field`` for the next ``size`` octets."""
    return lambda reader: _guarded(field)(reader.sub(size))


def _read(reader: Tracer, name: str, field: Reads) -> Any:
    """One field by name."""
    return record(**{name: field})(reader).get(name)


# --- messages ---------------------------------------------------------------------------------------------------


def _message(reader: Tracer, session: Session) -> None:
    head = record(marker=raw(16), length=u16, type=u8)(reader)
    if head["length"] < 19:
        raise DecodeError("message shorter than its header", 16)
    body = _BODIES.get(head["type"], _unknown)
    _within(min(head["length"] - 19, len(reader)), partial(body, session=session))(reader)


def _unknown(reader: Tracer, session: Session) -> None:
    _read(reader, "body", octets)


def _open(reader: Tracer, session: Session) -> None:
    """RFC 4271 section 4.2; RFC 9072 section 2."""
    record(version=u8, asn=u16, hold_time=u16, bgp_id=ipv4)(reader)
    size, width = _read(reader, "optional_parameters_length", u8), u8
    if size and len(reader) >= 3 and reader.peek() == 255:
        record(non_extended_type=u8, extended_parameters_length=u16)(reader)
        width = u16
    while len(reader):
        _read(reader, "parameter", partial(_parameter, width=width))


def _parameter(reader: Tracer, width: Reads) -> None:
    head = record(type=u8, length=width)(reader)
    if head["type"] == 2:
        _within(head["length"], partial(_capabilities, width=u8))(reader)
    else:
        _read(reader, "value", raw(head["length"]))


def _capabilities(reader: Tracer, width: Reads) -> None:
    while len(reader):
        _read(reader, capability_name(reader.peek()), partial(_capability, width=width))


_CAPABILITIES: dict[int, Reads] = {
    1: record(afi=u16, reserved=u8, safi=u8),
    5: repeat(record(afi=u16, safi=u16, next_hop_afi=u16)),
    69: repeat(record(afi=u16, safi=u8, direction=u8)),
}


def _capability(reader: Tracer, width: Reads) -> None:
    head = record(code=u8, length=width)(reader)
    known = CAPABILITIES[head["code"]]
    field = _CAPABILITIES.get(head["code"]) or (octets if known is None else partial(known.decode, code=head["code"]))
    _read(reader, "value", _within(head["length"], field))


def _dynamic_capability(reader: Tracer, session: Session) -> None:
    while len(reader):
        _read(reader, "revision", partial(_revision))


def _revision(reader: Tracer) -> None:
    record(flags=u8, sequence=u32)(reader)
    _read(reader, capability_name(reader.peek()), partial(_capability, width=u16))


def _notification(reader: Tracer, session: Session) -> None:
    record(code=u8, subcode=u8, data=octets)(reader)


def _route_refresh(reader: Tracer, session: Session) -> None:
    head = record(afi=u16, subtype=u8, safi=u8)(reader)
    if head["subtype"]:
        _read(reader, "data", octets)
    elif len(reader):
        _read(reader, "when_to_refresh", u8)
        while len(reader):
            _read(reader, "orf", partial(_orf, afi=head["afi"]))


def _orf(reader: Tracer, afi: int) -> None:
    head = record(type=u8, length=u16)(reader)
    data = reader.octets[reader.offset :][: head["length"]]
    _read(reader, "entries", _within(head["length"], entries_field(head["type"], data, afi)))


def _update(reader: Tracer, session: Session) -> None:
    """RFC 4271 section 4.3."""
    size = _read(reader, "withdrawn_routes_length", u16)
    _read(reader, "withdrawn", _within(size, partial(_routes, context=NlriContext(1, 1, True, session))))
    size = _read(reader, "attributes_length", u16)
    block = PathAttributes(reader.octets, reader.offset, reader.offset + min(size, len(reader)), session)
    _read(reader, "attributes", _within(size, partial(_attributes, block=block)))
    _read(reader, "nlri", partial(_routes, context=NlriContext(1, 1, False, session)))


_BODIES: dict[int, Any] = {1: _open, 2: _update, 3: _notification, 5: _route_refresh, 6: _dynamic_capability}
_BODIES[128] = _route_refresh

# --- attributes -------------------------------------------------------------------------------------------------


def _attributes(reader: Tracer, block: PathAttributes) -> None:
    seen: set[int] = set()
    while len(reader) > 2:
        code = reader.octets[reader.offset + 1]
        field = octets if code in seen else _value(code, block)
        _read(reader, attribute_name(code), partial(_attribute, field=field))
        seen.add(code)


def _attribute(reader: Tracer, field: Reads) -> None:
    head = record(flags=u8, type=u8)(reader)
    size = _read(reader, "length", u16 if head["flags"] & 0x10 else u8)
    _read(reader, "value", _within(size, field))


def _value(code: int, block: PathAttributes) -> Reads:
    """What reads the value of the first attribute ``code`` of ``block``."""
    if code in (2, 17):
        return repeat(partial(_segment, number=u32 if code == 17 or block.session.asn4 else u16))
    if code in (7, 18):
        return record(asn=u32 if code == 18 or block.session.asn4 else u16, address=ipv4)
    if code in (14, 15, 128):
        return partial({14: _mp_reach, 15: _mp_unreach, 128: _attr_set}[code], block=block)
    if code in _FIELDS:
        return _FIELDS[code]
    entry = ATTRIBUTES[code]
    decode = None if entry is None else entry.decode
    return octets if decode is None else lambda reader: decode(reader, block)


def _extended_community(reader: Reader) -> None:
    head = record(type=u8, subtype=u8)(reader)
    kind = EXTENDED_COMMUNITIES[head["type"] << 8 | head["subtype"]]
    (record(value=raw(6)) if kind is None else kind.field)(reader)


_FIELDS: dict[int, Reads] = {
    1: u8,
    3: ipv4,
    4: u32,
    5: u32,
    8: repeat(record(asn=u16, value=u16)),
    16: repeat(_extended_community),
    25: repeat(record(type=u8, subtype=u8, address=ipv6, value=u16)),
    32: repeat(record(global_administrator=u32, local_data_1=u32, local_data_2=u32)),
}


def _segment(reader: Tracer, number: Reads) -> None:
    head = record(type=u8, count=u8)(reader)
    if not 1 <= head["type"] <= 4:
        raise DecodeError("path segment of an unknown type", reader.offset)
    _read(reader, "asns", _within(head["count"] * (4 if number is u32 else 2), repeat(number)))


def _attr_set(reader: Tracer, block: PathAttributes) -> None:
    """RFC 6368 section 5; the decoder bounds how many stand inside each other."""
    _read(reader, "origin_asn", u32)
    found = block.get(128)
    if found is None:
        raise DecodeError("ATTR_SET", reader.offset)
    _read(reader, "attributes", partial(_attributes, block=found.attributes))


_NEXT_HOPS: dict[int, Reads] = {
    4: ipv4,
    12: record(rd=parts.rd, address=ipv4),
    16: ipv6,
    24: record(rd=parts.rd, address=ipv6),
    32: record(address=ipv6, link_local=ipv6),
    40: record(rd=parts.rd, address=ipv6, link_local=ipv6),
    48: record(rd=parts.rd, address=ipv6, link_local_rd=parts.rd, link_local=ipv6),
}


def _mp_reach(reader: Tracer, block: PathAttributes) -> None:
    head = record(afi=u16, safi=u8, next_hop_length=u8)(reader)
    if block.get(14) is None:
        raise DecodeError("MP_REACH_NLRI", reader.offset)
    size = head["next_hop_length"]
    record(next_hop=_within(size, _NEXT_HOPS.get(size, octets)), reserved=u8)(reader)
    _read(reader, "nlri", partial(_routes, context=NlriContext(head["afi"], head["safi"], False, block.session)))


def _mp_unreach(reader: Tracer, block: PathAttributes) -> None:
    head = record(afi=u16, safi=u8)(reader)
    _read(reader, "nlri", partial(_routes, context=NlriContext(head["afi"], head["safi"], True, block.session)))


# --- NLRI -------------------------------------------------------------------------------------------------------


def _routes(reader: Tracer, context: NlriContext) -> None:
    """NLRI to the end. Which label is the last of a withdrawal, and such, the kernel has found out."""
    family = context.afi, context.safi
    if context.afi in (1, 2) and context.safi in _KERNEL:
        values, error = decode_nlri(reader.octets, reader.offset, reader.offset + len(reader), context)
        for value in values:
            _read(reader, "route", partial(_prefix, value=value))
        if error is not None:
            raise error
        return
    cls = NLRI[family] or UnknownNlri
    add_path = family in context.session.add_path and cls is not UnknownNlri
    while len(reader):
        begin = reader.offset
        _read(reader, "route", partial(_route, cls=cls, context=context, add_path=add_path))
        if reader.offset == begin:
            raise DecodeError("NLRI without octets", begin)


def _prefix(reader: Tracer, value: Any) -> None:
    """A prefix, behind labels and route distinguisher where the ``value`` has them."""
    if getattr(value, "path_id", None) is not None:
        _read(reader, "path_id", u32)
    size = (_read(reader, "length", u8) + 7) >> 3
    body = reader.sub(size)
    labels = getattr(value, "labels", None)
    if labels is not None:
        _read(body, "labels", _within(len(bytes(labels)), repeat(u24)))
    if hasattr(value, "rd"):
        _read(body, "rd", parts.rd)
    _read(body, "prefix", octets)


def _route(reader: Tracer, cls: Any, context: NlriContext, add_path: bool) -> None:
    if add_path:
        _read(reader, "path_id", u32)
    if cls is UnlabelledVpnPrefix:
        # Its decoder tries two ways to read the same octets.
        value = cls.decode(Reader(reader.octets, reader.offset, reader.offset + len(reader)), context)
        if isinstance(value, cls):
            return _prefix(reader, value)
    if cls is BgpLsNlri:
        return _bgp_ls(reader, context)
    value = cls.decode(reader, context)
    if type(value) is UnknownNlri:
        # A route type nobody knows is stepped over.
        reader.claim("value")
    return None


def _bgp_ls(reader: Tracer, context: NlriContext) -> None:
    """RFC 9552 section 5.2; its decoder counts from the NLRI's own first octet, so it reads a copy."""
    head = record(type=u16, length=u16)(reader)
    members: dict[str, Reads] = {"rd": parts.rd} if context.safi == SAFI_VPN else {}
    if head["type"] in BY_NLRI_TYPE:
        members |= {"protocol_id": u8, "identifier": u64, "tlvs": tlvs(BY_NLRI_TYPE[head["type"]][1])}
    else:
        members["value"] = octets
    _within(head["length"], record(**members))(reader)
