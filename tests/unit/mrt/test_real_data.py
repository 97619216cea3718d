"""Archives of real collectors and daemons: every element, every octet, the same on both implementations.

Skipped where the data is not there; see the fixture ``data_dir``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.observe import observe_mrt

if TYPE_CHECKING:
    from pathlib import Path

    from support.implementations import Implementation

pytestmark = pytest.mark.real_data

UPDATES = ("ris-updates.20160811.1600.gz", "ris-updates.20070211.0141.gz")
TRUNCATED = "routeviews-rib.20140523.0600.truncated.bz2"
# What bgpdump counts; of the truncated file, every whole RIB entry before the cut.
ELEMENTS = {UPDATES[0]: 41_234, UPDATES[1]: 53_657, "ris-bview.20020722.2337.gz": 115_521, TRUNCATED: 270_005}
# File: routes, messages, records. openbgpd's table-mp is all BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1).
DAEMONS = {
    "bird-mrtdump_bgp.mrt": (24, 15, 27),
    "bird-mrtdump_rib.mrt": (18, 0, 14),
    "bird6-mrtdump_bgp.mrt": (24, 15, 27),
    "bird6-mrtdump_rib.mrt": (10, 0, 9),
    "bird6_bgp.mrt": (36, 17, 29),
    "bird_bgp.mrt": (36, 17, 29),
    "openbgpd_bgp.mrt": (115, 71, 87),
    "openbgpd_rib_table-mp.mrt": (31, 0, 31),
    "openbgpd_rib_table-v2.mrt": (33, 0, 24),
    "openbgpd_rib_table.mrt": (31, 0, 31),
    "quagga_bgp.mrt": (54, 47, 67),
    "quagga_rib.mrt": (9, 0, 7),
}
# BIRD wrote messages of an ADD-PATH session under subtypes that say there are no path identifiers (RFC 8050 section 3
# has others for that): read as they say, these have prefixes that cannot be. With ``add_path`` all is well.
MISLABELLED = {"bird6_bgp.mrt": 6, "bird_bgp.mrt": 6}


def _file(data_dir: Path, name: str) -> Path:
    path = data_dir / name
    if not path.exists():
        pytest.skip(f"no {path}")
    return path


@pytest.mark.parametrize("name", ELEMENTS)
def test_elements(both: list[Implementation], data_dir: Path, name: str) -> None:
    """As many as bgpdump counts, and the same on both: prefix, path, next hop and communities of each; of every
    two-hundredth route of a table its JSON and errors."""
    path = _file(data_dir, name)
    digests, forms = [], []
    for loaded in both:
        digest = hashlib.sha256()
        some: list[Any] = []
        with loaded.active() as package:
            file = package.mrt.open(path, on_skip=told)
            count = 0
            for route in file.routes():
                count += 1
                text = f"{route.type}{route.prefix}{route.as_path}{route.next_hop}{route.communities}{route.peer}"
                digest.update(text.encode())
                if count % 200 == 1 and name not in UPDATES:
                    some += [json.dumps(route.attributes.json()), [error.json() for error in route.errors]]
            skips = [tuple(skip) for skip in file.skips]
        assert count == ELEMENTS[name]
        if name == TRUNCATED:
            ((offset, length, reason),) = skips
            assert (offset, length) == (15_273_283, 1267)
            assert "bzip2 stream is truncated" in reason
        else:
            assert skips == []
        digests.append(digest.hexdigest())
        forms.append(some)
    assert len(set(digests)) == 1
    assert len(forms[0]) > 500 or name in UPDATES
    assert all(some == forms[0] for some in forms)


@pytest.mark.parametrize("name", UPDATES)
def test_octets_of_every_message(impl: Any, data_dir: Path, name: str) -> None:
    """``bytes(decode(x)) == x``: of the record, of the message, of its sections, attributes, values and NLRI."""
    count = 0
    for found in impl.mrt.open(_file(data_dir, name)).messages():
        message = found.message
        count += 1
        octets = bytes(message)
        assert found.octets == octets
        if message.name != "update":
            continue
        assert b"".join(bytes(one) for one in message.withdrawn) == bytes(message.withdrawn)
        assert b"".join(bytes(one) for one in message.nlri) == bytes(message.nlri)
        attributes = message.attributes
        assert b"".join(bytes(one) for one in attributes) == bytes(attributes)
        for attribute in attributes:
            value = attribute.value
            if hasattr(type(value), "__bytes__"):
                assert bytes(value) == attribute.data
        for reach in (attributes.mp_reach, attributes.mp_unreach):
            if reach is not None:
                assert b"".join(bytes(one) for one in reach.nlri) == bytes(reach.nlri)
    assert count > 10_000


def test_octets_of_every_record(impl: Any, data_dir: Path) -> None:
    import gzip

    path = _file(data_dir, "ris-bview.20020722.2337.gz")
    digest = hashlib.sha256()
    for record in impl.mrt.open(path, on_skip=told).records():
        digest.update(bytes(record))
    assert digest.digest() == hashlib.sha256(gzip.decompress(path.read_bytes())).digest()


@pytest.mark.parametrize("name", UPDATES)
def test_equal_json(both: list[Implementation], data_dir: Path, name: str) -> None:
    """Of every seventh message."""
    seen = []
    for loaded in both:
        with loaded.active() as package:
            found = enumerate(package.mrt.open(_file(data_dir, name), on_skip=told).messages())
            seen.append([json.dumps(message.json()) for index, message in found if index % 7 == 0])
    assert len(seen[0]) > 500
    assert all(out == seen[0] for out in seen)


@pytest.mark.parametrize("name", DAEMONS)
def test_daemons(both: list[Implementation], data_dir: Path, name: str) -> None:
    """BIRD, OpenBGPD and Quagga: all is read, nothing is skipped, equally."""
    data = _file(data_dir, f"daemons/{name}").read_bytes()
    seen = []
    for loaded in both:
        with loaded.active() as package:
            observed = observe_mrt(package, data)
            seen.append(observed)
            routes, skips, messages, more, records, skipped = observed
            assert (len(routes), len(messages), len(records)) == DAEMONS[name]
            assert len(skips) == skipped == MISLABELLED.get(name, 0)
            assert more == []
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("name", MISLABELLED)
def test_add_path_on_request(impl: Any, data_dir: Path, name: str) -> None:
    file = impl.mrt.open(_file(data_dir, f"daemons/{name}"), add_path=[(1, 1), (2, 1)])
    routes = list(file.routes())
    assert file.skips == []
    assert len(routes) == 26
    assert {route.path_id for route in routes if route.type == "A"} > {None, 1} or all(
        route.path_id is not None for route in routes if route.type in ("A", "W")
    )


def test_kinds_of_route(impl: Any, data_dir: Path) -> None:
    kinds = Counter(route.type for route in impl.mrt.open(_file(data_dir, "daemons/openbgpd_bgp.mrt")).routes())
    assert kinds["S"] == 87 - 71
    assert kinds["A"] + kinds["W"] == 115 - 16


def test_cut_at_any_place(impl: Any, data_dir: Path) -> None:
    """A real file cut anywhere: what came before is delivered, one report at most tells of the rest."""
    data = _file(data_dir, "daemons/openbgpd_bgp.mrt").read_bytes()
    whole = [repr(route) for route in impl.mrt.open(data).routes()]
    for size in range(0, len(data), 37):
        file = impl.mrt.open(data[:size], on_skip=told)
        routes = [repr(route) for route in file.routes()]
        assert routes == whole[: len(routes)]
        assert file.skipped <= 1
        assert all(skip.offset + skip.length <= size for skip in file.skips)
