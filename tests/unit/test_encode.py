"""Every sound vector, built again: of its JSON form and of its fields, equal octets.

Where the octets of a vector are not those that we build, the vector says in which way, and that is the only difference.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from support.built import BUILT, COPIED, built, decoded, of_fields, of_json, without_raw
from support.context import told
from support.each import of_vectors
from support.not_canonical import WAYS, alike, difference
from support.rebuilt import Rebuilder
from support.rewrite import rewrite
from support.vectors import VECTORS

if TYPE_CHECKING:
    from support.vectors import Vector

OTHERS = [vector for vector in BUILT if vector.not_canonical]


@of_vectors([v for v in BUILT if v.kind != "mrt" and not v.not_canonical])
def test_vector(impl: Any, vector: Vector) -> None:
    value = decoded(impl, vector)
    for octets in built(impl, vector, value):
        assert octets == bytes(value)


@of_vectors([vector for vector in VECTORS if vector.kind == "mrt"])
def test_archive(impl: Any, vector: Vector) -> None:
    """Records have no JSON form to be made of: they are written of their values, the whole file."""
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        records = impl.mrt.open(vector.data, on_skip=told).records()
        copied = [rewrite(impl, out, record, numbered=True) for record in records]
    whole = file.getvalue() == vector.data and not any(copied)
    assert whole == (vector.name not in COPIED)


@of_vectors(OTHERS)
def test_vector_that_is_not_canonical(both: list[Any], vector: Vector) -> None:
    """The value keeps its octets, and so does its form; what is built differs in the way that is named, alike from both
    implementations, and is built the same once more."""
    found = []
    for implementation in both:
        with implementation.active() as package:
            value = decoded(package, vector)
            form = json.loads(json.dumps(value.json()))
            assert bytes(value).endswith(vector.data)
            if not _kept_around(package, vector):
                assert of_json(package, form, vector, value) == bytes(value)
            others = [octets for octets in built(package, vector, value) if octets != bytes(value)]
            assert others, "canonical after all"
            for octets in others:
                _check(package, vector, value, form, octets)
            found.append(others)
    assert all(others == found[0] for others in found)


def _check(package: Any, vector: Vector, value: Any, form: Any, octets: bytes) -> None:
    way = difference(vector)
    size = len(bytes(value))
    assert (len(octets) > size) - (len(octets) < size) in way.sizes
    again = decoded(package, vector, octets)
    assert bytes(again) == octets
    assert alike(without_raw(again.json()), way) == alike(without_raw(form), way)
    assert of_fields(package, Rebuilder(package), vector, again) == octets


def _kept_around(package: Any, vector: Vector) -> bool:
    """Whether ``raw`` does not stand in the form of prefixes, but around it (message, attribute), and says so."""
    from bgpwire.nlri.base import NlriContext
    from bgpwire.nlri.collection import is_prefix
    from bgpwire.nlri.routes import Routes

    afi, safi = vector.get("afi", 1), vector.get("safi", 1)
    if vector.kind != "nlri" or not is_prefix(afi, safi):
        return False
    value = decoded(package, vector)
    assert not Routes(NlriContext(afi, safi, value.withdraw, value.session)).says_all(value)
    return True


def _sent(package: Any, found: Any) -> list[Any] | None:
    """The messages of ``Update.announce`` or ``withdraw`` that say what an UPDATE says; ``None`` where it says both, or
    neither."""
    values, session = found.attributes, found.session.reversed()
    reach, unreach = values.mp_reach, values.mp_unreach
    new = [routes for routes in (found.nlri, reach and reach.nlri) if routes]
    gone = [routes for routes in (found.withdrawn, unreach and unreach.nlri) if routes]
    if len(new) + len(gone) != 1:
        return None
    (routes,) = new + gone
    family = routes.afi, routes.safi
    if gone:
        made: list[Any] = package.Update.withdraw(routes, family=family).messages(session)
    else:
        made = package.Update.announce(routes, family=family, attributes=values).messages(session)
    return made


@of_vectors([vector for vector in BUILT if vector.kind in ("update", "message")])
def test_update_is_sent_again(impl: Any, vector: Vector) -> None:
    """The routes and the attributes of one, announced or withdrawn: the same octets, where attributes are in the order
    that we send them in (RFC 7606 section 5.1) and their headers as short as they can be."""
    found = decoded(impl, vector)
    made = _sent(impl, found) if found.name == "update" else None
    if made is None:
        return
    (message,) = made
    assert bytes(message.nlri) == bytes(found.nlri)
    there, here = ([(each.code, each.flags & 0xE0, each.data) for each in one.attributes] for one in (found, message))
    assert sorted(here) == sorted(there)
    if here == there and not vector.not_canonical and not any(each.flags & 0x0F for each in found.attributes):
        assert bytes(message) == bytes(found)
    else:
        assert vector.not_canonical or vector.name in ("attributes-descend", "rfc7606-flags-low-bits-ignored")


def test_each_way_is_met() -> None:
    """What is named in a vector has a row in the README of vectors, and what has one is met."""
    assert {name for vector in OTHERS for name in vector.not_canonical} == {*WAYS}
    readme = OTHERS[0].path.parents[1] / "README.md"
    if readme.is_file():
        assert {*WAYS} == {line.split("`")[1] for line in readme.read_text("utf-8").splitlines() if _is_row(line)}


def _is_row(line: str) -> bool:
    return line.startswith("| `") and line.rstrip().endswith(("shorter |", "as long |", "longer |", "any |"))


def test_where_nothing_is_built_nothing_is_named() -> None:
    assert [vector for vector in VECTORS if vector.not_canonical and vector not in BUILT] == []
