"""MPLS-TE paths (draft-ietf-idr-bgp-ls-te-path): the descriptors of a tunnel and its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.bgp_ls.common import label
from bgpwire.field import address, flags, named, prefix, record, repeat, reserved, tlvs, u16, u32

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Reads, Table

_ORIGINS = {1: "rsvp_te", 2: "pcep", 3: "local"}
_FAMILIES = {1: "mpls_ipv4", 2: "mpls_ipv6"}


def _fec(reader: Reader) -> dict[str, Any]:
    """Flags, whose first says IPv4, and a prefix."""
    family = reader.peek() if len(reader) else 0
    out: dict[str, Any] = {"flags": flags("ipv4")(reader)}
    out["prefix"] = prefix(1 if family & 0x80 else 2).read(reader)
    return out


def _rsvp_object(reader: Reader) -> dict[str, Any]:
    """RFC 2205 section 3.1.2: length of the whole, class, C-Type, contents."""
    body = reader.sub(max(reader.u16() - 2, 2))
    return {"class": body.u8(), "type": body.u8(), "value": body.rest()}


def _pcep_object(reader: Reader) -> dict[str, Any]:
    """RFC 5440 section 7.2: class, type and flags, length of the whole, body."""
    kind, second = reader.u8(), reader.u8()
    body = reader.sub(max(reader.u16() - 4, 0))
    names = [name for bit, name in ((2, "processing_rule"), (1, "ignore")) if second & bit]
    return {"class": kind, "type": second >> 4, "flags": names, "value": body.rest()}


def _state(reader: Reader) -> dict[str, Any]:
    """The origin says whose objects follow: those of RSVP-TE, or those of PCEP."""
    out = record(object_origin=named(_ORIGINS), address_family=named(_FAMILIES), reserved=reserved(2))(reader)
    objects: Reads = {"rsvp_te": repeat(_rsvp_object), "pcep": repeat(_pcep_object)}.get(
        out["object_origin"], lambda left: left.rest()
    )
    out["objects"] = objects(reader)
    return out  # type: ignore[no-any-return]


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
