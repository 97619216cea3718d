"""Routes and peers as Python objects: their types, what ``__new__`` gives, pickles."""

from __future__ import annotations

import copy
import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.made_mrt import HOP, IGP, PATH, TEN, bgp4mp, update
from support.places import ROOT

TYPES = {
    "as_path": "AsPath | None",
    "communities": "Communities | None",
    "extended_communities": "ExtendedCommunities | None",
    "large_communities": "LargeCommunities | None",
    "aggregator": "Aggregator | None",
    "origin": "Origin | None",
    "next_hop": "Address | None",
    "peer_address": "Address | None",
    "nlri": "Prefix | LabelledPrefix | VpnPrefix | Nlri | None",
    "prefix": "Prefix | None",
    "update": "Update | None",
}


def touch(value: Any) -> None:
    """Everything that an object offers without arguments."""
    for name in dir(value):
        if name.startswith("__") and name not in ("__repr__", "__str__", "__hash__", "__bytes__"):
            continue
        try:
            part = getattr(value, name)
            if name.startswith("__"):
                part()
        except Exception:
            continue


def test_a_route_is_not_made_by_hand(impl: Any) -> None:
    with pytest.raises(TypeError, match="routes"):
        impl.Route()
    with pytest.raises(TypeError):
        impl.Peer()


@pytest.mark.parametrize("name", ["Route", "Peer", "Event", "RouteDecoder", "TableDecoder", "Record", "RecordWalker"])
def test_instances_made_by_new_can_be_touched(impl: Any, name: str) -> None:
    cls = getattr(impl if hasattr(impl, name) else impl.mrt.kernels, name)
    bare = cls.__new__(cls)
    touch(bare)
    if name == "Route":
        for part in ("peer_address", "peer_asn"):
            with pytest.raises(AttributeError):
                getattr(bare, part)
    for kind in (5, 9, 12, 13, 16, 17, 64):
        for subtype in range(13):
            record = impl.Record(0, kind, subtype, bytes(range(1, 90)))
            for method in ("routes", "session"):
                if hasattr(bare, method):
                    try:
                        getattr(bare, method)(record)
                    except Exception:
                        continue


def test_peers_pickle(impl: Any) -> None:
    (route,) = impl.mrt.open(bgp4mp(update(IGP + PATH + HOP, TEN))).routes()
    nobody = impl.Peer(None, 64500)
    for peer in (route.peer, nobody):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(peer, protocol)) == peer
        assert copy.copy(peer) == copy.deepcopy(peer) == peer
    assert nobody.address is None


needs_mypy = pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="no mypy: pip install mypy")


@needs_mypy
def test_types(tmp_path: Path) -> None:
    """What mypy says of the names of a route, as a user's program sees them."""
    lines = ["from bgpwire import mrt", "for route in mrt.open('x').routes():"]
    lines += [f"    reveal_type(route.{name})" for name in TYPES]
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line.partition('"')[2].rpartition('"')[0] for line in done.stdout.splitlines() if "Revealed type" in line]
    short = [" | ".join(part.rpartition(".")[2] for part in one.split(" | ")) for one in told]
    assert dict(zip(TYPES, short, strict=True)) == TYPES, done.stdout
