"""BGP out of captures: events of both directions, sessions of the OPENs or guessed, what is no message."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from support.context import attribute, message, update
from support.growth import lines
from support.packets import ACK, FIN, RST, SYN, pcap, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE, THERE = "192.0.2.1", "192.0.2.2"
KEEPALIVE = message(4, b"")
NEXT_HOP = attribute(0x40, 3, bytes((192, 0, 2, 1)))
FOUR = attribute(0x40, 1, b"\0") + attribute(0x40, 2, bytes.fromhex("02010000fde8")) + NEXT_HOP
"""With an AS_PATH of 64,000 in 4 octets, and in 2."""
TWO = attribute(0x40, 1, b"\0") + attribute(0x40, 2, bytes.fromhex("0201fde8")) + NEXT_HOP
TEN = update(b"", FOUR, b"\x08\x0a")
WITH_ID = update(b"", FOUR, b"\0\0\0\x07\x08\x0a")
ADD_PATH_SEND, ADD_PATH_RECEIVE = (69, bytes((0, 1, 1, 2))), (69, bytes((0, 1, 1, 1)))
IPV4 = (1, bytes((0, 1, 0, 1)))


def opened(impl: Any, asn: int, *capabilities: tuple[int, bytes], asn4: bool = True) -> bytes:
    return bytes(impl.Open.build(asn, "192.0.2.9", 90, (IPV4, *capabilities), asn4=asn4))


class Talk:
    """The packets of one connection: ``say`` adds a segment of one side or the other."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.next = [1, 1]

    def syn(self) -> Talk:
        self.packets += [segment(b"", 0, SYN), segment(b"", 0, SYN | ACK, back=True)]
        return self

    def say(self, octets: bytes, back: bool = False, lost: int = 0) -> Talk:
        """``lost`` octets in front of it were not captured, and acknowledged."""
        seq = self.next[back] + lost
        self.packets.append(segment(octets, seq, ACK, back=back, ack=self.next[not back]))
        self.next[back] = seq + len(octets)
        return self


def events(impl: Any, packets: Sequence[Any], **more: Any) -> tuple[list[Any], list[Any]]:
    """All events and gaps."""
    gaps: list[Any] = []
    return list(impl.live.capture.events(pcap(packets), on_gap=gaps.append, **more)), gaps


def test_session(impl: Any) -> None:
    talk = Talk().syn().say(opened(impl, 65001, ADD_PATH_SEND)).say(opened(impl, 4_200_000_000, ADD_PATH_RECEIVE), True)
    talk.say(KEEPALIVE).say(KEEPALIVE, True).say(WITH_ID[:30]).say(TEN, True).say(WITH_ID[30:] + KEEPALIVE)
    found, gaps = events(impl, talk.packets)
    assert gaps == []
    assert [event.octets[18] for event in found] == [1, 1, 4, 4, 2, 2, 4]
    first, _, _, _, back, there, _ = found
    assert str(next(iter(impl.routes_of(there))).prefix) == "10.0.0.0/8"
    assert next(iter(impl.routes_of(there))).path_id == 7
    assert next(iter(impl.routes_of(back))).path_id is None
    here, other = impl.Address(HERE), impl.Address(THERE)
    assert there.peer == impl.Peer(here, 65001, None, other, 4_200_000_000)
    assert back.peer == impl.Peer(other, 4_200_000_000, None, here, 65001)
    assert first.peer == impl.Peer(here, 65001, None, other, None)
    assert there.session == back.session.reversed()
    assert (there.session.peer_asn, there.session.local_asn) == (65001, 4_200_000_000)
    assert there.session.asn4_from == there.session.add_path_from == "negotiated"
    octets = pcap(talk.packets)
    assert [octets[event.offset :].startswith(event.octets[:19]) for event in found] == [True] * 7
    assert (there.seconds, there.microseconds) == (1000, 8000)  # of the packet with its last octet
    assert there.file == f"{len(octets)} octets"
    assert there.mrt_type is None


def test_message_cut_at_every_octet(impl: Any) -> None:
    octets = KEEPALIVE + TEN + KEEPALIVE
    for cut in range(len(octets) + 1):
        talk = Talk().say(octets[:cut]).say(octets[cut:])
        found, gaps = events(impl, talk.packets)
        assert [event.octets for event in found] == [KEEPALIVE, TEN, KEEPALIVE]
        assert gaps == []
        whole = pcap(talk.packets)
        assert [whole[event.offset] for event in found] == [0xFF] * 3


def test_ports(impl: Any) -> None:
    packets = Talk().say(KEEPALIVE).packets
    assert len(events(impl, packets, ports={40000})[0]) == 1
    assert events(impl, packets, ports={1790}) == ([], [])


