"""The schemas of routes and of MRT records."""

from __future__ import annotations

from typing import Final

from bgpwire.schema.common import OCTET, U16, U32
from bgpwire.schema.words import Schema, array, closed, either, has, integer, members, ref, when, words

_SECONDS: Final[Schema] = {"type": "number"}
_DEGREES: Final = either({"type": "number"}, words("nan", "inf", "-inf"))
_OFFSET: Final[Schema] = {"type": "integer", "minimum": 0}
_NUMBER: Final = either(ref("name"), U16)
_SHARED: Final[dict[str, Schema]] = {"attributes": ref("attributes"), "errors": array(ref("error"))}
_ROUTE: Final[dict[str, Schema]] = {
    "type": words("A", "W", "R", "S"),
    "timestamp": _SECONDS,
    "peer_address": ref("address"),
    "peer_asn": ref("asn"),
    "old_state": ref("name"),
    "new_state": ref("name"),
    "prefix": ref("prefix"),
    "family": ref("family"),
    "nlri": ref("nlri"),
    "path_id": U32,
    "originated": U32,
    "next_hop": ref("address"),
    "as_path": {"type": "string"},
    "origin_asns": array(ref("asn")),
    "origin": ref("attribute_1"),
    "med": U32,
    "local_pref": U32,
    "atomic_aggregate": {"const": True},
    "aggregator": ref("attribute_7"),
    "communities": ref("attribute_8"),
    "extended_communities": ref("attribute_16"),
    "large_communities": ref("attribute_32"),
    "malformed": array(ref("name")),
}
_ENTRY: Final = closed(
    {"peer_index": U16, "originated": U32, "path_id": U32, **_SHARED}, ["peer_index", "originated", "attributes"]
)
_BATCH_ENTRY: Final = closed(
    {
        "prefix": ref("prefix"),
        "status": OCTET,
        "originated": U32,
        "peer_address": ref("address"),
        "peer_asn": ref("asn"),
        "missing": integer(4, 1),
        **_SHARED,
    },
    ["prefix", "status", "originated", "peer_address", "peer_asn", "attributes"],
    "of table_dump_batch",
)
_PEER: Final = closed(
    {
        "type": OCTET,
        "bgp_id": ref("ipv4"),
        "address": ref("address"),
        "asn": ref("asn"),
        "latitude": _DEGREES,
        "longitude": _DEGREES,
    },
    ["type", "bgp_id"],
)

RECORDS: Final[dict[str, Schema]] = {
    "mrt_message": {
        "description": "bgpwire dump --messages: a message with its time and peer",
        "type": "object",
        "required": ["timestamp", "peer_asn", "type", "length"],
        "properties": {"timestamp": _SECONDS, "peer_address": ref("address"), "peer_asn": ref("asn")},
    },
    "route": members(
        _ROUTE,
        ["type", "timestamp", "peer_asn"],
        "bgpwire dump --format json: one a line; other attributes by their names",
    )
    | {"allOf": [when(has(type="S"), {"required": ["old_state", "new_state"]})]},
    "record": members(
        {
            "timestamp": _SECONDS,
            "type": _NUMBER,
            "subtype": _NUMBER,
            "body": ref("name"),
            **{name: ref("address") for name in ("peer_address", "local_address")},
            **{name: ref("asn") for name in ("peer_asn", "local_asn")},
            **{name: ref("afi") for name in ("afi", "prefix_afi")},
            **{name: ref("safi") for name in ("safi", "prefix_safi")},
            "message": either(ref("message"), ref("hex")),
            "nlri": ref("nlri"),
            "prefix": ref("prefix"),
            "collector_bgp_id": ref("ipv4"),
            "view": either({"type": "string"}, U16),
            "entries": array(either(_ENTRY, _BATCH_ENTRY)),
            "peers": array(_PEER),
            **_SHARED,
        },
        ["timestamp", "type", "subtype", "body"],
        "bgpwire.mrt.record_json: an MRT record's header and body",
    ),
    "skip": closed({"offset": _OFFSET, "length": _OFFSET, "reason": {"type": "string"}}),
}
"""By name."""
