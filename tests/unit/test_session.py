"""Sessions: what two OPENs agree on, and what the context changes in the reading of the same octets."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from support.context import ATTRIBUTES, update


def _open(impl: Any, asn: int, *capabilities: tuple[int, str], hold_time: int = 90) -> Any:
    """With the capabilities that are named, and no others."""
    values = [(code, bytes.fromhex(text)) for code, text in capabilities]
    return impl.Open.build(asn, "192.0.2.1", hold_time, values, asn4=asn > 0xFFFF)


ASN4 = (65, "0000fde8")
V4, V6 = (1, "00010001"), (1, "00020001")


def test_nothing_in_common(impl: Any) -> None:
    """RFC 4760 section 8: without capability 1, IPv4 unicast alone."""
    session = impl.Session.from_opens(_open(impl, 65000), _open(impl, 65001))
    assert not session.asn4
    assert session.families == {(1, 1)}
    assert session.add_path == session.add_path_send == frozenset()
    assert session.ibgp is False
    assert (session.local_asn, session.peer_asn) == (65000, 65001)
    assert session.max_message == 4096
    assert session.asn4_from == "negotiated"
    assert session.add_path_from == "negotiated"


def test_asn4_takes_two(impl: Any) -> None:
    """RFC 6793 section 3."""
    with_it, without = _open(impl, 65000, ASN4), _open(impl, 65001)
    assert not impl.Session.from_opens(with_it, without).asn4
    assert not impl.Session.from_opens(without, with_it).asn4
    assert impl.Session.from_opens(with_it, with_it).asn4


def test_as_number_of_capability_65_counts(impl: Any) -> None:
    big = _open(impl, 4_200_000_000, (65, "fa56ea00"))
    assert big.asn == 23456
    assert big.effective_asn == 4_200_000_000
    assert impl.Session.from_opens(big, big).ibgp is True
    assert impl.Session.from_opens(big, _open(impl, 23456)).ibgp is False


# RFC 7911 section 4: what we say (1 receive, 2 send, 3 both), what the peer says, do we receive, do we send.
@pytest.mark.parametrize("ours", [0, 1, 2, 3, 4, 255])
@pytest.mark.parametrize("theirs", [0, 1, 2, 3, 4, 255])
def test_add_path_by_direction(impl: Any, ours: int, theirs: int) -> None:
    sent = _open(impl, 65000, (69, f"000101{ours:02x}"))
    received = _open(impl, 65001, (69, f"000101{theirs:02x}"))
    session = impl.Session.from_opens(sent, received)
    valid = ours in (1, 2, 3) and theirs in (1, 2, 3)
    assert ((1, 1) in session.add_path) == (valid and ours in (1, 3) and theirs in (2, 3))
    assert ((1, 1) in session.add_path_send) == (valid and ours in (2, 3) and theirs in (1, 3))
    assert session.reversed().add_path == session.add_path_send
    assert session.reversed().reversed() == session
    mirrored = impl.Session.from_opens(received, sent)
    assert mirrored.add_path == session.add_path_send


def test_add_path_by_family(impl: Any) -> None:
    sent = _open(impl, 65000, (69, "0001010300020101"))
    received = _open(impl, 65001, (69, "000101030002010100010402"))
    session = impl.Session.from_opens(sent, received)
    assert session.add_path == {(1, 1)}
    assert session.add_path_send == {(1, 1)}


def test_families(impl: Any) -> None:
    session = impl.Session.from_opens(_open(impl, 65000, V4, V6), _open(impl, 65001, V6, (1, "00190046")))
    assert session.families == {(2, 1)}


def test_extended_next_hop_and_messages(impl: Any) -> None:
    """RFC 8950 section 4, RFC 8654 section 3: both must say so."""
    hop = (5, "000100010002")
    plain, able = _open(impl, 65000), _open(impl, 65001, hop, (6, ""))
    session = impl.Session.from_opens(plain, able)
    assert session.extended_next_hop == frozenset()
    assert session.max_message == 4096
    session = impl.Session.from_opens(able, able)
    assert session.extended_next_hop == {(1, 1, 2)}
    assert session.max_message == 65535


def test_hold_time(impl: Any) -> None:
    """RFC 4271 section 4.2: the smaller of the two."""
    session = impl.Session.from_opens(_open(impl, 1, hold_time=180), _open(impl, 1, hold_time=30))
    assert session.hold_time == 30


def test_the_session_decides(impl: Any) -> None:
    """Pitfalls 1 and 3: the same octets, valid in both readings."""
    octets = bytes.fromhex("00000001180a0000")
    bare = [str(prefix) for prefix in impl.NlriCollection(octets)]
    assert bare == ["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/1", "0.0.0.0/10"]
    (one,) = impl.NlriCollection(octets, impl.Session.with_add_path((1, 1)))
    assert (str(one), one.path_id) == ("10.0.0.0/24", 1)
    path = bytes.fromhex("4002 0a 0202 0064 00c8 0201 012c")
    wide = impl.PathAttributes(path, session=impl.Session(asn4=True))
    narrow = impl.PathAttributes(path, session=impl.Session(asn4=False))
    assert str(wide.as_path) == "6553800 33620268"
    assert str(narrow.as_path) == "100 200 300"


def test_default_and_given(impl: Any) -> None:
    session = impl.Session()
    assert session.asn4
    assert session.asn4_from == "given"
    assert session.ibgp is None
    assert session == impl.Session()
    assert hash(session) == hash(impl.Session())
    with_paths = impl.Session.with_add_path((impl.Afi.IPV6, impl.Safi.UNICAST), asn4=False)
    assert with_paths.add_path == {(2, 1)}
    assert not with_paths.asn4
    assert pickle.loads(pickle.dumps(with_paths)) == with_paths
    with pytest.raises(AttributeError):
        session.asn4 = False


def test_local_pref_is_missed_on_ibgp(impl: Any) -> None:
    """RFC 4271 section 5.1.5."""
    data = update(b"", ATTRIBUTES, b"\x08\x0a")
    assert impl.Message.decode(data).errors == []
    assert impl.Message.decode(data, impl.Session(ibgp=False)).errors == []
    (error,) = impl.Message.decode(data, impl.Session(ibgp=True)).errors
    assert (error.code, error.subcode, error.data) == (3, 3, b"\5")


def test_families_are_read_as_they_are_written(impl: Any) -> None:
    for family in ((1, 1), (2, 128), (25, 70), (3, 55), (1, 254), (16397, 241), (16388, 71), (65535, 255), (3, 1)):
        assert impl.Family.parse(str(impl.Family(*family))) == family
    for text in ("afi-65536-unicast", "ipv4-safi-256", "afi-1x-unicast", "ipv4-"):
        with pytest.raises(ValueError, match="unknown address family"):
            impl.Family.parse(text)
