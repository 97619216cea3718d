"""The door for other people's buffers: one dimension of unsigned octets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6

if TYPE_CHECKING:
    from collections.abc import Buffer

_OCTETS = frozenset(order + kind for order in ("", "@", "=", "<", ">", "!") for kind in "Bc?")


def view_of(data: Buffer) -> memoryview:
    """A view of it. TypeError for what has no buffer, ValueError for one of other items or dimensions."""
    view = memoryview(data)
    if view.ndim != 1 or view.format not in _OCTETS:
        raise ValueError(f"one dimension of unsigned octets is needed, not {view.ndim} of {view.format!r}")
    return view


def indexed(view: memoryview) -> memoryview | bytes:
    """What single octets are read from: the view, or a copy where it is strided, or Python cannot (ctypes)."""
    return view if view.contiguous and view.format == "B" else view.tobytes()


def octets_of(data: Buffer) -> bytes:
    """Its octets, copied once unless they are ``bytes`` already: a memoryview is slow to read one by one."""
    return data if type(data) is bytes else view_of(data).tobytes()


def version(afi: int) -> int:
    if afi == AFI_IPV4:
        return 1
    if afi == AFI_IPV6:
        return 2
    raise ValueError(f"afi is 1 (IPv4) or 2 (IPv6), not {afi!r}")
