"""From a vector's context to the objects of the package under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.vectors import Vector

MARKER = b"\xff" * 16


def told(skip: Any) -> None:
    """``on_skip`` of a file that is torn on purpose: no warning, for the test looks at ``skips`` itself."""


def read_through(package: Any, items: Iterable[Any]) -> list[Any]:
    """All that an MRT file gives, and at the end the error of one that has not a single record."""
    out: list[Any] = []
    try:
        out.extend(items)  # what came before an error is kept
    except package.MrtError as error:
        out.append(error)
    return out


def family(package: Any, text: str | list[int]) -> tuple[int, int]:
    """``ipv4-unicast``, ``1/128`` or [1, 128]."""
    if isinstance(text, str):
        afi, safi = package.Family.parse(text)
        return int(afi), int(safi)
    return text[0], text[1]


def session(package: Any, vector: Vector, **more: Any) -> Any:
    """The session that the vector's context describes."""
    fields: dict[str, Any] = {
        key: vector.context[key]
        for key in ("asn4", "extended_message", "ibgp", "peer_asn", "local_asn")
        if key in vector.context
    }
    for key in ("add_path", "multiple_labels"):
        if key in vector.context:
            fields[key] = frozenset(family(package, item) for item in vector.context[key])
    if "extended_next_hop" in vector.context:
        fields["extended_next_hop"] = frozenset(tuple(item) for item in vector.context["extended_next_hop"])
    return package.Session(**(fields | more))


def message(kind: int, body: bytes) -> bytes:
    """A message around ``body``."""
    return MARKER + (len(body) + 19).to_bytes(2) + bytes((kind,)) + body


def next_hop(afi: int, safi: int) -> bytes:
    """A next hop that every family may have, behind its length."""
    octets = bytes((192, 0, 2, 1)) if afi != 2 else bytes.fromhex("20010db8000000000000000000000001")
    octets = bytes(8) + octets if safi in (72, 128, 129) else octets
    return bytes((len(octets),)) + octets


def update(withdrawn: bytes = b"", attributes: bytes = b"", nlri: bytes = b"") -> bytes:
    """An UPDATE of three sections."""
    return message(2, len(withdrawn).to_bytes(2) + withdrawn + len(attributes).to_bytes(2) + attributes + nlri)


def attribute(flags: int, code: int, value: bytes) -> bytes:
    """A path attribute; the extended length where it is asked for or needed."""
    if len(value) > 255:
        flags |= 0x10
    return bytes((flags, code)) + len(value).to_bytes(2 if flags & 0x10 else 1) + value


ATTRIBUTES = attribute(0x40, 1, b"\0") + attribute(0x40, 2, b"") + attribute(0x40, 3, bytes((192, 0, 2, 1)))
"""ORIGIN, an empty AS_PATH and a NEXT_HOP: what every announcement has."""


def record(kind: int, subtype: int, data: bytes, seconds: int = 1_000_000_000) -> bytes:
    """An MRT record."""
    return seconds.to_bytes(4) + kind.to_bytes(2) + subtype.to_bytes(2) + len(data).to_bytes(4) + data


def bgp4mp(octets: bytes, asn4: bool = True, add_path: bool = False) -> bytes:
    """A BGP4MP record of a message from 192.0.2.2 AS 64500 to 192.0.2.1 AS 64501."""
    numbers = b"\0\0\xfb\xf4\0\0\xfb\xf5" if asn4 else b"\xfb\xf4\xfb\xf5"
    subtype = {(True, False): 4, (False, False): 1, (True, True): 9, (False, True): 8}[asn4, add_path]
    head = numbers + b"\0\0\0\1" + bytes((192, 0, 2, 2)) + bytes((192, 0, 2, 1))
    return record(16, subtype, head + octets)


def peer_index() -> bytes:
    """A PEER_INDEX_TABLE with one IPv4 peer."""
    peer = bytes((2, 10, 0, 0, 1, 192, 0, 2, 2)) + (64500).to_bytes(4)
    return record(13, 1, bytes((192, 0, 2, 9)) + b"\0\0\0\1" + peer)


def rib_generic(afi: int, safi: int, nlri: bytes, attributes: bytes = ATTRIBUTES) -> bytes:
    """A file of a peer index table and one RIB_GENERIC record of one entry."""
    entry = b"\0\0" + (1_000_000_000).to_bytes(4) + len(attributes).to_bytes(2) + attributes
    body = b"\0\0\0\0" + afi.to_bytes(2) + bytes((safi,)) + nlri + b"\0\1" + entry
    return peer_index() + record(13, 6, body)
