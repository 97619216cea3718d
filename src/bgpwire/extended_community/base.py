"""What one kind of extended community is: a name, a word for text, and a field that reads its octets."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bgpwire._impl import Reader
from bgpwire.field import Reads, to_json
from bgpwire.registry import EXTENDED_COMMUNITIES

type Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``field`` reads the octets behind type and sub-type into named values; ``show`` writes them as text."""

    name: str
    label: str
    field: Reads
    show: Callable[[Values], str] | None = None

    def values(self, wire: bytes) -> Values:
        """The named values of one community, its two octets of type in front."""
        values: Values = self.field(Reader(wire, 2))
        return values

    def text(self, wire: bytes) -> str:
        """``rt:65000:100``: the label and the values; the label alone where there are none."""
        values = self.values(wire)
        body = self.show(values) if self.show is not None else colons(values.values())
        return f"{self.label}:{body}" if body else self.label

    def json(self, wire: bytes) -> dict[str, Any]:
        """``type``, ``subtype`` and ``name``, then the values."""
        head: dict[str, Any] = {"type": wire[0], "subtype": wire[1], "name": self.name}
        for name, value in self.values(wire).items():
            head[name] = to_json(value)
        return head


def enter(code: int, name: str, label: str, field: Reads, show: Callable[[Values], str] | None = None) -> None:
    """Register one kind. ValueError if its code is taken."""
    if code in EXTENDED_COMMUNITIES:
        raise ValueError(f"extended community 0x{code:04x} is registered twice")
    EXTENDED_COMMUNITIES[code] = Kind(name, label, field, show)


def colons(values: Iterable[Any]) -> str:
    """Values side by side, see :func:`word`."""
    return ":".join(word(value) for value in values)


def word(value: Any) -> str:
    """One value: names with hyphens, lists of flags with commas, octets in hex, floats as :func:`float_text`."""
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return ",".join(map(str, value)).replace("_", "-") or "-"
    return str(value).replace("_", "-")


def float_text(value: float) -> str:
    """The shortest decimal that reads back as the same IEEE 754 single: ``1e+06``, ``-0``, ``inf``, ``nan``."""
    if value - value != 0:
        return str(value)
    for digits in range(1, 9):
        text = f"{value:.{digits}g}"
        with suppress(OverflowError):  # rounded up beyond the largest single
            if struct.unpack(">f", struct.pack(">f", float(text)))[0] == value:
                return text
    return f"{value:.9g}"


def spare(size: int) -> Reads:
    """Octets that are to be 0: left out where they are, kept where they are not."""

    def read(reader: Reader) -> bytes | None:
        octets: bytes = reader.take(size)
        return octets if any(octets) else None

    return read


def mac(reader: Reader) -> str:
    """6 octets as ``00:53:00:00:00:01``."""
    octets: bytes = reader.take(6)
    return octets.hex(":")


def label(reader: Reader) -> int:
    """3 octets, an MPLS label in the high 20 bits (or a VNI in all 24: RFC 8365 section 5.1.3)."""
    return reader.u24() >> 4


def hexadecimal(size: int) -> Reads:
    """That many octets, as ``0x…``."""

    def read(reader: Reader) -> str:
        return f"0x{reader.take(size).hex()}"

    return read


def named(table: dict[int, str], size: int = 1) -> Reads:
    """A number of ``size`` octets by its name; the number itself where it has none."""

    def read(reader: Reader) -> str | int:
        value: int = reader.uint(size)
        return table.get(value, value)

    return read
