"""What every NLRI that is not a kernel's shares, and the two that stand for none."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Self

from bgpwire._impl import filler, maker
from bgpwire.field import UNKNOWN, octets
from bgpwire.immutable import Immutable, fill
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.compare import unequal
from bgpwire.value.frozen import Frozen, Slotted

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Walk


@dataclass(frozen=True, slots=True)
class NlriContext(Immutable):
    """What the decoder of one NLRI may need to know besides its octets."""

    afi: int
    safi: int
    withdraw: bool = False
    session: Session = DEFAULT_SESSION


_make_context = maker(NlriContext, "afi", "safi", "withdraw", "session")


def context_of(afi: int, safi: int, withdraw: bool, session: Session) -> NlriContext:
    """What ``NlriContext`` makes of these, for what is read: the dataclass's own ``__init__`` calls for each field."""
    return _make_context(NlriContext, afi, safi, withdraw, session)  # type: ignore[no-any-return]


class OfFamily(Protocol):
    """What has a family: a context, and an NLRI itself."""

    @property
    def afi(self) -> int: ...
    @property
    def safi(self) -> int: ...


class Nlri(Frozen, metaclass=Slotted):
    """One NLRI: its octets (``wire``, without path identifier), its fields, its ``path_id`` or ``None``.

    A family derives from this class and registers itself (:func:`bgpwire.registry.nlri`). Its ``decode``
    reads exactly one NLRI and returns the object; ``wire``, ``afi``, ``safi`` and ``path_id`` are filled in
    by the caller, so that every family round-trips and has ADD-PATH for nothing. Each field that a class
    annotates or lays out is an attribute of its values.
    Equality, order and hash look at (AFI, SAFI, path identifier, octets).
    """

    __slots__ = ("_place", "_values")
    _place: tuple[bytes, int, int, int | None]
    _values: dict[str, Any]

    EMPTY: ClassVar[Nlri]
    INVALID: ClassVar[Nlri]

    def __init_subclass__(cls) -> None:
        """Make attributes of the fields: annotated ones, with a default where the class has one, and the layout's."""
        super().__init_subclass__()
        names = [name for name, kind in get_annotations(cls).items() if not str(kind).startswith("ClassVar")]
        laid_out = cls.__dict__["layout"].keys() if "layout" in cls.__dict__ else ()
        for name in (*names, *laid_out):
            if name.startswith("_") or isinstance(cls.__dict__.get(name), property):
                continue
            if name in names or not hasattr(cls, name):
                setattr(cls, name, _field(name, cls.__dict__.get(name, _REQUIRED)))

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        """Read one NLRI; raise :class:`bgpwire.DecodeError` where the octets are not one."""
        raise NotImplementedError

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        """What :meth:`decode` reads, each part by ``walk``. A family that has no walk of its own is one ``value``."""
        walk.part("value", lambda inner: cls.decode(inner.reader, context))

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Self:
        """The NLRI with these fields, whose octets the caller fills in. ``fields`` is kept, not copied."""
        return _make(cls, fields)  # type: ignore[no-any-return]

    @property
    def wire(self) -> bytes:
        """The octets, without path identifier."""
        return self._place[0]

    @property
    def afi(self) -> int:
        return self._place[1]

    @property
    def safi(self) -> int:
        return self._place[2]

    @property
    def path_id(self) -> int | None:
        """The path identifier (RFC 7911), ``None`` without ADD-PATH."""
        return self._place[3]

    def replace(self, **changes: Any) -> Self:
        """The same NLRI with another ``path_id``. TypeError for anything else, ValueError where it has no room."""
        path_id = changes.pop("path_id", self.path_id)
        if changes:
            raise TypeError(f"{', '.join(changes)} of {type(self).__name__} cannot be replaced")
        if path_id is not None and not 0 <= path_id < 1 << 32:
            raise ValueError(f"a path identifier of {path_id}")
        return place(self.of(self._values), (*self._place[:3], path_id))  # type: ignore[no-any-return]

    def __bytes__(self) -> bytes:
        wire, _, _, path_id = self._place
        return wire if path_id is None else path_id.to_bytes(4) + wire

    def _key(self) -> tuple[int, int, int, bytes]:
        wire, afi, safi, path_id = self._place
        return afi, safi, -1 if path_id is None else path_id, wire

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return unequal(self, other)  # type: ignore[no-any-return]
        return self._key() == other._key()

    def __lt__(self, other: Nlri) -> bool:
        if not isinstance(other, Nlri):
            return NotImplemented
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return f"0x{self.wire.hex()}"

    def __repr__(self) -> str:
        path = "" if self.path_id is None else f" path_id={self.path_id}"
        return f"<{type(self).__name__} {self}{path}>"

    def fields(self) -> dict[str, Any]:
        """The family's own fields as JSON values."""
        raise NotImplementedError

    def json(self) -> dict[str, Any]:
        """The fields; ``path_id`` among them where ADD-PATH is on."""
        out = self.fields()
        if self.path_id is not None:
            out["path_id"] = self.path_id
        return out


_make = maker(Nlri, "_values")
place = filler(Nlri, "_place")
"""``place(nlri, (wire, afi, safi, path_id))``: the NLRI of :meth:`Nlri.of` with what its octets say."""
_REQUIRED: Final = object()


def _field(name: str, default: object) -> property:
    """A field of an NLRI as its attribute."""
    if default is not _REQUIRED:
        return property(lambda self: self._values.get(name, default))

    def get(self: Nlri) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no {name}") from None

    return property(get)


class UnknownNlri(Nlri):
    """The NLRI of a family without a decoder, or of a route type that is not registered: kept whole."""

    type: int | None = None
    """The route type, for families that have them."""

    def __init__(self, type: int | None = None) -> None:
        fill(self, "_values", {"type": type})

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> UnknownNlri:
        """All that is left: in an unknown family it is not known where one NLRI ends."""
        reader.skip(len(reader))
        return cls()

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        walk(UNKNOWN, octets)

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {} if self.type is None else {"type": self.type}
        return out | {"value": self.wire.hex()}


class _Singleton(Nlri):
    """Stands for no NLRI; copies and pickles are the object itself."""

    name: str

    def __init__(self, name: str) -> None:
        fill(self, "_values", {"name": name})
        fill(self, "_place", (b"", 0, 0, None))

    def __reduce__(self) -> str:  # type: ignore[override]
        return self.name

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return self.name.lower()

    def fields(self) -> dict[str, Any]:
        return {"nlri": str(self)}


EMPTY: Final = _Singleton("EMPTY")
"""No NLRI: an End-of-RIB, a message without routes."""
INVALID: Final = _Singleton("INVALID")
"""An NLRI whose octets cannot be read."""
Nlri.EMPTY = EMPTY
Nlri.INVALID = INVALID
