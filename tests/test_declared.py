"""What is declared writes what it reads: every sound vector of it, as octets, from its fields, from its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.context import attribute, session
from support.plain import plain
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = {29}


def _sound(vector: Vector) -> bool:
    return vector.error is None


def _all(form: Any, name: str) -> Iterator[Any]:
    """Every member ``name`` in a JSON form."""
    if isinstance(form, dict):
        if name in form:
            yield form[name]
        for member in form.values():
            yield from _all(member, name)
    elif isinstance(form, list):
        for member in form:
            yield from _all(member, name)


def check_field(field: Any, value: Any, data: bytes) -> None:
    """``field`` writes the octets that it read ``value`` of, and its JSON form leads back to the value and to them."""
    form = field.to_json(value)
    assert plain(field.from_json(form)) == plain(value)
    assert field.encode(field.from_json(form)) == data
    assert field.encode(value) == data


def check_tlvs(field: Any, tlvs: Any) -> None:
    """Each TLV is made of its value, and of its JSON form; where the octets are not canonical the form has ``raw``."""
    for tlv in tlvs:
        form = field.tlv_json(tlv)
        if tlv.error is not None:
            assert "raw" not in form
            continue
        assert plain(field.tlv_of(form)) == plain(tlv), form
        made = field.make(tlv.type, tlv.value)
        assert plain(made) == plain(tlv) or form["raw"] == tlv.data.hex(), form
        if tlv.type in field.table:
            row = field.table[tlv.type][1]
            check_inside(row, tlv.value)


def check_inside(field: Any, value: Any) -> None:
    """The TLVs inside a value."""
    if hasattr(field, "tlv_json"):
        check_tlvs(field, value)
        return
    if hasattr(field, "choose") and isinstance(value, dict):
        return
    if isinstance(value, dict):
        for name, part in field.parts:
            if name in value:
                check_inside(part, value[name])
            elif not name:
                check_inside(part, value)
    elif isinstance(value, tuple):
        for item in value:
            for _, part in field.parts:
                if hasattr(part, "tlv_json"):
                    check_tlvs(part, value)
                    return
                check_inside(part, item)


def _attribute(package: Any, vector: Vector) -> Any:
    block = attribute(0xC0, vector.context["code"], vector.data)
    return package.PathAttributes(block, 0, None, session(package, vector))[vector.context["code"]]


@pytest.mark.parametrize(
    "vector",
    [v for v in VECTORS if v.kind == "attribute" and v.context["code"] in ATTRIBUTES and _sound(v)],
    ids=repr,
)
def test_attribute(impl: Any, vector: Vector) -> None:
    value = _attribute(impl, vector)
    if value.error is not None:
        return
    form = value.json()
    if not [*_all(form, "error")]:
        check_field(value.field, value.tlvs, vector.data)
    assert value.field.encode(value.field.from_json(form["tlvs"])) == vector.data
    check_tlvs(value.field, value.tlvs)


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v.kind == "nlri" and v.context.get("afi") == 16388 and _sound(v)], ids=repr
)
def test_bgp_ls_nlri(impl: Any, vector: Vector) -> None:
    from bgpwire.bgp_ls.descriptors import DESCRIPTORS

    afi, safi = vector.context["afi"], vector.context["safi"]
    for nlri in impl.MpNlriCollection(vector.data, session(impl, vector), afi=afi, safi=safi):
        if nlri.error is None and nlri.type in DESCRIPTORS:
            field = DESCRIPTORS[nlri.type]
            size = len(field.encode(nlri.tlvs))
            check_field(field, nlri.tlvs, nlri.wire[len(nlri.wire) - size :])
            check_tlvs(field, nlri.tlvs)
