"""BGP-LS, Prefix-SID and PMSI: what vectors cannot say."""

from __future__ import annotations

from typing import Any

import pytest


def _tlv(kind: int, value: bytes) -> bytes:
    return kind.to_bytes(2) + len(value).to_bytes(2) + value


def _node(protocol: int) -> bytes:
    body = bytes((protocol,)) + bytes(8) + _tlv(256, _tlv(512, bytes(4)))
    return _tlv(1, body)


def _block(*nlri: bytes, ls: bytes) -> bytes:
    reach = bytes.fromhex("40044704c000020100") + b"".join(nlri)
    return b"\x90\x0e" + len(reach).to_bytes(2) + reach + b"\x90\x1d" + len(ls).to_bytes(2) + ls


ADJACENCY = _tlv(1099, bytes.fromhex("30000000005dc1"))


@pytest.mark.parametrize(
    ("protocols", "expected"),
    [
        ([1], ["value", "local"]),
        ([2], ["value", "local"]),
        ([3], ["local", "group"]),
        ([6], ["local", "group"]),
        ([1, 2], ["value", "local"]),
        ([2, 3], 0x30),
        ([7], 0x30),
        ([], 0x30),
    ],
)
def test_the_protocol_of_the_nlri_names_the_flags(impl: Any, protocols: list[int], expected: Any) -> None:
    attributes = impl.PathAttributes(_block(*map(_node, protocols), ls=ADJACENCY))
    assert attributes[29].find(1099)["flags"] == expected


def test_without_nlri_flags_are_numbers(impl: Any) -> None:
    attributes = impl.PathAttributes(b"\x80\x1d" + bytes((len(ADJACENCY),)) + ADJACENCY)
    assert attributes[29].igp is None
    assert attributes[29].find(1099)["flags"] == 0x30


def test_a_torn_nlri_leaves_its_neighbours(impl: Any) -> None:
    torn = _tlv(2, bytes((2,)) + bytes(8) + b"\x01\x00\x00\x09\x02")
    short = _tlv(1, b"\x02\x00")
    nlri = impl.MpNlriCollection(_node(2) + torn + short + _node(3), afi=16388, safi=71)
    assert [one.error is None for one in nlri] == [True, False, False, True]
    assert nlri.error is None
    assert nlri[1].protocol == "isis_level_2"
    assert nlri[2].json()["value"] == "0200"


def test_nlri_by_name(impl: Any) -> None:
    nlri = impl.MpNlriCollection(_node(3), afi=16388, safi=71)[0]
    assert (nlri.name, nlri.protocol, nlri.identifier, nlri.rd, nlri.remote_node) == ("node", "ospfv2", 0, None, None)
    assert nlri.local_node[0].value == 0
    assert str(nlri) == "node ospfv2:0 local_node_descriptors {autonomous_system 0}"


def test_transposition(impl: Any) -> None:
    """RFC 9252 section 4: the first bits of the label are bits of the SID."""

    def attribute(structure: str) -> Any:
        information = bytes(1) + bytes.fromhex("20010db8000100020000000000000000") + bytes.fromhex("00001300")
        information += bytes.fromhex("010006" + structure)
        service = b"\0" + b"\1" + len(information).to_bytes(2) + information
        value = b"\5" + len(service).to_bytes(2) + service
        return impl.PathAttributes(b"\xc0\x28" + bytes((len(value),)) + value)[40]

    def sids(structure: str, *label: int) -> list[str]:
        return [str(sid) for sid in attribute(structure).sids(*label)]

    assert sids("281810001040", 0xE0010) == ["2001:db8:1:2:e001::"]
    assert sids("281810001040", 0xE00100, 24) == ["2001:db8:1:2:e001::"]
    assert sids("281818001840", 0xABCDEF, 24) == ["2001:db8:1:2:abcd:ef00::"]
    assert sids("281814001440", 0xABCDE) == ["2001:db8:1:2:abcd:e000::"]
    assert sids("281810001040") == ["2001:db8:1:2::"], "without a label"
    assert sids("281810000000", 0xE0010) == ["2001:db8:1:2::"], "nothing moved"
    assert sids("281818001840", 0xFFFFF) == ["2001:db8:1:2::"], "more bits than the label has"
    assert sids("28181000107c", 0xFFFFF) == ["2001:db8:1:2::"], "bits behind the end of the SID"


def test_every_table_survives_every_length(impl: Any) -> None:
    """Each row takes any number of octets: a value, or the octets with an error, never an exception."""
    from bgpwire.attribute.tunnel_encapsulation_tables import SUB_TLVS, TUNNEL_TYPES, sub_tlv_table
    from bgpwire.bgp_ls.descriptors import BY_NLRI_TYPE
    from bgpwire.bgp_ls.table import ATTRIBUTE_TABLES
    from bgpwire.field import tlvs, to_text

    tables = [*ATTRIBUTE_TABLES.values(), *(table for _, table in BY_NLRI_TYPE.values()), SUB_TLVS]
    tables += map(sub_tlv_table, TUNNEL_TYPES)
    for field in map(tlvs, tables):
        for kind in field.table:
            for size in (*range(49), 255):
                for octet in (0, 1, 0x80, 0xFF):
                    data = bytes((octet,)) * size
                    tlv = field.one(impl.Reader(data), kind)
                    assert tlv.data == data
                    field.tlv_json(tlv)
                    to_text(tlv.value)


@pytest.mark.parametrize("kind", range(16))
def test_pmsi_of_every_length(impl: Any, kind: int) -> None:
    for size in range(40):
        value = bytes((0, kind, 0, 0, 0x10)) + bytes(size)
        attribute = impl.PathAttributes(b"\xc0\x16" + bytes((len(value),)) + value)[22]
        assert bytes(attribute) == value
        attribute.json()
        str(attribute)
