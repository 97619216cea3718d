"""``==`` with text or an ipaddress object: never True, and said once for each line that asks."""

from __future__ import annotations

import inspect
import ipaddress
import warnings
from typing import Any

import pytest
from support.context import ATTRIBUTES, update

# A class, what makes one, and what the warning says to write.
_MADE: list[tuple[str, tuple[Any, ...], str]] = [
    ("Address", ("192.0.2.1",), 'Address("192.0.2.1")'),
    ("Prefix", ("10.0.0.0/8",), 'Prefix("10.0.0.0/8")'),
    ("AsPath", ("64500",), 'AsPath("64500 64501")'),
    ("Community", ("65000:100",), 'Community("65000:100")'),
    ("LargeCommunity", ("65000:1:2",), 'LargeCommunity("65000:1:2")'),
    ("ExtendedCommunity", ("rt:65000:100",), 'ExtendedCommunity("rt:65000:100")'),
    ("Communities", (["65000:100"],), 'Communities(["65000:100"])'),
    ("LargeCommunities", (["65000:1:2"],), 'LargeCommunities(["65000:1:2"])'),
    ("ExtendedCommunities", (["rt:65000:100"],), 'ExtendedCommunities(["rt:65000:100"])'),
    ("RouteDistinguisher", ("65000:100",), 'RouteDistinguisher("65000:100")'),
    ("LabelStack", ("100/200",), 'LabelStack("100/200")'),
    ("LabelledPrefix", ("100", "10.0.0.0/8"), 'LabelledPrefix("100", "10.0.0.0/8")'),
    ("VpnPrefix", ("100", "65000:100", "10.0.0.0/8"), 'VpnPrefix("100", "65000:100", "10.0.0.0/8")'),
    ("NextHop", (b"\xc0\0\2\1",), "str() of it"),
]
_OTHERS = [
    "text",
    ipaddress.ip_address("192.0.2.1"),
    ipaddress.ip_address("::1"),
    ipaddress.ip_network("10.0.0.0/8"),
    ipaddress.ip_network("::/0"),
]


@pytest.mark.parametrize(("name", "arguments", "advice"), _MADE)
def test_warns(impl: Any, name: str, arguments: tuple[Any, ...], advice: str) -> None:
    value = getattr(impl, name)(*arguments)
    for other in [*_OTHERS, str(value)]:
        expected = f"comparing {name} with {type(other).__name__} is always False; use {advice}"
        for ask, answer in (
            (lambda a, b: a == b, False),
            (lambda a, b: b == a, False),
            (lambda a, b: a != b, True),
            (lambda a, b: b != a, True),
        ):
            with pytest.warns(impl.ComparisonWarning) as caught:
                assert ask(value, other) is answer
            assert [str(one.message) for one in caught] == [expected]
            assert caught[0].filename == __file__
            assert caught[0].lineno == ask.__code__.co_firstlineno


@pytest.mark.parametrize(("name", "arguments", "advice"), _MADE)
def test_the_others_do_not(impl: Any, name: str, arguments: tuple[Any, ...], advice: str) -> None:
    """The suite makes an error of every warning."""
    values = [getattr(impl, kind)(*given) for kind, given, _ in _MADE]
    value = getattr(impl, name)(*arguments)
    assert value == getattr(impl, name)(*arguments)
    assert value in values
    assert sum(value == other for other in values) == 1
    for stranger in (None, 5, 1.5, b"text", (1, 2), [], object()):
        assert value != stranger
        assert stranger != value
        assert value not in [stranger]


def test_once_for_each_line(impl: Any) -> None:
    prefix, network = impl.Prefix("10.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8")
    registry: dict[str, Any] = {}
    code = compile("for _ in range(5): prefix == text\nprefix == text\nprefix == network", "user.py", "exec")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        exec(code, {"prefix": prefix, "text": "10.0.0.0/8", "network": network, "__warningregistry__": registry})
    assert [(one.filename, one.lineno) for one in caught] == [("user.py", 1), ("user.py", 2), ("user.py", 3)]
    assert issubclass(impl.ComparisonWarning, UserWarning)


def test_as_an_error(impl: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", impl.ComparisonWarning)
        with pytest.raises(impl.ComparisonWarning, match="comparing Prefix with str"):
            assert impl.Prefix("10.0.0.0/8") in ["10.0.0.0/8"]
        with pytest.raises(TypeError):
            assert impl.Prefix("10.0.0.0/8") < "10.0.0.0/8"


def test_of_routes(impl: Any) -> None:
    found = impl.Message.decode(update(b"", ATTRIBUTES, b"\x08\x0a"))
    for value, text in (
        (found.nlri[0], "10.0.0.0/8"),
        (found.attributes.next_hop, "192.0.2.1"),
        (found.attributes.as_path, ""),
    ):
        with pytest.warns(impl.ComparisonWarning, match="is always False; use"):
            assert value != text
    (other,) = impl.MpNlriCollection(b"\1\2\3", afi=99, safi=99)
    with pytest.warns(impl.ComparisonWarning, match=r"UnknownNlri with str is always False; use str\(\) of it"):
        assert other != "0x010203"


def test_signatures(both: list[Any]) -> None:
    """What is public can be asked for its parameters, and both implementations say the same."""
    found: list[dict[str, list[tuple[str, Any, str]]]] = []
    for loaded in both:
        with loaded.active() as package:
            said = {}
            for name in package.__all__:
                thing = getattr(package, name)
                plain = isinstance(thing, type) and issubclass(thing, Exception) and "__init__" not in vars(thing)
                if callable(thing) and not plain:
                    parameters = inspect.signature(thing).parameters.values()
                    said[name] = [(one.name, one.kind, repr(one.default)) for one in parameters]
            assert [name for name, *_ in said["Prefix"]] == ["text", "path_id"]
            assert [name for name, *_ in said["VpnPrefix"]] == ["labels", "rd", "prefix", "path_id"]
            assert {"Reader", "Record", "Route", "Peer", "PathAttributes", "split", "PrefixSet"} <= said.keys()
            found.append(said)
    assert all(said == found[0] for said in found)


@pytest.mark.parametrize("name", [name for name, *_ in _MADE])
def test_methods_are_typed(name: str) -> None:
    """The annotations that a type checker sees, in the pure implementation and what both share."""
    from importlib import import_module

    modules = ("prefix", "as_path", "communities", "rd", "label")
    homes = [import_module(f"bgpwire._python.{module}") for module in modules]
    kind = next((getattr(home, name) for home in homes if hasattr(home, name)), None)
    if kind is None:
        kind = getattr(import_module("bgpwire"), name)
    for base in kind.__mro__:
        for member, thing in vars(base).items():
            if not base.__module__.startswith("bgpwire") or member.startswith("_"):
                continue
            function = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
            if inspect.isfunction(function):
                assert "return" in function.__annotations__, (base, member)
                parameters = list(inspect.signature(function).parameters)[1:]
                assert set(parameters) <= function.__annotations__.keys(), (base, member)
