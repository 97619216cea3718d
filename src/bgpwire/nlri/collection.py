"""The NLRI of one field or one attribute: octets or values, each made of the other on first access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import Reader, as_bytes, read_labelled, read_prefixes, read_vpn
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MPLS_LABEL, Safi
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, DecodeError, UpdateMessageError
from bgpwire.nlri.base import NlriContext, UnknownNlri, context_of, place
from bgpwire.nlri.label import stack_faults
from bgpwire.registry import NLRI
from bgpwire.session import DEFAULT_SESSION, Session

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterable, Iterator, Sequence

    from bgpwire._impl import LabelledPrefix, Prefix, VpnPrefix
    from bgpwire.nlri.base import Nlri

    type AnyNlri = Prefix | LabelledPrefix | VpnPrefix | Nlri

_PREFIX = frozenset(
    map(int, (Safi.UNICAST, Safi.MULTICAST, Safi.UNICAST_MULTICAST, Safi.FOUR_OVER_SIX, Safi.SIX_OVER_FOUR))
)
"""SAFIs whose NLRI is a prefix: RFC 4271, RFC 2858 section 4 (3), RFC 5747 section 4 (67, 68)."""
_VPN = frozenset(map(int, (Safi.CLASSFUL_TRANSPORT, Safi.MPLS_VPN)))
"""SAFIs whose NLRI is labels, route distinguisher and prefix: RFC 4364, RFC 9832 section 6.3 (76)."""
_KERNEL = _PREFIX | _VPN | {SAFI_MPLS_LABEL}
_AFIS = frozenset((AFI_IPV4, AFI_IPV6))


def is_prefix(afi: int, safi: int) -> bool:
    """Whether the NLRI of the family are prefixes, perhaps with labels or route distinguishers: kernels decode them."""
    return afi in _AFIS and safi in _KERNEL


def carries_labels(safi: int) -> bool:
    """Whether the prefixes of such a family have labels."""
    return safi not in _PREFIX


def decode_nlri(
    data: bytes, start: int, end: int, context: NlriContext, base: int = 0
) -> tuple[list[Any], DecodeError | None]:
    """All NLRI of one family in ``data[start:end]``.

    Returns the values before the first fault, and the fault, ``None`` without one.
    """
    afi, safi = context.afi, context.safi
    add_path = (afi, safi) in context.session.add_path
    if afi in _AFIS:
        if safi in _PREFIX:
            return read_prefixes(data, start, end, afi, add_path, base)
        multiple = (afi, safi) in context.session.multiple_labels
        if safi == SAFI_MPLS_LABEL:
            return read_labelled(data, start, end, afi, add_path, context.withdraw, base, multiple)
        if safi in _VPN:
            return read_vpn(data, start, end, afi, add_path, context.withdraw, base, multiple)
    out: list[Any] = []
    family = (NLRI[afi, safi] if (afi, safi) in NLRI.listed else None) or UnknownNlri
    reader = Reader(data, start, end, base)
    while len(reader):
        try:
            path_id = reader.u32() if add_path and family is not UnknownNlri else None
            begin = reader.offset
            value = family.decode(reader, context)
            wire = reader.since(begin)
            if not wire:
                raise UpdateMessageError("NLRI without octets", begin, None, OPTIONAL_ATTRIBUTE)
        except DecodeError as error:
            # RFC 7606 section 3 j, RFC 4760 section 7: where the field cannot be parsed to its end, the
            # family is disabled or the session reset.
            fault = UpdateMessageError(error.reason, error.offset, None, OPTIONAL_ATTRIBUTE, Action.AFI_SAFI_DISABLE)
            return out, fault
        out.append(place(value, (wire, afi, safi, path_id)))
    return out, None


class _Collection[T: AnyNlri]:
    """NLRI in wire octets or in values.

    Made from octets it decodes once, on first access; made from values (:meth:`of`) it packs once. It
    offers the buffer protocol: ``memoryview(collection)`` is the octets, uncopied.
    """

    __slots__ = ("_base", "_data", "_end", "_error", "_session", "_start", "_values", "_withdraw")

    _data: bytes | None
    _start: int
    _end: int
    _base: int
    _values: Sequence[T] | None
    _error: DecodeError | None
    _session: Session
    _withdraw: bool

    if TYPE_CHECKING:

        @property
        def afi(self) -> int: ...
        @property
        def safi(self) -> int: ...

    def __init__(
        self,
        data: Buffer,
        session: Session = DEFAULT_SESSION,
        *,
        withdraw: bool = False,
        start: int = 0,
        end: int | None = None,
        base: int = 0,
    ) -> None:
        octets = as_bytes(data)
        _fill(self, octets, start, len(octets) if end is None else end, base, session, withdraw)

    @classmethod
    def of(cls, values: Iterable[T], session: Session = DEFAULT_SESSION, **family: Any) -> Self:
        """From values, in their order; ``family``: what the constructor takes to say which family they are of."""
        self = cls(b"", session, **family)
        self._values = tuple(values)
        self._data = None
        return self

    @property
    def session(self) -> Session:
        """What was negotiated, as far as it is known: the octets are read under it."""
        return self._session

    @property
    def withdraw(self) -> bool:
        """Whether the routes are withdrawn."""
        return self._withdraw

    def _context(self) -> NlriContext:
        return context_of(self.afi, self.safi, self._withdraw, self._session)

    def _found(self) -> Sequence[T]:
        """As :attr:`values`; a list for whoever only goes through it, which nobody changes."""
        found = self._values
        if found is None:
            assert self._data is not None
            found, self._error = decode_nlri(self._data, self._start, self._end, self._context(), self._base)
            self._values = found
        return found

    @property
    def values(self) -> tuple[T, ...]:
        """The NLRI before the first fault."""
        found = self._found()
        if not isinstance(found, tuple):
            found = self._values = tuple(found)
        return found

    @property
    def error(self) -> DecodeError | None:
        """The first fault, ``None`` if all octets could be read."""
        _ = self.values
        return self._error

    @property
    def route_errors(self) -> list[DecodeError]:
        """What is wrong with single routes whose end is known, each with its action."""
        if is_prefix(self.afi, self.safi):
            return [] if self.safi in _PREFIX else stack_faults(self.values, self._context(), self._start + self._base)
        errors = (getattr(route, "error", None) for route in self.values)
        return [error for error in errors if error is not None]

    def __iter__(self) -> Iterator[T]:
        """The NLRI in wire order; raises :attr:`error` behind the last good one."""
        values = self._found()
        return iter(values) if self._error is None else self._until_error(values, self._error)

    @staticmethod
    def _until_error(values: Sequence[T], error: DecodeError) -> Iterator[T]:
        yield from values
        raise error.fresh()

    def __len__(self) -> int:
        """How many NLRI could be read."""
        return len(self._found())

    def __getitem__(self, index: int) -> T:
        return self.values[index]

    def __bool__(self) -> bool:
        """Whether there are any octets; decodes nothing."""
        return self._end > self._start if self._values is None else bool(self._values or self._error)

    def __bytes__(self) -> bytes:
        if self._data is None:
            self._data = b"".join(map(bytes, self.values))
            self._end = len(self._data)
        return self._data[self._start : self._end]

    def __buffer__(self, flags: int) -> memoryview:
        bytes(self)
        assert self._data is not None
        return memoryview(self._data)[self._start : self._end]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Collection):
            return NotImplemented
        return (self.afi, self.safi, bytes(self)) == (other.afi, other.safi, bytes(other))

    def __hash__(self) -> int:
        return hash((self.afi, self.safi, bytes(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.values))})"

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {"withdraw": self._withdraw, "base": self._base + self._start}
        return _rebuild, (type(self), bytes(self), self._session, fields)

    def json(self) -> list[Any]:
        return [value.json() for value in self.values]


def _fill(
    self: _Collection[Any], data: bytes, start: int, end: int, base: int, session: Session, withdraw: bool
) -> None:
    """The slots of a collection of ``data[start:end]``."""
    self._data = data
    self._start = start
    self._end = end
    self._base = base
    self._values = None
    self._error = None
    self._session = session
    self._withdraw = withdraw


class NlriCollection(_Collection["Prefix"]):
    """The NLRI of an UPDATE's own fields: IPv4 unicast."""

    __slots__ = ()
    afi = 1
    safi = 1


