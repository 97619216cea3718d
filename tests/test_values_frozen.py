"""Values do not change, and what is to differ is a new value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.context import session
from support.frozen import check_frozen
from support.vectors import VECTORS

if TYPE_CHECKING:
    from support.vectors import Vector

NLRI = [vector for vector in VECTORS if vector.kind == "nlri"]


def routes(package: Any, vector: Vector) -> Any:
    family = {"afi": vector.get("afi", 1), "safi": vector.get("safi", 1), "withdraw": vector.get("withdraw", False)}
    return package.MpNlriCollection(vector.data, session(package, vector), **family).values


@pytest.mark.parametrize("vector", NLRI, ids=repr)
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
