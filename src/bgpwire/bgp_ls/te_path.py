"""MPLS-TE paths (draft-ietf-idr-bgp-ls-te-path): the descriptors of a tunnel and its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.bgp_ls.common import label
from bgpwire.field import (
    address,
    depends,
    flag,
    flags,
    named,
    octets,
    packed,
    prefix,
    record,
    repeat,
    reserved,
    sized,
    switch,
    tlvs,
    turned,
    u8,
    u16,
    u32,
)
from bgpwire.field.number import number_schema

if TYPE_CHECKING:
    from bgpwire.field import Table

_ORIGINS = {1: "rsvp_te", 2: "pcep", 3: "local"}
_FAMILIES = {1: "mpls_ipv4", 2: "mpls_ipv6"}


_fec = record(
    flags=flags("ipv4"),
    prefix=depends(lambda values: prefix(1 if "ipv4" in values["flags"] else 2), prefix(1), prefix(2)),
)
"""Flags, whose first says IPv4, and a prefix."""

_rsvp_object = sized(record(**{"class": u8, "type": u8, "value": octets}), 2, extra=2, least=2)
"""RFC 2205 section 3.1.2: length of the whole, class, C-Type, contents."""


def _pcep_shown(found: dict[str, Any]) -> dict[str, Any]:
    head = found["head"]
    names = [name for name in ("processing_rule", "ignore") if head[name]]
    return {"class": found["class"], "type": head["type"], "flags": names, "value": found["value"]}


def _pcep_head(shown: dict[str, Any]) -> dict[str, Any]:
    names = shown["flags"]
    head = {"type": shown["type"], "processing_rule": "processing_rule" in names, "ignore": "ignore" in names}
    return {"class": shown["class"], "head": head, "value": shown["value"]}


_pcep_object = turned(
    record(
        **{
            "class": u8,
            "head": packed(1, type=4, _reserved=2, processing_rule=flag(), ignore=flag()),
            "value": sized(octets, 2, extra=4),
        }
    ),
    _pcep_shown,
    _pcep_head,
    lambda form: form | {"value": bytes.fromhex(form["value"])},
    {
        "type": "object",
        "properties": {
            "class": u8.schema(),
            "type": number_schema(4),
            "flags": {"type": "array", "items": {"enum": ["processing_rule", "ignore"]}},
            "value": octets.schema(),
        },
    },
    exact=True,
)
"""RFC 5440 section 7.2: class, type and flags, length of the whole, body."""

_state = record(
    object_origin=named(_ORIGINS),
    address_family=named(_FAMILIES),
    reserved=reserved(2),
    objects=switch("object_origin", {"rsvp_te": repeat(_rsvp_object), "pcep": repeat(_pcep_object)}, octets),
)
"""The origin says whose objects follow: those of RSVP-TE, or those of PCEP."""

CROSS_CONNECT: Final[Table] = {
    556: (
        "mpls_cross_connect_interface",
        record(flags=flags("incoming"), local_interface_identifier=u32, interface_address=address),
    ),
    557: ("mpls_cross_connect_fec", _fec),
}
PATH_DESCRIPTORS: Final[Table] = {
    550: ("tunnel_id", u16),
    551: ("lsp_id", u16),
    552: ("tunnel_head_end_address", address),
    553: ("tunnel_tail_end_address", address),
    555: (
        "mpls_local_cross_connect",
        record(incoming_label=label, outgoing_label=label, sub_tlvs=tlvs(CROSS_CONNECT)),
    ),
    **CROSS_CONNECT,
}
PATH_ATTRIBUTES: Final[Table] = {1200: ("mpls_te_policy_state", _state)}
