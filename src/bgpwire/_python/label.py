"""MPLS label stacks and labelled prefixes (RFC 3107, RFC 8277)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from bgpwire._python.door import octets_of, version, view_of
from bgpwire._python.prefix import Prefix, prefix_error
from bgpwire.afi_safi import AFI_IPV4
from bgpwire.immutable import fill, making
from bgpwire.value.label import LabelledPrefixMixin, LabelStackMixin, parse_labels
from bgpwire.value.octets import as_bytes
from bgpwire.value.prefix import check_path_id

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable

    from bgpwire.errors import DecodeError
    from bgpwire.value.text import PrefixLike

__all__ = ["LabelStack", "LabelledPrefix", "decode_labelled", "decode_labels", "read_labelled"]

_new = object.__new__
_MOST = 1 << 20
"""Octets that are looked at for the bottom of a stack."""


@final
class LabelStack(LabelStackMixin):
    """Labels, outermost first; every bit is kept, so ``bytes()`` gives the octets as they came."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, text: str) -> None:
        """From text: ``100`` or ``100/200``."""
        self._wire = parse_labels(text)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From 3 octets a label. ValueError for any other length."""
        data = as_bytes(data)
        if len(data) % 3:
            raise ValueError(f"a label stack of {len(data)} octets")
        self = _new(cls)
        self._wire = data
        return self

    _restore = from_bytes

    def __bytes__(self) -> bytes:
        return self._wire

    def __len__(self) -> int:
        """How many labels."""
        return len(self._wire) // 3


@final
class LabelledPrefix(LabelledPrefixMixin):
    """A prefix with the labels bound to it (SAFI 4)."""

    __slots__ = ("labels", "path_id", "prefix")
    labels: LabelStack
    prefix: Prefix
    path_id: int | None

    def __init__(self, labels: LabelStack | str, prefix: Prefix | PrefixLike, path_id: int | None = None) -> None:
        fill(self, "labels", labels if isinstance(labels, LabelStack) else LabelStack(labels))
        fill(self, "prefix", prefix.prefix if isinstance(prefix, Prefix) else Prefix(prefix))
        fill(self, "path_id", check_path_id(path_id))

    @classmethod
    def _restore(cls, labels: LabelStack, prefix: Prefix, path_id: int | None) -> Self:
        return cls(labels, prefix, path_id)


_making = making(LabelledPrefix)


def stack_size(data: bytes, start: int, bits: int, tail: int, withdraw: bool, multiple: bool) -> int:
    """How many octets the label stack at ``start`` takes, -1 if it has no end.

    ``bits`` is what the NLRI's length leaves for the stack and all behind it, ``tail`` the most that can
    stand behind the stack (32 or 128, and 64 for a route distinguisher). ``multiple`` says that the session
    negotiated the Multiple Labels capability for the family: a stack ends at its bottom-of-stack bit (RFC 8277
    section 2.3). Without it there is one label, and its bottom-of-stack bit is ignored (section 2.2); only where
    more than ``tail`` bits would be left is the stack read to its bottom. A withdrawal has 3 octets to be ignored
    on every session (section 2.4), where speakers of RFC 3107 put the stack: so there it ends at 0x800000 or
    0x000000 in front, at a bottom-of-stack bit, or as soon as what is left can be the prefix.
    """
    size = 3
    if bits < 24:
        return -1
    bits -= 24
    if bits <= tail and (withdraw or not multiple):
        return size
    if withdraw and data[start] in (0, 0x80) and not (data[start + 1] or data[start + 2]):
        return size
    while not data[start + size - 1] & 1 and not (withdraw and bits <= tail):
        if bits < 24:
            return -1
        bits -= 24
        size += 3
    return size


def read_behind_labels[T](
    cls: type[T],
    make: Callable[[], Any],
    distinguisher: Any,
    data: bytes,
    start: int,
    end: int,
    afi: int,
    add_path: bool,
    withdraw: bool,
    base: int,
    multiple: bool,
) -> tuple[list[T], DecodeError | None]:
    """The routes ``cls`` of ``data[start:end]``: labels, a ``distinguisher`` (the class, ``None`` without one), prefix.
    ``make`` is what :func:`bgpwire.value.frozen.making` gives for ``cls``.

    For what comes back see ``read_prefixes``, for the other arguments ``read_labelled``.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    out: list[T] = []
    longest = 32 if afi == AFI_IPV4 else 128
    before = 0 if distinguisher is None else 64
    path_id = None
    pos = start
    while pos < end:
        if add_path:
            if end - pos < 5:
                return out, prefix_error("path identifier and prefix run over the end", pos + base)
            path_id = int.from_bytes(data[pos : pos + 4])
            pos += 4
        bits = data[pos]
        after = pos + 1 + ((bits + 7) >> 3)
        if after > end:
            return out, prefix_error("prefix runs over the end", pos + base)
        size = stack_size(data, pos + 1, bits, longest + before, withdraw, multiple)
        if size < 0:
            return out, prefix_error("label stack without an end", pos + base)
        bits -= size * 8 + before
        if bits < 0:
            return out, prefix_error("no room for a route distinguisher", pos + base)
        if bits > longest:
            return out, prefix_error(f"prefix length {bits}", pos + base)
        cut = pos + 1 + size
        labels = _new(LabelStack)
        labels._wire = data[pos + 1 : cut]
        route = make()
        route.labels = labels
        if before:
            route.rd = rd = _new(distinguisher)
            rd._wire = data[cut : cut + 8]
            cut += 8
        route.prefix = prefix = _new(Prefix)
        prefix._wire = bytes((bits,)) + data[cut:after]
        prefix._afi = afi
        prefix._path_id = None
        route.path_id = path_id
        route.__class__ = cls
        out.append(route)
        pos = after
    return out, None


