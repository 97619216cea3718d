"""Peer Up and Peer Down (RFC 7854 sections 4.9 and 4.10, RFC 9069, RFC 9736)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire._impl import Address
from bgpwire.bmp.header import IPV6
from bgpwire.bmp.message import BmpMessage, Body, bmp_type
from bgpwire.bmp.tlv import BmpTlv, first_text, information
from bgpwire.errors import BmpError
from bgpwire.message import Notification, Open
from bgpwire.numbers import bmp as numbers
from bgpwire.session import Session

if TYPE_CHECKING:
    from bgpwire.message import Message

_NONE = bytes(16)


@bmp_type(numbers.PEER_UP)
@dataclass(frozen=True, slots=True, kw_only=True)
class PeerUp(BmpMessage):
    """A session came up: its addresses and both OPENs. Of the Loc-RIB the OPENs are made up, and the addresses are not
    there."""

    name: ClassVar[str] = "peer_up"

    local_address: Address | None = None
    local_port: int = 0
    remote_port: int = 0
    sent: Open | None = None
    """The OPEN that the router sent to the peer."""
    received: Open | None = None
    information: tuple[BmpTlv, ...] = ()

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        reader = body.reader
        assert body.peer is not None
        octets, local_port, remote_port = reader.take(16), reader.u16(), reader.u16()
        local = None
        if octets != _NONE:
            local = Address.from_bytes(octets if body.peer.flags & IPV6 or any(octets[:12]) else octets[12:])
        sent, received = (cls._open(body, which) for which in ("sent", "received"))
        tlvs, fault = information(reader, body.version, numbers.INFORMATION)
        body.fault(fault)
        return {
            "local_address": local,
            "local_port": local_port,
            "remote_port": remote_port,
            "sent": sent,
            "received": received,
            "information": tlvs,
        }

    @staticmethod
    def _open(body: Body, which: str) -> Open | None:
        at = body.reader.offset
        message = body.bgp()
        if message is None or isinstance(message, Open):
            return message
        body.fault(BmpError(f"{which} OPEN: it is a {message.name}", at))
        return None

    @property
    def session(self) -> Session | None:
        """What the OPENs negotiated, as the router reads what the peer sends; ``None`` where one is not there."""
        if self.sent is None or self.received is None:
            return None
        return Session.from_opens(self.sent, self.received)

    @property
    def table_name(self) -> str | None:
        """The name of the VRF or table (RFC 9069 section 4.4), ``None`` where it is not said."""
        return first_text(self.information, "vrf_table_name")

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self.local_address is not None:
            out["local_address"] = str(self.local_address)
        out |= {"local_port": self.local_port, "remote_port": self.remote_port}
        for name, message in (("sent", self.sent), ("received", self.received)):
            if message is not None:
                out[name] = message.json()
        if self.information:
            out["information"] = [tlv.json() for tlv in self.information]
        return out


@bmp_type(numbers.PEER_DOWN)
@dataclass(frozen=True, slots=True, kw_only=True)
class PeerDown(BmpMessage):
    """A session went down, or is no longer told of."""

    name: ClassVar[str] = "peer_down"

    reason: int
    """1 and 3: a NOTIFICATION of the router, or of the peer; 2: an event of the router's state machine; 4: the peer
    closed; 5: the router no longer tells of the peer; 6: TLVs say more (RFC 9069)."""
    notification: Notification | None = None
    event: int | None = None
    """The event of RFC 4271 section 8.1, 0 for none of them."""
    information: tuple[BmpTlv, ...] = ()
    data: bytes = b""
    """What stands behind a reason that is not registered."""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        reader = body.reader
        out: dict[str, Any] = {"reason": reader.u8()}
        reason = out["reason"]
        if reason in (numbers.LOCAL_NOTIFICATION, numbers.REMOTE_NOTIFICATION):
            at = reader.offset
            message: Message | None = body.bgp()
            if message is None or isinstance(message, Notification):
                out["notification"] = message
            else:
                body.fault(BmpError(f"NOTIFICATION: it is a {message.name}", at))
        elif reason == numbers.LOCAL_EVENT:
            out["event"] = reader.u16()
        if reason == numbers.LOCAL_TLV or (body.version > 3 and reason in numbers.PEER_DOWN_REASONS):
            out["information"], fault = information(reader, body.version, numbers.INFORMATION)
            body.fault(fault)
        elif reason not in numbers.PEER_DOWN_REASONS:
            out["data"] = reader.rest()
        return out

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"reason": numbers.bmp_name(numbers.PEER_DOWN_REASONS, self.reason, "reason")}
        if self.notification is not None:
            out["notification"] = self.notification.json()
        if self.event is not None:
            out["event"] = self.event
        if self.information:
            out["information"] = [tlv.json() for tlv in self.information]
        if self.data:
            out["data"] = self.data.hex()
        return out
