"""The length of MP_REACH_NLRI's next hop against the family (RFC 7606 section 7.11), through every door."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, peer_index, record, told, update
from support.places import SAMPLES

FILES = sorted(SAMPLES.glob("*.mrt"))

# What the RFCs say, family by family, and what they do not.
ALLOWED: dict[tuple[int, int], set[int]] = {
    (1, 1): {4, 16, 32},  # RFC 4760 section 3, RFC 8950 section 3
    (1, 2): {4, 16, 32},
    (1, 4): {4, 16, 32},
    (2, 1): {16, 32},  # RFC 2545 section 3
    (2, 2): {16, 32},
    (2, 4): {16, 32},  # RFC 4798 section 2: IPv4 mapped
    (1, 128): {12, 24, 48},  # RFC 4364 section 4.3.2, RFC 8950 section 3
    (1, 129): {12, 24, 48},
    (2, 128): {24, 48},  # RFC 4659 section 3.2.1
    (1, 5): {4, 16},  # RFC 6515 section 2
    (2, 5): {4, 16},
    (25, 65): {4, 16, 32},  # RFC 4761, RFC 6074
    (25, 70): {4, 16, 32},  # RFC 7432; with a link-local address as FRR sends it
    (1, 132): {4, 16, 32},  # RFC 4684
    (1, 73): {4, 16, 32},  # RFC 9830 section 2.1
    (2, 73): {4, 16, 32},
    (1, 85): {4, 16, 32},
    (16388, 71): {4, 16, 32},  # RFC 9552 section 5.5
    (16388, 72): {12, 24, 40, 48},
    (1, 133): {0, 4, 12, 16, 24, 32, 40, 48},  # RFC 8955 section 4: of no octets, and ignored
    (2, 133): {0, 4, 12, 16, 24, 32, 40, 48},
    (25, 134): {0, 4, 12, 16, 24, 32, 40, 48},
    (1, 241): {0, 4, 12, 16, 24, 32, 40, 48},  # a SAFI nobody registered
    (16395, 199): set(range(64)),  # an AFI nobody knows
}


def reach(afi: int, safi: int, size: int, nlri: str = "") -> bytes:
    """An MP_REACH_NLRI with a next hop of ``size`` octets."""
    hop = bytes.fromhex("20010db8000000000000000000000001" * 4)[:size]
    return afi.to_bytes(2) + bytes((safi, size)) + hop + b"\0" + bytes.fromhex(nlri)


@pytest.mark.parametrize("family", ALLOWED, ids=lambda family: f"{family[0]}/{family[1]}")
def test_every_length(impl: Any, family: tuple[int, int]) -> None:
    """A wrong one resets the session; the offset is that of the length."""
    for size in range(64):
        attributes = impl.PathAttributes(attribute(0x80, 14, reach(*family, size)), base=-3)
        if size in ALLOWED[family]:
            value = attributes[14]
            assert (value.afi, value.safi, len(value.next_hop)) == (*family, size)
            continue
        with pytest.raises(impl.UpdateMessageError, match=f"next hop of {size} octets") as caught:
            attributes[14]
        error = caught.value
        assert (error.code, error.subcode, error.action, error.offset) == (3, 9, "session_reset", 3)
        assert attributes.mp_reach is None
        assert attributes.next_hop_of(True) is None


# What passed without an error, and what FRR's test_mp_attr.c calls an inappropriate length (IPv6-nhlen).
WRONG = [
    *((2, 1, size, "2020010db8") for size in (0, 4, 12, 24)),
    (1, 1, 0, "18cb0071"),
    (1, 128, 0, "58 000641 0000fde800000064"),
    (1, 128, 4, "58 000641 0000fde800000064"),
    (1, 4, 12, "18 000641"),
    (25, 70, 0, ""),
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_message(impl: Any, wrong: tuple[int, int, int, str]) -> None:
    data = update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, reach(*wrong)))
    found = impl.Message.decode(data)
    assert [(e.code, e.subcode, e.action, e.offset) for e in found.errors] == [(3, 9, "session_reset", 36)]
    assert found.action == "session_reset"
    with pytest.raises(impl.UpdateMessageError, match="next hop"):
        impl.Message.decode(data, strict=True)


def test_the_command(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    data = update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, reach(2, 1, 4, "2020010db8")))
    assert import_module("bgpwire.cli").main(["decode", data.hex()]) == 0
    found = json.loads(capsys.readouterr().out)
    (error,) = found["errors"]
    assert (error["reason"], error["action"]) == (
        "MP_REACH_NLRI: next hop of 4 octets for ipv6-unicast",
        "session_reset",
    )
    assert found["attributes"][-1]["value"] == {"type": 14, "value": reach(2, 1, 4, "2020010db8").hex()}


def test_not_negotiated_is_no_fault(impl: Any) -> None:
    """An IPv6 next hop of IPv4 routes is read whether or not RFC 8950's capability was seen."""
    for session in (impl.Session(), impl.Session(extended_next_hop=frozenset({(1, 1, 2)}))):
        for size in (16, 32):
            data = update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, reach(1, 1, size, "18cb0071")))
            assert impl.Message.decode(data, session).errors == []


