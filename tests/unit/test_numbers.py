"""The numbers of the protocol: named once for Python and once for the compiled kernels, and alike everywhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.places import ROOT

SOURCE = ROOT / "src" / "bgpwire"
MODULES = ("attribute", "message", "mrt", "mrt_subtype")


def constants(module: Any) -> dict[str, int]:
    """The named numbers of a module."""
    return {name: value for name, value in vars(module).items() if name.isupper() and type(value) is int}


@pytest.fixture
def numbers(impl: Any) -> dict[str, dict[str, int]]:
    return {name: constants(getattr(impl.numbers, name)) for name in (*MODULES, "capability", "error_code")}


def test_compiled_kernels_have_the_same_numbers(impl: Any, numbers: dict[str, dict[str, int]]) -> None:
    text = (SOURCE / "_cython" / "numbers.pxd").read_text("utf-8")
    compiled = [(name, int(value)) for name, value in re.findall(r"^    (\w+) = (\d+)$", text, re.MULTILINE)]
    assert len(compiled) == len(re.findall("=", text)) == len(dict(compiled))
    python = constants(impl.afi_safi)
    for name in MODULES:
        python |= numbers[name]
    assert set(dict(compiled).items()) == set(python.items()) - {("AFI_IPV4_AS4", 3), ("AFI_IPV6_AS4", 4)}


def test_a_number_has_one_name(numbers: dict[str, dict[str, int]]) -> None:
    for name in ("attribute", "message", "mrt", "capability"):
        assert len(set(numbers[name].values())) == len(numbers[name])


# Some of each registry, from the RFCs named, not from the package.
RFC = {
    "attribute": {
        **{"ORIGIN": 1, "AS_PATH": 2, "NEXT_HOP": 3, "MULTI_EXIT_DISC": 4, "LOCAL_PREF": 5},  # RFC 4271 section 5
        **{"ATOMIC_AGGREGATE": 6, "AGGREGATOR": 7, "COMMUNITIES": 8},  # RFC 1997
        **{"ORIGINATOR_ID": 9, "CLUSTER_LIST": 10},  # RFC 4456 section 8
        **{"MP_REACH_NLRI": 14, "MP_UNREACH_NLRI": 15},  # RFC 4760 sections 3, 4
        **{"EXTENDED_COMMUNITIES": 16},  # RFC 4360 section 2
        **{"AS4_PATH": 17, "AS4_AGGREGATOR": 18},  # RFC 6793 section 9
        **{"TUNNEL_ENCAPSULATION": 23, "LARGE_COMMUNITY": 32, "BGPSEC_PATH": 33},  # RFC 9012, RFC 8092, RFC 8205
        **{"ONLY_TO_CUSTOMER": 35, "BGP_PREFIX_SID": 40, "ATTR_SET": 128},  # RFC 9234, RFC 8669, RFC 6368
    },
    "message": {"OPEN": 1, "UPDATE": 2, "NOTIFICATION": 3, "KEEPALIVE": 4, "ROUTE_REFRESH": 5},  # RFC 4271, RFC 2918
    "mrt": {
        "TABLE_DUMP": 12,
        "TABLE_DUMP_V2": 13,
        "BGP4MP": 16,
        "BGP4MP_ET": 17,
        "OSPFV3_ET": 49,
    },  # RFC 6396 section 4
    "mrt_subtype": {
        **{"PEER_INDEX_TABLE": 1, "RIB_IPV4_UNICAST": 2, "RIB_IPV6_MULTICAST": 5, "RIB_GENERIC": 6},  # RFC 6396 4.3
        **{"GEO_PEER_TABLE": 7, "RIB_IPV4_UNICAST_ADDPATH": 8, "RIB_GENERIC_ADDPATH": 12},  # RFC 6397, RFC 8050
        **{"BGP4MP_STATE_CHANGE": 0, "BGP4MP_MESSAGE": 1, "BGP4MP_MESSAGE_AS4": 4},  # RFC 6396 section 4.4
        **{"BGP4MP_STATE_CHANGE_AS4": 5, "BGP4MP_MESSAGE_LOCAL": 6, "BGP4MP_MESSAGE_AS4_LOCAL": 7},
        **{"BGP4MP_MESSAGE_ADDPATH": 8, "BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH": 11},  # RFC 8050 section 5
    },
    "capability": {"MULTIPROTOCOL": 1, "ROUTE_REFRESH": 2, "EXTENDED_NEXT_HOP": 5, "EXTENDED_MESSAGE": 6, "BGP_ROLE": 9}
    | {"GRACEFUL_RESTART": 64, "FOUR_OCTET_AS": 65, "ADD_PATH": 69, "ENHANCED_ROUTE_REFRESH": 70},
    "error_code": {"MESSAGE_HEADER_ERROR": 1, "UPDATE_MESSAGE_ERROR": 3, "CEASE": 6, "ROUTE_REFRESH_MESSAGE_ERROR": 7}
    | {"CONNECTION_NOT_SYNCHRONIZED": 1, "BAD_MESSAGE_LENGTH": 2, "BAD_MESSAGE_TYPE": 3, "HARD_RESET": 9},
}


@pytest.mark.parametrize("name", RFC)
def test_numbers_are_those_of_the_specifications(numbers: dict[str, dict[str, int]], name: str) -> None:
    assert RFC[name].items() <= numbers[name].items()


def test_tables_show_the_same_names(impl: Any, numbers: dict[str, dict[str, int]]) -> None:
    for name, code in numbers["attribute"].items():
        assert impl.registry.ATTRIBUTES[code].name == impl.numbers.ATTRIBUTES[code] == name.lower()
    for name, code in numbers["capability"].items():
        assert impl.numbers.CAPABILITIES[code] == name.lower().replace("four_", "4_")
    types = {member.name: member.value for member in impl.message.base.MessageType}
    assert types == numbers["message"]
    names = impl.message.notification_names
    assert all(names.CODES[code] == name.lower() for name, code in list(numbers["error_code"].items())[:9])


def test_archives_show_the_same_names(impl: Any, numbers: dict[str, dict[str, int]]) -> None:
    names = impl.mrt.names
    for name, code in numbers["mrt"].items():
        assert names.TYPES[code] == name.lower().removeprefix("early_")
    kinds = {"BGP_": 5, "AFI_": 12, "PEER": 13, "RIB_": 13, "GEO_": 13, "BGP4": 16}
    for name, code in numbers["mrt_subtype"].items():
        shown = name.lower().removeprefix("bgp_").removeprefix("bgp4mp_")
        assert names.SUBTYPES[kinds[name[:4]]][code] == shown


def test_families_are_named(impl: Any) -> None:
    families = impl.afi_safi
    assert constants(families) == {
        **{"AFI_IPV4": 1, "AFI_IPV6": 2},
        **{"SAFI_UNICAST": 1, "SAFI_MULTICAST": 2, "SAFI_MPLS_LABEL": 4, "SAFI_MPLS_VPN": 128},
    }
    for code in (*impl.registry.NLRI, *impl.next_hop_length.NEXT_HOP_LENGTHS):
        assert all(type(number) is int for number in code)
        if code != (16397, 241):
            assert not any(part.isdecimal() for part in str(families.Family(*code)).split("-"))
