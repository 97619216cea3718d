"""What an MRT record says, as one typed value: :func:`decode_record`.

Written once over the kernel ``Reader``, for all that is not read by the gigabyte; routes have their own way
(:meth:`bgpwire.mrt.MrtFile.routes`). A body is one small class in one of the modules beside this one, entered with
:func:`body`; a type or subtype without one is an :class:`UnknownRecord`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from bgpwire._impl import Reader
from bgpwire.afi_safi import afi_name, safi_name
from bgpwire.errors import MrtError
from bgpwire.every_family import ALL_FAMILIES, families_of
from bgpwire.field import to_json
from bgpwire.immutable import Immutable
from bgpwire.mrt.names import subtype_name, type_name
from bgpwire.numbers import mrt
from bgpwire.numbers.mrt import EXTENDED
from bgpwire.registry import Registry
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire.mrt.kernels import Record

_SAME = {
    mrt.BGP4MP_ET: mrt.BGP4MP,
    mrt.EARLY_BGP4MP: mrt.BGP4MP,
    mrt.EARLY_BGP4MP_ET: mrt.BGP4MP,
    mrt.ISIS_ET: mrt.ISIS,
    mrt.OSPFV3_ET: mrt.OSPFV3,
}
"""Types whose bodies are those of another."""


_NAMING: dict[str, Callable[[Any], Any]] = {
    "afi": afi_name,
    "prefix_afi": afi_name,
    "safi": safi_name,
    "prefix_safi": safi_name,
}
"""Fields that JSON has by name and not by number."""


class Context(NamedTuple):
    """What a body needs besides its octets."""

    record: Record
    add_path: frozenset[tuple[int, int]]
    multiple_labels: frozenset[tuple[int, int]]

    def session(self, asn4: bool, add_path: bool = False) -> Session:
        """The session of a message inside a record whose subtype says these two."""
        paths = ALL_FAMILIES if add_path else self.add_path
        given = Provenance.GIVEN
        return Session(
            asn4,
            paths,
            asn4_from=given,
            add_path_from=given,
            extended_message=True,
            multiple_labels=self.multiple_labels,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Immutable):
    """The base of all bodies: ``json()`` is the class's name and its fields, those left out that are absent.

    What stands only inside other bodies has no name.
    """

    name: ClassVar[str]

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Body:
        """Read a body. :class:`bgpwire.DecodeError`, offsets counted in ``record.data``, if it runs over the end."""
        raise NotImplementedError

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"body": self.name} if self.name else {}
        for member in fields(self):
            value = getattr(self, member.name)
            if value is not None:
                naming = _NAMING.get(member.name, to_json)
                out[member.name] = naming(value)
        fault = getattr(getattr(self, "attributes", None), "structure_error", None)
        if fault is not None:
            out["errors"] = [fault.json()]
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRecord(Body):
    """A record of a type or subtype that is not registered, kept whole."""

    name: ClassVar[str] = "unknown"

    type: int
    subtype: int
    value: bytes


_FILES: Final[dict[str, tuple[int, ...]]] = {
    "body_bgp4mp": (16,),
    "body_historic": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 32, 48),
    "body_table": (12, 13),
}
"""The files of ``bgpwire.mrt`` and the record types in each."""


class _Bodies(Registry[tuple[int, int | None], type[Body]]):
    """The code is (type, subtype), ``None`` for any subtype, and files name types."""

    __slots__ = ()

    def modules(self, code: tuple[int, int | None]) -> tuple[str, ...]:
        return self._modules.get(code[0], ())


BODIES: Final = _Bodies("mrt", _FILES)


def body[T: Body](*kinds: tuple[int, int | None]) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.decode`` reads records of these (type, subtype) pairs; ``None``: any subtype."""

    def enter(cls: type[T]) -> type[T]:
        for kind in kinds:
            BODIES.enter(kind, cls, cls.__module__)
        return cls

    return enter


def decode_record(
    record: Record,
    *,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
) -> Body:
    """The body of a record; ``add_path`` and ``multiple_labels`` as :func:`bgpwire.mrt.open` takes them.

    :class:`bgpwire.DecodeError`, its offset counted in ``record.data``, where the record or the message inside
    cannot be read. RIB records stand for themselves here: their entries name peers by number.
    """
    context = Context(record, families_of(add_path), families_of(multiple_labels))
    reader = Reader(record.data)
    if record.type in EXTENDED:
        if len(reader) < 4:
            raise MrtError("no room for microseconds", 0)
        reader.skip(4)
    kind = _SAME.get(record.type, record.type)
    found = BODIES[kind, record.subtype] or BODIES[kind, None]
    if found is None:
        return UnknownRecord(type=record.type, subtype=record.subtype, value=reader.rest())
    return found.decode(reader, context)


def record_json(
    record: Record,
    *,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
) -> dict[str, Any]:
    """Header and body of a record as JSON values, see ``docs/json.md``; :class:`bgpwire.DecodeError` as above."""
    out = {"timestamp": record.timestamp, "type": type_name(record), "subtype": subtype_name(record)}
    return out | decode_record(record, add_path=add_path, multiple_labels=multiple_labels).json()
