"""``.routes()`` and ``decode_record`` are two readers of the same octets: what one finds, the other finds too."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from support.context import told
from support.each import of_vectors
from support.places import SAMPLES
from support.vectors import VECTORS, Vector

_MRT = [vector for vector in VECTORS if vector.kind == "mrt"]
MOST = 1500
"""Records of a file looked at."""
FILES = (
    "ris-updates.20160811.1600.gz",
    "ris-updates.20070211.0141.gz",
    "ris-bview.20020722.2337.gz",
    "routeviews-rib.20140523.0600.truncated.bz2",
    "routeviews-rib6.20151101.0600.truncated.bz2",
    "legacy/rrc00-updates.20000102.2014.gz",
    "legacy/rrc00-updates.20000325.0345.torn.gz",
    "legacy/rrc01-updates.20001104.0124.gz",
)
DAEMONS = ("bird-mrtdump_bgp", "bird-mrtdump_rib", "bird6-mrtdump_bgp", "bird6-mrtdump_rib", "bird6_bgp", "bird_bgp",
           "openbgpd_bgp", "openbgpd_rib_table-mp", "openbgpd_rib_table-v2", "openbgpd_rib_table", "quagga_bgp",
           "quagga_rib")  # fmt: skip


def _of_update(update: Any) -> list[tuple[Any, ...]]:
    reach, unreach = update.attributes.mp_reach, update.attributes.mp_unreach
    lists = (
        ("W", update.withdrawn.values),
        ("W", () if unreach is None else unreach.nlri.values),
        ("A", update.nlri.values),
        ("A", () if reach is None else reach.nlri.values),
    )
    return [(kind, nlri, bytes(update.attributes)) for kind, part in lists for nlri in part]


def of_body(body: Any, table: list[Any]) -> list[tuple[Any, ...]]:
    """What the routes of a decoded record must be: the peer, and for each of them what is told of it."""
    if body.name == "rib":
        out = []
        for entry in body.entries:
            if entry.peer_index >= len(table):
                break
            peer = table[entry.peer_index]
            nlri = bytes(body.nlri)
            out.append((peer.asn, peer.address, "R", nlri, entry.path_id, entry.originated, bytes(entry.attributes)))
        return out
    if body.name in ("table_dump", "table_dump_batch"):
        return [
            (e.peer_asn, e.peer_address, "R", bytes(e.prefix), None, e.originated, bytes(e.attributes))
            for e in getattr(body, "entries", (body,))
        ]
    if body.name == "entry":
        told = bytes(body.prefix), None, body.time_last_change, bytes(body.attributes)
        return [(body.peer_asn, body.peer_address, "R", *told)]
    if body.name == "state_change":
        return [(body.peer_asn, body.peer_address, "S", (body.old_state, body.new_state))]
    if body.name == "message" and body.message.name == "update":
        return [(body.peer_asn, body.peer_address, *told) for told in _of_update(body.message)]
    return []


def of_route(route: Any) -> tuple[Any, ...]:
    head = route.peer_asn, route.peer_address, route.type
    if route.type == "S":
        return *head, route.states
    if route.type == "R":
        nlri = route.nlri
        if route.event.mrt_type == 13 and route.path_id is not None:
            # RFC 8050 section 4 has the path identifier beside the NLRI, not in it.
            nlri = bytes(nlri)[4:]
        return *head, bytes(nlri), route.path_id, route.originated, bytes(route.attributes)
    return *head, route.nlri, bytes(route.attributes)


def compare(package: Any, source: Any, most: int = MOST) -> int:
    """Hold the two against each other, record by record; gives how many routes there were."""
    decoder = package.mrt.kernels.RouteDecoder()
    table: list[Any] = []
    total = 0
    with package.mrt.open(source, on_skip=told) as file:
        records = list(islice(file.records(), most))
    for record in records:
        fault = None
        try:
            routes = decoder.routes(record)
        except package.DecodeError as error:
            routes, fault = getattr(error, "routes", []), error
        try:
            body = package.mrt.decode_record(record)
        except package.DecodeError:
            assert fault is not None or not routes, record
            continue
        if body.name == "peer_index_table":
            table = list(body.peers)
        assert [of_route(route) for route in routes] == of_body(body, table), (record, fault)
        total += len(routes)
    return total


@of_vectors(_MRT)
def test_vectors(impl: Any, vector: Vector) -> None:
    compare(impl, vector.data)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    compare(impl, path)


@pytest.mark.real_data
@pytest.mark.parametrize("name", FILES)
def test_archives(impl: Any, data_dir: Path, name: str) -> None:
    path = data_dir / name
    if not path.exists():
        pytest.skip(f"no {path}")
    assert compare(impl, path) > 800


@pytest.mark.real_data
@pytest.mark.parametrize("name", DAEMONS)
def test_daemons(impl: Any, data_dir: Path, name: str) -> None:
    path = data_dir / "daemons" / f"{name}.mrt"
    if not path.exists():
        pytest.skip(f"no {path}")
    assert compare(impl, path) > 8
