"""What other implementations got wrong when they write: lengths at their edges, and attributes that come twice."""

from __future__ import annotations

from typing import Any

import pytest
from support.vectors import VECTORS


def flow(octets: int) -> dict[str, Any]:
    """A flow specification of so many octets: ports of one octet and of two, each behind its operator."""
    wide, narrow = divmod(octets - 1, 3)
    if narrow == 1:  # 2 octets are the least
        wide, narrow = wide - 1, 4
    ports = [1000] * wide + [80] * (narrow // 2)
    return {"components": [{"type": 4, "value": [{"operator": "=", "value": port} for port in ports]}]}


@pytest.mark.parametrize(
    ("octets", "length"), [(239, "ef"), (240, "f0f0"), (241, "f0f1"), (255, "f0ff"), (256, "f100"), (4095, "ffff")]
)
@pytest.mark.parametrize("family", ["ipv4 flowspec", "ipv6 flowspec"])
def test_lengths_of_flow_specifications(impl: Any, family: str, octets: int, length: str) -> None:
    """RFC 8955 section 4.1: one octet below 240, else 0xf and 12 bits. An UPDATE of 4,096 octets has no room for the
    longest: an error, and not a route unsent or one cut short."""
    wide = impl.Session(extended_message=True)
    update = impl.Update.announce([flow(octets)], family=family)
    (found,) = update.messages(wide)
    assert not found.errors
    (rule,) = found.attributes.mp_reach.nlri
    assert rule.wire[: len(length) // 2].hex() == length
    assert len(rule.wire) == len(length) // 2 + octets
    assert rule.json()["components"][0]["value"] == flow(octets)["components"][0]["value"]
    (gone,) = impl.Update.withdraw([rule]).messages(wide)
    assert list(gone.attributes.mp_unreach.nlri) == [rule]
    if octets < 4000:
        assert [bytes(message) for message in update.messages()] == [bytes(found)]
    else:
        for change in (update, impl.Update.withdraw([rule])):
            with pytest.raises(impl.EncodeError):
                change.messages()


@pytest.mark.parametrize("octets", [4096, 4097, 8192])
def test_what_is_longer_than_a_flow_specification_may_be(impl: Any, octets: int) -> None:
    for make in (impl.Update.announce, impl.Update.withdraw):
        with pytest.raises(ValueError, match=f"a flow specification of {octets} octets"):
            make([flow(octets)], family="ipv4 flowspec")


def test_mp_reach_comes_once(impl: Any) -> None:
    """RFC 7606 section 3 g: two of them reset the session. None of what builds an UPDATE puts two into one: families
    go apart, and what was read with two of them is sent with one."""
    (vector,) = [vector for vector in VECTORS if vector.name == "rfc7606-mp-reach-twice"]
    read = impl.Message.decode(b"\xff" * 16 + (19 + len(vector.data)).to_bytes(2) + b"\2" + vector.data)
    assert [error.action for error in read.errors] == ["session_reset"]
    nlri = ["2001:db8::/32", impl.VpnPrefix("100", "64500:1", "2001:db8:1::/48")]
    made = impl.Update.announce(nlri, attributes=read.attributes, next_hop="2001:db8::1").messages()
    assert [[each.code for each in message.attributes] for message in made] == [[14, 1, 2], [14, 1, 2]]
    assert not any(message.errors for message in made)
    for key in (14, "mp_reach_nlri", 15, "mp_unreach_nlri"):
        with pytest.raises(impl.EncodeError, match="made of the routes"):
            impl.Update.announce(nlri, next_hop="2001:db8::1", attributes={key: read.attributes.mp_reach})
    twice = [*read.attributes]
    with pytest.raises(impl.EncodeError, match="made of the routes"):
        impl.Update.announce(nlri, next_hop="2001:db8::1", attributes=twice)
