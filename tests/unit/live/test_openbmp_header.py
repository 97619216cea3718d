"""The headers of OpenBMP's message bus: read, written, and what is none of them."""

from __future__ import annotations

import pickle
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import made_bmp as made
from support.made_openbmp import COLLECTOR, ROUTER, in_text, openbmp

BMP = made.monitoring(made.update())


def test_the_binary_header(impl: Any) -> None:
    """Each field where the specification has it, and the octets again."""
    found = impl.live.openbmp.decode(openbmp(BMP))
    assert bytes(found) == openbmp(BMP)
    assert found.octets == BMP
    assert (found.major, found.minor, found.version, found.text) == (1, 7, "1.7", b"")
    assert (found.flags, found.object_type, found.row_count, found.extra) == (0x80, 12, 1, b"")
    assert (found.seconds, found.microseconds, found.timestamp) == (1_700_000_001, 500_000, 1_700_000_001.5)
    assert (found.collector_hash, found.router_hash) == (COLLECTOR, ROUTER)
    assert (found.admin_id, found.router_group, str(found.router_address)) == (b"rv2", b"amsix", "192.0.2.9")
    assert found.name == "rv2/amsix"
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(impl.live.openbmp.decode(bytearray(openbmp(BMP))))
    with pytest.raises(AttributeError):
        found.flags = 0


def test_names(impl: Any) -> None:
    """Group, address or hash of the router, admin ID or hash of the collector; of bounded size, and visible."""
    decode = impl.live.openbmp.decode
    assert decode(openbmp(BMP, group=b"")).name == "rv2/192.0.2.9"
    v6 = bytes.fromhex("20010db8000000000000000000000009")
    assert decode(openbmp(BMP, group=b"", flags=0xC0, address=v6)).name == "rv2/2001:db8::9"
    bare = decode(openbmp(BMP, admin_id=b"", flags=0))
    assert (bare.name, bare.router_address, bare.router_hash) == (f"{COLLECTOR.hex()}/", None, b"")
    odd = decode(openbmp(BMP, admin_id=b"a\x1b[1m\xff" + b"x" * 60_000, group=b"g\0\0"))
    collector, _, router = odd.name.partition("/")
    assert (collector[:9], len(collector), router) == ("a\\x1b[1m�", 200, "g")
    assert bytes(odd)[40:44] == b"a\x1b[1"


def test_what_is_not_known_is_kept(impl: Any) -> None:
    """Flags, object types, a later minor version with more in its header, a header that names no router."""
    decode = impl.live.openbmp.decode
    for octets, expected in (
        (openbmp(BMP, flags=0xBF), {"flags": ["router", *(f"bit_{bit}" for bit in range(2, 8))]}),
        (openbmp(b"", kind=7), {"object_type": "type_7"}),
        (openbmp(BMP, version=(1, 9), extra=b"more"), {"version": "1.9", "extra": "6d6f7265"}),
        (openbmp(BMP, flags=0), {"flags": [], "row_count": 1}),
    ):
        found = decode(octets)
        assert bytes(found) == octets
        assert expected.items() <= found.json().items()


def test_the_header_in_text(impl: Any) -> None:
    """In any order and case, by the names of the specification and by those that collectors write; V alone will do."""
    decode = impl.live.openbmp.decode
    hashes = f"C_HASH_ID: {COLLECTOR.hex()}", f"R_HASH_ID: {ROUTER.hex()}"
    octets = in_text(BMP, "V: 1.1", *hashes, f"L: {len(BMP)}")
    found = decode(octets)
    assert bytes(found) == octets
    assert (found.octets, found.version, found.object_type) == (BMP, "1.1", 12)
    assert (found.collector_hash, found.router_hash, found.router_address) == (COLLECTOR, ROUTER, None)
    assert (found.seconds, found.timestamp, found.row_count) == (None, None, None)
    assert found.name == f"{COLLECTOR.hex()}/{ROUTER.hex()}"
    assert found.json() == {
        "version": "1.1",
        "text": octets[: -len(BMP)].decode(),
        "object_type": "bmp_raw",
        "collector_hash": COLLECTOR.hex(),
        "router_hash": ROUTER.hex(),
        "octets": BMP.hex(),
    }
    other = decode(in_text(BMP, "l:" + str(len(BMP)), f"r_hash: {ROUTER.hex()}", "R_IP: 2001:db8::9", "v: 1.7", "X: "))
    assert (other.router_hash, str(other.router_address), other.flags) == (ROUTER, "2001:db8::9", 0xC0)
    assert other.name == "/2001:db8::9"
    bare = decode(in_text(BMP, "V:1"))
    assert (bare.version, bare.name, bare.flags, bare.octets) == ("1.0", "/", 0, BMP)
    assert decode(in_text(BMP, "V: 1.7", "C_HASH_ID: collector 1")).collector_hash == b"collector 1"
    parsed = decode(in_text(b"add\t1", "V: 1.7", "T: peer"))
    assert parsed.object_type is None
    assert "object_type" not in parsed.json()
    assert decode(in_text(BMP, "V: 1.7", "T: bmp_raw")).object_type == 12


