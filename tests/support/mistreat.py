"""Run as a program, by ``test_new_is_safe.py``: misuse kernels, and write before each call which it is.

``mistreat.py LOG new MODULE CLASS``: objects made without ``__init__``, everything called on them.
``mistreat.py LOG functions``: every function of the kernels with arguments out of bounds.
``mistreat.py LOG restore``: values out of pickles whose octets and numbers were changed; prints what each came to.

The last call begun stands in the file LOG, whatever became of it.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import os
import pickle
import random
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WILD = (0, 1, 5, -1, 2**31, 2**62, -(2**63), 2**63 - 1, 2**70, None, "x", b"", b"\xff" * 40, [], ())
LARGE = ("skip", 2**31)
"""A writer does that, and holds 2 GiB of zeros: left to the long run, as it takes longer than all other calls do."""
LONG = float(os.environ.get("BGPWIRE_LONG") or 1) > 1
NUMBERS = (0, 1, 2, 3, -1, 255, 2**31, 2**32 - 1, 2**32, 2**62, 2**70)
LEAVE = {"__class__", "__init_subclass__", "__subclasshook__", "__new__", "__dir__", "__getattribute__"}
UNARY: tuple[Callable[[Any], Any], ...] = (
    *(repr, str, hash, bytes, len, bool, iter, next, int, float, format, memoryview, copy.copy, copy.deepcopy),
    *(pickle.dumps, dir, vars, reversed, sorted, sum, max, abs),
    lambda x: list(itertools.islice(iter(x), 50)),
    lambda x: [pickle.dumps(x, protocol) for protocol in range(6)],
    lambda x: x == x or x != x or x < x or x <= x or x > x or x >= x,
    lambda x: x == type(x).__new__(type(x)),
    lambda x: x < type(x).__new__(type(x)),
    lambda x: x + x,
    lambda x: x | x,
    lambda x: (None in x, 0 in x, b"" in x, x in x),
    lambda x: (x[0], x[-1], x[0:2]),
)


class Log:
    def __init__(self, path: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def __call__(self, text: str) -> None:
        os.pwrite(self.file, text[:300].encode("utf-8", "replace").ljust(300), 0)

    def run(self, text: str, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call it; any exception will do, for a crash is what is looked for."""
        self(text)
        try:
            return call(*arguments)
        except Exception:
            return None


def modules() -> Iterator[Any]:
    """The kernels that run."""
    name = import_module("bgpwire").IMPLEMENTATION
    package = import_module(f"bgpwire._{name}")
    for found in iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{found.name}")


