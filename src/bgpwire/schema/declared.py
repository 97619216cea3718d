"""The schemas of attributes, NLRI, capabilities and extended communities, made of what declares them."""

from __future__ import annotations

import json
from typing import Any, Final

from bgpwire._impl import PathAttributes
from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.attribute.block import value_field
from bgpwire.attribute.ipv6_extended_communities import community
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.declared import Declared
from bgpwire.registry import ATTRIBUTES, CAPABILITIES, EXTENDED_COMMUNITIES, NLRI
from bgpwire.schema.common import OCTET, U32
from bgpwire.schema.words import NAMED, Schema, array, closed, either, has, integer, members, ref, when

_WHOLE: Final = {"not": {"anyOf": [{"required": ["error"]}, {"required": ["value"]}]}}
"""The condition that an object is not one of octets."""


def declared() -> dict[str, Schema]:
    """The definitions, by name."""
    return {**_attributes(), **_nlri(), **_capabilities(), **_extended_communities()}


def _attributes() -> dict[str, Schema]:
    block = PathAttributes(b"")
    found: dict[int, Schema] = {}
    for code, entry in sorted(ATTRIBUTES.items()):
        schema = getattr(entry.owner, "schema", None)
        field = value_field(code, block)
        if schema is not None:
            found[code] = schema()
        elif field is not None:
            found[code] = field.schema()
    sound = {"not": {"anyOf": [{"required": ["error"]}, {"required": ["duplicate"]}]}}
    out = {f"attribute_{code}": schema for code, schema in sorted(found.items())}
    out["attribute"] = closed(
        {
            "code": OCTET,
            "name": ref("name"),
            "flags": OCTET,
            "extended_length": {"const": True},
            "duplicate": {"const": True},
            "error": ref("error"),
            "value": ref("value"),
            "raw": ref("hex", "the octets of the value, where a list does not say all of them"),
        },
        ["code", "name", "flags", "value"],
    ) | {
        "allOf": [
            *(
                when(has(code=code) | sound, {"properties": {"value": ref(f"attribute_{code}")}})
                for code in sorted(found)
            ),
            when(
                {"anyOf": [{"required": ["error"]}, {"required": ["duplicate"]}]},
                {"properties": {"value": ref("unknown")}},
            ),
        ]
    }
    return out | {"attributes": array(ref("attribute")), "ipv6_extended_community": community.schema()}


def _nlri() -> dict[str, Schema]:
    out: dict[str, Schema] = {}
    families: list[Schema] = []
    for (afi, safi), cls in sorted(NLRI.items()):
        schema = _family(cls, NlriContext(afi, safi))
        if schema is None:
            continue
        name = "nlri_" + str(Family(afi, safi)).replace("-", "_")
        out[name] = members({"path_id": U32}) | schema
        families.append(when(has(afi=afi_name(afi), safi=safi_name(safi)), {"properties": {"nlri": array(ref(name))}}))
    shared = {"path_id": U32, "rd": {"type": "string"}, "value": ref("value")}
    labels = array(either(integer((1 << 20) - 1), ref("value")))
    out["nlri"] = {
        "description": "a prefix alone is text; all else an object of its fields, path_id among them with ADD-PATH",
        "anyOf": [ref("prefix"), {"type": "object", "properties": shared | {"labels": labels}, **NAMED}],
    }
    out["nlris"] = array(ref("nlri"))
    head = {"afi": ref("afi"), "safi": ref("safi")}
    reach = {
        "next_hop": ref("next_hop"),
        "reserved": ref("value"),
        "snpa": ref("value"),
        "abbreviated": {"const": True},
    }
    raw = {"raw": ref("hex", "the octets of the value, where next hop and routes do not say all of them")}
    found = head | reach | {"nlri": ref("nlris")} | raw
    out["mp_reach"] = members(found, ["afi", "safi", "next_hop"]) | {"allOf": families}
    out["mp_unreach"] = closed(head | {"nlri": ref("nlris")} | raw, ["afi", "safi", "nlri"]) | {"allOf": families}
    return out


def _family(cls: Any, context: NlriContext) -> Schema | None:
    """What is known of the members of an NLRI of a family; ``None`` where nothing is."""
    if not issubclass(cls, Declared):
        return None
    kinds = [(head, found) for head, found in cls.kinds_of(context) if found]
    if not kinds:
        return None
    rows = [when(has(**head) | _WHOLE if head else _WHOLE, {"properties": found}) for head, found in kinds]
    return {"required": [*kinds[0][0]], "allOf": rows} if kinds[0][0] else {"allOf": rows}


def _capabilities() -> dict[str, Schema]:
    found = {code: cls.field.schema() for code, cls in sorted(CAPABILITIES.items()) if hasattr(cls, "field")}
    whole = [when(has(code=code) | _WHOLE, ref(f"capability_{code}")) for code in found]
    head = members({"code": OCTET, "name": ref("name"), "error": ref("error")}, ["code", "name"])
    return {f"capability_{code}": schema for code, schema in found.items()} | {"capability": head | {"allOf": whole}}


def _extended_communities() -> dict[str, Schema]:
    """Kinds of one type octet that are alike, as those of 256 sub-types are, share a definition."""
    subtypes: dict[tuple[int, str], list[int]] = {}
    for code, kind in sorted(EXTENDED_COMMUNITIES.items()):
        schema = kind.field.schema()
        named = schema | {"properties": {"name": {"const": kind.name}} | schema.get("properties", {})}
        subtypes.setdefault((code >> 8, json.dumps(named | {"required": ["name"]})), []).append(code & 0xFF)
    out: dict[str, Schema] = {}
    kinds: list[Schema] = []
    for (first, text), seconds in subtypes.items():
        name = f"extended_community_{first:02x}{seconds[0]:02x}"
        out[name] = json.loads(text)
        condition = {"properties": {"type": {"const": first}, "subtype": {"enum": seconds}}}
        kinds.append(when(condition, ref(name)))
    out["extended_community"] = members(
        {"type": OCTET, "subtype": OCTET, "name": ref("name")},
        ["type", "subtype"],
        "type is the whole octet, authority and non-transitive bits included; without a name the six octets are value",
    ) | {"allOf": kinds}
    return out
