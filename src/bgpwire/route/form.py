"""What a route and its attributes say, as JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Prefix
from bgpwire.errors import DecodeError
from bgpwire.numbers import attribute as codes
from bgpwire.numbers import state_name

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes
    from bgpwire._python.event import Event
    from bgpwire.route.shared import RouteMixin

WITH_FIELDS = frozenset(
    (
        codes.ORIGIN,
        codes.AS_PATH,
        codes.NEXT_HOP,
        codes.MULTI_EXIT_DISC,
        codes.LOCAL_PREF,
        codes.ATOMIC_AGGREGATE,
        codes.AGGREGATOR,
        codes.COMMUNITIES,
        codes.MP_REACH_NLRI,
        codes.MP_UNREACH_NLRI,
        codes.EXTENDED_COMMUNITIES,
        codes.AS4_PATH,
        codes.AS4_AGGREGATOR,
        codes.LARGE_COMMUNITY,
    )
)
"""Shown in fields of their own, or (MP_REACH_NLRI, MP_UNREACH_NLRI, AS4_PATH, AS4_AGGREGATOR) in those of others."""
_COMMUNITIES = (
    ("communities", codes.COMMUNITIES),
    ("extended_communities", codes.EXTENDED_COMMUNITIES),
    ("large_communities", codes.LARGE_COMMUNITY),
)


def malformed_names(attributes: PathAttributes) -> list[str]:
    """The attributes that cannot be read, by name; ``attribute_list`` where their lengths run over the end."""
    out = []
    for attribute in attributes.walk():
        if not attribute.duplicate:
            try:
                attributes[attribute.code]
            except DecodeError:
                out.append(attribute.name)
    if attributes.structure_error is not None:
        out.append("attribute_list")
    return out


def attribute_fields(attributes: PathAttributes) -> dict[str, Any]:
    """What the path attributes say but the next hop, as JSON values by key.

    ``malformed`` names those that cannot be read.
    """
    out: dict[str, Any] = {}
    path = attributes.as_path
    if path is not None:
        out["as_path"] = str(path)
        out["origin_asns"] = list(path.origin_asns)
    if attributes.origin is not None:
        out["origin"] = attributes.origin.json()
    for key, code in (("med", 4), ("local_pref", 5)):
        value = attributes.get(code)
        if value is not None:
            out[key] = value
    if attributes.atomic_aggregate:
        out["atomic_aggregate"] = True
    if attributes.aggregator is not None:
        out["aggregator"] = attributes.aggregator.json()
    for key, code in _COMMUNITIES:
        values = attributes.get(code)
        if values is not None:
            out[key] = values.json()
    for attribute in attributes.walk():
        if attribute.code not in WITH_FIELDS and not attribute.duplicate:
            try:
                value = attribute.value
            except DecodeError:
                continue
            out[attribute.name] = value.json() if hasattr(value, "json") else value
    malformed = malformed_names(attributes)
    if malformed:
        out["malformed"] = malformed
    return out


def time_text(event: Event) -> str:
    """Seconds since 1970, with microseconds where the event has them."""
    micro = event.microseconds
    return str(event.seconds) if micro is None else f"{event.seconds}.{micro:06}"


def route_fields(route: RouteMixin) -> dict[str, Any]:
    """The JSON object of a route: what ``dump --format json`` writes in one line, keys in the same order."""
    event, peer = route.event, route.peer
    out: dict[str, Any] = {
        "type": route.type,
        "timestamp": event.seconds if event.microseconds is None else float(time_text(event)),
    }
    if peer.address is not None:
        out["peer_address"] = str(peer.address)
    out["peer_asn"] = peer.asn
    if peer.rib is not None:
        out["rib"] = peer.rib
    if peer.distinguisher is not None:
        out["distinguisher"] = str(peer.distinguisher)
    if route.states is not None:
        old, new = route.states
        return out | {"old_state": state_name(old), "new_state": state_name(new)}
    nlri: Any = route.nlri
    family = route.family
    if type(nlri) is Prefix:
        out["prefix"] = str(nlri)
        if family is not None and family[1] != 1:
            out["family"] = str(family)
    else:
        out["family"] = str(family)
        if route.prefix is not None:
            out["prefix"] = str(route.prefix)
        out["nlri"] = nlri.json()
    if route.path_id is not None:
        out["path_id"] = route.path_id
    if route.type == "W" or route.attributes is None:
        return out
    if route.originated is not None:
        out["originated"] = route.originated
    if route.next_hop is not None:
        out["next_hop"] = str(route.next_hop)
    return out | attribute_fields(route.attributes)
