"""Values do not change, and what is to differ is a new value."""

from __future__ import annotations

import copy
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, family, session, update
from support.each import of_vectors
from support.frozen import check_frozen, parts_of
from support.vectors import VECTORS

if TYPE_CHECKING:
    from support.vectors import Vector

NLRI = [vector for vector in VECTORS if vector.kind == "nlri"]


def routes(package: Any, vector: Vector) -> Any:
    place = {"afi": vector.get("afi", 1), "safi": vector.get("safi", 1), "withdraw": vector.get("withdraw", False)}
    return package.MpNlriCollection(vector.data, session(package, vector), **place).values


@of_vectors(NLRI)
def test_nlri(impl: Any, vector: Vector) -> None:
    for route in routes(impl, vector):
        if isinstance(route, impl.Nlri):
            check_frozen(route)
            for name, value in route._values.items():
                assert getattr(route, name) is value
            assert route.replace(path_id=7).path_id == 7
            assert route.replace(path_id=7) != route.replace(path_id=8)
            assert route.replace(path_id=route.path_id) == route
            assert route.replace(path_id=7).json() == route.json() | {"path_id": 7}


def test_blocks_of_attributes(impl: Any) -> None:
    """Sound ones, and those that are torn in a header or in a value; of a message, and by themselves."""
    for block in (ATTRIBUTES, ATTRIBUTES + b"\x40", ATTRIBUTES + b"\x50\1\0", ATTRIBUTES + b"\x40\1\xff\0", b""):
        for attributes in (impl.PathAttributes(block), impl.Message.decode(update(b"", block)).attributes):
            check_frozen(attributes)
            assert (attributes.structure_error is None) is (block in (ATTRIBUTES, b""))
        error = impl.PathAttributes(b"--" + block, 2, None, base=98).structure_error
        assert error is None or error.offset == 100 + len(ATTRIBUTES), "where the attribute begins that is not whole"


def test_a_block_that_is_made_again(impl: Any) -> None:
    """Python lets a constructor be called once more: nothing stays of the octets before."""
    attributes = impl.PathAttributes(ATTRIBUTES + b"\x40")
    attributes.__init__(ATTRIBUTES[:4])
    assert attributes.structure_error is None
    assert [found.code for found in attributes.walk()] == [1]
    assert (1 in attributes, 2 in attributes, 3 in attributes) == (True, False, False)


def test_labelled_prefixes(impl: Any) -> None:
    labels, rd = impl.LabelStack("100/200"), impl.RouteDistinguisher("65000:100")
    for value in (impl.LabelledPrefix(labels, "10.0.0.0/8", 7), impl.VpnPrefix(labels, rd, "10.0.0.0/8", 7)):
        check_frozen(value)
        assert copy.copy(value) is value
    context = {"afi": 1, "add_path": True}
    (labelled,), _ = impl.kernels.decode_labelled(bytes.fromhex("00000007 20 000641 0a"), **context)
    (vpn,), _ = impl.kernels.decode_vpn(bytes.fromhex("00000007 60 000641 0000fde800000064 0a"), **context)
    for value in (labelled, vpn):
        check_frozen(value)


def test_other_fields(impl: Any) -> None:
    (route,) = impl.MpNlriCollection(bytes.fromhex("6000000001000000020a000001"), afi=1, safi=73)
    other = route.replace(color=9, path_id=5)
    assert (other.color, other.endpoint, other.path_id) == (9, route.endpoint, 5)
    assert bytes(other).hex() == "000000056000000001000000090a000001"
    assert route.color == 2
    with pytest.raises(TypeError):
        route.replace(colour=9)
    with pytest.raises(ValueError, match="color"):
        route.replace(color=1 << 32)
    for path_id in (-1, 1 << 32):
        with pytest.raises(ValueError, match="path identifier"):
            route.replace(path_id=path_id)
    (unknown,) = impl.MpNlriCollection(b"\1\2", afi=99, safi=99)
    with pytest.raises(TypeError):
        unknown.replace(type=3)


