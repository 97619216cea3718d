"""The header in text that OpenBMP's ``bmp_raw`` had first (its "Message Bus API Specification", "Headers").

Lines of ``NAME: VALUE``, in any order and case, and an empty line. Only ``V`` has to be there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bgpwire._impl import Address
from bgpwire.errors import OpenBmpError
from bgpwire.immutable import Immutable

__all__ = ["HASH", "TextHeader", "read_text", "write_text"]

HASH: Final = 16
"""Octets of a hash."""
_MOST: Final = 4096
"""Octets of a header: what collectors write has 256 at most."""
_LINE: Final = re.compile(rb"([A-Za-z_]{1,32}) *:([ -~]*)")
_VERSION: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)
_LENGTH: Final = re.compile(r"\d{1,10}", re.ASCII)
_HEX: Final = re.compile(r"[0-9A-Fa-f]{32}")


@dataclass(frozen=True, slots=True)
class TextHeader(Immutable):
    """What a header in text says."""

    size: int
    """Octets, with the empty line."""
    major: int
    minor: int
    object_type: str | None
    collector_hash: bytes | None
    router_hash: bytes | None
    router: Address | None


def read_text(data: bytes) -> TextHeader:
    """The header that ``data`` begins with. :class:`bgpwire.OpenBmpError` where that is none, or ``L`` is another
    length than that of what stands behind it."""
    end = data.find(b"\n\n", 0, _MOST)
    if end < 0 or _LINE.match(data, 0, _MOST) is None:
        raise OpenBmpError("no header of OpenBMP" if data else "nothing where a header of OpenBMP should be", 0)
    found: dict[str, tuple[str, int]] = {}
    at = 0
    for line in data[:end].split(b"\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            raise OpenBmpError("a line that is no NAME: VALUE", at)
        found.setdefault(match[1].decode().upper(), (match[2].decode().strip(" "), at))
        at += len(line) + 1
    size = end + 2
    major, minor = _version(found)
    _check_length(found, len(data) - size)
    router_hash = found.get("R_HASH_ID") or found.get("R_HASH")
    return TextHeader(
        size,
        major,
        minor,
        found["T"][0].lower() if "T" in found else None,
        _hash(found.get("C_HASH_ID")),
        _hash(router_hash),
        _address(found.get("R_IP")),
    )


def write_text(version: str, collector_hash: bytes, router_hash: bytes, router: Address | None, size: int) -> bytes:
    """The header in front of ``size`` octets of BMP."""
    lines = [f"V: {version}", f"C_HASH_ID: {collector_hash.hex()}", f"R_HASH_ID: {router_hash.hex()}"]
    if router is not None:
        lines.append(f"R_IP: {router}")
    return "\n".join([*lines, f"L: {size}", "", ""]).encode()


def _version(found: dict[str, tuple[str, int]]) -> tuple[int, int]:
    if "V" not in found:
        raise OpenBmpError("no version: V", 0)
    text, at = found["V"]
    match = _VERSION.fullmatch(text)
    if match is None or match[1] != "1":
        raise OpenBmpError(f"OpenBMP version {text[:20]!r}", at)
    return int(match[1]), int(match[2] or 0)


def _check_length(found: dict[str, tuple[str, int]], there: int) -> None:
    if "L" not in found:
        return
    text, at = found["L"]
    if _LENGTH.fullmatch(text) is None:
        raise OpenBmpError(f"length {text[:20]!r}", at)
    if int(text) != there:
        raise OpenBmpError(f"BMP of {int(text)} octets, {there} there", at)


def _hash(field: tuple[str, int] | None) -> bytes | None:
    """The octets of a hash in hex, or the text where it is none."""
    if field is None:
        return None
    text = field[0]
    return bytes.fromhex(text) if _HEX.fullmatch(text) else text.encode()


def _address(field: tuple[str, int] | None) -> Address | None:
    if field is None:
        return None
    text, at = field
    try:
        return Address(text)
    except ValueError:
        raise OpenBmpError(f"R_IP {text[:50]!r}", at) from None
