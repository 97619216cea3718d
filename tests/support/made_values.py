"""Values made of declarations: what a field may have as its value, whatever its octets are.

:class:`Maker` walks a declaration and draws from octets, which hypothesis makes: where these end it draws zeros, so
that what fails gets small. Fields without parts give what they read of octets that were drawn.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from support.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

_TRIES = 1000
_DEPTH = 4
"""How deep TLVs stand inside each other."""
_SOME = bytes((0, 1, 2, 3, 4, 6, 8, 11, 16, 24, 32, 64, 128, 255))
"""Octets that say something: small numbers, lengths in bits, edges, and types that one field alone has."""


class Maker:
    """Makes values of the fields of one implementation, ``package``, out of ``entropy``."""

    def __init__(self, package: Any, entropy: bytes) -> None:
        self.package = package
        self._entropy = entropy
        self._at = 0
        self._depth = 0

    def draw(self, count: int) -> int:
        """A number below ``count``, which is 256 at most."""
        if self._at >= len(self._entropy):
            return 0
        self._at += 1
        return self._entropy[self._at - 1] % count

    def pick(self, items: Any) -> Any:
        return items[self.draw(min(len(items), 256))]

    def octets(self, size: int) -> bytes:
        """So many octets, half of them such as say something."""
        found = self._entropy[self._at : self._at + size].ljust(size, b"\0")
        self._at += size
        return bytes(octet if octet & 1 else _SOME[(octet >> 1) % len(_SOME)] for octet in found)

    def some(self, make: Callable[[], Any], most: int = 3) -> list[Any]:
        return [make() for _ in range(self.draw(most + 1))]

    def until(self, make: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        """What ``make`` gives and ``fits``; AssertionError where nothing does."""
        for _ in range(_TRIES):
            value = make()
            if fits(value):
                return value
            self._go_on()
        raise AssertionError("nothing fits")

    def _go_on(self) -> None:
        """More to draw from, where else it would be zeros for ever."""
        if self._at >= len(self._entropy):
            self._entropy = self._entropy.ljust(self._at, b"\0") + Random(self._at).randbytes(64)

    def value(self, field: Any, record: Any = None) -> Any:
        """A value of ``field``, which stands behind the members of ``record``."""
        for cls in type(field).__mro__:
            make = getattr(self, "_" + cls.__name__.lstrip("_"), None)
            if make is not None:
                return make(field, record)
        return self._read(field)

    def _read(self, field: Any) -> Any:
        """Of a field without parts: what it reads of some octets."""
        size = field.width
        for _ in range(_TRIES):
            data = self.octets(self.draw(25) if size is None else size)
            reader = self.package.Reader(data)
            try:
                return self._canonical(field.read(reader))
            except self.package.DecodeError:
                self._go_on()
        raise AssertionError(f"{field} reads nothing")

    def _canonical(self, value: Any) -> Any:
        """A value that has no bits but those that it shows."""
        package = self.package
        if isinstance(value, package.Prefix):
            return package.Prefix(f"{value.address}/{value.length}", value.path_id)
        if isinstance(value, package.LabelStack):
            return package.LabelStack("/".join(map(str, value.labels)))
        if isinstance(value, float) and value != value:
            return 0.0
        if isinstance(value, dict):
            return {name: self._canonical(member) for name, member in value.items()}
        return value

    def _Number(self, field: Any, record: Any) -> int:
        """Small ones most of the time, and those at the edge."""
        most = (1 << 8 * field.size) - 1
        way = self.draw(4)
        return min(self.draw(9), most) if way < 2 else most if way == 2 else int.from_bytes(self.octets(field.size))

    def _Record(self, field: Any, record: Any) -> dict[str, Any]:
        out = self._members(field.members)
        return {name: value for name, value in out.items() if value is not None}

    def _Layout(self, field: Any, record: Any) -> dict[str, Any]:
        return {name: value for name, value in self._members(field.members).items() if not name.startswith("_")}

    def _members(self, members: Any) -> dict[str, Any]:
        """Members in their order; behind one that is absent there are no octets."""
        out: dict[str, Any] = {}
        ended = False
        for name, member in members.items():
            optional = type(member).__name__ == "Optional"
            out[name] = None if ended and optional else self.value(member, out)
            ended = ended or (optional and out[name] is None)
        return out

    def _Joined(self, field: Any, record: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for part, _ in field._fields:
            out |= self.value(part)
        return out

    def _Cases(self, field: Any, record: Any) -> dict[str, Any]:
        out: dict[str, Any] = self.value(field._head[0])
        return out | self.value(field._choose(out))  # type: ignore[no-any-return]

    def _LengthsFirst(self, field: Any, record: Any) -> dict[str, Any]:
        def fits(member: Any, value: Any) -> bool:
            return not len(member.encode(value)) % field._unit

        return {
            name: self.until(lambda m=member: self.value(m), lambda value, m=member: fits(m, value))
            for name, member in field.members.items()
        }

    def _Depends(self, field: Any, record: Any) -> Any:
        return self.value(field.choose(record), record)

    def _OneOf(self, field: Any, record: Any) -> Any:
        def fits(value: Any) -> bool:
            """Octets are what no other kind reads."""
            inside = value["value"] if isinstance(value, dict) and [*value] == ["value"] else value
            return not isinstance(inside, bytes) or field.decode(field.encode(value)) == value

        return self.until(lambda: self._one(field.kinds, field._of), fits)

    def _ByLength(self, field: Any, record: Any) -> Any:
        return self._one(tuple(field.kinds.values()), field._kind)

    def _one(self, kinds: Any, of: Callable[[Any], Any]) -> Any:
        """A value of one of ``kinds`` that is written in that one."""
        found: list[Any] = []

        def make() -> Any:
            found[:] = [self.pick(kinds)]
            return self.value(found[0])

        def fits(value: Any) -> bool:
            try:
                return of(value) is found[0]
            except ValueError:
                return False

        return self.until(make, fits)

    def _Several(self, field: Any, record: Any) -> tuple[Any, ...]:
        value = tuple(self.some(lambda: self.value(field.item)))
        # An item that takes all that is left has none behind it.
        return value if len(value) < 2 or plain(field.decode(field.encode(value))) == plain(value) else value[:1]

    def _Times(self, field: Any, record: Any) -> tuple[Any, ...]:
        return tuple(self.value(field.item) for _ in range(field.count))

    def _Optional(self, field: Any, record: Any) -> Any:
        value = self.value(field.item) if self.draw(3) else None
        return None if value is None or not field.item.encode(value) else value  # without octets it is absent

    def _Around(self, field: Any, record: Any) -> Any:
        return self.value(field.item)

    def _Checked(self, field: Any, record: Any) -> Any:
        return self.until(lambda: self.value(field.item), field._valid)

    def _Turned(self, field: Any, record: Any) -> Any:
        return self._canonical(field._there(self.value(field.item)))

    def _AddressField(self, field: Any, record: Any) -> Any:
        return self.package.Address.from_bytes(self.octets(field.size or self.pick((4, 16))))

    def _Segment(self, field: Any, record: Any) -> dict[str, Any]:
        kind, numbers = (part for _, part in field.parts)
        return {"type": self.value(kind), "asns": tuple(self.value(numbers.item) for _ in range(1 + self.draw(4)))}

    def _ActionOctet(self, field: Any, record: Any) -> Any:
        return field.decode(bytes((self.pick([*field._numbers.values()]) << 6 | self.draw(2) << 5,)))

    def _Key(self, field: Any, record: Any) -> Any:
        return self.value(field._key)

    def _DistinguishedPrefix(self, field: Any, record: Any) -> dict[str, Any]:
        return {name: self.value(part) for name, part in field.parts}

    def _CarTlvs(self, field: Any, record: Any) -> dict[str, Any]:
        table = field.parts[0][1]
        made = self.some(lambda: self._tlv(table))
        tlvs = {tlv.type: tlv for tlv in made if tlv.type < 0x40}  # the type has 6 bits
        transitive = tuple(kind for kind in tlvs if self.draw(2))
        found = {"tlvs": tuple(tlvs.values()), "transitive": transitive}
        return {name: value for name, value in found.items() if value}

    def _RouteKey(self, field: Any, record: Any) -> Any:
        """A route of the family, but no Leaf A-D route."""
        layouts = [(kind, kind.layout_of(field._context)) for kind in field._family.types.values()]
        kinds = [kind for kind, layout in layouts if "route_key" not in layout.members]

        def make() -> Any:
            kind = self.pick(kinds)
            try:
                return kind.of_values(field._context, **self.value(kind.layout_of(field._context)))
            except ValueError:  # values that do not go together
                return None

        return self.until(make, lambda route: route is not None)

    def _NextHopField(self, field: Any, record: Any) -> Any:
        return field.decode(self.octets(self.pick((4, 16, 32))))

    def _Tlvs(self, field: Any, record: Any) -> tuple[Any, ...]:
        if self._depth >= _DEPTH:
            return ()
        self._depth += 1
        try:
            return tuple(self.some(lambda: self._tlv(field)))
        finally:
            self._depth -= 1

    def _tlv(self, field: Any) -> Any:
        kinds = [*field.table]
        if not kinds or not self.draw(5):
            kind = next(kind for kind in range(self.draw(200), 256) if kind not in field.table)
            return field.make(kind, self.octets(self.draw(9)))
        kind = self.pick(kinds)
        return field.make(kind, self.value(field.table[kind][1]))

    def _Containers(self, field: Any, record: Any) -> tuple[Any, ...]:
        from bgpwire.attribute.community_container import CONTAINERS

        header = [(name, part) for name, part in field.parts if name != "container"]

        def make() -> dict[str, Any]:
            out = {name: self.value(part) for name, part in header}
            out = {name: value for name, value in out.items() if value is not None}
            return out | {"container": self._tlv(CONTAINERS)}

        return tuple(self.some(make))

    def _SafiSpecificTlvs(self, field: Any, record: Any) -> tuple[Any, ...]:
        from bgpwire.attribute.historic import SSA_TABLE

        return tuple(self.some(lambda: {"transitive": bool(self.draw(2)), **SSA_TABLE.tlv_json(self._tlv(SSA_TABLE))}))

    def _Components(self, field: Any, record: Any) -> tuple[Any, ...]:
        from bgpwire.nlri.flowspec_component import component_of

        kinds = sorted({self.pick([*field.table]) for _ in range(1 + self.draw(3))})
        rows = [(kind, field.table[kind]) for kind in kinds]
        return tuple(component_of(kind, row, self.value(row.field)) for kind, row in rows)

    def _Matches(self, field: Any, record: Any) -> tuple[Any, ...]:
        items = []
        for _ in range(1 + self.draw(3)):
            value = int.from_bytes(self.octets(1 << self.draw(4)))
            item = {"operator": self.pick([*field._operators]), "value": value, "and": bool(self.draw(2))}
            items.append(item)
        return field.from_json(items)  # type: ignore[no-any-return]