def test_extended_messages(impl: Any) -> None:
    """RFC 8654: where both OPENs say so, and where they are not known."""
    long = message(2, b"\0\0\x17\x70" + attribute(0xC0, 99, bytes(5996)))
    extended = (6, b"")
    for capabilities, expected in (((extended,), [1, 1, 2, 4]), ((), [1, 1, 4])):
        talk = Talk().syn().say(opened(impl, 1, *capabilities)).say(opened(impl, 2, *capabilities), True)
        found, gaps = events(impl, talk.say(long + KEEPALIVE).packets)
        assert [event.octets[18] for event in found] == expected
        assert [gap.size for gap in gaps] == [] if capabilities else [len(long)]
    found, gaps = events(impl, Talk().say(long).packets)
    assert (len(found), gaps) == (1, [])


# --- without OPENs ---------------------------------------------------------------------------------------------


def test_guess(impl: Any) -> None:
    (event,), _ = events(impl, Talk().say(TEN).packets)
    assert event.session.asn4
    assert event.session.asn4_from == event.session.add_path_from == "guessed"
    assert event.peer == impl.Peer(impl.Address(HERE), 0, None, impl.Address(THERE), None)
    assert [str(route.as_path) for route in impl.routes_of(event)] == ["65000"]


def test_guess_of_two_octets(impl: Any) -> None:
    """A path that can be read with AS numbers of 2 octets alone; each direction shows its own."""
    found, _ = events(impl, Talk().say(update(b"", TWO, b"\x08\x0a")).say(TEN, True).packets)
    assert [event.session.asn4 for event in found] == [False, True]
    assert [str(route.as_path) for event in found for route in impl.routes_of(event)] == ["65000", "65000"]


def test_guess_of_path_identifiers(impl: Any) -> None:
    routes = b"".join(bytes((0, 0, 0, number, 24, 10, 0, number)) for number in range(1, 9))
    talk = Talk().say(update(b"", FOUR, routes)).say(TEN, True).say(WITH_ID)
    found, _ = events(impl, talk.packets)
    assert [event.session.add_path for event in found] == [{(1, 1)}, frozenset(), {(1, 1)}]
    assert [route.path_id for route in impl.routes_of(found[0])] == list(range(1, 9))
    assert [route.path_id for route in impl.routes_of(found[2])] == [7]


def test_guess_weighs_all_updates(impl: Any) -> None:
    """One that reads better the other way does not turn what many have shown."""
    plain = [update(b"", FOUR, b"".join(bytes((24, 10, high, low)) for low in range(30))) for high in range(20)]
    odd = update(b"", FOUR, b"\0\0\0\1\x18\x0a\1\2\0\0\0\2\x18\x0a\1\3")
    found, _ = events(impl, Talk().say(b"".join(plain[:3]) + odd + b"".join(plain)).packets)
    assert {event.session.add_path for event in found} == {frozenset()}


def test_session_that_is_given(impl: Any) -> None:
    session = impl.Session(asn4=False, add_path={(1, 1)})
    found, _ = events(impl, Talk().say(WITH_ID).say(TEN, True).packets, session=session)
    assert [event.session for event in found] == [session, session]
    both = Talk().syn().say(opened(impl, 1)).say(opened(impl, 2), True).say(TEN)
    assert events(impl, both.packets, session=session)[0][-1].session.asn4_from == "negotiated"


def test_one_open(impl: Any) -> None:
    """What the side that was captured said counts; the rest is guessed."""
    talk = Talk().syn().say(opened(impl, 65001, asn4=False)).say(KEEPALIVE + update(b"", TWO, b"\x08\x0a"))
    found, _ = events(impl, talk.packets)
    session = found[-1].session
    assert (session.asn4, session.asn4_from, session.peer_asn, session.local_asn) == (False, "guessed", 65001, None)
    assert found[-1].peer.asn == 65001


def test_malformed_open_says_nothing(impl: Any) -> None:
    bad = message(1, b"\3" + bytes(9))
    found, _ = events(impl, Talk().say(bad).say(opened(impl, 2), True).say(TEN).packets)
    assert [event.session.asn4_from for event in found] == ["guessed"] * 3


def test_ports_that_are_used_again(impl: Any) -> None:
    """A new connection has a session of its own, also where its SYNs were not captured."""
    first = Talk().syn().say(opened(impl, 1)).say(opened(impl, 2), True).say(TEN)
    again = [segment(b"", 999, SYN), segment(opened(impl, 3), 1000), segment(TEN, 1000 + len(opened(impl, 3)))]
    found, _ = events(impl, first.packets + again)
    assert [event.peer.asn for event in found] == [1, 2, 1, 3, 3]
    assert [event.session.asn4_from for event in found][-3:] == ["negotiated", "guessed", "guessed"]
    lost = Talk()
    lost.next = [3_000_000_000, 2_000_000_000]
    lost.say(opened(impl, 5)).say(opened(impl, 6), True).say(TEN)
    found, _ = events(impl, first.packets + lost.packets)
    assert found[-1].session.peer_asn == 5
    assert found[-1].session.local_asn == 6


