"""BGP4MP records made of messages, states and events: which subtype, which octets, and what is refused."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.context import ATTRIBUTES, message, told, update

if TYPE_CHECKING:
    from collections.abc import Callable

KEEPALIVE = message(4, b"")
PLAIN, PATHS = b"\x08\x0a", b"\0\0\0\7\x08\x0a"
SIX = b"\x20\x20\x01\x0d\xb8"


def written(impl: Any, write: Callable[[Any], object]) -> bytes:
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        write(out)
    return file.getvalue()


def peer(impl: Any, asn: int = 64500, local_asn: int | None = 64501, six: bool = False, **more: Any) -> Any:
    """Of the records of ``made_mrt``."""
    base = "2001:db8::" if six else "192.0.2."
    return impl.Peer(impl.Address(f"{base}1"), asn, None, impl.Address(f"{base}2"), local_asn, **more)


def read(impl: Any, data: bytes) -> Any:
    (event,) = impl.mrt.open(data).messages()
    return event


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("add_path", [False, True])
@pytest.mark.parametrize("asn4", [False, True])
def test_subtypes(impl: Any, asn4: bool, add_path: bool, local: bool) -> None:
    """RFC 6396 section 4.4, RFC 8050 section 3: eight of them."""
    session = impl.Session(asn4, [(1, 1)] if add_path else ())
    found = impl.Message.decode(update(b"", ATTRIBUTES, PATHS if add_path else PLAIN), session)
    subtype = {(False, False): (1, 8), (False, True): (6, 10), (True, False): (4, 9), (True, True): (7, 11)}
    wanted = subtype[asn4, local][add_path]
    for six in (False, True):
        asn = 65551 if asn4 else 64500
        sender = peer(impl, asn, six=six)
        data = written(impl, lambda out, sender=sender: out.message(found, sender, 10**9, local=local))
        assert data == made.bgp4mp(found.data, wanted, six=six)
        extended = written(impl, lambda out, sender=sender: out.message(found, sender, 10**9, 42, local=local))
        assert extended == made.bgp4mp(found.data, wanted, 17, six)
        (event,) = impl.mrt.open(extended).messages()
        assert (event.octets, event.microseconds, event.peer.asn) == (found.data, 42, asn)
        assert event.message.nlri.json() == found.nlri.json()


@pytest.mark.parametrize("asn4", [False, True])
def test_states(impl: Any, asn4: bool) -> None:
    asn = 65551 if asn4 else 64500
    data = written(impl, lambda out: out.state_change(6, 1, peer(impl, asn), 10**9, asn4=asn4))
    assert data == made.bgp4mp(b"\0\6\0\1", 5 if asn4 else 0)
    data = written(impl, lambda out: out.state_change(1, 3, peer(impl, asn, six=True), 10**9, 42, asn4=asn4))
    assert data == made.bgp4mp(b"\0\1\0\3", 5 if asn4 else 0, 17, six=True)
    (route,) = impl.mrt.open(data).routes()
    assert (route.type, route.states) == ("S", (1, 3))


def test_what_the_peer_does_not_know_is_zero(impl: Any) -> None:
    for address, zeros in (("192.0.2.1", "0.0.0.0"), ("2001:db8::1", "::")):
        bare = impl.Peer(impl.Address(address), 64500)
        data = written(impl, lambda out, bare=bare: out.message(impl.Message.decode(KEEPALIVE), bare, 1))
        found = read(impl, data).peer
        assert (found.asn, str(found.address), found.local_asn, str(found.local_address)) == (64500, address, 0, zeros)
        assert found.interface == 0
    with_interface = peer(impl, interface=7)
    data = written(impl, lambda out: out.message(impl.Message.decode(KEEPALIVE), with_interface, 1))
    assert read(impl, data).peer == with_interface


# --- path identifiers of some families (RFC 8050 section 3) ---------------------------------------------------------


def of_families(impl: Any, octets: bytes, *families: tuple[int, int]) -> int:
    """The subtype that a message of a session with path identifiers for these gets."""
    found = impl.Message.decode(octets, impl.Session(add_path=families))
    data = written(impl, lambda out: out.message(found, peer(impl), 1))
    return int.from_bytes(data[6:8])


def test_messages_of_a_session_with_path_identifiers_for_some_families(impl: Any) -> None:
    """The subtype says it of all NLRI in the message, so it is asked for by those that there are."""
    six = made.reach(2, made.HOP6, SIX)
    six_with = made.reach(2, made.HOP6, b"\0\0\0\7" + SIX)
    gone = made.attribute(15, b"\0\2\1" + SIX, 0x80)
    assert of_families(impl, KEEPALIVE, (1, 1)) == 4
    assert of_families(impl, update(), (1, 1)) == 4  # End-of-RIB
    assert of_families(impl, update(b"", ATTRIBUTES, PATHS), (1, 1)) == 9
    assert of_families(impl, update(PATHS), (1, 1)) == 9
    assert of_families(impl, update(b"", ATTRIBUTES + six), (1, 1)) == 4
    assert of_families(impl, update(b"", gone), (1, 1)) == 4
    assert of_families(impl, update(b"", ATTRIBUTES + six_with), (2, 1)) == 9
    assert of_families(impl, update(b"", ATTRIBUTES, PLAIN), (2, 1)) == 4
    assert of_families(impl, update(b"", ATTRIBUTES + six_with, PATHS), (1, 1), (2, 1)) == 9
    for octets, family in (
        (update(b"", ATTRIBUTES + six, PATHS), (1, 1)),
        (update(b"", ATTRIBUTES + six_with, PLAIN), (2, 1)),
        (update(PATHS, gone), (1, 1)),
    ):
        with pytest.raises(ValueError, match="with path identifiers and without"):
            of_families(impl, octets, family)


def test_all_families_but_some(impl: Any) -> None:
    families = impl.every_family.EveryFamily([(2, 1)])
    session = impl.Session(add_path=families)
    found = impl.Message.decode(update(b"", ATTRIBUTES + made.reach(2, made.HOP6, SIX)), session)
    assert written(impl, lambda out: out.message(found, peer(impl), 1))[6:8] == b"\0\4"


# --- events -----------------------------------------------------------------------------------------------------


def test_an_event_off_a_socket(impl: Any) -> None:
    session = impl.Session(False, [(1, 1)])
    event = impl.Event(update(b"", ATTRIBUTES, PATHS), 10**9, 42, peer(impl), session)
    data = written(impl, lambda out: out.event(event))
    assert data == made.bgp4mp(event.octets, 8, 17)
    assert read(impl, data).message.nlri.json() == [{"prefix": "10.0.0.0/8", "path_id": 7}]


@pytest.mark.parametrize("subtype", [1, 4, 6, 7, 8, 9, 10, 11])
@pytest.mark.parametrize("kind", [16, 17, 64, 65])
def test_a_pickled_event_has_its_message_and_no_record(impl: Any, kind: int, subtype: int) -> None:
    """It is made anew, of the types that RFC 6396 has today."""
    octets = update(b"", ATTRIBUTES, PATHS if subtype > 7 else PLAIN)
    record = made.bgp4mp(octets, subtype, kind)
    (event,) = impl.mrt.open(record).messages()
    assert written(impl, lambda out: out.event(event)) == record
    copy = pickle.loads(pickle.dumps(event))
    assert written(impl, lambda out: out.event(copy)) == made.bgp4mp(octets, subtype, 16 if kind in (16, 64) else 17)


def test_an_event_of_before_bgp4mp(impl: Any) -> None:
    """Its record as it was; of a pickled one, which has a header now, a BGP4MP record."""
    peers = b"\xfb\xf4" + bytes((192, 0, 2, 1)) + b"\xfb\xf5" + bytes((192, 0, 2, 2))
    body = update(b"", ATTRIBUTES, PLAIN)[19:]
    record = (10**9).to_bytes(4) + b"\0\5\0\1" + len(peers + body).to_bytes(4) + peers + body
    (event,) = impl.mrt.open(record).messages()
    assert written(impl, lambda out: out.event(event)) == record
    copy = pickle.loads(pickle.dumps(event))
    assert written(impl, lambda out: out.event(copy)) == made.bgp4mp(event.octets, 1)


def test_a_pickled_change_of_state_is_its_record(impl: Any) -> None:
    record = made.bgp4mp(b"\0\1\0\3", 5)
    (route,) = impl.mrt.open(record).routes()
    copy = pickle.loads(pickle.dumps(route)).event
    assert written(impl, lambda out: out.event(copy)) == record


def test_events_that_are_no_record(impl: Any) -> None:
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        with pytest.raises(ValueError, match="without a peer, and of no MRT record"):
            out.event(impl.Event(KEEPALIVE))
        with pytest.raises(ValueError, match="without a message, and of no MRT record"):
            out.event(impl.Event(b"octets", message=False, peer=peer(impl)))
    assert file.getvalue() == b""


# --- what is refused ----------------------------------------------------------------------------------------------


def test_fields_that_do_not_fit(impl: Any) -> None:
    """ValueError that names the field, and nothing is written."""
    keepalive = impl.Message.decode(KEEPALIVE)
    two = impl.Message.decode(KEEPALIVE, impl.Session(False))
    four = impl.Address("192.0.2.1")
    six = impl.Address("2001:db8::1")
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        for error, field, write in (
            (ValueError, "^peer_asn: .*65536", lambda: out.message(two, peer(impl, 65536), 1)),
            (ValueError, "^local_asn: .*65536", lambda: out.message(two, peer(impl, 1, 65536), 1)),
            (ValueError, "^peer_asn: .*65536", lambda: out.state_change(1, 3, peer(impl, 65536), 1, asn4=False)),
            (ValueError, "^peer_asn: .*4294967296", lambda: out.message(keepalive, peer(impl, 1 << 32), 1)),
            (ValueError, "^interface: .*65536", lambda: out.message(keepalive, peer(impl, interface=65536), 1)),
            (ValueError, "^peer_address: .*needs one", lambda: out.message(keepalive, impl.Peer(None, 1), 1)),
            (ValueError, "^local_address: ", lambda: out.message(keepalive, impl.Peer(four, 1, None, six), 1)),
            (ValueError, "^local_address: ", lambda: out.message(keepalive, impl.Peer(six, 1, None, four), 1)),
            (ValueError, "^seconds: -1", lambda: out.message(keepalive, peer(impl), -1)),
            (ValueError, "^seconds: 4294967296", lambda: out.message(keepalive, peer(impl), 1 << 32)),
            (ValueError, "^microseconds: 4294967296", lambda: out.message(keepalive, peer(impl), 1, 1 << 32)),
            (ValueError, "^old_state: 65536", lambda: out.state_change(65536, 1, peer(impl), 1)),
            (ValueError, "^new_state: -1", lambda: out.state_change(1, -1, peer(impl), 1)),
            (TypeError, "^seconds is a number, not float", lambda: out.message(keepalive, peer(impl), 1.5)),
            (TypeError, "^microseconds is a number", lambda: out.message(keepalive, peer(impl), 1, 0.5)),
            (TypeError, "^peer is a Peer, not str", lambda: out.message(keepalive, "192.0.2.1", 1)),
            (TypeError, "^a Message is needed, not bytes", lambda: out.message(KEEPALIVE, peer(impl), 1)),
        ):
            with pytest.raises(error, match=field):
                write()
        wrong = impl.Message.of(KEEPALIVE + b"\0")
        with pytest.raises(ValueError, match="header does not say that it has 20 octets"):
            out.message(wrong, peer(impl), 1)
    assert file.getvalue() == b""


def test_a_record_that_is_longer_than_its_header_said(impl: Any) -> None:
    """RIS's rrc00 of 2000: what is written says how long it is, and reads as what was read."""
    entries = []
    for sequence in (1, 2, 3):
        body = b"\0\0" + sequence.to_bytes(2) + bytes((10, 0, sequence, 0)) + b"\x18\1" + (10**9).to_bytes(4)
        body += bytes((192, 0, 2, 1)) + b"\xfb\xf4" + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
        entries.append((10**9).to_bytes(4) + b"\0\x0c\0\1" + (len(body) - 4).to_bytes(4) + body)
    records = list(impl.mrt.open(b"".join(entries), on_skip=told).records())
    assert len(records) == 3
    data = written(impl, lambda out: [out.record(record) for record in records])
    assert list(impl.mrt.open(data, strict=True).records()) == records
    assert len(data) == sum(map(len, entries))
