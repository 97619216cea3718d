"""Families of several route types, each a layout of its own behind a type and a length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bgpwire._impl import Reader, Writer
from bgpwire.field import UNKNOWN, Field, Walk, number, octets
from bgpwire.nlri.base import Nlri, NlriContext, UnknownNlri
from bgpwire.nlri.declared import Declared, Kind, whole


class RouteType(Declared):
    """A family of route types: each NLRI is a type, a length in octets, and what the type says.

    The family derives from this class (``type_size`` and ``length_size`` in octets), its route types from the
    family: ``class MacIp(Evpn, type=2, name="mac_ip_advertisement")``. An unregistered type is skipped by its
    length and kept whole (RFC 7606 section 5.4), a malformed route too.
    """

    type_size: ClassVar[int] = 1
    length_size: ClassVar[int] = 1
    types: ClassVar[dict[int, Any]]
    type: ClassVar[int]
    name: ClassVar[str]

    def __init_subclass__(cls, type: int | None = None, name: str = "") -> None:
        super().__init_subclass__()
        if type is None:
            cls.types = {}
        elif type in cls.types:
            raise ValueError(f"route type {type} is registered twice")
        else:
            cls.types[type] = cls
            cls.type, cls.name = type, name

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        kind = reader.uint(cls.type_size)
        return cls.decode_type(kind, reader.sub(reader.uint(cls.length_size)), context)

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        kind = walk("type", number(cls.type_size))
        cls.walk_type(kind, walk.sub(walk("length", number(cls.length_size))), context)

    @classmethod
    def walk_type(cls, kind: int, walk: Walk, context: NlriContext) -> None:
        """As :meth:`decode_type`, each part by ``walk``."""
        known = cls.types.get(kind)
        if known is None:
            walk(UNKNOWN, octets)
        else:
            walk.whole(lambda body: known.walk_fields(body, context))

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        writer = Writer()
        writer.uint(cls.type, cls.type_size)
        with writer.sub(cls.length_size) as body:
            cls.write(body, values, context)
        return bytes(writer)

    def laid_out(self) -> bytes | None:
        return self.wire[self.type_size + self.length_size :]

    @classmethod
    def kinds_of(cls, context: NlriContext) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            ({"type": kind}, {"name": {"const": known.name}, **known.schema_of(context)})
            for kind, known in sorted(cls.types.items())
        ]

    @classmethod
    def kind_of(cls, form: Mapping[str, Any]) -> Kind:
        kind: Kind = cls.types.get(form.get("type", -1), Declared)
        return kind

    @classmethod
    def decode_type(cls, kind: int, body: Reader, context: NlriContext) -> Nlri:
        """The route of type ``kind`` that is all of ``body``."""
        known = cls.types.get(kind)
        return UnknownNlri(kind) if known is None else whole(known, body, context, kind)

    def fields(self) -> dict[str, Any]:
        return {"type": self.type, "name": self.name} | super().fields()

    def __str__(self) -> str:
        return f"[{self.type}]{super().__str__()}"


class Fronted(RouteType):
    """Route types behind one more field, ``front`` with its name: where it is not ``fronted``, no type is known."""

    front: ClassVar[tuple[str, Field]]
    fronted: ClassVar[int]

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        known = cls.front[1].read(reader) == cls.fronted
        kind = reader.uint(cls.type_size)
        body = reader.sub(reader.uint(cls.length_size))
        return cls.decode_type(kind, body, context) if known else UnknownNlri(kind)

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        if walk(*cls.front) == cls.fronted:
            super().walk(walk, context)
        else:
            walk("type", number(cls.type_size))
            walk.sub(walk("length", number(cls.length_size)))(UNKNOWN, octets)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        return cls.front[1].encode(cls.fronted) + super().pack(values, context)

    def laid_out(self) -> bytes | None:
        """What is behind the front, of which all routes of a known type have the same octets if it is exact."""
        front = self.front[1]
        if front.width is None or not front.exact:
            return None
        return self.wire[front.width + self.type_size + self.length_size :]

    def fields(self) -> dict[str, Any]:
        name, field = self.front
        return {name: field.to_json(self.fronted)} | super().fields()
