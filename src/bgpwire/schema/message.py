"""The schemas of messages; what their attributes, routes and capabilities are is in :mod:`bgpwire.schema.declared`."""

from __future__ import annotations

from typing import Final

from bgpwire.message.capability import revisions
from bgpwire.message.notification_data import specified
from bgpwire.message.route_refresh import refresh_body
from bgpwire.schema.common import OCTET, U16
from bgpwire.schema.words import Schema, array, closed, either, has, integer, members, ref, when, words

_LENGTH: Final = integer(65535, 19)
_FRAME: Final[dict[str, Schema]] = {
    "type": {"type": "string"},
    "length": _LENGTH,
    "marker": ref("hex"),
    "raw": ref("hex"),
    "errors": array(ref("error")),
}
"""What every message may have."""

_BODIES: Final[dict[str, tuple[dict[str, Schema], list[str]]]] = {
    "open": (
        {
            "version": OCTET,
            "asn": U16,
            "effective_asn": ref("asn"),
            "hold_time": U16,
            "bgp_id": ref("ipv4"),
            "extended_parameters": {"const": True},
            "capabilities": array(ref("capability")),
            "repeated_capabilities": ref("value"),
            "parameters": array(members({"type": OCTET}, ["type"])),
        },
        ["version", "asn", "effective_asn", "hold_time", "bgp_id", "capabilities"],
    ),
    "update": (
        {
            "withdrawn": ref("nlris"),
            "attributes": ref("attributes"),
            "nlri": ref("nlris"),
            "end_of_rib": ref("family"),
        },
        ["attributes"],
    ),
    "notification": (
        {
            "code": OCTET,
            "subcode": OCTET,
            "code_name": ref("name"),
            "subcode_name": ref("name"),
            "communication": {"type": "string"},
            "details": ref("value"),
            "data": ref("hex"),
        },
        ["code", "subcode", "code_name"],
    ),
    "keepalive": ({}, []),
    "route_refresh": (
        refresh_body.schema()["properties"],
        refresh_body.schema()["required"],
    ),
    "capability_message": (
        {"revisions": revisions.schema()},
        ["revisions"],
    ),
    "unknown_message": ({"type_code": OCTET, "value": ref("hex")}, ["type_code", "value"]),
}
_MORE: Final[dict[str, Schema]] = {
    "notification": {
        "allOf": [
            when(has(code=code, subcode=subcode), {"properties": {"details": field.schema()}})
            for code, subcode, field in specified()
        ]
    }
}
"""What members are that hang on others."""
_OF_TYPE: Final = {
    "open": "open",
    "update": "update",
    "notification": "notification",
    "keepalive": "keepalive",
    "route_refresh": "route_refresh",
    "route_refresh_cisco": "route_refresh",
    "capability": "capability_message",
}

MESSAGES: Final[dict[str, Schema]] = {
    "filter": members(
        {
            "type": OCTET,
            "name": ref("name"),
            "reading": {
                "description": "whose numbers the actions of the entries have; absent where it does not matter",
                "enum": ["rfc5291", "frr"],
            },
            "error": ref("error"),
        },
        ["type", "name"],
    ),
    **{name: closed(_FRAME | body, required) | _MORE.get(name, {}) for name, (body, required) in _BODIES.items()},
    "message": {
        "type": "object",
        "required": ["type", "length"],
        "properties": {"type": either(words(*_OF_TYPE), {"type": "string", "pattern": r"^type_\d+$"})},
        "allOf": [
            *(when(has(type=kind), ref(name)) for kind, name in _OF_TYPE.items()),
            when({"properties": {"type": {"pattern": "^type_"}}}, ref("unknown_message")),
        ],
    },
}
"""By name."""
