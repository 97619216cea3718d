"""Addresses, prefixes and the NLRI that is a prefix alone (RFC 4271 section 4.3, RFC 7911)."""

from __future__ import annotations

from functools import total_ordering
from typing import TYPE_CHECKING, Any, Self, final

from bgpwire._python.door import octets_of, version
from bgpwire._python.text import address_text, ipv6_text
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import INVALID_NETWORK, UpdateMessageError
from bgpwire.value.compare import unequal
from bgpwire.value.octets import as_bytes
from bgpwire.value.prefix import AddressMixin, PrefixMixin, check_path_id, check_prefix
from bgpwire.value.restore import restore
from bgpwire.value.text import parse_address, parse_prefix

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.errors import DecodeError
    from bgpwire.value.text import AddressLike, PrefixLike

__all__ = ["Address", "Prefix", "decode_prefixes", "read_prefixes"]

_new = object.__new__
_ZERO = b"\0"
_MASKS = (0xFF, 0x80, 0xC0, 0xE0, 0xF0, 0xF8, 0xFC, 0xFE)
_OCTETS = tuple((bits + 7) >> 3 for bits in range(256))
_SIZES = tuple(octets + 1 for octets in _OCTETS)


@final
@total_ordering
class Address(AddressMixin):
    """An IPv4 or IPv6 address: 4 or 16 octets in network order."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, text: AddressLike) -> None:
        """From text, such as ``192.0.2.1`` or ``2001:db8::1``, or from ``ipaddress``. ValueError if it is neither."""
        self._wire = parse_address(text)

    @classmethod
    def _of(cls, wire: bytes) -> Self:
        self = _new(cls)
        self._wire = wire
        return self

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From 4 or 16 octets in network order. ValueError for any other number."""
        data = as_bytes(data)
        if len(data) not in (4, 16):
            raise ValueError(f"an address has 4 or 16 octets, not {len(data)}")
        return cls._of(data)

    _restore = from_bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Address", self._wire)

    def __bytes__(self) -> bytes:
        return self._wire

    def __str__(self) -> str:
        return address_text(self._wire)

    def __hash__(self) -> int:
        return hash(self._wire)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Address):
            return unequal(self, other)  # type: ignore[no-any-return]
        return self._wire == other._wire

    def __lt__(self, other: Address) -> bool:
        if not isinstance(other, Address):
            return NotImplemented
        return (len(self._wire), self._wire) < (len(other._wire), other._wire)


@final
@total_ordering
class Prefix(PrefixMixin):
    """An IPv4 or IPv6 prefix, with its path identifier where ADD-PATH is on.

    Equality, order and hash look at (AFI, network, length, path identifier): bits behind the length are
    irrelevant (RFC 4271 section 4.3) and masked away, yet ``bytes()`` gives the octets as they came.
    """

    __slots__ = ("_afi", "_path_id", "_wire")
    _wire: bytes
    _afi: int
    _path_id: int | None

    def __init__(self, text: PrefixLike, path_id: int | None = None) -> None:
        """From text, such as ``10.0.0.0/8``, or an ``ipaddress`` object; without a length, a host.

        ValueError if it is no prefix.
        """
        packed, length = parse_prefix(text)
        path_id = check_path_id(path_id)
        self._wire = bytes((length,)) + packed[: _OCTETS[length]]
        self._afi = AFI_IPV4 if len(packed) == 4 else AFI_IPV6
        self._path_id = path_id

    @classmethod
    def _of(cls, wire: bytes, afi: int, path_id: int | None) -> Self:
        self = _new(cls)
        self._wire = wire
        self._afi = afi
        self._path_id = path_id
        return self

    @classmethod
    def _restore(cls, wire: bytes, afi: int, path_id: int | None) -> Self:
        check_prefix(wire, afi, path_id)
        return cls._of(wire, afi, path_id)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Prefix", self._wire, self._afi, self._path_id)

    @property
    def afi(self) -> int:
        """1 (IPv4) or 2 (IPv6)."""
        return self._afi

    @property
    def path_id(self) -> int | None:
        """RFC 7911 path identifier, ``None`` without ADD-PATH."""
        return self._path_id

    @property
    def length(self) -> int:
        """The prefix length in bits."""
        return self._wire[0]

    @property
    def packed(self) -> bytes:
        """The network address, 4 or 16 octets, bits behind the length cleared."""
        wire = self._masked()
        return wire[1:].ljust(4 if self._afi == AFI_IPV4 else 16, b"\0")

    def _masked(self) -> bytes:
        return masked(self._wire)

    @property
    def address(self) -> Address:
        """The network address, bits behind the length cleared."""
        return Address._of(self.packed)

    @property
    def prefix(self) -> Prefix:
        """The prefix of this NLRI, as every family that has one offers it: this one, without its path identifier."""
        return self if self._path_id is None else Prefix._of(self._wire, self._afi, None)

    def __bytes__(self) -> bytes:
        return self._wire if self._path_id is None else self._path_id.to_bytes(4) + self._wire

    def __str__(self) -> str:
        return self._ipv4_text(self._wire) if self._afi == AFI_IPV4 else self._ipv6_text(self._wire)

    @staticmethod
    def _ipv4_text(octets: bytes) -> str:
        """An IPv4 prefix, its length in front, as text."""
        bits, a, b, c, d = masked(octets).ljust(5, _ZERO)
        return f"{a}.{b}.{c}.{d}/{bits}"

    @staticmethod
    def _ipv6_text(octets: bytes) -> str:
        """An IPv6 prefix, its length in front, as text."""
        return f"{ipv6_text(masked(octets)[1:].ljust(16, _ZERO))}/{octets[0]}"

    def __hash__(self) -> int:
        return hash((self._masked(), self._afi, self._path_id))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Prefix):
            return unequal(self, other)  # type: ignore[no-any-return]
        return self._afi == other._afi and self._path_id == other._path_id and self._masked() == other._masked()

    def __lt__(self, other: Prefix) -> bool:
        if not isinstance(other, Prefix):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[int, bytes, int, int]:
        return self._afi, self.packed, self._wire[0], -1 if self._path_id is None else self._path_id


