"""Decoders are found when their code is first met, each of them, once, and none for a code that has none."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.fresh import fresh

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("ATTRIBUTES", "NLRI", "CAPABILITIES", "EXTENDED_COMMUNITIES")

_WALK = """
import sys
from importlib import import_module
from pkgutil import iter_modules

from bgpwire import numbers, registry
from bgpwire.mrt import body

tables = {name: getattr(registry, name) for name in ("ATTRIBUTES", "NLRI", "CAPABILITIES", "EXTENDED_COMMUNITIES")}
tables["BODIES"] = body.BODIES
key = {"EXTENDED_COMMUNITIES": lambda code: code >> 8, "BODIES": lambda code: code[0]}
found = {name: set() for name in tables}
plain = registry.Registry.enter


def enter(table, code, entry, module=None):
    frame = sys._getframe(1)
    while frame.f_code.co_name != "<module>":
        frame = frame.f_back
    name = next(name for name in tables if tables[name] is table)
    found[name].add((key.get(name, lambda code: code)(code), frame.f_globals["__name__"]))
    if name == "ATTRIBUTES":
        assert entry.name == numbers.ATTRIBUTES[code], entry
    plain(table, code, entry, module)


registry.Registry.enter = enter
for room in ("attribute", "nlri", "capability", "extended_community", "mrt"):
    for module in iter_modules(import_module(f"bgpwire.{room}").__path__):
        import_module(f"bgpwire.{room}.{module.name}")
for name, table in tables.items():
    rows = {(code, module) for code, modules in table._modules.items() for module in modules}
    print(name, len(rows), sorted(map(str, rows ^ found[name])))
"""


def test_rows_and_decorators_agree(impl: Any) -> None:
    """Every module is imported: what it enters is in its row, and all of its row is entered by it."""
    lines = fresh(impl, _WALK).splitlines()
    assert len(lines) == 5
    for line in lines:
        name, count, difference = line.split(" ", 2)
        assert (int(count) > 4, difference) == (True, "[]"), name


_ALONE = {
    "attribute": """
from bgpwire._impl import PathAttributes
from bgpwire.errors import DecodeError
from bgpwire.registry import ATTRIBUTES
for code in ATTRIBUTES._modules:
    try:
        value = PathAttributes(bytes((0xC0, code, 0)))[code]
    except DecodeError as error:
        continue
    if type(value).__name__ == "UnknownAttribute":
        print(code)
""",
    "nlri": """
from bgpwire.nlri.collection import MpNlriCollection
from bgpwire.registry import NLRI
for afi, safi in NLRI._modules:
    found = MpNlriCollection(bytes(30), afi=afi, safi=safi)
    # Thirty zeros are one unknown NLRI only for a family without a decoder.
    if [type(value).__name__ for value in found.values] == ["UnknownNlri"] and bytes(found[0]) == bytes(30):
        print(afi, safi)
""",
    "capability": """
from bgpwire.capability.base import decode_capability
from bgpwire.registry import CAPABILITIES
for code in CAPABILITIES._modules:
    found = decode_capability(code, b"", 0)
    if type(found).__name__ == "UnknownCapability" and found.error is None:
        print(code)
""",
    "extended community": """
from bgpwire._impl import ExtendedCommunity
for code in ("0002", "0306", "0600", "8006", "800b"):
    found = ExtendedCommunity.from_bytes(bytes.fromhex(code) + bytes(6))
    if found.name is None:
        print(code)
""",
    "record": """
from bgpwire.mrt.body import decode_record
from bgpwire.mrt.kernels import Record
if type(decode_record(Record(0, 12, 1, bytes(4) + bytes(18)))).__name__ == "UnknownRecord":
    print(12)
""",
}


@pytest.mark.parametrize("part", _ALONE)
def test_a_part_alone_has_all_decoders(impl: Any, part: str) -> None:
    assert fresh(impl, _ALONE[part]) == ""


UNREGISTERED = {
    "ATTRIBUTES": [100, 200, 254],
    "NLRI": [(1, 99), (65535, 255), (16388, 70)],
    "CAPABILITIES": [10, 63, 255],
    "EXTENDED_COMMUNITIES": [0x1F00, 0xFFFF],
}


@pytest.mark.parametrize("name", TABLES)
def test_unregistered_codes_import_nothing_and_leave_nothing(
    impl: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = getattr(impl.registry, name)
    known = len(table)

    def refuse(module: str) -> None:
        raise AssertionError(module)

    monkeypatch.setattr(impl.registry, "import_module", refuse)
    for code in UNREGISTERED[name]:
        for _ in range(2):
            assert table[code] is None
        assert table.get(code, "none") == "none"
        assert code not in table
    assert dict.__len__(table) == known


@pytest.mark.parametrize("name", TABLES)
def test_a_table_shows_all_it_has(impl: Any, name: str) -> None:
    count = (
        f"from bgpwire.registry import {name} as table; print(len({{**table}}), len(list(table.items())), len(table))"
    )
    found = set(fresh(impl, count).split())
    assert found == {str(len(getattr(impl.registry, name)))}
    assert None not in getattr(impl.registry, name).values()


# --- threads ----------------------------------------------------------------------------------------------------

_SLOW = """
import time
from bgpwire import registry


def decode():
    return TABLE


registry.SLOW.enter(1, decode, __name__)
time.sleep(0.2)
TABLE = "whole"
"""


def test_threads_that_meet_a_code_at_once(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All get the decoder, and nobody before its module is whole."""
    (tmp_path / "slow.py").write_text(_SLOW)
    table = impl.registry.Registry("attribute", {"slow": (1,)})
    monkeypatch.setattr(impl.registry, "SLOW", table, raising=False)
    monkeypatch.setattr(impl.attribute, "__path__", [*impl.attribute.__path__, str(tmp_path)])
    start = threading.Barrier(8)
    found: list[Any] = []

    def meet() -> None:
        start.wait()
        try:
            found.append(table[1]())
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=meet) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.modules.pop("bgpwire.attribute.slow", None)
    assert found == ["whole"] * 8


# --- decoders of others -----------------------------------------------------------------------------------------

_OTHERS = """
import bgpwire
from bgpwire import registry


class Mine:
    @classmethod
    def decode(cls, reader, attributes):
        return reader.rest().decode()


registry.attribute(250, "mine")(Mine)
registry.attribute(42, "edge_metadata")(Mine)
print(*(bgpwire.PathAttributes(bytes((0xC0, code, 2)) + b"ab")[code] for code in (250, 42)))
print(*(item.name for item in bgpwire.PathAttributes(bytes((0xC0, 250, 2)) + b"ab")))
for register in (
    registry.attribute(250, "again"), registry.attribute(14, "mine"), registry.nlri((25, 70)), registry.capability(65)
):
    try:
        register(Mine)
    except ValueError as error:
        print(error)
print(type(registry.ATTRIBUTES[14].decode.__self__), registry.NLRI[25, 70], registry.CAPABILITIES[65])
"""


def test_programs_register_their_own(impl: Any) -> None:
    """A code that is free; never one that has a decoder here, whether it was imported yet or not."""
    lines = fresh(impl, _OTHERS).splitlines()
    assert lines[:2] == ["ab ab", "mine"]
    assert lines[2:6] == [
        "attribute 250 is registered twice",
        "attribute 14 is registered twice",
        "nlri (25, 70) is registered twice",
        "capability 65 is registered twice",
    ]
    assert "Mine" not in lines[6]
