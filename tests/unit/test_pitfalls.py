"""Every hard case of docs/pitfalls.md is held by vectors and tests that exist, or says why it does not apply."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, update
from support.places import ROOT
from support.vectors import VECTORS

DOCUMENT = ROOT / "docs" / "pitfalls.md"
COUNT = 95


@pytest.fixture(scope="module")
def entries() -> dict[int, str]:
    """Number and last cell of each entry."""
    if not DOCUMENT.is_file():
        pytest.skip("docs/pitfalls.md is not there")
    rows = re.findall(r"^\| (\d+) \| .+? \| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == COUNT
    return {int(number): cell for number, cell in rows}


def test_all_are_accounted_for(entries: dict[int, str]) -> None:
    assert list(entries) == list(range(1, COUNT + 1))


def test_what_is_named_exists(entries: dict[int, str]) -> None:
    vectors = {vector.name: vector for vector in VECTORS}
    for number, cell in entries.items():
        if cell.startswith("not applicable: "):
            assert len(cell) > 30, number
            continue
        links = re.findall(r"\[`([^`]+)`\]\(\.\./([^)]+)\)", cell)
        assert links, number
        for name, path in links:
            assert (ROOT / path).is_file(), path
            if path.endswith(".py"):
                assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), f"{path}: {name}"
            else:
                assert vectors[name].path == ROOT / path, name
                assert vectors[name].xfail is None, f"{number}: {name} does not work yet"


# --- what stands in no other file ------------------------------------------------------------------------------------

_REACH = attribute(0x80, 14, b"\0\2\1\x10" + bytes.fromhex("20010db8000000000000000000000001") + b"\0" + b"\x10\x20\1")


def test_next_hop_beside_mp_reach(impl: Any) -> None:
    """RFC 4760 section 3: NEXT_HOP is of the UPDATE's own NLRI; those of MP_REACH_NLRI have their own."""
    message = update(b"", ATTRIBUTES + _REACH, b"\x08\x0a")
    routes = list(impl.mrt.open(bgp4mp(message)).routes())
    assert [(str(route.prefix), str(route.next_hop)) for route in routes] == [
        ("10.0.0.0/8", "192.0.2.1"),
        ("2001::/16", "2001:db8::1"),
    ]
    assert impl.Message.decode(message).errors == []


def test_archived_message_with_a_wrong_marker(impl: Any) -> None:
    """RFC 4271 section 4.1: sixteen ones; on a session an error, in an archive what was sent."""
    message = b"\0" * 16 + update(b"", ATTRIBUTES, b"\x08\x0a")[16:]
    with pytest.raises(impl.MessageHeaderError) as caught:
        impl.Message.decode(message)
    assert (caught.value.code, caught.value.subcode) == (1, 1)
    (found,) = impl.mrt.open(bgp4mp(message)).messages()
    assert found.json()["marker"] == "00" * 16
    assert [str(route.prefix) for route in impl.mrt.open(bgp4mp(message)).routes()] == ["10.0.0.0/8"]


def test_every_attribute_knows_its_offset(impl: Any) -> None:
    """An attribute's octets stand where it says, in the message."""
    message = update(b"\x08\x0b", ATTRIBUTES + _REACH, b"\x08\x0a")
    found = impl.Message.decode(message)
    assert len(found.attributes) == 4
    for item in found.attributes:
        assert message[item.offset :].startswith(bytes(item))
