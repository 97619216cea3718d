"""Definitions that all parts of the schema share: names, numbers of the protocol, addresses, errors, communities."""

from __future__ import annotations

from typing import Final

from bgpwire.errors import Action
from bgpwire.schema.words import Schema, array, closed, either, integer, members, ref
from bgpwire.value.as_path import SegmentType

OCTET: Final = integer(255)
U16: Final = integer(0xFFFF)
U32: Final = integer(0xFFFF_FFFF)
_IPV4: Final = r"(\d{1,3}\.){3}\d{1,3}"
_IPV6: Final = r"[0-9a-f:]*:[0-9a-f:.]*"
_WORD: Final = "[a-z0-9]+(-[a-z0-9]+)"


def _text(pattern: str, description: str | None = None) -> Schema:
    out = {"type": "string", "pattern": f"^{pattern}$"}
    return out if description is None else {"description": description} | out


COMMON: Final[dict[str, Schema]] = {
    "name": _text("[a-z0-9][a-z0-9_]*", "IANA's name in lower case, words joined by underscores"),
    "value": {
        "description": "anything decoded: integers of 2^53 and more, and floats that are no number, are text",
        "anyOf": [
            {"type": ["string", "boolean", "number"]},
            array(ref("value")),
            {"type": "object", "propertyNames": ref("name"), "additionalProperties": ref("value")},
            {"type": "null"},
        ],
    },
    "hex": _text("([0-9a-f]{2})*", "octets, two lower-case digits each"),
    "asn": U32,
    "ipv4": _text(_IPV4),
    "ipv6": _text(_IPV6, "as RFC 5952 writes it"),
    "address": _text(f"({_IPV4}|{_IPV6})", "IPv4, or IPv6 as RFC 5952 writes it"),
    "prefix": _text(rf"({_IPV4}|{_IPV6})/\d{{1,3}}"),
    "afi": _text(f"{_WORD}*", "ipv4, ipv6, l2vpn, bgp-ls …; afi-N for one that is not registered"),
    "safi": _text(f"{_WORD}*", "unicast, mpls-vpn, evpn …; safi-N for one that is not registered"),
    "family": _text(f"{_WORD}+", "afi and safi joined by a dash"),
    "action": {"description": "RFC 7606 section 2", "enum": [action.name.lower() for action in Action]},
    "error": closed(
        {
            "error": {"type": "string"},
            "reason": {"type": "string"},
            "offset": {"type": "integer", "minimum": 0},
            "code": OCTET,
            "subcode": OCTET,
            "action": ref("action"),
            "data": ref("hex"),
        },
        [],
        "what is wrong, where (offset in what was handed to the decoder), and what the receiver does",
    ),
    "unknown": closed(
        {"type": either(U32, {"type": "string"}), "value": ref("hex")},
        description="what is not registered, kept whole",
    ),
    "tlv": closed(
        {
            "type": U16,
            "name": ref("name"),
            "value": ref("value"),
            "raw": ref("hex", "the octets of the value, where value does not say all of them"),
            "error": closed({"reason": {"type": "string"}, "offset": {"type": "integer", "minimum": 0}}),
            "transitive": {"type": "boolean"},
        },
        ["type", "value"],
        "name: the type's, if known; error: why value is octets although the type is known",
    ),
    "segment": closed(
        {"type": {"enum": [kind.name.lower() for kind in SegmentType]}, "asns": array(ref("asn"))},
    ),
    "community": _text(r"([a-z][a-z0-9-]*|\d{1,5}:\d{1,5})", "a well-known community by name, else asn:value"),
    "large_community": _text(r"\d+:\d+:\d+"),
    "next_hop": {
        "description": "an address; an object where a route distinguisher is not 0 or a link-local address stands "
        "beside; octets where it is neither; null where it has none",
        "anyOf": [ref("address"), {"type": "null"}, members({}), {"type": "string"}],
    },
}
"""By name."""