def classes() -> Iterator[tuple[str, str]]:
    """Module and name of every class that the kernels define."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield module.__name__.rpartition(".")[2], name


def _arguments() -> Iterator[tuple[Any, ...]]:
    yield ()
    yield from ((one,) for one in WILD)
    yield from itertools.product((0, b"\0", None), (0, -(2**62), None), (1, 2**62, "x"))
    yield from ((b"\0" * 8, start, end, b"x") for start in (0, 2**62) for end in (1, -(2**63), 9))


def _touch(log: Log, target: Any, what: str, thorough: bool) -> None:
    """Every attribute, method and operator."""
    kind = type(target)
    for function in UNARY:
        log.run(f"{function!r}({what})", function, target)
    for name in dir(kind):
        if name in LEAVE:
            continue
        member = log.run(f"{what}.{name}", getattr, target, name)
        if callable(member):
            for arguments in _arguments() if thorough else [()]:
                if (name, *arguments) == LARGE and not LONG:
                    continue
                log.run(f"{what}.{name}{arguments!r}", member, *arguments)


def new(log: Log, module: str, name: str) -> None:
    found = next(m for m in modules() if m.__name__.endswith(f".{module}"))
    cls = getattr(found, name)
    make = cls.__new__
    target = log.run(f"{name}.__new__({name})", make, cls)
    if target is None:
        return
    _touch(log, target, f"new {name}", True)
    for field in [n for n in dir(cls) if not n.startswith("__")]:
        for value in (None, 0, -1, 2**62, b"", b"\xff" * 3, "x", [], object()):
            target = log.run(f"{name}.__new__({name})", make, cls)
            log(f"new {name}.{field} = {value!r}")
            try:
                setattr(target, field, value)
            except (AttributeError, TypeError, ValueError, OverflowError):
                continue
            _touch(log, target, f"new {name} with {field} = {value!r}", False)
    for arguments in _arguments():
        target = log.run(f"{name}.__new__({name})", make, cls)
        log.run(f"new {name}.__init__{arguments!r}", target.__init__, *arguments)
        _touch(log, target, f"new {name} after __init__{arguments!r}", False)


def _plausible(parameter: str) -> tuple[Any, ...]:
    """What to hand in for a parameter of that name."""
    if parameter in ("start", "end", "at"):
        return (0, 1, 19, 40, 41, -1, 2**31, 2**62, -(2**63), -(2**63) + 5, 2**63 - 1, 2**70)
    if parameter == "data":
        return (b"", b"\xff" * 40, None, "x", memoryview(b"\xff" * 80)[::2])
    if parameter in ("base", "max_message"):
        return (0, 4096, -1, 2**62)
    if parameter in ("afi", "width", "subtype"):
        return (1, 2, 0, 4, 9, -1)
    return (False, True)


def functions(log: Log) -> None:
    for module in modules():
        for name in getattr(module, "__all__", ()):  # Cython's own module has none
            function = getattr(module, name)
            if isinstance(function, (type, dict)):
                continue
            parameters = list(inspect.signature(function).parameters)
            for arguments in itertools.product(*map(_plausible, parameters)):
                log.run(f"{name}{arguments!r}", function, *arguments)


def values() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """A sound value of each kind, as its pickle has it: the name of its class and what its factory takes."""
    from bgpwire import _impl

    prefix = b"\x16\x0a\x01\x04"
    long = b"\x40\x20\x01\x0d\xb8" + bytes(4)
    yield from (("Address", (bytes((192, 0, 2, 1)),)), ("Address", (bytes(16),)))
    yield from (("Prefix", (prefix, 1, None)), ("Prefix", (long, 2, 7)))
    yield from (
        ("RouteDistinguisher", (bytes(8),)),
        ("LabelStack", (b"\0\1\1",)),
        ("AsPath", (b"\2\1\0\0\xfb\xf4", True)),
    )
    yield from (("Community", (b"\xfb\xf4\0\1",)), ("LargeCommunity", (bytes(12),)), ("ExtendedCommunity", (bytes(8),)))
    for name, size in (("Communities", 8), ("LargeCommunities", 24), ("ExtendedCommunities", 16)):
        yield name, (bytes(size),)
    for values, error in (
        _impl.read_labelled(b"\x20\0\1\1\x0a", 0, 5, 1, False),
        _impl.read_labelled(b"\0\0\0\1\x20\0\1\1\x0a", 0, 9, 1, True),
        _impl.read_vpn(b"\x60\0\1\1" + bytes(8) + b"\x0a", 0, 13, 1, False),
        _impl.read_vpn(b"\xd8\0\1\1" + bytes(8) + bytes(16), 0, 28, 2, False),
    ):
        assert error is None
        for value in values:
            _, (name, *rest) = value.__reduce__()
            yield name, tuple(rest)
    octets = b"\x40\1\1\0\x40\3\4\xc0\0\2\1"
    yield "PathAttributes", (octets, 0, None, import_module("bgpwire.session").DEFAULT_SESSION, 0, None)


def _changed(rng: random.Random, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """One argument bent: a bit flipped, octets more or less, another number, or another kind of thing."""
    out = list(arguments)
    at = rng.randrange(len(out))
    old = out[at]
    if isinstance(old, bytes) and rng.random() < 0.8:
        octets = bytearray(old)
        match rng.randrange(4):
            case 0 if octets:
                octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)
            case 1:
                del octets[rng.randrange(len(octets) + 1) :]
            case 2:
                octets += rng.randbytes(rng.choice((1, 3, 8, 17, 300)))
            case _ if octets:
                octets[0] = rng.choice((0, 1, 24, 33, 129, 255))
        out[at] = bytes(octets)
    else:
        out[at] = rng.choice(
            (None, 0, 1, 2, 3, -1, 255, 2**31, 2**32 - 1, 2**32, 2**62, 2**70, "x", b"", [], True, 1.5)
        )
    return tuple(out)


def restore(log: Log) -> None:
    from bgpwire.value.restore import restore as factory

    rng = random.Random(7606)
    for name, arguments in values():
        for _ in range(250):
            bent = _changed(rng, arguments)
            if rng.random() < 0.3:
                bent = _changed(rng, bent)
            text = f"{name}._restore{bent!r}"
            log(text)
            try:
                value = factory(name, *bent)
            except Exception as error:
                # A number that no C integer holds is OverflowError in one twin, and a bad value in the other.
                found = "ValueError" if type(error) is OverflowError else type(error).__name__
            else:
                log(f"str({text})")
                shown = [str, bytes, repr, lambda value: hash(value) == hash(value), _again]
                found = " ".join(_outcome(log, f"{call.__name__}({text})", call, value) for call in shown)
            # Of another type than it should be only the crash counts: who types what is each twin's own.
            if all(_kin(one, other) for one, other in zip(arguments, bent, strict=True)):
                print(f"{name}\t{bent!r}\t{found}")


def _again(value: Any) -> bool:
    return bool(pickle.loads(pickle.dumps(value)) == value)


def _kin(one: Any, other: Any) -> bool:
    """Whether a pickle might hold ``other`` where a sound one holds ``one``."""
    if one is None:
        return other is None or (type(other) is int and abs(other) < 1 << 63)
    return type(one) is type(other) and (type(other) is not int or abs(other) < 1 << 63)


def _outcome(log: Log, text: str, call: Callable[[Any], Any], value: Any) -> str:
    log(text)
    try:
        return repr(call(value))
    except Exception as error:
        return type(error).__name__


def main() -> None:
    log = Log(sys.argv[1])
    match sys.argv[2:]:
        case ["new", module, name]:
            new(log, module, name)
        case ["functions"]:
            functions(log)
        case ["restore"]:
            restore(log)


if __name__ == "__main__":
    main()
