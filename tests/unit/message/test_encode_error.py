"""What EncodeError says: which value, what is counted, and how much there may be."""

from __future__ import annotations

from typing import Any

import pytest

HOP = {"next_hop": "192.0.2.1"}
IPV4 = ["192.0.2.0/24"]
IPV6 = ["2001:db8::/32"]
CASES: dict[str, tuple[list[Any], dict[str, Any], dict[str, Any], str]] = {
    "no room": (
        *(IPV4, HOP | {"attributes": {255: bytes(4060)}}, {}),
        "nlri: one of 4 octets, and beside the attributes a message has room for 0",
    ),
    "little room": (
        *(IPV4, HOP | {"attributes": {255: bytes(4054)}}, {}),
        "nlri: one of 4 octets, and beside the attributes a message has room for 1",
    ),
    "communities": (
        *(IPV4, HOP | {"communities": ["64500:1"] * 16384}, {}),
        "communities: 65536 octets, and an attribute has room for 65535",
    ),
    "octets": (
        *(IPV4, HOP | {"attributes": {255: bytes(65536)}}, {}),
        "reserved_for_development: 65536 octets, and an attribute has room for 65535",
    ),
    "number": (IPV4, HOP | {"med": 1 << 32}, {}, "med: 4294967296 is not a number from 0 to 4294967295"),
    "negative number": (IPV4, HOP | {"local_pref": -1}, {}, "local_pref: -1 is not a number from 0 to 4294967295"),
    "AS number": (IPV4, HOP | {"as_path": [1 << 32]}, {}, "as_path: 4294967296 is not a number from 0 to 4294967295"),
    "identifier": (
        *(IPV4, HOP | {"originator_id": "2001:db8::1"}, {}),
        "originator_id: 2001:db8::1 is no identifier of 4 octets",
    ),
    "confederation": (
        *(IPV4, HOP | {"as_path": "(70000) 64500"}, {"asn4": False}),
        "as_path: (70000) 64500 has AS numbers above 65535 in a confederation, for which AS4_PATH has no place",
    ),
    "path identifier": (
        *(IPV4, HOP, {"add_path_send": [(1, 1)]}),
        "path_id: Prefix('192.0.2.0/24') has none, and each route of its family has one in the session",
    ),
    "family": (IPV6, {"next_hop": "2001:db8::1"}, {"families": [(1, 1)]}, "family: ipv6-unicast was not negotiated"),
    "no next hop": (IPV6, {}, {}, "next_hop: ipv6-unicast wants one, and none is given"),
    "next hop of another family": (IPV6, HOP, {}, "next_hop: ipv6-unicast has no next hop of 4 octets"),
    "IPv6 next hop": (
        *(IPV4, {"next_hop": "2001:db8::1"}, {}),
        "next_hop: 2001:db8::1: the session has no IPv6 next hops for ipv4-unicast (RFC 8950)",
    ),
    "attributes of messages": (
        *(IPV4, HOP | {"attributes": {14: b""}}, {}),
        "mp_reach_nlri: is made of the routes and of the other attributes",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_texts(impl: Any, case: str) -> None:
    nlri, fields, session, text = CASES[case]
    with pytest.raises(impl.EncodeError) as caught:
        impl.Update.announce(nlri, **fields).messages(impl.Session(**session))
    assert str(caught.value) == text


def test_labels(impl: Any) -> None:
    routes = [impl.LabelledPrefix(labels, "192.0.2.0/24") for labels in ("100/200", "")]
    for route, text in zip(routes, ("has 2, and the session takes 1", "has none"), strict=True):
        with pytest.raises(impl.EncodeError) as caught:
            impl.Update.announce([route], **HOP).messages()
        assert str(caught.value) == f"labels: {route} {text}"


def test_path_id_without_a_place(impl: Any) -> None:
    route = impl.Prefix("192.0.2.0/24", path_id=7)
    with pytest.raises(impl.EncodeError) as caught:
        impl.Update.announce([route], **HOP).messages()
    assert (
        str(caught.value)
        == f"path_id: {route!r} has one, and the session has no place for it: ADD-PATH was not negotiated"
    )
    assert caught.value.actual == 7
