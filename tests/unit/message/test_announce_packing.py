"""How many messages announce and withdraw take, and how full they are."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("family", ["ipv4", "ipv6", "vpn"])
def test_as_few_messages_as_can_be(impl: Any, family: str, extended: bool) -> None:
    """Each message but the last is so full that the NLRI behind it has no room; all arrive, in their order."""
    session = impl.Session(extended_message=extended)
    nlri: list[Any] = [impl.Prefix(f"10.{n >> 8}.{n & 255}.0/{20 + n % 9}") for n in range(30000 if extended else 3000)]
    if family == "ipv6":
        nlri = [impl.Prefix(f"2001:db8:{n:x}::/{33 + n % 60}") for n in range(20000 if extended else 900)]
    elif family == "vpn":
        nlri = [impl.VpnPrefix("100", f"64500:{n}", f"10.0.{n & 255}.0/24") for n in range(9000 if extended else 900)]
    update = impl.Update.announce(nlri, next_hop="2001:db8::1" if family == "ipv6" else "192.0.2.1", as_path="64500")
    for made in (update, impl.Update.withdraw(nlri)):
        messages = made.messages(session)
        assert len(messages) > 2
        seen: list[Any] = []
        for found in messages:
            assert len(found) <= session.max_message
            assert not found.errors
            mp = found.attributes.mp_reach or found.attributes.mp_unreach
            seen += [*found.nlri, *found.withdrawn, *(mp.nlri if mp else ())]
        for found in messages[:-1]:
            assert len(found) + 21 > session.max_message
        room = session.max_message
        at = 0
        for found in messages[:-1]:
            mp = found.attributes.mp_reach or found.attributes.mp_unreach
            at += len(found.nlri) + len(found.withdrawn) + (len(mp.nlri) if mp else 0)
            assert len(found) + len(bytes(nlri[at])) > room
        expected = nlri if made is update or family != "vpn" else [n.prefix for n in nlri]
        assert seen == expected if made is update or family != "vpn" else [n.prefix for n in seen] == expected


@pytest.mark.parametrize("size", range(4030, 4062))
def test_attributes_that_leave_little_room(impl: Any, size: int) -> None:
    """The largest attribute beside which one NLRI still fits is sent, one octet more is an error: never a message too
    long, nothing unsent. A withdrawal needs no room beside attributes."""
    fixed = 23 + 4 + 3 + 7  # header and lengths, ORIGIN, an empty AS_PATH, NEXT_HOP
    update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", attributes={255: bytes(size)})
    length = fixed + 4 + size + 4
    if length <= 4096:
        assert len(one_of(update, impl)) == length
    else:
        with pytest.raises(impl.EncodeError) as caught:
            update.messages()
        assert caught.value.args == ("nlri", 4, max(4096 - fixed - 4 - size, 0), "")
        assert len(one_of(update, impl, extended=True)) == length
    assert len(impl.Update.withdraw(["192.0.2.0/24"]).messages()) == 1


def one_of(update: Any, impl: Any, extended: bool = False) -> Any:
    (found,) = update.messages(impl.Session(extended_message=extended))
    return found


@pytest.mark.parametrize("room", range(240, 280))
def test_extended_length_exactly_where_needed(impl: Any, room: int) -> None:
    """Around 255 octets of MP_REACH_NLRI's value: the header grows by one octet, and no room is wasted."""
    nlri = [impl.Prefix(f"2001:db8:{n:x}::/32") for n in range(100)]
    filler = 4096 - 23 - 4 - 3 - 4 - room
    update = impl.Update.announce(nlri, next_hop="2001:db8::1", attributes={255: bytes(filler)})
    for found in update.messages():
        reach = found.attributes.walk()[0]
        assert bool(reach.flags & 0x10) is (len(reach.data) > 255)
        assert not found.errors or found.errors[0].reason.startswith("unrecog")
    first = update.messages()[0]
    header = 3
    most = (min(255, room - header) - 21) // 5
    if room - 4 > 255:
        most = max(most, (room - 4 - 21) // 5)
    assert len(first.attributes.mp_reach.nlri) == most


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"as_path": None},
        {"as_path": "64500 70000"},
        {"aggregator": "64500 192.0.2.9"},
        {"next_hop": "2001:db8::1"},
        {"path_id": 7},
        {"family": "ipv4-multicast"},
        {"local_pref": 7, "communities": ["64500:1"], "attributes": {255: b"1"}},
    ],
)
def test_the_short_way_is_the_long_one(impl: Any, fields: dict[str, Any]) -> None:
    """IPv4 unicast in a usual session is packed by one call of a kernel: the messages are those of the other way."""
    add_path = impl.Session(add_path_send={(1, 1)})
    sessions = [
        impl.Session(),
        impl.Session(asn4=False, local_asn=64500),
        impl.Session(ibgp=True),
        impl.Session(ibgp=False, local_asn=64500, families={(1, 1)}, extended_message=True),
        impl.Session(families={(2, 1)}),
        add_path,
        add_path.reversed(),
    ]
    nlri = [impl.Prefix(f"10.0.{n & 255}.0/{17 + n % 16}") for n in range(1500)]
    update = impl.Update.announce(nlri, **{"next_hop": "192.0.2.1", "as_path": "64500"} | fields)
    for session in sessions:
        found: list[Any] = []
        for way in (update.messages, update._made):
            try:
                found.append([(message, message.session) for message in way(session)])
            except impl.EncodeError as error:
                found.append((type(error), error.args))
        assert found[0] == found[1]
    assert not impl.Update.announce([], next_hop="192.0.2.1").messages()