@of_vectors([vector for vector in VECTORS if vector.kind == "attribute"])
def test_attributes(impl: Any, vector: Vector) -> None:
    block = attribute(vector.get("flags", 0xC0), vector.context["code"], vector.data)
    place = None if "rib_family" not in vector.context else family(impl, vector.context["rib_family"])
    value = impl.PathAttributes(block, 0, None, session(impl, vector), 0, place).get(vector.context["code"])
    if hasattr(value, "json") and not isinstance(value, Enum):
        check_frozen(value)


@of_vectors([vector for vector in VECTORS if vector.kind == "capability"])
def test_capabilities(impl: Any, vector: Vector) -> None:
    data = vector.data
    if len(data) > 1:
        check_frozen(impl.capability.decode_capability(data[0], data[2:], 0))


def test_replaced_values(impl: Any) -> None:
    """Of an attribute and of a capability of named fields."""
    block = impl.PathAttributes(attribute(0xC0, 38, bytes.fromhex("b000000007")))
    value = block[38]
    other = value.replace(discriminator=8)
    assert (other["discriminator"], value["discriminator"]) == (8, 7)
    assert bytes(other).hex() == "b000000008"
    with pytest.raises(ValueError, match="discriminator"):
        value.replace(discriminator=-1)
    role = impl.capability.decode_capability(9, b"\0", 0)
    assert role.replace(role="peer").data == b"\4"
    with pytest.raises(ValueError, match="role"):
        role.replace(role="friend")


def test_messages(impl: Any) -> None:
    """Their parts too: what is decoded when it is first asked for is kept, and cannot be set."""
    open_message = impl.Open.build(64500, "192.0.2.1", capabilities=[(1, b"\0\1\0\1")])
    announced = impl.Message.decode(update(b"", ATTRIBUTES, b"\x08\x0a"))
    for message in (open_message, announced, impl.Keepalive.build(), impl.Notification.build(6, 2, b"\2ok")):
        check_frozen(message)
    check_frozen(announced.nlri)
    check_frozen(impl.MpNlriCollection(b"\x08\x0a", afi=1, safi=2, withdraw=True))
    for one in announced.attributes:
        for name in (*parts_of(one), "anything"):
            with pytest.raises(AttributeError):
                setattr(one, name, 9)
            with pytest.raises(AttributeError):
                delattr(one, name)


def test_prefixes(impl: Any) -> None:
    for value in (impl.Prefix("10.0.0.0/8", 7), impl.Prefix("2001:db8::/32"), impl.Address("192.0.2.1")):
        check_frozen(value)


def test_what_surrounds_values(impl: Any) -> None:
    """Sessions, contexts, TLVs, bodies of MRT records, scores: a dataclass raises TypeError for their properties."""
    given = impl.Session(add_path={(1, 1)})
    block = impl.PathAttributes(attribute(0xC0, 29, bytes.fromhex("0402000161")))
    (record,) = impl.mrt.open(bytes.fromhex("00000000 000d 0001 00000008 c0000201 0000 0000")).records()
    body = impl.mrt.decode_record(record)
    for value in (given, impl.nlri.base.NlriContext(1, 1, session=given), *block[29].tlvs, body):
        check_frozen(value)
    check_frozen(impl.nlri.guess.guess_add_path(b"\x08\x0a", 1, 1))


def test_named_values_are_to_be_read(impl: Any) -> None:
    """What hands out the named values of an attribute or a capability hands out nothing that sets them."""
    bfd = impl.PathAttributes(attribute(0xC0, 38, bytes.fromhex("b000000007")))[38]
    role = impl.capability.decode_capability(9, b"\0", 0)
    for value, name in ((bfd, "discriminator"), (role, "role")):
        was = value.values[name]
        with pytest.raises(TypeError):
            value.values[name] = 1
        with pytest.raises(TypeError):
            del value.values[name]
        assert value[name] == was
        assert value.values == dict(value.values)
