"""What is imported when: little with the package, a decoder when it is met, all of it by ``preload()``."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, message, update
from support.fresh import fresh, fresh_each
from support.places import SAMPLES

if TYPE_CHECKING:
    from support.implementations import Implementation

_COUNT = "import sys; print(*sorted(name for name in sys.modules if name.split('.')[0] == 'bgpwire'))"


def test_the_package_imports_little(impl: Any) -> None:
    modules = fresh(impl, f"import bgpwire; {_COUNT}").split()
    assert len(modules) < 60
    decoders = ("attribute", "nlri", "capability", "extended_community", "bgp_ls", "message", "mrt", "text", "cli")
    assert [name for name in modules if name.split(".")[1:2] and name.split(".")[1] in decoders] == []


def test_a_decoder_is_imported_when_it_is_met(impl: Any) -> None:
    met = "import bgpwire; bgpwire.PathAttributes(bytes((0xC0, 7, 8)) + bytes(8)).aggregator;"
    modules = fresh(impl, met + _COUNT).split()
    assert [name for name in modules if name.startswith("bgpwire.attribute.")] == ["bgpwire.attribute.aggregator"]


@pytest.mark.parametrize("command", ["--version", "--help"])
def test_a_command_imports_what_it_needs(impl: Any, command: str) -> None:
    run = f"from bgpwire.cli import main\ntry: main(['{command}'])\nexcept SystemExit: pass\n"
    modules = fresh(impl, run + _COUNT).splitlines()[-1].split()
    assert [name for name in modules if name.startswith(("bgpwire.cli.", "bgpwire.mrt", "bgpwire.dissect"))] == []


# --- public names -----------------------------------------------------------------------------------------------


def test_lazy_names_are_those_that_type_checkers_see(impl: Any) -> None:
    """The imports under TYPE_CHECKING and the table for run time have the same names, and the same modules."""
    tree = ast.parse(Path(impl.__file__).read_text("utf-8"))
    switch = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module for node in switch.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    table = next(node for node in ast.walk(switch) if isinstance(node, ast.Dict))
    lazy = ast.literal_eval(table)
    modules = [typed.pop(name) for name in ("bmp", "kernels", "live", "mrt", "peer", "rib")]  # which need no row
    assert modules == ["bgpwire"] * 6
    assert lazy == typed
    assert set(lazy) < set(impl.__all__)


def test_every_public_name_is_found_in_a_fresh_interpreter(impl: Any) -> None:
    code = """
import bgpwire
import bgpwire.peer, bgpwire.spread, bgpwire.sql
for package in (bgpwire, bgpwire.peer, bgpwire.spread, bgpwire.sql):
    assert set(package.__all__) <= set(dir(package))
for name in bgpwire.__all__:
    assert getattr(bgpwire, name) is getattr(bgpwire, name), name
from bgpwire import *
print(sorted(set(bgpwire.__all__) - set(globals())))
"""
    assert fresh(impl, code) == "[]"
    assert fresh(impl, "from bgpwire import *; print(Update.__name__, mrt.open.__name__, PrefixSet)") == (
        "Update open <class 'bgpwire.prefix_set.PrefixSet'>"
    )


_PATHS = """
nlri nlri.evpn.Evpn attribute.aigp.Aigp attribute.check capability.add_path extended_community.vendor bgp_ls.table
message.open.Open mrt.decode_record mrt.body_table mrt.kernels text.jsonl value.as_path stream dissect.dissect
route.kernels.Event registry.ATTRIBUTES errors cli.main field
"""


def test_modules_are_attributes(impl: Any) -> None:
    """``import bgpwire`` alone is enough to write ``bgpwire.nlri.evpn``."""
    read = """
import sys, bgpwire
try:
    print(eval(f"bgpwire.{sys.argv[1]}") is not None)
except AttributeError as error:
    print(error)
