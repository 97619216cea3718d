"""Route distinguishers and the VPN routes that carry them (RFC 4364, RFC 4659)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, final

from bgpwire._python.door import octets_of, version
from bgpwire._python.label import LabelStack, read_behind_labels
from bgpwire._python.prefix import Prefix
from bgpwire.immutable import fill, making
from bgpwire.value.octets import as_bytes
from bgpwire.value.prefix import check_path_id
from bgpwire.value.rd import RouteDistinguisherMixin, VpnPrefixMixin, parse_rd

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.errors import DecodeError
    from bgpwire.value.text import PrefixLike

__all__ = ["RouteDistinguisher", "VpnPrefix", "decode_vpn", "read_vpn"]

_new = object.__new__


@final
class RouteDistinguisher(RouteDistinguisherMixin):
    """8 octets: a type of 2, then administrator and assigned number (RFC 4364 section 4.2)."""

    __slots__ = ("_wire",)
    _wire: bytes

    def __init__(self, text: str) -> None:
        """From text: ``65000:100``, ``192.0.2.1:100``, ``4200000000:100``. ValueError otherwise."""
        self._wire = parse_rd(text)

    @classmethod
    def from_bytes(cls, data: Buffer) -> Self:
        """From 8 octets. ValueError for any other number."""
        data = as_bytes(data)
        if len(data) != 8:
            raise ValueError(f"a route distinguisher has 8 octets, not {len(data)}")
        self = _new(cls)
        self._wire = data
        return self

    _restore = from_bytes

    def __bytes__(self) -> bytes:
        return self._wire


@final
class VpnPrefix(VpnPrefixMixin):
    """A VPN-IPv4 or VPN-IPv6 route: labels, route distinguisher and prefix (SAFI 128)."""

    __slots__ = ("labels", "path_id", "prefix", "rd")
    labels: LabelStack
    rd: RouteDistinguisher
    prefix: Prefix
    path_id: int | None

    def __init__(
        self,
        labels: LabelStack | str,
        rd: RouteDistinguisher | str,
        prefix: Prefix | PrefixLike,
        path_id: int | None = None,
    ) -> None:
        fill(self, "labels", labels if isinstance(labels, LabelStack) else LabelStack(labels))
        fill(self, "rd", rd if isinstance(rd, RouteDistinguisher) else RouteDistinguisher(rd))
        fill(self, "prefix", prefix.prefix if isinstance(prefix, Prefix) else Prefix(prefix))
        fill(self, "path_id", check_path_id(path_id))

    @classmethod
    def _restore(cls, labels: LabelStack, rd: RouteDistinguisher, prefix: Prefix, path_id: int | None) -> Self:
        return cls(labels, rd, prefix, path_id)


_making = making(VpnPrefix)


def read_vpn(
    data: bytes,
    start: int,
    end: int,
    afi: int,
    add_path: bool,
    withdraw: bool = False,
    base: int = 0,
    multiple: bool = False,
) -> tuple[list[VpnPrefix], DecodeError | None]:
    """Read the VPN routes of ``data[start:end]``; see ``read_labelled`` for arguments and what comes back."""
    kind = VpnPrefix, _making, RouteDistinguisher
    return read_behind_labels(*kind, data, start, end, afi, add_path, withdraw, base, multiple)


def decode_vpn(
    data: Buffer, afi: int, *, add_path: bool = False, withdraw: bool = False, multiple_labels: bool = False
) -> tuple[list[VpnPrefix], DecodeError | None]:
    """VPN routes one behind the other (RFC 4364, RFC 4659): labels, route distinguisher, prefix; arguments as for
    :func:`decode_labelled`.

    Returns the :class:`bgpwire.VpnPrefix` objects before the first fault, and the fault or ``None``.
    """
    octets = octets_of(data)
    return read_vpn(octets, 0, len(octets), version(afi), add_path, withdraw, 0, multiple_labels)
