"""Values whose octets would be read as others are not written: ValueError, and no route that says something else."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


def _context(*family: int) -> Any:
    from bgpwire.nlri.base import NlriContext

    return NlriContext(*family)


def test_labels_of_evpn(impl: Any) -> None:
    """RFC 7432 section 7.2: one label or two."""
    from bgpwire.nlri.evpn import MacIp
    from bgpwire.nlri.label import EvpnLabel

    module = import_module("bgpwire.nlri.parts")
    esi = import_module("bgpwire.nlri.esi").Esi(bytes(10))
    values = {"rd": impl.RouteDistinguisher("1:1"), "esi": esi, "ethernet_tag": 0, "mac": module.Mac(bytes(6))}
    for count in range(4):
        labels = (EvpnLabel(0x641),) * count
        if count in (1, 2):
            assert MacIp.of_values(_context(25, 70), **values, labels=labels).labels == labels
        else:
            with pytest.raises(ValueError, match="one or two"):
                MacIp.of_values(_context(25, 70), **values, labels=labels)


@pytest.mark.parametrize("labels", [None, "", "100/200", "100"])
def test_labels_of_nsap(impl: Any, labels: str | None) -> None:
    """In SAFI 128 a label has to be there: without it, its place is taken by the route distinguisher."""
    from bgpwire.nlri.nsap import Nsap, NsapPrefix

    values = {"rd": impl.RouteDistinguisher("65000:1"), "prefix": NsapPrefix(bytes.fromhex("490001"), 24)}
    if labels is not None:
        values["labels"] = impl.LabelStack(labels)
    if labels == "100":
        found = Nsap.of_values(_context(3, 128), **values)
        assert bytes(found).hex() == "70" + "000641" + "0000fde800000001" + "490001"
    else:
        with pytest.raises(ValueError, match="is read as"):
            Nsap.of_values(_context(3, 128), **values)


def test_labels_in_front_of_a_route_distinguisher(impl: Any) -> None:
    """SAFI 129 (RFC 6514 section 10) has no labels; those that look like a route distinguisher are not written."""
    from bgpwire.nlri.vpn_prefix import UnlabelledVpnPrefix

    values = {"rd": impl.RouteDistinguisher("65000:1"), "prefix": impl.Prefix("10.0.0.0/8")}
    assert UnlabelledVpnPrefix.of_values(_context(1, 129), **values).labels is None
    labelled = UnlabelledVpnPrefix.of_values(_context(1, 129), **values, labels=impl.LabelStack("100"))
    assert labelled.labels == impl.LabelStack("100")
    with pytest.raises(ValueError, match="is read as"):
        UnlabelledVpnPrefix.of_values(_context(1, 129), **values, labels=impl.LabelStack("0"))


def test_a_key_that_ends_elsewhere(impl: Any) -> None:
    """RFC 9572 section 3.3: the key of a Leaf A-D route has no length; octets that look like one cut it short."""
    from bgpwire.nlri.evpn import Leaf

    address = impl.Address("2001:db8::1")
    assert Leaf.of_values(_context(25, 70), route_key=b"\xfe\x01\x07", originator=address).route_key == b"\xfe\x01\x07"
    mapped = impl.Address("2001:db8:0:0:0:20:c000:201")
    with pytest.raises(ValueError, match="is read as"):
        Leaf.of_values(_context(25, 70), route_key=b"\xfe\x01\x07", originator=mapped)


def test_an_instance_of_a_service_function(impl: Any) -> None:
    """RFC 9015 section 3.2.1.3: an extended community there is that of a pool (0x0b), and no route distinguisher is."""
    from bgpwire.attribute.sfp import HOP_TABLE

    field = HOP_TABLE.table[3][1]
    pool, other = (impl.ExtendedCommunity(f"0x{first}00000000000001") for first in ("0b", "00"))
    rd, alike = impl.RouteDistinguisher("65000:1"), impl.RouteDistinguisher("0x0b00:000000000001")
    for instance in (pool, rd):
        values = {"service_function_type": 1, "instances": (instance,)}
        assert field.decode(field.encode(values)) == values
    for instance in (other, alike):
        with pytest.raises(ValueError, match="pool"):
            field.encode({"service_function_type": 1, "instances": (instance,)})


def test_a_route_target_that_is_none(impl: Any) -> None:
    """RFC 7543 section 2: 8 octets of a filter that are another community than a route target lead back too."""
    field = import_module("bgpwire.message.orf_entry")._target
    for wire, text in (("0002fde800000064", "rt:65000:100"), ("0605010000001f41", "0x0605010000001f41")):
        assert field.decode(bytes.fromhex(wire)) == text
        assert field.encode(text).hex() == wire


def test_more_labels_than_the_length_counts(impl: Any) -> None:
    """RFC 8277 section 2.3: bits of labels, route distinguisher and prefix, in one octet."""
    host = "2001:db8::1/128"
    assert bytes(impl.LabelledPrefix("1/2/3/4/5", host))[0] == 248
    assert bytes(impl.VpnPrefix("1/2", "1:1", host))[0] == 240
    session = impl.Session(multiple_labels={(2, 4), (2, 128)})
    for route in (impl.LabelledPrefix("1/2/3/4/5/6", host), impl.VpnPrefix("1/2/3", "1:1", host)):
        with pytest.raises(impl.EncodeError, match="bits of labels and prefix: 255 at most"):
            bytes(route)
        with pytest.raises(impl.EncodeError, match="255 at most"):
            impl.Update.announce([route], next_hop="2001:db8::1").messages(session)
