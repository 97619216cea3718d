"""Values made of every declaration: read as they were written, of their JSON form too, alike from both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_fields import every_field
from support.made_values import Maker
from support.mutation import examples
from support.plain import plain

ENTROPY = st.binary(min_size=8, max_size=120)


def _fields(package: Any) -> list[Any]:
    from bgpwire.attribute.kernel_fields import kernel_field
    from bgpwire.registry import EXTENDED_COMMUNITIES

    empty = package.PathAttributes(b"")
    kernels = [kernel_field(code, empty) for code in (1, 2, 3, 4, 5, 8, 16, 32)]
    # Of these types each of the 256 sub-types is the same.
    quality = [EXTENDED_COMMUNITIES[code].field for code in (0x0400, 0x0500, 0x4400, 0x4500)]
    return [field for field in (*every_field(package), *kernels, *quality) if type(field).__name__ != "Reading"]


def _round(package: Any, field: Any, entropy: bytes) -> tuple[bytes, Any]:
    value = Maker(package, entropy).value(field)
    octets = field.encode(value)
    assert plain(field.decode(octets)) == plain(value)
    form = json.loads(json.dumps(field.to_json(value)))
    assert field.encode_json(form) == octets, (value, form)
    return octets, form


def test_there_and_back(both: list[Any]) -> None:
    fields = []
    for one in both:
        with one.active() as package:
            fields.append(_fields(package))

    @settings(max_examples=examples(6))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        found = []
        for one, declared in zip(both, fields, strict=True):
            with one.active() as package:
                found.append([_round(package, each, entropy[at % 8 :]) for at, each in enumerate(declared)])
        for at, pair in enumerate(zip(*found, strict=True)):
            assert pair[0] == pair[-1], fields[0][at]

    check()


def _kinds(family: tuple[int, int]) -> list[Any]:
    """The classes of a declared family that have fields of their own."""
    from bgpwire.nlri.declared import Declared
    from bgpwire.registry import NLRI

    def all_of(cls: Any) -> list[Any]:
        return [cls, *(found for inner in cls.__subclasses__() for found in all_of(inner))]

    root = NLRI[family]
    if not issubclass(root, Declared):
        return []
    if family == (25, 65):  # three classes that stand beside it
        from bgpwire.nlri.l2vpn import BgpAd, Kompella, Vpls

        return [BgpAd, Vpls, Kompella]
    found = all_of(root)
    return found if len(found) == 1 else found[1:]


def _values(maker: Maker, cls: Any, context: Any) -> dict[str, Any]:
    """Values of the fields of ``cls``, those that are there."""
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS
    from bgpwire.nlri.bgp_ls import BgpLsNlri, _layout
    from bgpwire.nlri.by_bits import ByBits

    if issubclass(cls, BgpLsNlri):
        kind = maker.pick([*DESCRIPTORS])
        values = {"type": kind} | maker.value(_layout(kind, context.safi))
    elif issubclass(cls, ByBits):
        bits = maker.pick([*cls.layouts])
        values = {"length": bits} | maker.value(cls.layouts[bits])
    else:
        values = maker.value(cls.layout_of(context))
    # A stack of no labels is none.
    return {name: value for name, value in values.items() if value is not None and (name != "labels" or len(value))}


def _made(package: Any, cls: Any, family: tuple[int, int], entropy: bytes) -> Any:
    """The octets and the form of a route of some values; ``None`` where they do not go together."""
    from bgpwire.nlri.base import NlriContext

    context = NlriContext(*family)
    maker = Maker(package, entropy)
    values = _values(maker, cls, context)
    path_id = maker.draw(256) if maker.draw(2) else None
    try:
        route = cls.of_values(context, path_id, **values)
    except ValueError:
        return None
    if getattr(route, "error", None) is not None:
        return None  # an order or a pair that the family has not
    found = {name: value for name, value in route._values.items() if value is not None}
    assert plain(found) == plain(values), route
    assert route.path_id == path_id
    form = json.loads(json.dumps(route.json()))
    assert cls.from_json(form, context) == route
    assert bytes(package.MpNlriCollection(route.wire, afi=family[0], safi=family[1])[0]) == route.wire
    return bytes(route), form


def _families() -> list[tuple[int, int]]:
    from bgpwire.registry import NLRI

    return sorted(NLRI.listed)


@pytest.mark.parametrize("family", _families(), ids=str)
def test_nlri(both: list[Any], family: tuple[int, int]) -> None:
    """Every route type of every declared family, of the values of its fields."""
    classes = []
    for one in both:
        with one.active():
            classes.append(_kinds(family))
    made = [0] * len(classes[0])

    @settings(max_examples=examples(4))
    @given(entropy=ENTROPY)
    def check(entropy: bytes) -> None:
        found = []
        for one, kinds in zip(both, classes, strict=True):
            with one.active() as package:
                found.append([_made(package, cls, family, entropy) for cls in kinds])
        assert all(each == found[0] for each in found)
        for at, each in enumerate(found[0]):
            made[at] += each is not None

    check()
    assert all(made), [cls for cls, count in zip(classes[0], made, strict=True) if not count]
