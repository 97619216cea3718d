"""What one kind of extended community is: a name, a word for text, and a field that reads its octets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import ExtendedCommunity, Reader
from bgpwire.errors import TruncatedError
from bgpwire.extended_community.text import Shown, Values, all_of
from bgpwire.field import UNKNOWN, Field, raw, turned, u8
from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.immutable import Immutable
from bgpwire.registry import EXTENDED_COMMUNITIES

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk


@dataclass(frozen=True, slots=True)
class Kind(Immutable):
    """``field`` reads the octets behind type and sub-type into named values; ``show`` has them as text, both ways."""

    name: str
    label: str
    field: Field
    show: Shown

    def values(self, wire: bytes) -> Values:
        """The named values of one community, its two octets of type in front."""
        values: Values = self.field.read(Reader(wire, 2))
        return values

    def text(self, wire: bytes) -> str:
        """``rt:65000:100``: the label and the values; the label alone without values."""
        body = self.show.write(self.values(wire))
        return f"{self.label}:{body}" if body else self.label

    def octets(self, text: str) -> bytes:
        """The octets behind type and sub-type of what stands behind the label of a text; what it does not tell is 0.

        ValueError for other text.
        """
        return self.field.encode_json(self.show.read(text, members(self.field)))

    @property
    def wide(self) -> bool:
        """Whether its AS number has 4 octets (RFC 5668)."""
        return members(self.field).get("asn", {}).get("maximum", 0) > 0xFFFF  # type: ignore[no-any-return]

    def json(self, wire: bytes) -> dict[str, Any]:
        """``type``, ``subtype`` and ``name``, then the values; ``raw`` where they do not say all octets."""
        head: dict[str, Any] = {"type": wire[0], "subtype": wire[1], "name": self.name}
        values = self.values(wire)
        form: dict[str, Any] = self.field.to_json(values)
        if not self.field.restores(values, wire[2:]):
            form["raw"] = wire.hex()
        return head | form


def enter(code: int, name: str, label: str, field: Field, show: Shown | None = None) -> None:
    """Register one kind, whose text are all its values unless ``show`` says which. ValueError if its code is taken."""
    EXTENDED_COMMUNITIES.enter(code, Kind(name, label, field, show or all_of(members(field))))


@cache
def members(field: Field) -> dict[str, Any]:
    """The schemas of its members, by name."""
    return field.schema()["properties"]  # type: ignore[no-any-return]


mac: Final = turned(
    raw(6),
    lambda data: data.hex(":"),
    lambda text: bytes.fromhex(text.replace(":", "")),
    schema={"type": "string", "pattern": "^([0-9a-f]{2}:){5}[0-9a-f]{2}$"},
    exact=True,
)
"""6 octets as ``00:53:00:00:00:01``."""


def hexadecimal(size: int) -> Field:
    """That many octets, as ``0x…``."""
    return turned(
        raw(size),
        lambda data: f"0x{data.hex()}",
        lambda text: bytes.fromhex(text.removeprefix("0x")),
        schema={"type": "string", "pattern": f"^0x[0-9a-f]{{{2 * size}}}$"},
        exact=True,
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


class _ExtendedCommunity(Field):
    """8 octets: two of type and sub-type, and what these say of the other six (RFC 4360 section 2)."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> ExtendedCommunity:
            return ExtendedCommunity.from_bytes(reader.take(8))

        super().__init__(read, width=8)

    def walk(self, walk: Walk) -> ExtendedCommunity:
        begin, left = walk.reader.offset, len(walk)
        if left < 8:
            for name in ("type", "subtype")[:left]:
                walk(name, u8)
            raise TruncatedError(f"8 octets needed, {left} left", begin)
        kind = EXTENDED_COMMUNITIES[walk("type", u8) << 8 | walk("subtype", u8)]
        if kind is None:
            walk(UNKNOWN, raw(6))
        else:
            walk.sub(6).whole(kind.field.walk)
        return ExtendedCommunity.from_bytes(walk.reader.since(begin))

    def write(self, writer: Writer, value: Any) -> None:
        if not isinstance(value, ExtendedCommunity):
            raise TypeError(f"an ExtendedCommunity is needed, not {type(value).__name__}")
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> ExtendedCommunity:
        return ExtendedCommunity.from_bytes(wire_of(members_of(form)))

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/extended_community"}


extended_community: Final = _ExtendedCommunity()
"""8 octets, one extended community."""
