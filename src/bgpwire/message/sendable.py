"""The NLRI that are to be sent: read, put together by family, and in octets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import LabelledPrefix, LabelStack, Prefix, VpnPrefix
from bgpwire.afi_safi import (
    AFI_IPV4,
    AFI_IPV6,
    IPV4_UNICAST,
    IPV6_UNICAST,
    SAFI_MPLS_LABEL,
    SAFI_MPLS_VPN,
    SAFI_UNICAST,
    Family,
    family_of,
)
from bgpwire.errors import EncodeError
from bgpwire.nlri.base import Nlri, NlriContext
from bgpwire.nlri.collection import carries_labels, is_prefix
from bgpwire.nlri.routes import Routes
from bgpwire.value.prefix import no_path_id, path_id_needed
from bgpwire.value.text import is_place

if TYPE_CHECKING:
    from bgpwire.session import Session

    type Groups = tuple[tuple[Family, tuple[Any, ...]], ...]

UNICAST: Final = {AFI_IPV4: IPV4_UNICAST, AFI_IPV6: IPV6_UNICAST}
_WITHDRAWN: Final = LabelStack.from_bytes(b"\x80\0\0")
"""What stands for the labels of a route that is withdrawn (RFC 8277 section 2.4)."""
_SAFIS: Final[dict[type, int]] = {Prefix: SAFI_UNICAST, LabelledPrefix: SAFI_MPLS_LABEL, VpnPrefix: SAFI_MPLS_VPN}


def groups_of(nlri: Any, family: Any = None, withdraw: bool = False) -> Groups:
    """NLRI by family, each family where its first NLRI stands: values, text and ``ipaddress`` objects that are
    prefixes, and JSON forms (docs/json.md), which need a ``family``.

    Without a ``family`` a prefix is of unicast, one with labels of SAFI 4, one with a route distinguisher of SAFI 128;
    any other NLRI says itself. ValueError or TypeError for what is no NLRI, or none of the family.
    """
    if isinstance(nlri, (str, bytes, dict)):
        raise TypeError(f"a list of NLRI is needed, not {nlri!r}")
    if family is not None:
        family = Family.parse(family) if isinstance(family, str) else family_of(family)
    found: dict[Family, list[Any]] = {}
    for value in nlri:
        kind, read = _read(value, family, withdraw)
        found.setdefault(kind, []).append(read)
    return tuple((kind, tuple(items)) for kind, items in found.items())


def _read(value: Any, family: Family | None, withdraw: bool) -> tuple[Family, Any]:
    if is_place(value):
        value = Prefix(value)
    elif isinstance(value, dict):
        if family is None:
            raise ValueError(f"{value!r}: of which family it is must be said")
        value = Routes(NlriContext(*family, withdraw)).route_of(value)
    safi = _SAFIS.get(type(value))
    if safi is None and not isinstance(value, Nlri):
        raise TypeError(f"{value!r} is no NLRI")
    own = Family(value.afi, safi or value.safi)
    if family is None or own == family:
        return own, value
    alike = is_prefix(*family) and safi is not None and family.afi == own.afi
    if not alike or carries_labels(family.safi) != carries_labels(own.safi) or _vpn(family.safi) != _vpn(own.safi):
        raise ValueError(f"{value!r} is no NLRI of {family}")
    return family, value


def _vpn(safi: int) -> bool:
    return carries_labels(safi) and safi != SAFI_MPLS_LABEL


def octets_of(
    family: Family, values: tuple[Any, ...], session: Session, path_id: int | None, withdraw: bool = False
) -> tuple[Any, ...]:
    """NLRI of one family as the kernel ``pack_updates`` takes them: prefixes as they are, others in octets.

    :class:`bgpwire.EncodeError` for labels that the session does not take, and for path identifiers (RFC 7911) that are
    missing or have no place; ``path_id`` is that of those without one.
    """
    if type(values[0]) is Prefix:
        return values
    add_path = family in session.add_path_send
    return tuple(_octets(value, family, session, add_path, path_id, withdraw) for value in values)


def _octets(value: Any, family: Family, session: Session, add_path: bool, path_id: int | None, withdraw: bool) -> bytes:
    own = value.path_id
    if own is None and add_path and path_id is None:
        raise path_id_needed(value)
    if own is not None and not add_path:
        raise no_path_id(value)
    if type(value) in _SAFIS:
        if withdraw:
            value = _unlabelled(value)
        else:
            _check_labels(value, family, session)
    if own is None and path_id is not None and add_path:
        return path_id.to_bytes(4) + bytes(value)
    return bytes(value)


def _unlabelled(value: Any) -> Any:
    if isinstance(value, LabelledPrefix):
        return LabelledPrefix(_WITHDRAWN, value.prefix, value.path_id)
    return VpnPrefix(_WITHDRAWN, value.rd, value.prefix, value.path_id)


def _check_labels(value: Any, family: Family, session: Session) -> None:
    """RFC 8277 section 2.1: several labels are to be negotiated, and the receiver says how many it takes."""
    count = len(value.labels)
    most = 1
    if family in session.multiple_labels:
        most = next((most for *pair, most in session.label_limits_send if tuple(pair) == family), 254)
    if not 0 < count <= most:
        reason = f"{value} has {count}, and the session takes {most}" if count else f"{value} has none"
        raise EncodeError("labels", count, most, reason)
