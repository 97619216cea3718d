"""RFC 7911: every family carries path identifiers, in the direction that agreed on them, and guesses say so."""

from __future__ import annotations

from typing import Any

import pytest
from support.each import of_vectors
from support.vectors import ABSENT, VECTORS, Vector

PLAIN = [
    vector
    for vector in VECTORS
    if vector.kind == "nlri" and vector.expected is not ABSENT and vector.expected and "add_path" not in vector.context
]


def _routes(package: Any, vector: Vector, data: bytes, session: Any) -> Any:
    afi, safi, withdraw = vector.get("afi", 1), vector.get("safi", 1), vector.get("withdraw", False)
    return package.MpNlriCollection(data, session, afi=afi, safi=safi, withdraw=withdraw)


@of_vectors(PLAIN)
def test_every_family_with_path_identifiers(impl: Any, vector: Vector) -> None:
    plain = _routes(impl, vector, vector.data, impl.Session())
    family = (vector.get("afi", 1), vector.get("safi", 1))
    known = family in impl.registry.NLRI or (family[0] in (1, 2) and family[1] in (1, 2, 3, 4, 67, 68, 76, 128))
    if plain.error is not None or not known:
        return
    data = b"".join((70000 + n).to_bytes(4) + bytes(route) for n, route in enumerate(plain))
    routes = _routes(impl, vector, data, impl.Session.with_add_path(family))
    assert routes.error is None
    assert bytes(routes) == data
    assert [route.path_id for route in routes] == list(range(70000, 70000 + len(plain)))
    assert [bytes(route)[4:] for route in routes] == [bytes(route) for route in plain]
    assert [str(route) for route in routes] == [str(route) for route in plain]


def _open(package: Any, mode: int) -> Any:
    """An OPEN whose ADD-PATH capability offers IPv4 unicast and EVPN in one mode: 1 receive, 2 send, 3 both."""
    tuples = bytes((0, 1, 1, mode, 0, 25, 70, mode))
    families = b"\2\6\1\4\0\1\0\1\2\6\1\4\0\x19\0\x46"
    parameters = families + bytes((2, 2 + len(tuples), 69, len(tuples))) + tuples
    body = b"\4\xfd\xe8\0\xb4\xc0\0\2\1" + bytes((len(parameters),)) + parameters
    return package.Message.decode(b"\xff" * 16 + (19 + len(body)).to_bytes(2) + b"\1" + body)


@pytest.mark.parametrize(
    ("ours", "theirs", "reads", "sends"),
    [(1, 2, True, False), (2, 1, False, True), (3, 3, True, True), (1, 1, False, False), (3, 2, True, False)],
)
def test_direction(impl: Any, ours: int, theirs: int, reads: bool, sends: bool) -> None:
    """RFC 7911 section 4, pitfall 2: what the peer sends and what it is sent are agreed on one by one."""
    session = impl.Session.from_opens(_open(impl, ours), _open(impl, theirs))
    data = bytes.fromhex("00000001180a0000")
    for view, with_identifiers in ((session, reads), (session.reversed(), sends)):
        routes = impl.NlriCollection(data, view)
        assert (routes[0].path_id == 1) is with_identifiers
        assert view.add_path_from == "negotiated"
        assert ((25, 70) in view.add_path) is with_identifiers


@pytest.mark.parametrize(
    ("family", "octets", "found"),
    [
        ((1, 1), "00000001180a0000 00000002180a0100", True),  # else four times 0.0.0.0/0, and more than once
        ((1, 1), "180a0000 180a0100", False),
        ((1, 1), "00", False),  # a default route
        ((1, 1), "", None),
        ((2, 1), "00000001 2020010db8", True),
        ((25, 70), "00000007 0311 0000fde800000064 00000064 20 c0000201", True),
        ((25, 70), "0311 0000fde800000064 00000064 20 c0000201", False),
        ((1, 128), "00000007 70 000641 0000fde800000064 0a0102", True),
    ],
)
def test_guess(impl: Any, family: tuple[int, int], octets: str, found: bool | None) -> None:
    """Pitfall 1: both readings are scored; nobody is told more than the octets say."""
    from importlib import import_module

    guess = import_module("bgpwire.nlri.guess").guess_add_path(bytes.fromhex(octets), *family)
    assert guess.add_path is found
    assert 0.0 <= guess.without <= 1.0
    assert 0.0 <= guess.with_identifiers <= 1.0


def test_a_guess_says_that_it_is_one(impl: Any) -> None:
    from importlib import import_module

    body = bytes.fromhex("0000 0000 00000001180a0000 00000002180a0100")
    message = impl.Message.decode(b"\xff" * 16 + (19 + len(body)).to_bytes(2) + b"\2" + body)
    assert message.session.add_path_from == "given"
    session = import_module("bgpwire.nlri.guess").guessed_session(message)
    assert session.add_path_from == "guessed"
    assert session.add_path == {(1, 1)}
    again = impl.Message.decode(bytes(message), session)
    assert [str(route) for route in again.nlri] == ["10.0.0.0/24", "10.1.0.0/24"]
    assert [route.path_id for route in again.nlri] == [1, 2]