def masked(octets: bytes) -> bytes:
    """A prefix, its length in front, with the bits behind the length cleared."""
    mask = _MASKS[octets[0] & 7]
    if octets[0] and octets[-1] & mask != octets[-1]:
        return octets[:-1] + bytes((octets[-1] & mask,))
    return octets


def prefix_error(reason: str, offset: int) -> DecodeError:
    """A prefix that cannot be read: the field cannot be parsed to its end (RFC 7606 section 5.3)."""
    return UpdateMessageError(reason, offset, None, INVALID_NETWORK)


def read_prefixes(
    data: bytes, start: int, end: int, afi: int, add_path: bool, base: int = 0
) -> tuple[list[Prefix], DecodeError | None]:
    """Read the prefixes of ``data[start:end]``.

    Returns those before the first fault, and the fault (``None`` without one): a length over 32
    (128 for IPv6) or a prefix that runs over the end. ``base`` is added to the fault's offset.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    out: list[Prefix] = []
    sizes = _SIZES
    longest = 32 if afi == AFI_IPV4 else 128
    path_id = None
    pos = start
    while pos < end:
        if add_path:
            if end - pos < 5:
                return out, prefix_error("path identifier and prefix run over the end", pos + base)
            path_id = int.from_bytes(data[pos : pos + 4])
            pos += 4
        bits = data[pos]
        after = pos + sizes[bits]
        if after > end or bits > longest:
            reason = f"prefix length {bits}" if bits > longest else "prefix runs over the end"
            return out, prefix_error(reason, pos + base)
        prefix = _new(Prefix)
        prefix._wire = data[pos:after]
        prefix._afi = afi
        prefix._path_id = path_id
        out.append(prefix)
        pos = after
    return out, None


def read_octets(
    data: bytes, start: int, end: int, afi: int, add_path: bool
) -> tuple[list[bytes], list[int] | None, DecodeError | None]:
    """As :func:`read_prefixes`, the octets of each prefix, its length in front, and with ``add_path`` their path
    identifiers apart."""
    if add_path:
        prefixes, fault = read_prefixes(data, start, end, afi, True)
        return [prefix._wire for prefix in prefixes], [prefix._path_id or 0 for prefix in prefixes], fault
    out: list[bytes] = []
    sizes = _SIZES
    longest = 32 if afi == AFI_IPV4 else 128
    pos = start
    while pos < end:
        after = pos + sizes[data[pos]]
        if after > end or data[pos] > longest:
            return out, None, read_prefixes(data, pos, end, afi, False)[1]
        out.append(data[pos:after])
        pos = after
    return out, None, None


def decode_prefixes(data: Buffer, afi: int, *, add_path: bool = False) -> tuple[list[Prefix], DecodeError | None]:
    """Prefixes one behind the other (RFC 4271 section 4.3), each with a path identifier in front where ``add_path``
    (RFC 7911 section 3). ``afi`` is 1 for IPv4, 2 for IPv6.

    Returns the :class:`bgpwire.Prefix` objects before the first fault, and the fault or ``None``: a length over 32
    or 128 bits, or a prefix that runs over the end.
    """
    octets = octets_of(data)
    return read_prefixes(octets, 0, len(octets), version(afi), add_path)
