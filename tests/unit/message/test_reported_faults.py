"""What a peer sends against its RFC is reported, and what can be read stays: through the doors that users take."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, message, update

HEAD = bytes.fromhex("04fde800b4c0000201")
PREFIX = bytes.fromhex("18c63364")


def _open(*capabilities: str) -> bytes:
    octets = bytes.fromhex("".join(capabilities))
    return message(1, HEAD + bytes((len(octets) + 2, 2, len(octets))) + octets)


def _decode(impl: Any, capsys: pytest.CaptureFixture[str], octets: bytes) -> Any:
    """What ``bgpwire decode HEX`` prints, which is what ``Message.decode`` gives."""
    assert impl.cli.main(["decode", octets.hex()]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(impl.Message.decode(octets).json()))
    return printed


def _faults(form: Any) -> list[tuple[int, int, str]]:
    return [(error["code"], error["subcode"], error["action"]) for error in form.get("errors", ())]


# Known capabilities of a wrong length: RFC 4760, 2918, 5291, 8950, 8654, 9234, 4724, 6793, 7911, 7313, 9494, 5492.
@pytest.mark.parametrize(
    "capability",
    [
        "0103000101",
        "020100",
        "0303000100",
        "05050001000100",
        "060100",
        "0900",
        "400100",
        "41020001",
        "4503000101",
        "46020000",
        "4706000101800000",
        "49020161",
    ],
)
def test_malformed_known_capability(impl: Any, capsys: pytest.CaptureFixture[str], capability: str) -> None:
    """RFC 4271 section 6.2: recognized and malformed is 2/0; the capability stays whole."""
    form = _decode(impl, capsys, _open("4104000003e8", capability, "c8021234"))
    assert _faults(form) == [(2, 0, "session_reset")]
    kept = form["capabilities"]
    assert [each["code"] for each in kept] == [65, int(capability[:2], 16), 200]
    assert kept[1]["value"] == capability[4:]
    assert kept[1]["error"]["offset"] >= 37
    assert form["effective_asn"] == 1000
    with pytest.raises(impl.OpenMessageError):
        impl.Message.decode(_open(capability), strict=True)


def test_sound_and_unknown_capabilities(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    sound = ("010400010001", "0200", "4600", "4104000003e8", "090103", "450400010103")
    assert "errors" not in _decode(impl, capsys, _open(*sound, "c803aabbcc", "4d0100"))


def test_bad_peer_as(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """NOTIFICATION 2/2: the AS number in 2 octets or in 4."""
    for data, asn in (("fde8", 65000), ("0000fde8", 65000), ("fa56ea00", 4_200_000_000)):
        form = _decode(impl, capsys, message(3, bytes.fromhex("0202" + data)))
        assert (form["subcode_name"], form["details"], form["data"]) == ("bad_peer_as", {"asn": asn}, data)
    for data in ("", "00", "00fde8", "0000fde800"):
        assert "details" not in _decode(impl, capsys, message(3, bytes.fromhex("0202" + data)))
    assert _decode(impl, capsys, message(3, b"\11\0"))["code_name"] == "loss_of_lsdb_synchronization"


UNICAST = bytes.fromhex("0001 00 01")


def test_enhanced_route_refresh_with_octets_behind(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 7313 section 5: 7/1 for BoRR and EoRR, with the whole message; other sub-types are to be ignored."""
    for subtype in range(256):
        octets = message(5, bytes((0, 1, subtype, 1)) + b"\0\0")
        found = impl.Message.decode(octets)
        if subtype in (1, 2):
            assert [(e.code, e.subcode, e.data) for e in found.errors] == [(7, 1, octets)]
        elif subtype:
            assert found.errors == []
    assert _faults(_decode(impl, capsys, message(5, bytes((0, 1, 2, 1, 9))))) == [(7, 1, "session_reset")]
    assert _decode(impl, capsys, message(5, bytes((0, 1, 77, 1, 9))))["data"] == "09"


def _orf(impl: Any, capsys: pytest.CaptureFixture[str], kind: int, entries: str) -> tuple[Any, Any, str]:
    data = bytes.fromhex(entries)
    octets = message(5, UNICAST + b"\2" + bytes((kind,)) + len(data).to_bytes(2) + data)
    form = _decode(impl, capsys, octets)
    return form["orf"]["filters"][0], _faults(form), str(impl.Message.decode(octets))


