"""Tunnel identifiers of the PMSI Tunnel attribute, by tunnel type (RFC 6514 section 5 and later)."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bgpwire._impl import Address
from bgpwire.field import (
    address,
    cases,
    checked,
    chosen,
    ipv4,
    ipv6,
    named,
    raw,
    record,
    reserved,
    sized,
    tlvs,
    turned,
    u8,
    u16,
    u32,
)
from bgpwire.field.base import integer_of
from bgpwire.field.number import number_schema

if TYPE_CHECKING:
    from bgpwire.field import Field, Table
    from bgpwire.field.record import Record


def _by_family(kinds: dict[int, Record], first: str) -> Field:
    """One record of two members of 4 octets each, one of 16: with 32 octets it is that."""
    return chosen(
        lambda reader: kinds[16 if len(reader) == 32 else 4],
        lambda value: kinds[16 if ":" in str(value[first]) else 4],
        *kinds.values(),
        exact=True,
    )


def _pair(first: str, second: str) -> Field:
    """Two addresses of one family."""
    return _by_family({size: record(**{first: kind, second: kind}) for size, kind in ((4, ipv4), (16, ipv6))}, first)


_wide_number = turned(
    raw(16), int.from_bytes, lambda number: number.to_bytes(16), integer_of, number_schema(128), exact=True
)
_transport = _by_family(
    {4: record(source_pe=ipv4, local_number=u32), 16: record(source_pe=ipv6, local_number=_wide_number)}, "source_pe"
)
"""RFC 7524 section 14.1: an address, and a number of as many octets."""

_FEC_TYPES = {6: "p2mp", 7: "mp2mp_up", 8: "mp2mp_down"}
_OPAQUE: Table = {1: ("generic_lsp_identifier", u32)}


_FAMILIES = {(1, 4): ipv4, (2, 16): ipv6}
_family = checked(
    record(afi=u16, size=u8),
    lambda family: (family["afi"], family["size"]) in _FAMILIES,
    "address family {0[afi]} with an address of {0[size]} octets",
)
_ROOTS = {family: record(address=kind) for family, kind in _FAMILIES.items()}
_root = turned(
    cases(_family, lambda family: _ROOTS[family["afi"], family["size"]], *_ROOTS.values()),
    itemgetter("address"),
    lambda root: {"afi": 1 if root.version == 4 else 2, "size": len(bytes(root)), "address": root},
    Address,
    address.schema(),
    exact=True,
)
_mldp = record(fec_type=named(_FEC_TYPES), root=_root, opaque=sized(tlvs(_OPAQUE, 1), 2))
"""The FEC element of RFC 6388 sections 2.2 and 3.2: root, and opaque values in TLVs."""

_tree = record(tree_id=u32, root=address)

TUNNEL_TYPES: Final[Table] = {
    0: ("no_tunnel_information", record()),
    1: ("rsvp_te_p2mp_lsp", record(extended_tunnel_id=ipv4, reserved=reserved(2), tunnel_id=u16, p2mp_id=u32)),
    2: ("mldp_p2mp_lsp", _mldp),
    3: ("pim_ssm_tree", _pair("source", "group")),
    4: ("pim_sm_tree", _pair("sender", "group")),
    5: ("bidir_pim_tree", _pair("sender", "group")),
    6: ("ingress_replication", record(endpoint=address)),
    7: ("mldp_mp2mp_lsp", _mldp),
    8: ("transport_tunnel", _transport),
    10: ("assisted_replication", record(ar_ip=address)),
    11: ("bier", record(sub_domain_id=u8, bfr_id=u16, bfr_prefix=address)),
    12: ("sr_mpls_p2mp_tree", _tree),
    13: ("srv6_p2mp_tree", _tree),
}
"""IANA "PMSI Tunnel Types": 0 to 7 RFC 6514, 8 RFC 7524, 10 RFC 9574, 11 RFC 8556, 12 and 13
draft-ietf-bess-mvpn-evpn-sr-p2mp."""
TUNNELS: Final = tlvs(TUNNEL_TYPES)

FLAGS: Final = ("", "extension", "leaf_information_required_per_flow", "", "", "bm", "u", "leaf_information_required")
"""RFC 6514 section 5, RFC 7902, RFC 8534, RFC 9574; between them the 2 bits of the assisted-replication type."""
AR_TYPES: Final = {1: "ar_replicator", 2: "ar_leaf", 3: "reserved"}
