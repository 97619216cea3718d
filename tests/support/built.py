"""Each sound vector built again: of its JSON form (:func:`of_json`), and of its fields (:func:`of_fields`).

Messages and attributes are built with their headers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from support.context import attribute, family, message, session
from support.kinds_attribute import _header
from support.kinds_message import BODIES
from support.rebuilt import Rebuilder
from support.vectors import VECTORS

if TYPE_CHECKING:
    from support.vectors import Vector


def malformed(vector: Vector) -> bool:
    """Whether the octets are wrong, or something inside them is: what is wrong is read and not built."""
    return vector.error is not None or bool(vector.errors) or _has_errors(vector.expected)


def _has_errors(form: Any) -> bool:
    if isinstance(form, dict):
        return not form.keys().isdisjoint(("error", "errors")) or any(map(_has_errors, form.values()))
    return isinstance(form, list) and any(map(_has_errors, form))


_COPIED = """
afi-0 afi-0-state-change afi-25-mac-addresses bgp bgp4plus bgp4plus-01 entry-ipv4 entry-ipv6
frr-state-change-without-addresses garbage-between-records geo-peer-table geo-peer-table-private idrp information
isis isis-et ospfv2 ospfv3 ospfv3-et peer-out-of-range rib-before-peer-index rip ripng snapshot table-dump-batch
table-dump-four-octets-short table-dump-ipv4 table-dump-ipv4-as4 table-dump-ipv6 table-dump-ipv6-as4 table-dump-rest
truncated-last-record unknown-subtype zebra-message-without-addresses zebra-state-change-without-addresses
"""
COPIED = frozenset("mrt-" + name for name in _COPIED.split())
"""Archives that are not made of their values: with records that nobody writes any more (TABLE_DUMP, appendix B of RFC
6396), or that it does not have, such as those of a peer without an address, or that are torn."""
BUILT = [v for v in VECTORS if v.kind not in ("bmp", "openbmp") and not malformed(v) and v.name not in COPIED]
"""The vectors that are built. BMP is read, not written; headers of OpenBMP are in ``test_openbmp_header``."""


def built(package: Any, vector: Vector, value: Any) -> list[bytes]:
    """The octets of what a vector was decoded to, of its JSON form and of its fields."""
    form = without_raw(json.loads(json.dumps(value.json())))
    return [of_json(package, form, vector, value), of_fields(package, Rebuilder(package), vector, value)]


def without_raw(form: Any) -> Any:
    """A JSON form without the octets that stand beside what they say."""
    if isinstance(form, dict):
        out = {name: without_raw(member) for name, member in form.items() if name != "raw"}
        if "details" in out:
            out.pop("data", None)
        return out
    return [without_raw(item) for item in form] if isinstance(form, list) else form


def decoded(package: Any, vector: Vector, data: bytes | None = None) -> Any:
    """What a vector is read as: a message, a block of one attribute, or a value. ``data``: other octets, header
    included, in the same context."""
    context = session(package, vector)
    kind = vector.kind
    if kind == "message" or kind in BODIES:
        own = vector.data if kind == "message" else message(BODIES[kind], vector.data)
        return package.Message.decode(own if data is None else data, context)
    if kind in ("attribute", "as_path", "ipv6_extended_community"):
        rib = vector.get("rib_family")
        own = attribute(*_header(package, vector), vector.data) if data is None else data
        return package.PathAttributes(own, 0, None, context, 0, None if rib is None else family(package, rib))
    own = vector.data if data is None else data
    if kind == "nlri":
        afi, safi, withdraw = vector.get("afi", 1), vector.get("safi", 1), vector.get("withdraw", False)
        return package.MpNlriCollection(own, context, afi=afi, safi=safi, withdraw=withdraw)
    if kind == "capability":
        return package.capability.decode_capability(own[0], own[2:], 0)
    if kind == "community":
        return package.Community.from_int(int.from_bytes(own))
    name = "".join(map(str.capitalize, kind.split("_")))
    return getattr(package, name).from_bytes(own)


def of_json(package: Any, form: Any, vector: Vector, value: Any) -> bytes:
    """The octets of a ``form`` of ``value``, in the session of the vector."""
    from bgpwire.attribute.block import path_attributes
    from bgpwire.capability.whole import capability
    from bgpwire.extended_community.base import wire_of
    from bgpwire.nlri.routes import Routes

    if hasattr(value, "from_json") and hasattr(value, "body"):
        return bytes(package.Message.from_json(form, value.session))
    if isinstance(value, package.PathAttributes):
        return bytes(path_attributes(form, value.session))
    match vector.kind:
        case "nlri":
            return bytes(Routes(_context(vector, value)).from_json(form))
        case "capability":
            return bytes(capability[1].from_json(form))
        case "extended_community":
            return wire_of(form)
    return bytes(type(value)(form))


def of_fields(package: Any, rebuilder: Rebuilder, vector: Vector, value: Any) -> bytes:
    """The octets of ``value`` made anew of its fields."""
    if hasattr(value, "from_json") and hasattr(value, "body"):
        return bytes(_MESSAGES[value.name](package, rebuilder, value)) if value.name in _MESSAGES else bytes(value)
    if isinstance(value, package.PathAttributes):
        return _block(package, rebuilder, value)
    match vector.kind:
        case "nlri":
            context = _context(vector, value)
            values = [rebuilder.nlri(route, context) for route in value]
            return bytes(type(value).of(values, value.session, afi=value.afi, safi=value.safi, withdraw=value.withdraw))
        case "capability":
            return bytes(rebuilder.capability(value))
    made = rebuilder.value(value)
    assert made is not value or vector.kind == "extended_community", value
    return bytes(made)


def _context(vector: Vector, collection: Any) -> Any:
    from bgpwire.nlri.base import NlriContext

    return NlriContext(collection.afi, collection.safi, collection.withdraw, collection.session)


def _open(package: Any, rebuilder: Rebuilder, found: Any) -> Any:
    capabilities = map(rebuilder.capability, found.capabilities)
    asn4 = found.effective_asn > 0xFFFF
    extended = found.extended_parameters
    return package.Open.build(
        found.effective_asn, found.bgp_id, found.hold_time, capabilities, asn4=asn4, extended_parameters=extended
    )


def _update(package: Any, rebuilder: Rebuilder, found: Any) -> bytes:
    from bgpwire.nlri.base import NlriContext

    context = NlriContext(1, 1, False, found.session)
    withdrawn, nlri = (
        b"".join(bytes(rebuilder.nlri(route, context)) for route in part) for part in (found.withdrawn, found.nlri)
    )
    block = _block(package, rebuilder, found.attributes)
    return message(2, len(withdrawn).to_bytes(2) + withdrawn + len(block).to_bytes(2) + block + nlri)


def _notification(package: Any, rebuilder: Rebuilder, found: Any) -> Any:
    from bgpwire.message.notification_data import details_field

    field = details_field(found.code, found.subcode)
    if found.details is None:
        return package.Notification.build(found.code, found.subcode, found.reason_data)
    value = rebuilder.field(field, field.decode(found.reason_data))
    return package.Notification.build(found.code, found.subcode, field.encode(value))


def _route_refresh(package: Any, rebuilder: Rebuilder, found: Any) -> Any:
    from bgpwire.message.orf import Orf

    orf = Orf(found.family.afi)
    filters = None
    if found.filters is not None:
        value = orf.decode(found.orf)
        kept = [rebuilder.field(_entries(found, each), each) for each in value["filters"]]
        filters = orf.to_json(value | {"filters": tuple(kept)})
    elif found.orf:
        return message(found.type, bytes(found.body))  # what nothing specifies
    return type(found).build(found.family, found.subtype, filters)


def _entries(found: Any, each: Any) -> Any:
    from bgpwire.message.orf import EntriesField

    return EntriesField(each.type, found.family.afi)


def _capability(package: Any, rebuilder: Rebuilder, found: Any) -> Any:
    revisions = [each._replace(capability=rebuilder.capability(each.capability)) for each in found.revisions]
    return type(found).build(revisions)


_MESSAGES: dict[str, Any] = {
    "open": _open,
    "update": _update,
    "notification": _notification,
    "keepalive": lambda package, rebuilder, found: package.Keepalive.build(),
    "route_refresh": _route_refresh,
    "route_refresh_cisco": _route_refresh,
    "capability": _capability,
}
"""By type; one that is not registered is its octets."""


def _block(package: Any, rebuilder: Rebuilder, block: Any) -> bytes:
    """Path attributes in their order, with their flags, but for the extended length where it is not needed."""
    from bgpwire.attribute.block import attribute_wire

    return b"".join(
        attribute_wire(found.flags, found.code, _attribute(package, rebuilder, block, found.code))
        for found in block.walk()
    )


def _attribute(package: Any, rebuilder: Rebuilder, block: Any, code: int) -> bytes:
    """The octets of the value of one attribute."""
    from bgpwire.attribute.base import FieldAttribute
    from bgpwire.attribute.block import value_field
    from bgpwire.attribute.pmsi_tunnel_tables import TUNNELS
    from bgpwire.attribute.tlv_block import TlvBlock
    from bgpwire.nlri.base import NlriContext

    value, field, octets = block[code], value_field(code, block), block.raw(code)
    match type(value).__name__:
        case "MpReach" | "MpUnreach" as name:
            context = NlriContext(value.afi, value.safi, name == "MpUnreach", block.session)
            routes = [rebuilder.nlri(route, context) for route in value.nlri]
            if name == "MpUnreach":
                return bytes(type(value).of_values(value.afi, value.safi, routes, block.session))
            hop = rebuilder.next_hop(value.next_hop, len(value.next_hop) == 40)
            more = {"reserved": value.reserved, "abbreviated": value.abbreviated}
            return bytes(type(value).of_values(value.afi, value.safi, hop, routes, block.session, **more))
        case "AttrSet":
            inner = value.attributes
            inside = package.PathAttributes(_block(package, rebuilder, inner), 0, None, inner.session)
            return bytes(type(value).of_values(value.origin_asn, inside))
        case "PmsiTunnel":
            identifier = rebuilder.tlv(TUNNELS, value.identifier)
            return bytes(type(value)(value.flags, value.tunnel_type, value.label_field, identifier))
    if isinstance(value, TlvBlock):
        return bytes(value.field.encode(rebuilder.field(value.field, value.tlvs)))
    if isinstance(value, FieldAttribute):
        return bytes(value.field.encode(rebuilder.field(value.field, value.values)))
    return octets if field is None else bytes(field.encode(rebuilder.field(field, field.decode(octets))))