class MpNlriCollection(_Collection["AnyNlri"]):
    """The NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI: any family (RFC 4760)."""

    __slots__ = ("_afi", "_safi")

    def __init__(
        self,
        data: Buffer,
        session: Session = DEFAULT_SESSION,
        *,
        afi: int,
        safi: int,
        withdraw: bool = False,
        start: int = 0,
        end: int | None = None,
        base: int = 0,
    ) -> None:
        octets = as_bytes(data)
        _fill(self, octets, start, len(octets) if end is None else end, base, session, withdraw)
        self._afi = afi
        self._safi = safi

    @classmethod
    def read(cls, data: bytes, session: Session, afi: int, safi: int, withdraw: bool, base: int) -> Self:
        """The NLRI that an attribute ends with: all of ``data``, which begins at offset ``base``."""
        self = cls.__new__(cls)
        _fill(self, data, 0, len(data), base, session, withdraw)
        self._afi = afi
        self._safi = safi
        return self

    def _context(self) -> NlriContext:
        return context_of(self._afi, self._safi, self._withdraw, self._session)

    @property
    def afi(self) -> int:
        return self._afi

    @property
    def safi(self) -> int:
        return self._safi

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {"withdraw": self._withdraw, "base": self._base + self._start, "afi": self.afi, "safi": self.safi}
        return _rebuild, (type(self), bytes(self), self._session, fields)


def _rebuild[C: _Collection[Any]](cls: type[C], data: bytes, session: Session, fields: dict[str, Any]) -> C:
    return cls(data, session, **fields)


def decode_single(data: bytes, start: int, afi: int, safi: int, session: Session) -> tuple[Any, int]:
    """The one NLRI, without path identifier, that begins at ``start`` with more behind it, as in MRT's RIB_GENERIC.

    Returns it and how many octets it takes. :class:`bgpwire.DecodeError` if it cannot be read.
    """
    context = NlriContext(afi, safi, False, session)
    if is_prefix(afi, safi):
        size = 1 + ((data[start] + 7) >> 3) if start < len(data) else 1
        values, error = decode_nlri(data, start, min(start + size, len(data)), context)
        if error is not None:
            raise error
        if not values:
            raise UpdateMessageError("no NLRI", start, None, OPTIONAL_ATTRIBUTE)
        return values[0], size
    family = NLRI[afi, safi]
    if family is None:
        raise UpdateMessageError(
            f"family {afi}/{safi} is unknown, and so is where its NLRI ends", start, None, OPTIONAL_ATTRIBUTE
        )
    reader = Reader(data, start)
    value = family.decode(reader, context)
    wire = reader.since(start)
    return place(value, (wire, afi, safi, None)), len(wire)
