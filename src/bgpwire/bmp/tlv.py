"""TLVs of BMP: information about a router or a peer (RFC 7854 section 4.4), and those of version 4, some of them with
an index of the route that they are about (draft-ietf-grow-bmp-tlv section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Reader
from bgpwire.errors import BmpError, DecodeError
from bgpwire.immutable import Immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENTERPRISE: Final = 0x8000
"""The bit of a type that is a vendor's own; its number stands in front of the value."""
_NUMBER: Final = 4


@dataclass(frozen=True, slots=True)
class BmpTlv(Immutable):
    """One TLV; its octets are in ``data``, whatever they say."""

    type: int
    """Without the enterprise bit."""
    name: str | None
    """``None`` for a type that is not registered, or a vendor's own."""
    data: bytes
    value: Any = field(default=None, hash=False)
    """What the octets say, as JSON values; ``None`` where that is not known."""
    index: int | None = None
    """Which of the routes it is about, counted from 1; 0 for all; with 0x8000 that of a group. ``None``: it has
    none."""
    enterprise: int | None = None
    """The vendor's private enterprise number."""
    error: DecodeError | None = field(default=None, compare=False)

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.type}
        if self.enterprise is not None:
            out["enterprise"] = self.enterprise
        if self.name is not None:
            out["name"] = self.name
        if self.index is not None:
            out["index"] = self.index
        out["value"] = self.data.hex() if self.value is None else self.value
        if self.error is not None:
            out["error"] = {"reason": self.error.reason, "offset": self.error.offset}
        return out


type Found = tuple[int, int | None, int | None, bytes, int]
"""Type, enterprise number, index, octets, and where these begin."""


def read_tlvs(reader: Reader, version: int, indexed: bool = False) -> tuple[list[Found], DecodeError | None]:
    """The TLVs until the octets end, and the fault of one that runs over it; vendors have their own from version 4 on.

    Revisions of the draft differ in whether the length of a vendor's TLV counts the enterprise number: it does where
    the TLVs end with the octets then, or where they end in neither case.
    """
    begin = reader.offset
    octets = reader.rest()
    if version < 4:
        return _walk(octets, begin, indexed, None)
    found = _walk(octets, begin, indexed, True)
    if found[1] is not None:
        other = _walk(octets, begin, indexed, False)
        return other if other[1] is None else found
    return found


def _walk(octets: bytes, begin: int, indexed: bool, counted: bool | None) -> tuple[list[Found], DecodeError | None]:
    """``counted``: whether a length counts the enterprise number; ``None``: there are none."""
    reader = Reader(octets, 0, None, begin)
    out: list[Found] = []
    while len(reader):
        at = reader.offset
        try:
            kind, size = reader.u16(), reader.u16()
            index = reader.u16() if indexed else None
            enterprise = None
            if kind & ENTERPRISE and counted is not None:
                kind &= ~ENTERPRISE
                enterprise = reader.u32()
                size -= _NUMBER if counted else 0
            if size < 0:
                raise BmpError("TLV without room for its enterprise number", at)
            place = reader.offset
            out.append((kind, enterprise, index, reader.take(size), place))
        except DecodeError as error:
            return out, BmpError(f"TLV: {error.reason}", error.offset)
    return out, None


def information(
    reader: Reader, version: int, names: Mapping[int, str]
) -> tuple[tuple[BmpTlv, ...], DecodeError | None]:
    """TLVs whose values are text (RFC 7854 section 4.4), and the fault of one that runs over the end."""
    found, fault = read_tlvs(reader, version)
    out = []
    for kind, enterprise, index, data, _ in found:
        name = names.get(kind) if enterprise is None else None
        value = None if name is None else text_of(data)
        out.append(BmpTlv(kind, name, data, value, index, enterprise))
    return tuple(out), fault


def text_of(data: bytes) -> str:
    """UTF-8; octets that are none as U+FFFD. A NUL at the end, which some routers write, is no character."""
    return data.rstrip(b"\0").decode("utf-8", "replace")


def first_text(tlvs: Iterable[BmpTlv], name: str) -> str | None:
    """The text of the first TLV of that name, ``None`` where there is none."""
    return next((tlv.value for tlv in tlvs if tlv.name == name), None)
