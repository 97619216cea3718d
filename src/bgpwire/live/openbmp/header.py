"""What stands in front of BMP on OpenBMP's message bus: the binary header of version 1.7, written and read.

OpenBMP's "Message Bus API Specification" describes the feed ``bmp_raw`` and its header in text
(:mod:`bgpwire.live.openbmp.text`); the binary one, which took its place at RouteViews and CAIDA, is in the
documentation of their collectors. All numbers are in network order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address, Reader, Writer, as_bytes
from bgpwire.errors import DecodeError, EncodeError, OpenBmpError
from bgpwire.field import octets, raw, record, sized, u8, u16, u32
from bgpwire.field.joined import cases
from bgpwire.immutable import Immutable
from bgpwire.live.openbmp.text import HASH, TextHeader, read_text
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["BMP_RAW", "IPV6", "ROUTER", "OpenBmp", "decode"]

MAGIC: Final = b"OBMP"
BMP_RAW: Final = 12
"""The object type of BMP messages as a router sent them."""
ROUTER: Final = 0x80
"""The flag of a header that says of which router the octets are."""
IPV6: Final = 0x40
"""The flag of a router whose address is IPv6."""
_TYPES: Final = {BMP_RAW: "bmp_raw"}
_FLAGS: Final = {ROUTER: "router", IPV6: "ipv6"}
_MAJOR: Final = 1
_NAME: Final = 200
"""Characters of a name that goes to every event."""

_FRAME = record(major=u8, minor=u8, header_length=u16, message_length=u32)
_FRAME_END: Final = 12
"""Octets of the magic number and of :data:`_FRAME`."""
_HEAD = record(
    flags=u8, object_type=u8, seconds=u32, microseconds=u32, collector_hash=raw(HASH), admin_id=sized(octets, 2)
)
_OF_ROUTER = record(
    router_hash=raw(HASH), router_ip=raw(16), router_group=sized(octets, 2), row_count=u32, extra=octets
)
_OF_NONE = record(row_count=u32, extra=octets)
_FIELDS = cases(_HEAD, lambda head: _OF_ROUTER if head["flags"] & ROUTER else _OF_NONE, _OF_ROUTER, _OF_NONE)
"""The header behind :data:`_FRAME`, as long as that says: what later versions add is ``extra``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBmp(Immutable):
    """One message of the bus: the fields of its header, and the BMP behind it. ``bytes`` of it are those it came as."""

    octets: bytes = field(repr=False)
    """What stands behind the header: a BMP message, or several."""
    major: int = _MAJOR
    minor: int = 7
    flags: int = ROUTER
    object_type: int | None = BMP_RAW
    """``None`` where the header in text names one without a number here."""
    seconds: int | None = None
    """Since 1970, when the collector had it; ``None`` in text, which does not say."""
    microseconds: int | None = None
    collector_hash: bytes = b""
    """16 octets; in text what stands there where that is no hash."""
    admin_id: bytes = b""
    """What the collector is called: text, by rights."""
    router_hash: bytes = b""
    """16 octets, or nothing where no router is named; in text what stands there where that is no hash."""
    router_ip: bytes = b""
    """16 octets, of which IPv4 has the first 4; nothing where no router is named."""
    router_group: bytes = b""
    """How the collector groups its routers: text, by rights."""
    row_count: int | None = None
    """1 in front of BMP; ``None`` in text, which does not say."""
    extra: bytes = b""
    """What the header has behind these."""
    text: bytes = field(default=b"", repr=False)
    """The header as it came where that is in text, with the empty line at its end."""

    @property
    def version(self) -> str:
        """``1.7``."""
        return f"{self.major}.{self.minor}"

    @property
    def timestamp(self) -> float | None:
        """When the collector had it, seconds since 1970."""
        return None if self.seconds is None else self.seconds + (self.microseconds or 0) / 1e6

    @property
    def router_address(self) -> Address | None:
        """Where the router connected from; ``None`` where no router is named."""
        if len(self.router_ip) != 16:
            return None
        return Address.from_bytes(self.router_ip if self.flags & IPV6 else self.router_ip[:4])

    @property
    def name(self) -> str:
        """``collector/router``: the admin ID and the group of the router or, without one, its address; hashes for want
        of these. Controls are written out, and it is 200 characters at most for each."""
        router = _text(self.router_group) or str(self.router_address or "") or _hash(self.router_hash)
        return f"{_text(self.admin_id) or _hash(self.collector_hash)}/{router}"

    def without_octets(self) -> OpenBmp:
        """The header alone."""
        return replace(self, octets=b"")

    def __bytes__(self) -> bytes:
        """Header and BMP. :class:`bgpwire.EncodeError` for a name that has no room, ValueError or TypeError for what no
        field can have."""
        if self.text:
            return self.text + self.octets
        values: dict[str, Any] = {name: getattr(self, name) for name in _HEAD.members}
        of = _OF_ROUTER if self.flags & ROUTER else _OF_NONE
        values |= {name: getattr(self, name) for name in of.members}
        for name in ("admin_id", "router_group"):
            if len(getattr(self, name)) > 0xFFFF:
                raise EncodeError(name, len(getattr(self, name)), 0xFFFF)
        fields = _FIELDS.encode(values)
        size = _FRAME_END + len(fields)
        if size > 0xFFFF:
            raise EncodeError("header", size, 0xFFFF)
        writer = Writer()
        lengths = {"header_length": size, "message_length": len(self.octets)}
        _FRAME.write(writer, {"major": self.major, "minor": self.minor, **lengths})
        return MAGIC + bytes(writer) + fields + self.octets

    def json(self) -> dict[str, Any]:
        """The fields by their names as JSON values, hashes and octets in hex; what is not said is left out."""
        out: dict[str, Any] = {"version": self.version}
        if self.text:
            out["text"] = self.text.decode("ascii", "replace")
        else:
            out["flags"] = [_FLAGS.get(0x80 >> bit, f"bit_{bit}") for bit in range(8) if self.flags & 0x80 >> bit]
        if self.object_type is not None:
            out["object_type"] = _TYPES.get(self.object_type, f"type_{self.object_type}")
        if self.seconds is not None:
            out["timestamp"] = float(f"{self.seconds}.{self.microseconds or 0:06}")
        out["collector_hash"] = self.collector_hash.hex()
        if not self.text:
            out["admin_id"] = self.admin_id.decode("utf-8", "replace")
        if self.flags & ROUTER:
            out["router_hash"] = self.router_hash.hex()
            if self.router_address is not None:
                out["router_ip"] = str(self.router_address)
            if not self.text:
                out["router_group"] = self.router_group.decode("utf-8", "replace")
        if self.row_count is not None:
            out["row_count"] = self.row_count
        if self.extra:
            out["extra"] = self.extra.hex()
        return out | {"octets": self.octets.hex()}