"""
    paths = _PATHS.split()
    assert dict(zip(paths, fresh_each(impl, read, paths), strict=True)) == dict.fromkeys(paths, "True")


def test_names_that_are_not_there(impl: Any) -> None:
    for module in (impl, impl.nlri, impl.attribute, impl.mrt):
        for name in ("nothing", "_nothing", "__nothing__"):
            assert not hasattr(module, name)
        with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute 'nothing'"):
            module.nothing  # noqa: B018


# --- pickles ----------------------------------------------------------------------------------------------------


def _values(package: Any) -> dict[str, Any]:
    tunnel = attribute(0xC0, 23, bytes.fromhex("0008000c 060a 00000000 0001c0000201"))
    reach = attribute(0x80, 14, bytes.fromhex("001946 04c0000201 00 0311 0001c000020100010000000020c0000201"))
    found = package.Message.decode(update(b"", ATTRIBUTES[:7] + tunnel + reach))
    opened = package.Message.decode(message(1, bytes.fromhex("04fde800b4c0000201 0802064104 0000fde8")))
    values = [
        *(found, found.attributes, found.attributes[23], found.attributes.mp_reach, found.attributes.mp_reach.nlri[0]),
        *(opened, opened.capabilities[0], package.Peer(package.Address("192.0.2.1"), 64500)),
        *(package.Record(1, 16, 4, b"\0\1", 0), package.PrefixSet(["10.0.0.0/8"]), package.Session(ibgp=True)),
        *(package.ExtendedCommunity("rt:65000:1"), package.AsPath("1 2"), package.Prefix("10.0.0.0/8")),
    ]
    return {f"{number} {type(value).__name__}": value for number, value in enumerate(values)}


def test_pickles_of_what_is_not_imported_yet(impl: Any, both: list[Implementation]) -> None:
    """Each value alone in a fresh interpreter, whichever implementation wrote it."""
    load = """
import pickle, sys
value = pickle.loads(bytes.fromhex(sys.argv[1]))
print(type(value).__name__, bytes(value).hex() if hasattr(value, "__bytes__") else repr(value))
"""
    for written in both:
        with written.active() as package:
            octets = [pickle.dumps(value).hex() for value in _values(package).values()]
        for (name, value), line in zip(_values(impl).items(), fresh_each(impl, load, octets), strict=True):
            form = bytes(value).hex() if hasattr(value, "__bytes__") else repr(value)
            assert line == f"{type(value).__name__} {form}", name


# --- preload ----------------------------------------------------------------------------------------------------

_PRELOAD = """
import sys
from contextlib import suppress
from support.context import told
from support.observe import observe
from support.vectors import VECTORS
import bgpwire

bgpwire.preload()
bgpwire.preload()


class Refuse:
    def find_spec(name, path=None, target=None):
        raise AssertionError(name)


sys.meta_path.insert(0, Refuse)
for vector in VECTORS:
    observe(bgpwire, vector)
for file in sys.argv[1:]:
    for record in bgpwire.mrt.open(file).records():
        with suppress(bgpwire.DecodeError):
            bgpwire.mrt.record_json(record)
    for route in bgpwire.mrt.open(file, on_skip=told).routes():
        route.update, route.errors, route.family, str(route.attributes)
print(len(VECTORS) > 1000)
"""
_LOADED = """
import sys
from pathlib import Path
import bgpwire

before = set(sys.modules)
bgpwire.preload()
root = Path(bgpwire.__file__).parent
rooms = {path.relative_to(root).with_suffix("").parts for path in root.rglob("*.py")}
names = {".".join(("bgpwire", *parts)).removesuffix(".__init__") for parts in rooms}
print(*sorted(names - set(sys.modules)))
print(*sorted(name for name in set(sys.modules) - before if name.partition(".")[0] != "bgpwire"))
"""


def test_nothing_is_imported_behind_preload(impl: Any) -> None:
    """All vectors and the bundled archives are decoded while any import of bgpwire's is an error."""
    samples = sorted(map(str, SAMPLES.glob("*.mrt")))
    assert fresh(impl, _PRELOAD, *samples) == "True"


def test_what_preload_leaves_out(impl: Any) -> None:
    """Programs, what replaces other decoders, what goes into engines, and the kernels of the other implementation."""
    left, others = fresh(impl, _LOADED).splitlines()
    kernels = f"bgpwire._{impl.IMPLEMENTATION}."
    rooms = {name.split(".")[1] for name in left.split() if name != kernels + "exabgp"}
    kernels = "_python" if impl.IMPLEMENTATION == "cython" else "_cython"
    assert rooms <= {"__main__", "cli", "compat", "spread", kernels}
    assert "bgpwire.nlri.evpn" not in left
    assert {"bz2", "lzma"} <= set(others.split())