NO = "no header of OpenBMP"
BAD = [
    (b"", "nothing where a header of OpenBMP should be", 0),
    (b"OBM", NO, 0),
    (BMP, NO, 0),
    (b'{"type": 1}', NO, 0),
    (openbmp(BMP)[:11], "header of OpenBMP: ", 8),
    (openbmp(BMP, version=(2, 0)), "OpenBMP version 2.0", 4),
    (b"OBMP\1\7\0\13" + bytes(60), "header of 11 octets, 68 there", 6),
    (b"OBMP\1\7\xff\xff" + bytes(60), "header of 65535 octets, 68 there", 6),
    (openbmp(BMP) + b"x", f"BMP of {len(BMP)} octets, {len(BMP) + 1} there", 8),
    (openbmp(BMP)[:-1], f"BMP of {len(BMP)} octets, {len(BMP) - 1} there", 8),
    (b"OBMP\1\7" + struct.pack(">HI", 39, 0) + bytes(27), "header of OpenBMP: ", 38),
    (b"OBMP\1\7" + struct.pack(">HI", 44, 0) + bytes(26) + b"\0\3" + bytes(4), "header of OpenBMP: ", 43),
    (in_text(BMP, "C_HASH_ID: 0"), "no version: V", 0),
    (in_text(BMP, "V: 2.0"), "OpenBMP version '2.0'", 0),
    (in_text(BMP, "V: 1.x"), "OpenBMP version '1.x'", 0),
    (in_text(BMP, "V: 1.7", "L: 5"), f"BMP of 5 octets, {len(BMP)} there", 7),
    (in_text(BMP, "V: 1.7", "L: -1"), "length '-1'", 7),
    (in_text(BMP, "V: 1.7", "L: ٣"), "a line that is no NAME: VALUE", 7),
    (in_text(BMP, "V: 1.7", "R_IP: x"), "R_IP 'x'", 7),
    (in_text(BMP, "V: 1.7", "no"), "a line that is no NAME: VALUE", 7),
    (in_text(BMP, "V: 1.7", "\x1b: x"), "a line that is no NAME: VALUE", 7),
    (b"V: 1.7\n" + b" " * 100_000 + b"\n\n", NO, 0),
    (b"V: 1.7", NO, 0),
]


@pytest.mark.parametrize(("octets", "reason", "offset"), BAD, ids=lambda value: repr(value)[:40])
def test_what_is_none(impl: Any, octets: bytes, reason: str, offset: int) -> None:
    with pytest.raises(impl.live.openbmp.OpenBmpError) as caught:
        impl.live.openbmp.decode(octets)
    assert isinstance(caught.value, impl.DecodeError)
    assert caught.value.reason.startswith(reason)
    assert caught.value.offset == offset


def test_every_cut(impl: Any) -> None:
    """A length that does not fit is told at every length; a header in text says it with L alone."""
    text = in_text(BMP, "V: 1.7", f"L: {len(BMP)}")
    for octets in (openbmp(BMP), openbmp(BMP, flags=0), text):
        for size in range(len(octets)):
            with pytest.raises(impl.OpenBmpError):
                impl.live.openbmp.decode(octets[:size])


