"""The TLVs that make up a BGP-LS NLRI: what a node, a link, a prefix, a SID is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls.common import igp_router_id, multi_topology
from bgpwire.bgp_ls.srv6 import SID_INFORMATION
from bgpwire.bgp_ls.te_path import PATH_DESCRIPTORS
from bgpwire.field import Field, depends, flags, ipv4, ipv6, named, prefix, record, reserved, tlvs, u32

if TYPE_CHECKING:
    from bgpwire.field import Table

OSPF_ROUTE_TYPES = {1: "intra_area", 2: "inter_area", 3: "external_1", 4: "external_2", 5: "nssa_1", 6: "nssa_2"}
PROTOCOL_ORIGINS = {
    1: "pcep",
    2: "bgp_sr_policy",
    3: "configuration",
    10: "pcep_of_pce",
    20: "bgp_sr_policy_of_pce",
    30: "configuration_of_pce",
}
"""IANA "SR Policy Protocol Origin" (RFC 9857 section 4.1, RFC 9256 section 2.3)."""

NODE: Final[Table] = {
    512: ("autonomous_system", u32),
    513: ("bgp_ls_identifier", u32),
    514: ("ospf_area_id", ipv4),
    515: ("igp_router_id", igp_router_id),
    516: ("bgp_router_id", ipv4),
    517: ("bgp_confederation_member", u32),
    1028: ("ipv4_router_id_of_local_node", ipv4),
    1029: ("ipv6_router_id_of_local_node", ipv6),
}
"""Inside the node descriptors (RFC 9552 section 5.2.1, RFC 9086 section 4.1, RFC 9857 section 4)."""


def _address(flag: str) -> Field:
    return depends(lambda values: ipv6 if flag in values["flags"] else ipv4, ipv4, ipv6)


candidate_path = record(
    protocol_origin=named(PROTOCOL_ORIGINS),
    flags=flags("endpoint_ipv6", "originator_ipv6"),
    reserved=reserved(2),
    endpoint=_address("endpoint_ipv6"),
    color=u32,
    originator_asn=u32,
    originator_address=_address("originator_ipv6"),
    discriminator=u32,
)
"""SR Policy Candidate Path Descriptor (RFC 9857 section 4.1): the flags say how wide the addresses are."""


_COMMON: Table = {
    256: ("local_node_descriptors", tlvs(NODE)),
    257: ("remote_node_descriptors", tlvs(NODE)),
    263: ("multi_topology_id", multi_topology),
}
LINK: Final[Table] = {
    **_COMMON,
    258: ("link_local_remote_identifiers", record(local=u32, remote=u32)),
    259: ("ipv4_interface_address", ipv4),
    260: ("ipv4_neighbor_address", ipv4),
    261: ("ipv6_interface_address", ipv6),
    262: ("ipv6_neighbor_address", ipv6),
    270: ("remote_as_number", u32),
    271: ("ipv4_remote_asbr_id", ipv4),
    272: ("ipv6_remote_asbr_id", ipv6),
    1185: ("address_family_link_descriptor", named({1: "ipv4", 2: "ipv6"})),
}
"""RFC 9552 section 5.2.2; 270 to 272 of draft-ietf-idr-bgpls-inter-as-topology-ext; 1185 RFC 9815."""


def _prefix_table(afi: int) -> Table:
    return {
        **_COMMON,
        264: ("ospf_route_type", named(OSPF_ROUTE_TYPES)),
        # RFC 9552 section 5.2.3.2
        265: ("ip_reachability_information", prefix(afi)),
    }


CANDIDATE_PATH: Table = {
    **_COMMON,
    **PATH_DESCRIPTORS,
    554: ("sr_policy_candidate_path_descriptor", candidate_path),
}
SRV6_SID: Table = {**_COMMON, 518: ("srv6_sid_information", SID_INFORMATION)}

BY_NLRI_TYPE: Final[dict[int, tuple[str, Table]]] = {
    1: ("node", _COMMON),
    2: ("link", LINK),
    3: ("ipv4_topology_prefix", _prefix_table(1)),
    4: ("ipv6_topology_prefix", _prefix_table(2)),
    5: ("sr_policy_candidate_path", CANDIDATE_PATH),
    6: ("srv6_sid", SRV6_SID),
    7: ("stub_link", LINK),
}
"""IANA "BGP-LS NLRI Types": the name of each and the table of its descriptors."""
DESCRIPTORS: Final = {kind: tlvs(table) for kind, (_, table) in BY_NLRI_TYPE.items()}
