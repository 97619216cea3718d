"""What every NLRI that is not a kernel's shares, and the two that stand for none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from bgpwire.field import UNKNOWN, octets
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.compare import unequal

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Walk


@dataclass(frozen=True, slots=True)
class NlriContext:
    """What the decoder of one NLRI may need to know besides its octets."""

    afi: int
    safi: int
    withdraw: bool = False
    session: Session = DEFAULT_SESSION


class Nlri:
    """One NLRI: its octets (``wire``, without path identifier), its fields, its ``path_id`` or ``None``.

    A family derives from this class and registers itself (:func:`bgpwire.registry.nlri`). Its ``decode``
    reads exactly one NLRI and returns the object; ``wire``, ``afi``, ``safi`` and ``path_id`` are filled in
    by the caller, so that every family round-trips and has ADD-PATH for nothing.
    Equality, order and hash look at (AFI, SAFI, path identifier, octets).
    """

    __slots__ = ("__dict__", "afi", "path_id", "safi", "wire")
    afi: int
    safi: int
    wire: bytes
    path_id: int | None

    EMPTY: ClassVar[Nlri]
    INVALID: ClassVar[Nlri]

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        """Read one NLRI; raise :class:`bgpwire.DecodeError` where the octets are not one."""
        raise NotImplementedError

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        """What :meth:`decode` reads, each part by ``walk``. A family that has no walk of its own is one ``value``."""
        walk.part("value", lambda inner: cls.decode(inner.reader, context))

    def _filled(self, wire: bytes, context: NlriContext, path_id: int | None) -> Self:
        self.wire = wire
        self.afi = context.afi
        self.safi = context.safi
        self.path_id = path_id
        return self

    def __bytes__(self) -> bytes:
        return self.wire if self.path_id is None else self.path_id.to_bytes(4) + self.wire

    def _key(self) -> tuple[int, int, int, bytes]:
        return self.afi, self.safi, -1 if self.path_id is None else self.path_id, self.wire

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


class UnknownNlri(Nlri):
    """The NLRI of a family without a decoder, or of a route type that is not registered: kept whole."""

    def __init__(self, type: int | None = None) -> None:
        self.type = type
        """The route type, for families that have them."""

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

    afi = 0
    safi = 0
    wire = b""
    path_id = None

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> str:
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
