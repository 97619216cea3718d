"""What vectors cannot say of NLRI: meanings that hang on attributes, where errors lie, what is refused."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

RD = "0000fde800000064"


def _routes(package: Any, family: tuple[int, int], octets: str, **fields: Any) -> Any:
    return package.MpNlriCollection(bytes.fromhex(octets), afi=family[0], safi=family[1], **fields)


@pytest.mark.parametrize(
    ("communities", "number", "why"),
    [
        ("", 625, "mpls"),
        ("030c000000000008", 10001, "encapsulation vxlan"),
        ("0002fde800000064 030c000000000013", 10001, "encapsulation geneve"),
        ("030c00000000000a", 625, "mpls"),
    ],
)
def test_label_or_vni_and_why(impl: Any, communities: str, number: int, why: str) -> None:
    """Pitfall 47: RFC 8365 section 5.1.3; the Encapsulation community decides, and without it the label is MPLS."""
    octets = bytes.fromhex(communities)
    block = bytes((0xC0, 16, len(octets))) + octets if octets else b""
    route = _routes(impl, (25, 70), f"0119 {RD} {'00' * 10} 00000064 002711")[0]
    found, reason = route.label.reading(impl.PathAttributes(block))
    assert found == number
    assert reason.startswith(why)
    assert bytes(route.label).hex() == "002711"


@pytest.mark.parametrize(
    ("family", "octets", "offset"),
    [
        ((25, 70), f"0522 {RD} {'00' * 10} 00000000 21 0a010200 00000000 002711", 24),
        ((25, 70), f"0221 {RD} {'00' * 10} 00000000 2f 001122334455 00 002711", 24),
        ((1, 133), "06 04 81 50 03 81 06", 4),
        ((2, 133), "04 01 20 20 00", 2),
        ((1, 132), "01 00", 0),
        ((1, 85), f"01 0004 0c {RD} 1f c00002", 12),
        ((1, 83), "06 04 02 21 0a0102", 3),
    ],
)
def test_an_error_says_where(impl: Any, family: tuple[int, int], octets: str, offset: int) -> None:
    """Offsets count from the first octet handed in, wherever the NLRI begin (``base``)."""
    for base in (0, 100):
        routes = _routes(impl, family, octets, base=base)
        assert routes.error is None
        error = routes[0].error
        assert isinstance(error, impl.UpdateMessageError)
        assert (error.offset, error.code, error.subcode, error.action) == (offset + base, 3, 9, "treat_as_withdraw")


def test_esi_of_every_type_has_fields(impl: Any) -> None:
    """Pitfall 49: the last octet of types 1, 2, 4 and 5 should be 0; others are read all the same."""
    for kind, names in enumerate(
        [
            (),
            ("system_mac", "port_key"),
            ("root_bridge_mac", "root_bridge_priority"),
            ("system_mac", "local_discriminator"),
            ("router_id", "local_discriminator"),
            ("asn", "local_discriminator"),
            (),
        ]
    ):
        esi = _routes(impl, (25, 70), f"0417 {RD} {kind:02x}112233445566778899 20 c0000201")[0].esi
        assert esi.type == kind
        assert tuple(esi.fields) == names
        assert bytes(esi)[9] == 0x99


def test_a_route_type_is_registered_once(impl: Any) -> None:
    evpn = import_module("bgpwire.nlri.evpn").Evpn
    with pytest.raises(ValueError, match="registered twice"):
        type("Again", (evpn,), {}, type=2, name="again")


def test_one_class_adds_a_route_type(impl: Any) -> None:
    """What CONTRIBUTING promises."""
    declared, parts = import_module("bgpwire.nlri.declared"), import_module("bgpwire.nlri.parts")
    evpn = import_module("bgpwire.nlri.evpn").Evpn
    try:
        type("New", (evpn,), {"layout": declared.Layout(rd=parts.rd)}, type=99, name="new")
        route = _routes(impl, (25, 70), f"6308 {RD}")[0]
        assert route.json() == {"type": 99, "name": "new", "rd": "65000:100"}
        assert str(route) == "[99][65000:100]"
    finally:
        del evpn.types[99]


def test_flowspec_keeps_order_and_duplicates(impl: Any) -> None:
    """Pitfall 63: components as they came, the fault beside them."""
    rule = _routes(impl, (1, 133), "09 05 81 50 04 81 51 04 81 52")[0]
    assert [component.type for component in rule.components] == [5, 4, 4]
    assert rule.error is not None
    assert [match.value for match in rule.component(4)] == [0x51]
    assert rule.component(1) is None


def test_flowspec_length_masks_the_high_nibble(impl: Any) -> None:
    """Pitfall 60: 0xf0f5 is 245, not 61685."""
    body = "04" + "".join(f"11{port:04x}" for port in range(80)) + "910001"
    size = len(bytes.fromhex(body))
    routes = _routes(impl, (1, 133), f"{0xF000 | size:04x}" + body + "03038106")
    assert routes.error is None
    assert len(routes) == 2
    assert len(routes[0].component(4)) == 81


def test_what_is_inside_a_leaf_route_is_a_route(impl: Any) -> None:
    """Pitfall 53: its key is the NLRI it answers, and never a Leaf route again."""
    key = f"0311 {RD} 00000064 20 c0000201"
    inner = f"0b18 {key} 20 c0000202"
    route = _routes(impl, (25, 70), inner)[0]
    assert bytes(route.route_key) == bytes.fromhex(key)
    size = len(bytes.fromhex(inner)) + 5
    nested = _routes(impl, (25, 70), f"0b{size:02x} {inner} 20 c0000203")[0]
    assert nested.route_key == bytes.fromhex(inner)


def test_wide_numbers_are_text(impl: Any) -> None:
    """Pitfall 95: JSON numbers stop at 2^53."""
    rule = _routes(impl, (1, 133), "0a 04 b1 0020000000000000")[0]
    assert rule.json()["components"][0]["value"] == [{"operator": "=", "value": "9007199254740992"}]


def test_an_update_lists_the_routes_it_could_not_read(impl: Any) -> None:
    """RFC 7606 section 5.3: told from its neighbours, a malformed route alone is to be withdrawn."""
    nlri = bytes.fromhex(f"0110 {'00' * 16} 0311 {RD} 00000064 20 c0000201")
    value = bytes.fromhex("0019 46 04 c0000201 00") + nlri
    attributes = bytes.fromhex("400101 00 400200") + bytes((0x80, 14, len(value))) + value
    body = b"\0\0" + len(attributes).to_bytes(2) + attributes
    message = impl.Message.decode(b"\xff" * 16 + (19 + len(body)).to_bytes(2) + b"\2" + body)
    (error,) = message.errors
    assert error.action == message.action == "treat_as_withdraw"
    assert len(message.attributes.mp_reach.nlri) == 2
