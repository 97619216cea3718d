"""What one kind of extended community is: a name, a word for text, and a field that reads its octets."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from bgpwire._impl import ExtendedCommunity, Reader
from bgpwire.field import Field, high, raw, turned
from bgpwire.field.base import integer_of, octets_of
from bgpwire.registry import EXTENDED_COMMUNITIES

type Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``field`` reads the octets behind type and sub-type into named values; ``show`` writes them as text."""

    name: str
    label: str
    field: Field
    show: Callable[[Values], str] | None = None

    def values(self, wire: bytes) -> Values:
        """The named values of one community, its two octets of type in front."""
        values: Values = self.field.read(Reader(wire, 2))
        return values

    def text(self, wire: bytes) -> str:
        """``rt:65000:100``: the label and the values; the label alone without values."""
        values = self.values(wire)
        body = self.show(values) if self.show is not None else colons(values.values())
        return f"{self.label}:{body}" if body else self.label

    def json(self, wire: bytes) -> dict[str, Any]:
        """``type``, ``subtype`` and ``name``, then the values; ``raw`` where they do not say all octets."""
        head: dict[str, Any] = {"type": wire[0], "subtype": wire[1], "name": self.name}
        values = self.values(wire)
        form: dict[str, Any] = self.field.to_json(values)
        if not self.field.restores(values, wire[2:]):
            form["raw"] = wire.hex()
        return head | form


def enter(code: int, name: str, label: str, field: Field, show: Callable[[Values], str] | None = None) -> None:
    """Register one kind. ValueError if its code is taken."""
    EXTENDED_COMMUNITIES.enter(code, Kind(name, label, field, show))


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


mac: Final = turned(raw(6), lambda data: data.hex(":"), lambda text: bytes.fromhex(text.replace(":", "")), exact=True)
"""6 octets as ``00:53:00:00:00:01``."""

label: Final = high(3, 20)
"""3 octets, an MPLS label in the high 20 bits (or a VNI in all 24: RFC 8365 section 5.1.3)."""


def hexadecimal(size: int) -> Field:
    """That many octets, as ``0x…``."""
    return turned(
        raw(size), lambda data: f"0x{data.hex()}", lambda text: bytes.fromhex(text.removeprefix("0x")), exact=True
    )


def wire_of(form: Mapping[str, Any]) -> bytes:
    """The 8 octets of a JSON form. ValueError for other forms."""
    head = bytes((integer_of(form.get("type")), integer_of(form.get("subtype"))))
    if "raw" in form:
        return octets_of(form["raw"])
    kind = EXTENDED_COMMUNITIES.get(int.from_bytes(head))
    if kind is None:
        return head + octets_of(form.get("value"))
    rest = {name: member for name, member in form.items() if name not in ("type", "subtype", "name")}
    return head + kind.field.encode_json(rest)  # type: ignore[no-any-return]


extended_community: Final = turned(
    raw(8), ExtendedCommunity.from_bytes, bytes, lambda form: ExtendedCommunity.from_bytes(wire_of(form)), exact=True
)
"""8 octets, one extended community."""
