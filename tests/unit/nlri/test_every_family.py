"""What holds for every family holds for those that no enumeration has: RFC 8050's records, ``--add-path all``."""

from __future__ import annotations

import copy
import json
import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, next_hop, update

if TYPE_CHECKING:
    from pathlib import Path

OPAQUE = (16397, 241)
"""A registered decoder of a family whose AFI and SAFI are in no enumeration."""
ROUTE = bytes.fromhex("00000007 0003 6b6579 76616c7565")


def _update() -> bytes:
    head = OPAQUE[0].to_bytes(2) + bytes((OPAQUE[1],)) + next_hop(*OPAQUE) + b"\0"
    return update(b"", ATTRIBUTES[:7] + attribute(0x90, 14, head + ROUTE))


def test_record_with_path_identifiers(impl: Any) -> None:
    """RFC 8050 section 3: the subtype says that the NLRI have path identifiers, whatever their family."""
    data = bgp4mp(_update(), add_path=True)
    (route,) = impl.mrt.open(data).routes()
    assert (route.path_id, route.json()["nlri"]["name"]) == (7, "key")
    (record,) = impl.mrt.open(data).records()
    (nlri,) = impl.mrt.decode_record(record).message.attributes.mp_reach.nlri
    assert (nlri.path_id, nlri.name) == (7, "key")


def test_all_by_hand(impl: Any) -> None:
    every = import_module("bgpwire.every_family").ALL_FAMILIES
    (route,) = impl.mrt.open(bgp4mp(_update()), add_path=every).routes()
    assert route.path_id == 7
    (record,) = impl.mrt.open(bgp4mp(_update())).records()
    (nlri,) = impl.mrt.decode_record(record, add_path=every).message.attributes.mp_reach.nlri
    assert nlri.path_id == 7


def test_command(impl: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module("bgpwire.cli").main
    assert main(["decode", "--add-path", "ipv4-unicast", "--add-path", "all", _update().hex()]) == 0
    assert '"path_id":7' in capsys.readouterr().out
    file = tmp_path / "one.mrt"
    file.write_bytes(bgp4mp(_update()))
    assert main(["dump", "--format", "json", "--add-path", "all", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["path_id"] == 7


def test_set_of_every_family(impl: Any) -> None:
    module = import_module("bgpwire.every_family")
    every, one = module.ALL_FAMILIES, frozenset({(1, 1)})
    rest = every - one
    assert (1, 1) in every
    assert (9999, 9) in every
    assert (9999, 9) in rest
    assert (1, 1) not in rest
    assert one | every == every | one == every | every == rest | one == every
    assert one - every == frozenset() == every - every
    assert every - rest == one
    assert every & one == one & every == one
    assert every & rest == rest != every
    assert one <= every >= rest
    assert not every <= rest >= one
    assert rest & {(1, 1), (2, 1)} == {(2, 1)}
    assert (1, 1) in set(every)
    assert (1, 1) not in set(rest)
    assert every != frozenset(every)
    assert hash(rest) == hash(every - one)
    assert repr(rest) == "EveryFamily([(1, 1)])"
    assert repr(every) == "EveryFamily()"
    assert pickle.loads(pickle.dumps(rest)) == copy.copy(rest) == copy.deepcopy(rest) == rest
    session = impl.Session(add_path=every)
    assert session.add_path is every
    assert session == impl.Session(add_path=module.EveryFamily())
    assert session.reversed().add_path_send == every
    with pytest.raises(ValueError, match="triples"):
        impl.Session(extended_next_hop=every)