def read_labelled(
    data: bytes,
    start: int,
    end: int,
    afi: int,
    add_path: bool,
    withdraw: bool = False,
    base: int = 0,
    multiple: bool = False,
) -> tuple[list[LabelledPrefix], DecodeError | None]:
    """Read the labelled prefixes of ``data[start:end]``; see ``read_prefixes`` for what comes back.

    ``multiple``: the Multiple Labels capability was negotiated for the family (RFC 8277 section 2.1).
    """
    kind = LabelledPrefix, _making, None
    return read_behind_labels(*kind, data, start, end, afi, add_path, withdraw, base, multiple)


def decode_labelled(
    data: Buffer, afi: int, *, add_path: bool = False, withdraw: bool = False, multiple_labels: bool = False
) -> tuple[list[LabelledPrefix], DecodeError | None]:
    """Labelled prefixes one behind the other (RFC 8277 section 2), with path identifiers where ``add_path``. ``afi`` is
    1 for IPv4, 2 for IPv6.

    ``withdraw``: they are withdrawn, and what stands for the labels is to be ignored (section 2.4);
    ``multiple_labels``: the session negotiated that capability for the family (section 2.1), so a stack ends at its
    bottom-of-stack bit. Returns the :class:`bgpwire.LabelledPrefix` objects before the first fault, and the fault or
    ``None``.
    """
    octets = octets_of(data)
    return read_labelled(octets, 0, len(octets), version(afi), add_path, withdraw, 0, multiple_labels)


def decode_labels(data: Buffer, *, withdraw: bool = False) -> tuple[LabelStack, memoryview, DecodeError | None]:
    """A label stack alone, and what follows it: 3 octets a label, up to the one whose bottom-of-stack bit is set (RFC
    8277 section 2). With ``withdraw``, 0x800000 or 0x000000 in front is a whole stack (section 2.4).

    Returns the :class:`bgpwire.LabelStack`, a memoryview of the octets behind it, and the fault or ``None``: no label
    is the bottom of the stack; then the stack is all whole labels that are there.
    """
    view = view_of(data)
    octets = view[:_MOST].tobytes()
    room = len(view)
    size = stack_size(octets, 0, len(octets) * 8, -1, withdraw, True)
    fault = None
    if size < 0:
        size = room - room % 3
        octets = view.tobytes()
        fault = prefix_error("label stack without an end", size)
    labels = _new(LabelStack)
    labels._wire = octets[:size]
    return labels, view[size:], fault