# --- archives ------------------------------------------------------------------------------------------------------


def dumped(impl: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> list[dict[str, Any]]:
    path = tmp_path / "wrong.mrt"
    path.write_bytes(data)
    assert import_module("bgpwire.cli").main(["dump", str(path)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("wrong", WRONG[:4], ids=str)
def test_an_archive_keeps_the_routes(
    impl: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[int, int, int, str]
) -> None:
    """The routes where the length puts them, no next hop, and the fault in ``errors`` and ``malformed``."""
    data = bgp4mp(update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, reach(*wrong) + bytes.fromhex("2020010db9"))))
    file = impl.mrt.open(data)
    routes = list(file.routes())
    assert [str(route.prefix) for route in routes] == ["2001:db8::/32", "2001:db9::/32"]
    assert file.skips == []
    for route in routes:
        assert route.next_hop is None
        assert [error.action for error in route.errors] == ["session_reset"]
    lines = dumped(impl, tmp_path, capsys, data)
    assert [line["prefix"] for line in lines] == ["2001:db8::/32", "2001:db9::/32"]
    assert [line["malformed"] for line in lines] == [["mp_reach_nlri"]] * 2
    assert not any("next_hop" in line for line in lines)


def rib(value: bytes, subtype: int = 4) -> bytes:
    """A TABLE_DUMP_V2 file with one entry, its MP_REACH_NLRI of this value."""
    attributes = ATTRIBUTES[:7] + attribute(0x80, 14, value)
    prefix = b"\x20\x20\x01\x0d\xb8" if subtype == 4 else b"\x18\xcb\0\x71"
    entry = b"\0\0" + (1_000_000_000).to_bytes(4) + len(attributes).to_bytes(2) + attributes
    return peer_index() + record(13, subtype, bytes(4) + prefix + b"\0\1" + entry)


def test_tables(impl: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """RFC 6396 section 4.3.4: the next hop alone, or, as many write it, the whole attribute."""
    for size in range(1, 64):
        for value in (bytes((size,)) + b"\x20" * size, reach(2, 1, size, "2020010db8")):
            (route,) = impl.mrt.open(rib(value)).routes()
            assert str(route.prefix) == "2001:db8::/32"
            if size in (16, 32):
                assert route.errors == []
                assert route.next_hop is not None
            else:
                assert [error.action for error in route.errors] == ["session_reset"]
                assert route.next_hop is None
    (line,) = dumped(impl, tmp_path, capsys, rib(b"\4\xc0\0\2\1"))
    assert (line["prefix"], line["malformed"]) == ("2001:db8::/32", ["mp_reach_nlri"])
    # An IPv4 table has both.
    for size in (4, 16, 32):
        (route,) = impl.mrt.open(rib(bytes((size,)) + b"\x20" * size, 2)).routes()
        assert route.errors == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recordings_of_daemons(impl: Any, path: Path) -> None:
    """No length that BIRD, FRR, GoBGP and OpenBGPD send is refused."""
    last = None
    for route in impl.mrt.open(path, on_skip=told).routes():
        if route.attributes is not last:
            last = route.attributes
            assert not [error for error in route.errors if "next hop" in error.reason]


# --- the values ----------------------------------------------------------------------------------------------------


def test_one_distinguisher_before_two_addresses(impl: Any) -> None:
    """RFC 9552 section 5.5, SAFI 72: a route distinguisher in front of global and link-local address."""
    hop = bytes(8) + bytes.fromhex("20010db8000000000000000000000001" + "fe800000000000000000000000000001")
    attributes = impl.PathAttributes(attribute(0x80, 14, b"\x40\x04\x48\x28" + hop + b"\0"))
    found = attributes.mp_reach.next_hop
    assert found.json() == {"address": "2001:db8::1", "link_local": "fe80::1"}
    assert (bytes(found), str(found.rd)) == (hop, "0:0")
    assert str(attributes.next_hop_of(True)) == "2001:db8::1"


def test_the_kernel(impl: Any) -> None:
    find = import_module("bgpwire._impl").next_hop_address
    whole = b"-" + reach(1, 128, 12) + b"-"
    assert str(find(whole, 1, len(whole) - 1)) == "0.0.0.0"
    assert str(find(whole, 1, len(whole) - 1, (1, 128))) == "0.0.0.0"
    assert str(find(b"\4\xc0\0\2\1", 0, 5, (1, 1))) == "192.0.2.1"
    assert find(b"\4\xc0\0\2\1", 0, 5, (2, 1)) is None
    for start in range(len(whole) + 1):
        for end in range(start, len(whole) - 1):
            assert find(whole, start, end) is None or (start, end) == (1, len(whole) - 2)
    for start, end in ((-1, 2), (3, 2), (0, len(whole) + 1)):
        with pytest.raises(ValueError, match="no octets"):
            find(whole, start, end)
    with pytest.raises(TypeError):
        find(None, 0, 0)
