"""Messages made of the fields of RIS Live, where it did not send their octets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address
from bgpwire.live.ris.fields import number, path_of
from bgpwire.message import Keepalive, Notification, Update
from bgpwire.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.live.ris.fields import Fields

__all__ = ["BUILT", "build_keepalive", "build_notification", "build_updates", "notification_of"]

BUILT = Session(extended_next_hop=frozenset(((1, 1, 2),)))
"""The session of what is made here, which is known: 4-octet AS numbers, no path identifiers."""


def build_updates(fields: Fields) -> list[bytes]:
    """The UPDATEs that say what ``fields`` say: those that withdraw, then one or more for each next hop.

    Attributes that RIS Live does not show are not there; without an ``origin`` it is IGP, for there must be one.
    ValueError for what no UPDATE can say.
    """
    out: list[bytes] = []
    if fields.withdrawn:
        out += map(bytes, Update.withdraw(sorted(fields.withdrawn)).messages(BUILT))
    groups: dict[tuple[Address, ...], list[str]] = {}
    for prefix, hops in fields.announced.items():
        groups.setdefault(_pair(hops), []).append(prefix)
    values: Any = {"as_path": path_of(fields.path)}
    for name, value in (("origin", fields.origin), ("med", fields.med), ("aggregator", fields.aggregator)):
        if value is not None:
            values[name] = value
    if fields.community:
        values["communities"] = sorted(fields.community)
    for pair, prefixes in groups.items():
        hop: Any = pair[0] if len(pair) == 1 else pair
        out += map(bytes, Update.announce(prefixes, next_hop=hop, **values).messages(BUILT))
    if not out:
        raise ValueError("no routes: which family ends is not said" if fields.end_of_rib else "no routes")
    return out


def _pair(hops: frozenset[Address]) -> tuple[Address, ...]:
    """The next hop, or the global one and the link-local one. ValueError for others."""
    found = sorted(hops, key=lambda hop: hop.is_link_local)
    if len(found) == 1 or (len(found) == 2 and [hop.is_link_local for hop in found] == [False, True]):
        return tuple(found)
    raise ValueError(f"{len(hops)} next hops for a prefix")


def build_notification(data: Mapping[str, Any]) -> bytes:
    """Of the field ``notification``. ValueError, TypeError or KeyError for other forms."""
    code, subcode, octets = notification_of(data)
    return bytes(Notification.build(code, subcode, octets))


def notification_of(data: Mapping[str, Any]) -> tuple[int, int, bytes]:
    """Code, sub-code and data. ValueError, TypeError or KeyError for other forms."""
    form = data["notification"]
    if not isinstance(form, dict):
        raise TypeError(f"no object: {form.__class__.__name__}")
    return number(form["code"], 8), number(form.get("subcode", 0), 8), bytes.fromhex(form.get("data") or "")


def build_keepalive() -> bytes:
    """The message that every KEEPALIVE is."""
    return bytes(Keepalive.build())
