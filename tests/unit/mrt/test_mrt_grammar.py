"""The grammar of MRT bodies: both implementations say the same of the same octets, whatever these are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from support.implementations import Implementation

_MRT = [vector for vector in VECTORS if vector.kind == "mrt"]


def _said(package: Any, name: str, *arguments: Any) -> Any:
    """What a function of the grammar gives, or the error it raises; faults as what makes them equal."""
    grammar = package._impl.load("mrt_grammar")
    try:
        given = getattr(grammar, name)(*arguments)
    except (package.DecodeError, TypeError) as error:
        return type(error).__name__, error.args
    last = given[-1]
    return (*given[:-1], (type(last).__name__, last.args) if isinstance(last, Exception) else last)


def _calls(data: bytes) -> list[tuple[Any, ...]]:
    """Every function of the grammar, at places where what it reads may stand."""
    out: list[tuple[Any, ...]] = [("peer_table", data), ("rib_head", data, 1), ("rib_head", data, 2)]
    out.append(("generic_head", data))
    for at in {0, 4, 8, 12, 20, len(data)} & set(range(len(data) + 1)):
        out += [("rib_entries", data, at, add_path) for add_path in (False, True)]
        out += [("dump_entry", data, at, subtype) for subtype in (1, 2, 3, 4)]
        out += [("bgp4mp_as_numbers", data, at, width) for width in (2, 4)]
        out += [("bgp4mp_addresses", data, at), ("message_at", data, at)]
    return out


@pytest.mark.parametrize("vector", _MRT, ids=repr)
def test_both_say_the_same(both: list[Implementation], vector: Vector) -> None:
    with both[0].active() as package:
        try:
            bodies = [record.data for record in package.mrt.open(vector.data, on_skip=told).records()]
        except package.MrtError:
            return
    sizes = [(body, {*range(min(len(body), 40)), len(body) - 1, len(body)} - {-1}) for body in bodies]
    calls = [call for body, lengths in sizes for size in lengths for call in _calls(body[:size])]
    seen = []
    for loaded in both:
        with loaded.active() as package:
            seen.append([_said(package, *call) for call in calls])
    for call, *said in zip(calls, *seen, strict=True):
        assert all(one == said[0] for one in said), (call, said)


def test_forms(impl: Any) -> None:
    """Subtypes by IANA's names (RFC 6396 sections 4.3 and 4.4, RFC 8050 sections 3 and 4)."""
    grammar, names = impl._impl.load("mrt_grammar"), impl.mrt.names
    for subtype, name in enumerate(names.SUBTYPES[16]):
        form = 4 if "as4" in name else 2, "addpath" in name, name.startswith("state_change"), "local" in name
        assert grammar.BGP4MP_FORMS.get(subtype) == (None if name in ("entry", "snapshot") else form), name
    for subtype, name in enumerate(names.SUBTYPES[13]):
        family = 2 if "ipv6" in name else 1, 2 if "multicast" in name else 1
        form = *((0, 0) if "generic" in name else family), "addpath" in name
        assert grammar.RIB_FORMS.get(subtype) == (form if name.startswith("rib_") else None), name
    assert len(grammar.BGP4MP_FORMS) == len(grammar.RIB_FORMS) == 10


def test_the_field_at_fault(impl: Any) -> None:
    """What is not all there is reported where that field begins, with what it takes and what is left."""
    for call, offset, reason in (
        (("rib_head", bytes(3), 1), 0, "4 octets needed, 3 left"),
        (("rib_head", bytes(4), 1), 4, "1 octets needed, 0 left"),
        (("rib_head", bytes(4) + b"\x18\1", 1), 5, "3 octets needed, 1 left"),
        (("rib_head", bytes(4) + b"\x21", 1), 4, "prefix length 33"),
        (("generic_head", bytes(5)), 4, "2 octets needed, 1 left"),
        (("peer_table", bytes(5) + b"\3ab"), 6, "3 octets needed, 2 left"),
        (("peer_table", bytes(5) + b"\2ab\0"), 8, "2 octets needed, 1 left"),
        (("bgp4mp_as_numbers", bytes(6), 0, 4), 4, "4 octets needed, 2 left"),
        (("bgp4mp_addresses", b"\0\0\0\2" + bytes(20), 0), 20, "16 octets needed, 4 left"),
        (("message_at", bytes(18), 0), 0, "message of at least 19 octets, 18 there"),
        (("message_at", bytes(17) + b"\x12\2", 0), 16, "message of 18 octets, 19 there"),
        (("dump_entry", bytes(17), 0, 1), 16, "2 octets needed, 1 left"),
        (("dump_entry", bytes(17) + b"\5", 0, 1), 16, "attributes of 5 octets, 0 there"),
        (("dump_entry", b"\0\0\0\0\x21" + bytes(13), 0, 1), 4, "prefix length 33"),
    ):
        assert _said(impl, *call)[1][:2] == (reason, offset), call


def test_what_comes_before_a_fault(impl: Any) -> None:
    entry = b"\0\1\0\0\0\2\0\1x"
    count, entries, fault = impl._impl.load("mrt_grammar").rib_entries(b"\0\3" + entry + entry[:-1], 0, False)
    assert (count, entries, fault.offset, fault.reason) == (3, [(1, 2, None, 10, 11)], 19, "1 octets needed, 0 left")
    table = bytes(6) + b"\0\2" + b"\2" + bytes(8) + b"\0\1\0\0" + b"\1" + bytes(4)
    *_, peers, fault = impl._impl.load("mrt_grammar").peer_table(table)
    assert (peers, fault.offset) == ([(2, 65536, 8, 4, 21)], 26)


@pytest.mark.parametrize("at", [-1, 5])
@pytest.mark.parametrize(
    ("name", "more"),
    [("rib_entries", (True,)), ("dump_entry", (1,)), ("bgp4mp_as_numbers", (2,)), ("bgp4mp_addresses", ()),
     ("message_at", ())],
)  # fmt: skip
def test_places_outside(impl: Any, name: str, more: tuple[Any, ...], at: int) -> None:
    with pytest.raises(ValueError, match="no octet"):
        getattr(impl._impl.load("mrt_grammar"), name)(bytes(4), at, *more)


def test_what_has_no_form(impl: Any) -> None:
    grammar = impl._impl.load("mrt_grammar")
    for subtype in (0, 5):
        with pytest.raises(ValueError, match=f"TABLE_DUMP of subtype {subtype}"):
            grammar.dump_entry(bytes(60), 0, subtype)
    with pytest.raises(ValueError, match="AS numbers of 3 octets"):
        grammar.bgp4mp_as_numbers(bytes(8), 0, 3)