def test_the_two_readings_of_orf_actions(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 5291 section 4 has 2 for REMOVE-ALL; FRR has 2 for REMOVE and 3 for REMOVE-ALL."""
    found, faults, text = _orf(impl, capsys, 64, "80")
    assert (found["reading"], found["entries"], faults) == ("rfc5291", [{"action": "remove_all"}], [])
    assert text == "ipv4-unicast request defer address_prefix (rfc5291 reading) [remove_all]"
    found, faults, text = _orf(impl, capsys, 64, "c0")
    assert (found["reading"], found["entries"]) == ("frr", [{"action": "remove_all"}])
    assert faults == [(0, 0, "keep")]
    assert text == "ipv4-unicast request defer address_prefix (frr reading) [remove_all]"
    found, faults, _ = _orf(impl, capsys, 128, "80 00000005 18 20 18 c00002")
    assert (found["reading"], found["entries"][0]["action"]) == ("frr", "remove")
    assert found["entries"][0]["prefix"] == "192.0.2.0/24"
    assert faults == [(0, 0, "keep")]
    found, faults, _ = _orf(impl, capsys, 64, "40 00000005 18 20 18 c00002")
    assert ("reading" in found, found["entries"][0]["action"], faults) == (False, "remove", [])
    # 0x80 is a whole entry of the RFC, and what is behind it is one too.
    found, faults, _ = _orf(impl, capsys, 64, "80 00 00000005 18 20 18 c00002")
    assert (found["reading"], faults) == ("rfc5291", [])
    assert [entry["action"] for entry in found["entries"]] == ["remove_all", "add"]


def test_the_line_of_frr_from_a_capture(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    octets = bytes.fromhex("ffffffffffffffffffffffffffffffff001c050001000102400001c0")
    form = _decode(impl, capsys, octets)
    assert form["orf"]["filters"] == [
        {"type": 64, "name": "address_prefix", "reading": "frr", "entries": [{"action": "remove_all"}]}
    ]
    assert "FRR" in form["errors"][0]["reason"]


def test_malformed_orf_entries(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole and reported, with no code of their own; communities are no filter of FRR's."""
    for kind, entries in ((64, "000000000518"), (64, "00 00000005 00 00 21 c000020100"), (2, "80fde8"), (3, "c0")):
        found, faults, text = _orf(impl, capsys, kind, entries)
        assert found["value"] == entries.replace(" ", "")
        assert found["error"]["action"] == "attribute_discard"
        assert faults == [(0, 0, "attribute_discard")]
        assert found["value"] in text
    with pytest.raises(impl.RouteRefreshError):
        impl.Message.decode(message(5, UNICAST + bytes.fromhex("0140000100")), strict=True)


def _mp(impl: Any, afi: int, safi: int, nlri: str, extra: bytes = b"", hop: str = "") -> bytes:
    value = afi.to_bytes(2) + bytes((safi, len(hop) // 2)) + bytes.fromhex(hop) + b"\0" + bytes.fromhex(nlri)
    return update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, value) + extra)


def test_mup_teid_0(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """draft-ietf-bess-mup-safi sections 3.1.3 and 3.1.4: treat-as-withdraw, and the rest of the UPDATE goes on."""
    zero = "01000318 0000fde800000064 20 0a010203 00000000 09 20 c0000201 00"
    good = "01000318 0000fde800000064 20 0a010204 00000001 09 20 c0000201 00"
    octets = _mp(impl, 1, 85, zero + good, hop="c0000201")
    form = _decode(impl, capsys, octets)
    assert _faults(form) == [(3, 9, "treat_as_withdraw")]
    assert octets[form["errors"][0]["offset"] :][:4] == b"\0\0\0\0"
    first, second = form["attributes"][-1]["value"]["nlri"]
    assert (first["prefix"], first["teid"], first["error"]["action"]) == ("10.1.2.3/32", 0, "treat_as_withdraw")
    assert (second["prefix"], second["teid"], "error" in second) == ("10.1.2.4/32", 1, False)
    short = _mp(impl, 1, 85, "0100040d 0000fde800000064 20 c0000201", hop="c0000201")
    assert _faults(_decode(impl, capsys, short)) == []


def test_flow_specification_without_components(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 8955 section 4.2: one component or more. Without any it would match every packet."""
    for safi, nlri in ((133, "00"), (134, "080000fde800000064"), (133, "f000")):
        form = _decode(impl, capsys, _mp(impl, 1, safi, nlri + "03038111" if safi == 133 else nlri))
        assert _faults(form) == [(3, 9, "treat_as_withdraw")]
        assert form["attributes"][-1]["value"]["nlri"][0]["components"] == []
    assert _faults(_decode(impl, capsys, _mp(impl, 1, 133, "03038111"))) == []


def test_redirect_to_an_ipv6_address(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """draft-ietf-idr-flowspec-redirect-ip section 3: the flags stand where the local administrator does."""
    address = bytes.fromhex("20010db8000000000000000000000001")
    value = b"\0\x0c" + address + b"\0\1" + b"\0\x0c" + address + b"\0\0" + b"\0\x0c" + address + b"\x80\1"
    octets = _mp(impl, 2, 133, "03038111", attribute(0xC0, 25, value + b"\0\2" + address + b"\0\1"))
    attributes = _decode(impl, capsys, octets)["attributes"]
    flags = [each.get("flags") for each in attributes[-1]["value"]]
    assert flags == [["copy"], [], ["bit_0", "copy"], None]
    assert attributes[-1]["value"][3]["value"] == 1
    found = impl.Message.decode(octets).attributes[25]
    assert str(found).split()[:2] == ["redirect-to-ip:[2001:db8::1]:copy", "redirect-to-ip:[2001:db8::1]"]
    assert bytes(found) == value + b"\0\2" + address + b"\0\1"


def test_bgp_spf_by_name(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 9815 sections 5.2.1.1 and 7.1: 0 and 255 are malformed, and withdraw the routes of BGP SPF."""
    # A node of protocol "direct" with identifier 0, and in its descriptor the AS number 65000.
    node = "00010015 04 0000000000000000 0100 0008 0200 0004 0000fde8"
    names = {0: None, 1: "unreachable", 2: "no_transit", 3: 3, 255: None}
    for safi in (71, 80):
        for status, name in names.items():
            tlv = bytes.fromhex("04a00001") + bytes((status,)) + bytes.fromhex("049c000101")
            form = _decode(impl, capsys, _mp(impl, 16388, safi, node, attribute(0x80, 29, tlv), "c0000201"))
            first, second = form["attributes"][-1]["value"]["tlvs"]
            assert (second["name"], second["value"]) == ("spf_capability", "strict_spf")
            assert first["name"] == "spf_status"
            if name is None:
                assert first["value"] == f"{status:02x}"
                assert _faults(form) == ([(3, 5, "treat_as_withdraw")] if safi == 80 else [])
            else:
                assert first["value"] == name
                assert _faults(form) == []


def test_attr_set_of_junos(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 6368 section 5 asks for 4 octets; 2 are read where 4 cannot be, and reported."""
    inside = bytes.fromhex("40010100 4002060202fde9fdea c00706fde9c0000203")
    octets = update(b"", ATTRIBUTES + attribute(0xC0, 128, bytes.fromhex("0000fde8") + inside), PREFIX)
    form = _decode(impl, capsys, octets)
    assert _faults(form) == [(3, 9, "keep")]
    value = form["attributes"][-1]["value"]
    assert (value["origin_asn"], value["asn4"]) == (65000, False)
    assert value["attributes"][1]["value"] == [{"type": "as_sequence", "asns": [65001, 65002]}]
    assert value["attributes"][2]["value"] == {"asn": 65001, "address": "192.0.2.3"}
    found = impl.Message.decode(octets).attributes[128]
    assert found.asn4 is False
    assert str(found.attributes.as_path) == "65001 65002"


def test_attr_set_reads_4_octets_wherever_they_fit(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """``0202 0001 0002 0003 0004``: a sequence of two AS numbers by 4 octets. Empty paths fit both ways."""
    for path, asns in (("0202 0001 0002 0003 0004", [0x10002, 0x30004]), ("", [])):
        inside = attribute(0x40, 1, b"\0") + attribute(0x40, 2, bytes.fromhex(path))
        form = _decode(impl, capsys, update(b"", ATTRIBUTES + attribute(0xC0, 128, b"\0\0\0\1" + inside), PREFIX))
        value = form["attributes"][-1]["value"]
        assert "asn4" not in value
        assert [n for segment in value["attributes"][1]["value"] for n in segment["asns"]] == asns
        assert _faults(form) == []


def test_routes_carry_the_faults_of_their_attributes(impl: Any) -> None:
    """``mrt.open().routes()``: a malformed Prefix-SID and tunnel are errors of the route."""
    for code, value, action in ((40, "01000600000000", "attribute_discard"), (23, "000a000c", "treat_as_withdraw")):
        octets = update(b"", ATTRIBUTES + attribute(0xC0, code, bytes.fromhex(value)), PREFIX)
        with impl.mrt.open(bgp4mp(octets)) as file:
            route = next(iter(file.routes()))
        assert [str(error.action) for error in route.errors] == [action]
        assert str(route.prefix) == "198.51.100.0/24"


def test_an_endpoint_is_asked_for_in_the_families_of_the_rfc_alone(
    impl: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """RFC 9012 sections 6 and 13: not for SR policies."""
    tunnel = attribute(0xC0, 23, bytes.fromhex("000a000a 0408030b00000000000a"))
    for afi, safi, nlri, hop, wanted in (
        (2, 1, "2020010db8", "20010db8000000000000000000000001", 1),
        (1, 4, "300000 61c00002".replace(" ", ""), "c0000201", 1),
        (1, 73, "60 00000001 0000000a c0000207".replace(" ", ""), "c0000201", 0),
        (1, 133, "03038111", "", 0),
    ):
        found = _faults(_decode(impl, capsys, _mp(impl, afi, safi, nlri, tunnel, hop)))
        assert found == [(3, 5, "treat_as_withdraw")] * wanted, (afi, safi)


def test_a_capability_message_gives_its_octets_back(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """draft-ietf-idr-dynamic-cap section 4: lengths have 2 octets, and values may have over 255."""
    large = bytes.fromhex("40 00000007 c8 012c") + b"\xab" * 300
    small = bytes.fromhex("81 00000008 02 0000")
    octets = message(6, large + small)
    found = impl.Message.decode(octets)
    assert [bytes(revision) for revision in found.revisions] == [large, small]
    assert bytes(found.revisions[0].capability) == large[5:]
    assert _decode(impl, capsys, octets)["revisions"][0]["capability"]["value"] == "ab" * 300
    first, second = found.revisions[0].capability, impl.capability.decode_capability(200, b"\xab" * 300, 0, 2)
    assert first == second
    assert hash(first) == hash(second)
