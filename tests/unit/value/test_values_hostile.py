"""Values made by __new__ alone, and unpickled from what no value was pickled to: an exception at worst."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

NAMES = [
    "Address",
    "AsPath",
    "Communities",
    "Community",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "LabelStack",
    "LabelledPrefix",
    "LargeCommunities",
    "LargeCommunity",
    "Prefix",
    "RouteDistinguisher",
    "VpnPrefix",
]
_ARGUMENTS: tuple[Any, ...] = (None, 0, -1, 1 << 70, "", "10.0.0.0/8", b"", b"\0" * 5, (), object())


def _touch(value: Any) -> None:
    """Read every attribute, call everything with nothing, with one and with two arguments."""
    kind = type(value)
    calls: list[Any] = [str, repr, bytes, hash, len, list, bool, int, format, sorted, memoryview, reversed]
    calls += [lambda one: one == kind.__new__(kind), lambda one: one < kind.__new__(kind), pickle.dumps, dir]
    calls += [lambda one: one[0], lambda one: one[-1], lambda one: one[1 << 60], lambda one: one[::-1]]
    for argument in _ARGUMENTS:
        calls += [lambda one, a=argument: a in one, lambda one, a=argument: one[a]]
    for name in dir(kind):
        if name in ("__class__", "__init_subclass__", "__subclasshook__", "__new__", "__init__"):
            continue
        calls.append(lambda one, n=name: getattr(one, n))
        calls.append(lambda one, n=name: getattr(one, n)())
        for argument in _ARGUMENTS:
            calls.append(lambda one, n=name, a=argument: getattr(one, n)(a))
            calls.append(lambda one, n=name, a=argument: getattr(one, n)(a, a))
    for call in calls:
        try:
            result = call(value)
            if inspect.isgenerator(result) or hasattr(result, "__next__"):
                list(result)
        except Exception:
            continue


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", NAMES)
def test_made_by_new_alone(impl: Any, name: str) -> None:
    kind = getattr(impl, name)
    _touch(kind.__new__(kind))
    for argument in _ARGUMENTS:
        value = kind.__new__(kind)
        for arguments in ((argument,), (argument, argument), (argument, argument, argument)):
            try:
                value.__init__(*arguments)
            except Exception:
                continue
        _touch(value)


def test_a_prefix_that_was_decoded_has_no_room_for_another_family(impl: Any) -> None:
    """Compiled, one of IPv4 has memory for 4 octets; what is initialised again is a mistake, and stays inside it."""
    (prefix,), fault = impl.kernels.decode_prefixes(b"\x18\xc0\0\2", 1)
    assert fault is None
    prefix.__init__("198.51.100.1/32")
    assert (str(prefix), hash(prefix)) == ("198.51.100.1/32", hash(impl.Prefix("198.51.100.1")))
    if impl.IMPLEMENTATION == "cython":
        with pytest.raises(ValueError, match="cannot become one of IPv6"):
            prefix.__init__("2001:db8::/32")
        assert str(prefix) == "198.51.100.1/32"


_STATES: list[tuple[str, tuple[Any, ...]]] = [
    ("Address", (b"\xc0\0\2\1",)),
    ("AsPath", (b"\2\1\0\0\xfb\xf4", True)),
    ("Communities", (b"\xfd\xe8\0\1" * 2,)),
    ("Community", (0xFDE80001,)),
    ("ExtendedCommunities", (b"\0\2\xfd\xe8\0\0\0\1",)),
    ("ExtendedCommunity", (b"\0\2\xfd\xe8\0\0\0\1",)),
    ("LabelStack", (b"\0\x06\x41",)),
    ("LargeCommunities", (bytes(12),)),
    ("LargeCommunity", (bytes(12),)),
    ("Prefix", (b"\x18\xc0\0\2", 1, None)),
    ("Prefix", (b"\x20\x20\x01\x0d\xb8", 2, 7)),
    ("RouteDistinguisher", (b"\0\0\xfd\xe8\0\0\0\1",)),
]
_WRONG: tuple[Any, ...] = (
    *(None, "text", 5, -1, 1 << 32, 1 << 70, 1.5, (), [1], b"", b"a", b"abcde", bytes(7), bytes(11), bytes(255)),
    *(bytearray(b"\x08\x0a"), b"\x21\xc0\0\2\1\0", b"\x81" + bytes(17), b"\xff" * 33, b"\2\1\0", b"\5\1\0\0\0\1"),
)


def _outcome(kind: Any, state: tuple[Any, ...]) -> Any:
    try:
        value = kind._restore(*state)
    except Exception as error:
        return type(error).__name__, error.args
    _touch(value)
    return str(value), bytes(value)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("name", "state"), _STATES)
def test_wrong_states(both: list[Any], name: str, state: tuple[Any, ...]) -> None:
    """Each part of the state replaced by what it is not: the same value or the same exception from both."""
    states = [state]
    for at in range(len(state)):
        states += [(*state[:at], wrong, *state[at + 1 :]) for wrong in _WRONG]
    outcomes = []
    for loaded in both:
        with loaded.active() as package:
            kind = getattr(package, name)
            outcomes.append([_outcome(kind, one) for one in states])
            with pytest.raises(TypeError):
                kind._restore()
            with pytest.raises(TypeError):
                kind._restore(*state, 1, 2)
    for one, *found in zip(states, *outcomes, strict=True):
        assert all(outcome == found[0] for outcome in found), one
    octets = {"Community": b"\xfd\xe8\0\1"}.get(name, state[0])
    assert outcomes[0][0][1] == (octets if state[-1] != 7 else b"\0\0\0\7" + octets)


def test_octets_that_are_no_communities(impl: Any) -> None:
    """Five octets were read as two communities, three of them from beyond the end."""
    for name, size in (("Communities", 4), ("ExtendedCommunities", 8), ("LargeCommunities", 12)):
        kind = getattr(impl, name)
        for length in range(2 * size + 1):
            if length % size:
                with pytest.raises(ValueError, match=f"of {length} octets, not a multiple of {size}"):
                    kind._restore(bytes(length))
            else:
                assert len(list(kind._restore(bytes(length)))) == length // size
        value = kind._restore(bytes(size) + b"\1" * size)
        pickled = pickle.dumps(value, 3)
        assert pickle.loads(pickled) == value
        whole = bytes((2 * size,)) + bytes(value)
        assert whole in pickled
        with pytest.raises(ValueError, match="not a multiple"):
            pickle.loads(pickled.replace(whole, bytes((2 * size - 1,)) + bytes(value)[1:]))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_mutated_pickles(both: list[Any]) -> None:
    """Every octet of a pickle put to other values: both load the same or fail, and what loads can be touched."""
    made = [
        *(("Prefix", ("10.0.0.0/8", 7)), ("Address", ("2001:db8::1",)), ("AsPath", ("64500 {64501}",))),
        *(("Communities", (["1:1", "2:2"],)), ("Community", ("1:1",)), ("LabelStack", ("100/200",))),
        *(("LabelledPrefix", ("100", "10.0.0.0/8", 7)), ("VpnPrefix", ("100", "1:1", "10.0.0.0/8"))),
        *(("ExtendedCommunities", (["rt:1:1"],)), ("LargeCommunities", (["1:1:1"],))),
    ]
    outcomes = []
    for loaded in both:
        with loaded.active() as package:
            found = []
            for name, arguments in made:
                octets = pickle.dumps(getattr(package, name)(*arguments), 3)
                start = octets.index(name.encode()) + len(name)  # behind the names: opcodes that import are left alone
                for at in range(start, len(octets)):
                    others = (0, 1, 0x7F, 0xFF, octets[at] ^ 1)
                    found += [_load(octets[:at] + bytes((one,)) + octets[at + 1 :], name) for one in others]
            outcomes.append(found)
    assert all(found == outcomes[0] for found in outcomes)
    assert sum(outcome[0] == "loaded" for outcome in outcomes[0]) > 50


def _load(octets: bytes, name: str) -> tuple[str, Any]:
    try:
        value = pickle.loads(octets)
    except Exception as error:
        return type(error).__name__, ""
    if type(value).__name__ != name:
        return "other", type(value).__name__
    return "loaded", (str(value), bytes(value))


def test_path_identifiers(impl: Any) -> None:
    """32 bits (RFC 7911 section 3), of every value that has one."""
    for made in (
        lambda path_id: impl.Prefix("10.0.0.0/8", path_id),
        lambda path_id: impl.LabelledPrefix("100", "10.0.0.0/8", path_id),
        lambda path_id: impl.VpnPrefix("100", "65000:1", "10.0.0.0/8", path_id),
    ):
        assert made(0xFFFFFFFF).path_id == 0xFFFFFFFF
        assert made(None).path_id is None
        for wrong in (-1, 1 << 32):
            with pytest.raises(ValueError, match="32 bits"):
                made(wrong)
        for wrong in ("7", 1.5, b"\0\0\0\7"):
            with pytest.raises(TypeError):
                made(wrong)