def test_build(impl: Any) -> None:
    """Hashes of the names where none are given, the time of now; what has no room is refused."""
    build, decode = impl.live.openbmp.build, impl.live.openbmp.decode
    given = {"collector_hash": COLLECTOR, "router_hash": ROUTER, "timestamp": 1_700_000_001.5}
    made_of = build(BMP, admin_id="rv2", router_ip="192.0.2.9", router_group="amsix", **given)
    assert bytes(made_of) == openbmp(BMP)
    assert made_of == decode(openbmp(BMP))
    one, other = (build(BMP, admin_id=name, router_ip="192.0.2.9") for name in ("a", "b"))
    assert len({one.collector_hash, other.collector_hash, one.router_hash, other.router_hash}) == 4
    assert one.timestamp > 1_700_000_000
    assert decode(bytes(build(b"", object_type=1))).name == f"{build(b'').collector_hash.hex()}/"
    text = build(BMP, admin_id="rv2", router_ip="2001:db8::9", text=True)
    assert decode(bytes(text)) == text
    assert bytes(text).startswith(b"V: 1.7\nC_HASH_ID: ")
    with pytest.raises(impl.EncodeError, match="admin_id"):
        bytes(build(BMP, admin_id="x" * 65536))
    with pytest.raises(impl.EncodeError, match="header"):
        bytes(build(BMP, admin_id="x" * 65535))
    for wrong, match in (
        ({"router_ip": "x"}, "'x'"),
        ({"collector_hash": b"x"}, "a hash of 1 octets"),
        ({"router_hash": b""}, "a hash of 0 octets"),
        ({"object_type": 256}, "object_type 256"),
        ({"row_count": -1}, "row_count -1"),
        ({"timestamp": -1.0}, "seconds since 1970"),
        ({"timestamp": 1e12}, "seconds since 1970"),
    ):
        with pytest.raises(ValueError, match=match):
            build(BMP, **wrong)
    for wrong_type in ("text", None):
        with pytest.raises(TypeError):
            build(wrong_type)
        with pytest.raises(TypeError):
            decode(wrong_type)


_ADDRESSES = st.none() | st.ip_addresses().map(str)


@given(
    octets=st.binary(max_size=40),
    admin_id=st.text(max_size=20) | st.binary(max_size=20),
    router_group=st.text(max_size=20) | st.binary(max_size=20),
    router_ip=_ADDRESSES,
    router_hash=st.none() | st.binary(min_size=16, max_size=16),
    collector_hash=st.none() | st.binary(min_size=16, max_size=16),
    object_type=st.integers(0, 255),
    row_count=st.integers(0, 2**32 - 1),
    minor=st.integers(0, 255),
    timestamp=st.floats(0, 2**32 - 2),
    text=st.booleans(),
)
def test_round_trip(both: list[Any], octets: bytes, **fields: Any) -> None:
    """What was built reads as the same, and its octets are the same on both implementations."""
    built = []
    for implementation in both:
        with implementation.active() as package:
            openbmp = package.live.openbmp
            made_of = openbmp.build(octets, **fields)
            assert openbmp.decode(bytes(made_of)) == made_of
            assert made_of.octets == octets
            built.append((bytes(made_of), made_of.json(), made_of.name))
    assert built[0] == built[-1]


@given(
    octets=st.binary(max_size=60)
    | st.binary(max_size=80).map(lambda rest: b"OBMP\1\7" + rest)
    | st.binary(max_size=60).map(lambda rest: b"V: 1.7\n" + rest + b"\n\n")
    | st.tuples(st.integers(0, 90), st.binary(max_size=4)).map(
        lambda change: openbmp(BMP)[: change[0]] + change[1] + openbmp(BMP)[change[0] + len(change[1]) :]
    )
)
def test_any_octets(both: list[Any], octets: bytes) -> None:
    """A message whose octets are those, or an OpenBmpError that points into them; the same from both."""
    seen = []
    for implementation in both:
        with implementation.active() as package:
            try:
                found = package.live.openbmp.decode(octets)
                assert bytes(found) == octets
                seen.append((found.json(), found.name))
            except package.OpenBmpError as error:
                seen.append(error.json())
    assert seen[0] == seen[-1]
    assert not isinstance(seen[0], dict) or 0 <= seen[0]["offset"] <= len(octets)
