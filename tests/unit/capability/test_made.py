"""Capabilities made of values by the name of their kind, as who sends an OPEN writes them."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import Any

import pytest
from support.vectors import VECTORS

CAPABILITIES = [vector for vector in VECTORS if vector.kind == "capability"]


def test_all_that_was_decoded(impl: Any) -> None:
    """Each is what its kind makes of its values."""
    base = import_module("bgpwire.capability.base")
    kinds = set()
    for vector in CAPABILITIES:
        found = base.decode_capability(vector.data[0], vector.data[2:], 0)
        if isinstance(found, base.FieldCapability) and found.field.restores(found._content, found.data):
            made = type(found)(found.code, **found.values)
            assert (made, made.data, made.values, made.length_size) == (found, found.data, found.values, 1)
            assert pickle.loads(pickle.dumps(made)) == made
            kinds.add(type(found).__name__)
    assert len(kinds) > 10


def test_by_name(impl: Any) -> None:
    capability = import_module("bgpwire.capability")
    for name in capability.__all__[:-1]:
        assert getattr(capability, name).__name__ == name
    made = capability.Multiprotocol(afi=1, safi=1)
    assert bytes(made) == b"\1\4\0\1\0\1"
    assert made == capability.decode_capability(1, b"\0\1\0\1", 0)
    opened = impl.Open.build(64500, "192.0.2.1", capabilities=[made])
    assert opened.capabilities[0] == made
    assert bytes(capability.Fqdn(hostname="r1", domain="example"))[:1] == b"\x49"


def test_wrong(impl: Any) -> None:
    capability = import_module("bgpwire.capability")
    for wrong in (
        {},
        {"afi": 1},
        {"afi": 1, "safi": 1, "more": 1},
        {"afi": 1 << 16, "safi": 1},
        {"afi": "x", "safi": 1},
    ):
        with pytest.raises((TypeError, ValueError)):
            capability.Multiprotocol(**wrong)
    with pytest.raises(ValueError, match="Multiprotocol"):
        capability.Multiprotocol(2, afi=1, safi=1)
    with pytest.raises(TypeError):
        capability.Multiprotocol(1, 1)