# --- what is no message ----------------------------------------------------------------------------------------


def test_beginning_within_a_message(impl: Any) -> None:
    found, gaps = events(impl, Talk().say(TEN[5:] + KEEPALIVE + TEN).packets)
    assert [event.octets for event in found] == [KEEPALIVE, TEN]
    assert [(gap.position, gap.size, gap.reason) for gap in gaps] == [(0, len(TEN) - 5, "marker is not all ones")]


def test_octets_that_are_missing(impl: Any) -> None:
    """What stands on the two sides of a gap is never put together."""
    talk = Talk().say(KEEPALIVE + TEN[:30]).say(TEN[30:] + KEEPALIVE, lost=100).say(KEEPALIVE, True)
    found, gaps = events(impl, talk.packets)
    assert [event.octets for event in found] == [KEEPALIVE, KEEPALIVE, KEEPALIVE]
    assert [gap.size for gap in gaps] == [100, 30, len(TEN) - 30]
    assert (
        sum(len(event.octets) for event in found) + sum(gap.size for gap in gaps) == len(KEEPALIVE) * 3 + len(TEN) + 100
    )
    talk = Talk().say(KEEPALIVE).say(TEN, lost=100)
    found, gaps = events(impl, talk.packets)
    assert [event.octets for event in found] == [KEEPALIVE, TEN]
    assert [gap.reason for gap in gaps] == ["not captured"]


@pytest.mark.parametrize("end", [FIN | ACK, RST, SYN, None])
def test_end_within_a_message(impl: Any, end: int | None) -> None:
    talk = Talk().say(KEEPALIVE + TEN[:30])
    packets = talk.packets + ([] if end is None else [segment(b"", talk.next[0], end)])
    found, gaps = events(impl, packets)
    assert [event.octets for event in found] == [KEEPALIVE]
    assert [(gap.position, gap.size, gap.reason) for gap in gaps] == [(19, 30, "message that is not whole")]


def test_every_octet_is_accounted_for(impl: Any) -> None:
    """Junk of all kinds between messages, in segments of all sizes: messages and gaps are the whole stream."""
    bad = b"\xff" * 16 + b"\x00\x12\x04"
    octets = (
        b"junk" + KEEPALIVE + bad * 3 + TEN + bytes(200) + TEN + message(9, b"") + KEEPALIVE + b"\xff" * 40 + TEN[:25]
    )
    for size in (1, 7, 19, 100, 1000):
        talk = Talk()
        for at in range(0, len(octets), size):
            talk.say(octets[at : at + size])
        found, gaps = events(impl, talk.packets)
        assert [event.octets for event in found] == [KEEPALIVE, TEN, TEN, KEEPALIVE]
        spans = sorted([(gap.position, gap.position + gap.size) for gap in gaps])
        assert sum(stop - start for start, stop in spans) + 2 * len(KEEPALIVE + TEN) == len(octets)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))
        whole = pcap(talk.packets)
        assert [whole[event.offset] for event in found] == [0xFF] * 4


def test_warning_at_the_end(impl: Any) -> None:
    """Without ``on_gap``, once, with the first of what could not be read."""
    octets = pcap(Talk().say(b"junk" + KEEPALIVE).packets)
    with pytest.warns(
        impl.errors.CaptureWarning, match=r"1 packets; 1 gaps of 4 octets, the first: .*, octet 0: 4 octets"
    ):
        assert len(list(impl.live.capture.events(octets))) == 1


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: [segment(KEEPALIVE, 1 + 19 * at) for at in range(n)], id="in order"),
        pytest.param(lambda n: [segment(KEEPALIVE, 1 + 19 * at) for at in range(n, 0, -1)], id="backwards"),
        pytest.param(lambda n: [segment(b"\xff" * 30, 1 + 30 * at) for at in range(n)], id="ones"),
        pytest.param(lambda n: [segment(b"x", 1 + 2 * at) for at in range(n)], id="gaps"),
        pytest.param(lambda n: [segment(bytes(99), 1 + 7919 * at % 1000) for at in range(n)], id="overlaps"),
        pytest.param(lambda n: [segment(b"", at, SYN) for at in range(n)], id="connections"),
        pytest.param(lambda n: [segment(b"x", at * 0x9E3779B1) for at in range(n)], id="elsewhere"),
    ],
)
def test_work_grows_with_the_input(impl: Any, make: Callable[[int], list[bytes]]) -> None:
    """Ten times the packets are at most twelve times the work, counted in lines of Python."""

    def work(packets: int) -> int:
        octets = pcap([(1000.0, packet) for packet in make(packets)])
        return lines(lambda: list(impl.live.capture.events(octets, on_gap=lambda gap: None)))

    work(50)
    assert work(500) <= 12 * work(50)
