"""Lines of RIS Live: written by hand in the form of its manual, and made of messages that were recorded."""

from __future__ import annotations

import json
from typing import Any

RAW = (
    "ffffffffffffffffffffffffffffffff 0043 02 0000 0028"
    "40010100"  # ORIGIN: IGP
    "50020012 0204 0000fbf4 0000fbf5 0000fbf6 0003fde8"  # AS_PATH
    "400304c0000201"  # NEXT_HOP
    "c00804fbf40064"  # COMMUNITIES
    "18cb0071"
).replace(" ", "")
UPDATE: dict[str, Any] = {
    "timestamp": 1700000000.25,
    "peer": "192.0.2.1",
    "peer_asn": "64500",
    "id": "00-192-0-2-1-1",
    "host": "rrc00",
    "type": "UPDATE",
    "path": [64500, 64501, 64502, 261608],
    "community": [[64500, 100]],
    "origin": "igp",
    "announcements": [{"next_hop": "192.0.2.1", "prefixes": ["203.0.113.0/24"]}],
    "raw": RAW,
}
"""An UPDATE whose fields are what its octets say."""


def line(data: dict[str, Any] | None = None, **changes: Any) -> str:
    """The line of a ``ris_message``: of :data:`UPDATE`, with these fields changed, left out where they are ``...``."""
    fields = (UPDATE if data is None else data) | changes
    return json.dumps({"type": "ris_message", "data": {k: v for k, v in fields.items() if v is not ...}}) + "\n"


def line_of(package: Any, event: Any, host: str = "rrc00") -> str:
    """The line that RIS Live would send of ``event``, with the fields that our own decoder finds in it."""
    message = event.message
    data: dict[str, Any] = {
        "timestamp": event.timestamp,
        "peer": str(event.peer.address),
        "peer_asn": str(event.peer.asn),
        "id": "0",
        "host": host,
        "type": message.name.upper(),
        "raw": event.octets.hex().upper(),
    }
    if message.name == "update":
        data |= _update(package, event)
    elif message.name == "notification":
        octets = message.reason_data.hex()
        data["notification"] = {"code": message.code, "subcode": message.subcode, "data": octets}
    elif message.name == "open":
        data |= {"direction": "received", "version": message.version, "asn": message.effective_asn}
        data |= {"hold_time": message.hold_time, "router_id": str(message.bgp_id)}
    return line(data)


def _update(package: Any, event: Any) -> dict[str, Any]:
    attributes = event.message.attributes
    data: dict[str, Any] = {}
    if attributes.as_path is not None:
        data["path"] = _path(attributes.as_path)
    data["community"] = [[one.asn, one.value] for one in attributes.communities or ()]
    if attributes.origin is not None:
        data["origin"] = attributes.origin.json()
    if attributes.med is not None:
        data["med"] = attributes.med
    if attributes.aggregator is not None:
        data["aggregator"] = f"{attributes.aggregator.asn}:{attributes.aggregator.address}"
    routes = package.routes_of(event)
    hops: dict[tuple[str, ...], list[str]] = {}
    for route in routes:
        if route.type == "A":
            reach = attributes.mp_reach if route.family != (1, 1) else None
            second = None if reach is None else reach.next_hop.link_local
            names = [str(hop) for hop in (route.next_hop, second) if hop is not None]
            hops.setdefault(tuple(names), []).append(_place(route))
    data["announcements"] = [{"next_hop": hop, "prefixes": prefixes} for pair, prefixes in hops.items() for hop in pair]
    data["withdrawals"] = [_place(route) for route in routes if route.type == "W"]
    return data


def _place(route: Any) -> str:
    """IPv6 without ``::``, as RIS Live has it since 2025."""
    prefix = route.prefix
    if prefix.version == 4:
        return str(prefix)
    octets = prefix.address.packed if hasattr(prefix.address, "packed") else bytes(prefix.address)
    groups = [format(int.from_bytes(octets[at : at + 2]), "x") for at in range(0, 16, 2)]
    return f"{':'.join(groups)}/{prefix.length}"


def _path(path: Any) -> list[Any]:
    out: list[Any] = []
    for kind, asns in path.segments:
        if kind in (2, 3):
            out += asns
        else:
            out.append(sorted(asns))
    return out