def _text(data: bytes) -> str:
    """A name, fit to be shown."""
    return visible(data[:_NAME].rstrip(b"\0").decode("utf-8", "replace"))[:_NAME]


def _hash(data: bytes) -> str:
    return data.hex() if len(data) == HASH else _text(data)


def decode(buffer: Buffer) -> OpenBmp:
    """The message of the bus that ``buffer`` holds: the binary header of version 1, or the one in text.

    Flags, object types and later minor versions that are not known are kept; so is what stands behind the header,
    whatever it is. :class:`bgpwire.OpenBmpError` for what has no header, or another length than it says.
    """
    data = as_bytes(buffer)
    if data[:4] != MAGIC:
        return _of_text(read_text(data), data)
    try:
        return _binary(data)
    except OpenBmpError:
        raise
    except DecodeError as error:
        raise OpenBmpError(f"header of OpenBMP: {error.reason}", error.offset) from None


def _binary(data: bytes) -> OpenBmp:
    frame = _FRAME.read(Reader(data, len(MAGIC)))
    major, minor, size, there = frame["major"], frame["minor"], frame["header_length"], frame["message_length"]
    if major != _MAJOR:
        raise OpenBmpError(f"OpenBMP version {major}.{minor}", 4)
    if not _FRAME_END <= size <= len(data):
        raise OpenBmpError(f"header of {size} octets, {len(data)} there", 6)
    if size + there != len(data):
        raise OpenBmpError(f"BMP of {there} octets, {len(data) - size} there", 8)
    return OpenBmp(octets=data[size:], major=major, minor=minor, **_FIELDS.read(Reader(data, _FRAME_END, size)))


def _of_text(head: TextHeader, data: bytes) -> OpenBmp:
    router = head.router_hash is not None or head.router is not None
    address = b"" if head.router is None else bytes(head.router)
    return OpenBmp(
        octets=data[head.size :],
        major=head.major,
        minor=head.minor,
        flags=(ROUTER if router else 0) | (IPV6 if len(address) == 16 else 0),
        object_type=BMP_RAW if head.object_type in (None, _TYPES[BMP_RAW]) else None,
        collector_hash=head.collector_hash or b"",
        router_hash=head.router_hash or b"",
        router_ip=address.ljust(16, b"\0") if address else b"",
        text=data[: head.size],
    )
