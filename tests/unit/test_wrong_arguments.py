"""Arguments that cannot be meant raise, and say what would be."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest


@pytest.mark.parametrize("field", ["add_path", "add_path_send", "families"])
@pytest.mark.parametrize(
    "value",
    ["ipv4-unicast", b"\0\1\1", ["ipv4-unicast"], (1, 1), 1, [(1, 1, 2)], {(1, 256)}, {(-1, 1)}, {(1, 1): 3}, [None]],
)
def test_families_of_a_session(impl: Any, field: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"{field} is a set of \(AFI, SAFI\) pairs"):
        impl.Session(**{field: value})
    with pytest.raises((TypeError, ValueError)):
        replace(impl.Session(), **{field: value})


def test_pairs_in_any_collection(impl: Any) -> None:
    wanted = frozenset({(1, 1), (2, 128)})
    for value in (
        wanted,
        {(1, 1), (2, 128)},
        [(1, 1), [2, 128]],
        iter([(1, 1), (2, 128)]),
        [impl.Family(1, 1), (2, 128)],
    ):
        session = impl.Session(add_path=value)
        assert type(session.add_path) is frozenset
        assert session == impl.Session(add_path=wanted)
        assert hash(session) == hash(impl.Session(add_path=wanted))
        assert pickle.loads(pickle.dumps(session)) == session
    given = impl.Session(add_path=wanted)
    assert given.add_path is wanted
    assert impl.Session(families=None).families is None
    assert impl.Session(extended_next_hop=[[1, 1, 2]]).extended_next_hop == {(1, 1, 2)}
    with pytest.raises(ValueError, match=r"\(AFI, SAFI, next-hop AFI\) triples"):
        impl.Session(extended_next_hop={(1, 1)})


@pytest.mark.parametrize("name", ["Open", "Update", "Notification", "Keepalive", "RouteRefresh", "Message"])
@pytest.mark.parametrize("arguments", [(), (b"",), (None,)])
def test_a_message_is_not_called(impl: Any, name: str, arguments: tuple[Any, ...]) -> None:
    cls = getattr(impl, name)
    with pytest.raises(TypeError, match=r"Message\.decode\(octets\)") as caught:
        cls(*arguments)
    assert (f"{name}.build" in str(caught.value)) is hasattr(cls, "build")


def test_an_open_says_its_as_number(impl: Any) -> None:
    """RFC 6793 section 3: capability 65, whatever the AS number, and AS_TRANS in front."""
    for asn, short in ((65001, 65001), (65535, 65535), (65536, 23456), (4_294_967_295, 23456), (23456, 23456)):
        built = impl.Open.build(asn, "192.0.2.1")
        assert (built.asn, built.asn4, built.effective_asn) == (short, asn, asn)
        assert impl.Message.decode(bytes(built)) == built
    once = impl.Open.build(65001, "192.0.2.1", 90, [(65, b"\0\0\0\7"), (2, b"")])
    assert [capability.code for capability in once.capabilities] == [65, 2]
    assert [capability.code for capability in impl.Open.build(1, "192.0.2.1", 90, [(2, b"")]).capabilities] == [2, 65]
    assert impl.Session.from_opens(impl.Open.build(1, "192.0.2.1"), impl.Open.build(70000, "192.0.2.2")).asn4


def test_an_open_without_capability_65(impl: Any) -> None:
    built = impl.Open.build(65535, "192.0.2.1", asn4=False)
    assert (built.asn4, built.capabilities) == (None, ())
    with pytest.raises(ValueError, match="65536 needs capability 65"):
        impl.Open.build(65536, "192.0.2.1", asn4=False)
    for asn in (-1, 1 << 32):
        with pytest.raises(ValueError, match="does not fit into 4 octets"):
            impl.Open.build(asn, "192.0.2.1")


@pytest.mark.parametrize(
    ("value", "kind"),
    [((1,), ValueError), ((1, 256), ValueError), ((1 << 16, 1), ValueError), ((-1, 1), ValueError), (1, TypeError)],
)
def test_what_is_a_family_is_said_in_one_place(impl: Any, value: Any, kind: type[Exception]) -> None:
    """A session, a filter and a table of families ask the same."""
    for use in (
        lambda: impl.afi_safi.family_of(value),
        lambda: impl.Session(add_path=[value]),
        lambda: impl.Filter(family=[value]),
    ):
        with pytest.raises(kind):
            use()
    assert impl.afi_safi.family_of((25, 70)) == impl.Family(25, 70)
