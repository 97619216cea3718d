"""What the Data field of a NOTIFICATION says, by code and sub-code (RFC 4271 section 6 and those that add to it)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bgpwire._impl import PathAttributes, Reader
from bgpwire.afi_safi import afi_name, safi_name
from bgpwire.capability import decode_capability
from bgpwire.errors import DecodeError
from bgpwire.message.base import Message, MessageType
from bgpwire.message.notification_names import CODES, SUBCODES
from bgpwire.numbers.error_code import CEASE, FINITE_STATE_MACHINE_ERROR, HARD_RESET
from bgpwire.value.attributes import attribute_name

type Details = dict[str, Any]

_MESSAGES = {kind.value: kind.name.lower() for kind in MessageType if kind is not MessageType.ROUTE_REFRESH_CISCO}
_DEPTH = 4
"""How many hard resets may stand inside each other before the rest stays octets."""


def decode_details(code: int, subcode: int, data: bytes, depth: int = _DEPTH) -> Details | None:
    """Named values; ``None`` where there are no octets, none are specified, or they are not what is specified."""
    if not data:
        return None
    if (code, subcode) == (CEASE, HARD_RESET):
        return _hard_reset(data, depth)
    read = _FIELDS.get((code, subcode), _UNEXPECTED if code == FINITE_STATE_MACHINE_ERROR else None)
    if read is None:
        return None
    reader = Reader(data)
    try:
        out = read(reader)
    except DecodeError:
        return None
    return None if len(reader) else out


def _hard_reset(data: bytes, depth: int) -> Details | None:
    """RFC 8538 section 3.1: code, sub-code and data of the NOTIFICATION that says why."""
    if len(data) < 2 or not depth:
        return None
    code, subcode, inner = data[0], data[1], data[2:]
    out: Details = {"code": code, "subcode": subcode, "code_name": CODES.get(code, f"code_{code}")}
    if (code, subcode) in SUBCODES:
        out["subcode_name"] = SUBCODES[code, subcode]
    details = decode_details(code, subcode, inner, depth - 1)
    if details is not None:
        out["details"] = details
    elif inner:
        out["data"] = inner.hex()
    return out


def _length(reader: Reader) -> Details:
    return {"message_length": reader.u16()}


def _type(reader: Reader) -> Details:
    kind = reader.u8()
    return {"message_type": _MESSAGES.get(kind, kind)}


def _version(reader: Reader) -> Details:
    """RFC 4271 section 6.2: the largest version that the sender would take."""
    return {"version": reader.u16()}


def _bad_peer_as(reader: Reader) -> Details:
    """The AS number that was not taken, in 2 octets or 4: RFC 4271 names no data, FRR and others send this."""
    return {"asn": reader.uint(4 if len(reader) == 4 else 2)}


def _capabilities(reader: Reader) -> Details:
    """RFC 5492 section 5: the capabilities that made the sender end the session."""
    out = []
    while len(reader):
        code = reader.u8()
        size = reader.u8()
        at = reader.offset
        out.append(decode_capability(code, reader.take(size), at).json())
    return {"capabilities": out}


def _attribute(reader: Reader) -> Details:
    """RFC 4271 section 6.3: the erroneous attribute, whole. One octet alone is taken for its type."""
    if len(reader) == 1:
        return _missing(reader)
    found = list(PathAttributes(reader.rest()))
    if len(found) != 1:
        raise DecodeError("not one attribute")
    wrong = found[0]
    out: Details = {"attribute": wrong.name, "code": wrong.code, "flags": wrong.flags}
    return out | {"length": len(wrong.data), "value": wrong.data.hex()}


def _missing(reader: Reader) -> Details:
    """RFC 4271 section 6.3: the type code of the attribute that is not there."""
    code = reader.u8()
    return {"attribute": attribute_name(code), "code": code}


def _maximum_prefixes(reader: Reader) -> Details:
    """RFC 4486 section 4: the family and how many prefixes it may have."""
    afi, safi = reader.u16(), reader.u8()
    return {"afi": afi_name(afi), "safi": safi_name(safi), "limit": reader.u32()}


def _communication(reader: Reader) -> Details:
    """RFC 9003 section 2: its length, and UTF-8 that may be none (then it is not ``valid``)."""
    octets = reader.take(reader.u8())
    out: Details = {"communication": octets.decode("utf-8", "replace")}
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        out["valid_utf8"] = False
    return out


def _refresh(reader: Reader) -> Details:
    """RFC 7313 section 5: the whole ROUTE-REFRESH message."""
    return {"message": Message.decode(reader.rest()).json()}


_UNEXPECTED = _type  # RFC 6608 section 4: the type of the message that was not expected
_FIELDS: dict[tuple[int, int], Callable[[Reader], Details]] = {
    (1, 2): _length,
    (1, 3): _type,
    (2, 1): _version,
    (2, 2): _bad_peer_as,
    (2, 7): _capabilities,
    (3, 2): _attribute,
    (3, 3): _missing,
    (3, 4): _attribute,
    (3, 5): _attribute,
    (3, 6): _attribute,
    (3, 8): _attribute,
    (3, 9): _attribute,
    (6, 1): _maximum_prefixes,
    (6, 2): _communication,
    (6, 4): _communication,
    (7, 1): _refresh,
}
