"""Route Monitoring and Route Mirroring (RFC 7854 sections 4.6 and 4.7, draft-ietf-grow-bmp-tlv section 5.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from bgpwire._impl import Reader
from bgpwire.bmp.message import BmpMessage, Body, bmp_type
from bgpwire.bmp.tlv import BmpTlv, read_tlvs, text_of
from bgpwire.capability.add_path import AddPath
from bgpwire.capability.asn4 import Asn4
from bgpwire.capability.session_options import MultipleLabels
from bgpwire.capability.whole import capability as capability_field
from bgpwire.errors import BmpError, DecodeError
from bgpwire.message.base import MARKER
from bgpwire.numbers import bmp as numbers

if TYPE_CHECKING:
    from bgpwire.message import Message
    from bgpwire.session import Session


@bmp_type(numbers.ROUTE_MONITORING)
@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMonitoring(BmpMessage):
    """Routes of one of the router's tables, as the UPDATE that announces or withdraws them."""

    name: ClassVar[str] = "route_monitoring"

    message: Message | None = None
    """The UPDATE; ``None`` where the octets are none."""
    tlvs: tuple[BmpTlv, ...] = ()
    """Of version 4, but the one that holds the UPDATE."""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        if body.version <= 3:
            return {"message": body.bgp()}
        return _read_tlvs(body)

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self.tlvs:
            out["tlvs"] = [tlv.json() for tlv in self.tlvs]
        if self.message is not None:
            out["message"] = self.message.json()
        return out


def _read_tlvs(body: Body) -> dict[str, Any]:
    found, fault = read_tlvs(body.reader, body.version, indexed=True)
    # The revisions of the draft number the TLVs anew. The one that holds the UPDATE shows which one it is.
    pdu = next(
        (one for one in found if one[0] in numbers.MONITORING and one[1] is None and one[3][:16] == MARKER), None
    )
    names = numbers.MONITORING[7 if pdu is None else pdu[0]]
    session = body.session
    # The router's own capability: what it receives stands in Adj-RIB-In, what it sends in Adj-RIB-Out.
    bits = 3 if body.peer is None or body.peer.rib == "loc-rib" else 2 if body.peer.out else 1
    out: list[BmpTlv] = []
    for one in found:
        kind, enterprise, index, data, at = one
        if one is pdu:
            continue
        name = names.get(kind) if enterprise is None else None
        if name == numbers.VRF_TABLE_NAME and kind == numbers.MARKING and len(data) in (4, 6) and not _is_text(data):
            name = numbers.PATH_MARKING  # both drafts have given type 5 away
        value, error = None, None
        try:
            value, session = _value(name, data, session, bits)
        except DecodeError as wrong:
            error = wrong.moved(at)
        out.append(BmpTlv(kind, name, data, value, index, enterprise, error))
    body.fault(fault)
    if pdu is None:
        body.fault(BmpError("Route Monitoring without a BGP message", body.reader.offset))
        return {"message": None, "tlvs": tuple(out)}
    inner = Body(Reader(pdu[3], 0, None, pdu[4]), body.version, body.peer, session)
    message = inner.bgp()
    inner.end()
    body.errors += inner.errors
    return {"message": message, "tlvs": tuple(out)}


def _is_text(data: bytes) -> bool:
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _value(name: str | None, data: bytes, session: Session, bits: int) -> tuple[Any, Session]:
    """What a TLV says, and the session with what it says of that."""
    if name == numbers.VRF_TABLE_NAME:
        return text_of(data), session
    if name == numbers.GROUP:
        if len(data) % 2:
            raise BmpError(f"group of {len(data)} octets", 0)
        return [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)], session
    if name == numbers.PATH_MARKING:
        return _marking(data), session
    if name == numbers.STATELESS_PARSING:
        return _stateless(data, session, bits)
    return None, session


def _marking(data: bytes) -> dict[str, Any]:
    """draft-ietf-grow-bmp-path-marking-tlv section 2."""
    if len(data) not in (4, 6):
        raise BmpError(f"path marking of {len(data)} octets", 0)
    bits = int.from_bytes(data[:4])
    status = [numbers.PATH_STATUS.get(1 << at) or f"bit_{at}" for at in range(32) if bits >> at & 1]
    out: dict[str, Any] = {"status": status}
    if len(data) == 6:
        out["reason"] = numbers.bmp_name(numbers.PATH_REASONS, int.from_bytes(data[4:]), "reason")
    return out


def _stateless(data: bytes, session: Session, bits: int) -> tuple[Any, Session]:
    """One capability, as in an OPEN: the UPDATE is written as if it had been negotiated; ``bits`` are the directions of
    ADD-PATH that count."""
    capability = capability_field[1].decode(data)
    if isinstance(capability, AddPath):
        paths = frozenset(family for family, mode in capability.families if mode & bits)
        session = replace(session, add_path=session.add_path | paths)
    elif isinstance(capability, MultipleLabels):
        session = replace(session, multiple_labels=session.multiple_labels | frozenset(capability.counts))
    elif isinstance(capability, Asn4):
        session = replace(session, asn4=True)
    return capability.json(), session


_CODES: Final = numbers.MIRRORING_CODES


@bmp_type(numbers.ROUTE_MIRRORING)
@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMirroring(BmpMessage):
    """BGP messages as they were received, what was wrong with them, or that some are missing."""

    name: ClassVar[str] = "route_mirroring"

    messages: tuple[Message, ...] = ()
    information: tuple[int, ...] = ()
    """0: an errored PDU; 1: messages lost."""
    tlvs: tuple[BmpTlv, ...] = ()
    """All of them, in their order."""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        found, fault = read_tlvs(body.reader, body.version)
        messages, codes, out = [], [], []
        for kind, enterprise, index, data, at in found:
            name = numbers.MIRRORING.get(kind) if enterprise is None else None
            value: Any = None
            error: DecodeError | None = None
            if name is not None and kind == numbers.MIRRORED_MESSAGE:
                inner = Body(Reader(data, 0, None, at), body.version, body.peer, body.session)
                message = inner.bgp()
                inner.end()
                error = inner.errors[0] if inner.errors else None
                if message is not None:
                    messages.append(message)
                    value = message.json()
            elif name is not None and len(data) == 2:
                codes.append(int.from_bytes(data))
                value = numbers.bmp_name(_CODES, codes[-1], "code")
            elif name is not None:
                error = BmpError(f"mirroring information of {len(data)} octets", at)
            out.append(BmpTlv(kind, name, data, value, index, enterprise, error))
        body.fault(fault)
        return {"messages": tuple(messages), "information": tuple(codes), "tlvs": tuple(out)}

    def fields(self) -> dict[str, Any]:
        return {"tlvs": [tlv.json() for tlv in self.tlvs]}
