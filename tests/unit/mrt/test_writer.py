"""Archives written again: what is read of them, octet for octet, as records, as events and of their values."""

from __future__ import annotations

import bz2
import gzip
import io
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from support.archives import ARCHIVES, bend
from support.context import told
from support.each import of_vectors
from support.rewrite import rewrite
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from support.implementations import Implementation

# What no value says, and so is copied: FRR's change of state without an address; RIB entries in which GoBGP names a
# peer that its table has not; an OPEN that cannot be read, which BIRD was sent.
COPIED = {
    "confederation.mrt": {"peer_address: a BGP4MP record needs one, and AS0 has none": 1},
    "open-overflow.mrt": {"optional parameters of 119 octets, 375 there at offset 44 (2/0, session_reset)": 1},
    "rib-generic.mrt": {"peer 2 of a table of 2": 2},
}
# RFC 6396 appendix B.2.6 has BGP4MP_ENTRY among what is not to be written any more; TABLE_DUMP is its section 4.2.
DAEMONS = {
    "openbgpd_rib_table-mp.mrt": {"type 16: entry": 31},
    "openbgpd_rib_table.mrt": {"type 12: table_dump": 31},
}
# Zebra's records without addresses of 2000; messages without headers, of BGP4MP's predecessors.
LEGACY = {
    "rrc00-updates.20000102.2014.gz": {"type 5: message": 3941, "type 5: state_change": 16},
    "rrc01-updates.20001104.0124.gz": {"peer_address: a BGP4MP record needs one, and AS0 has none": 63},
}
# Records, and octets behind the last whole one: of the tables the stream is cut off in the middle of a record.
WHOLE = {
    "ris-updates.20160811.1600.gz": (17_406, 0),
    "ris-updates.20070211.0141.gz": (23_394, 0),
    "routeviews-rib.20140523.0600.truncated.bz2": (9_073, 1267),
    "routeviews-rib6.20151101.0600.truncated.bz2": (6_871, 1829),
}


def copied(package: Any, records: Iterable[Any]) -> bytes:
    with package.mrt.Writer(file := io.BytesIO()) as out:
        for record in records:
            out.record(record)
    return file.getvalue()


def check_values(package: Any, data: bytes, torn: int = 0, numbered: bool = False) -> tuple[int, dict[str, int]]:
    """How many records there are, and how many were copied for which reasons; but for ``torn`` octets at the end all is
    there again."""
    kept: Counter[str] = Counter()
    count = 0
    with package.mrt.Writer(file := io.BytesIO()) as out:
        for record in package.mrt.open(data, on_skip=told).records():
            count += 1
            reason = rewrite(package, out, record, numbered)
            if reason is not None:
                kept[reason] += 1
    assert file.getvalue() == data[: len(data) - torn]
    return count, dict(kept)


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    data = path.read_bytes()
    assert copied(impl, impl.mrt.open(data).records()) == data
    assert check_values(impl, data)[1] == COPIED.get(path.name, {})


@of_vectors([vector for vector in VECTORS if vector.kind == "mrt"])
def test_records_of_any_type(impl: Any, vector: Vector) -> None:
    """Also those that are malformed inside: what is read of a copy is what was read."""
    records = list(impl.mrt.open(vector.data, on_skip=told).records())
    again = copied(impl, records)
    assert list(impl.mrt.open(again, on_skip=told).records() if records else ()) == records
    if sum(len(record.data) + 12 for record in records) == len(vector.data):
        check_values(impl, again, numbered=True)


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_events(impl: Any, path: Path) -> None:
    """Events are their records, whatever else the file has; so are those of routes of a table."""
    data = path.read_bytes()
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        written = None
        for route in impl.mrt.open(data, on_skip=told).routes():
            if route.event is not written:
                out.event(route.event)
                written = route.event
    records = {record.offset: bytes(record) for record in impl.mrt.open(data).records()}
    offsets = dict.fromkeys(route.event.offset for route in impl.mrt.open(data, on_skip=told).routes())
    assert file.getvalue() == b"".join(records[offset] for offset in offsets)


@pytest.mark.parametrize("name", ["demo.mrt", "rib-generic.mrt"])
def test_bent_archives(both: list[Implementation], name: str) -> None:
    """Whatever stands in a record, it is copied, and nothing but a ValueError comes of its values."""
    data = next(path for path in ARCHIVES if path.name == name).read_bytes()

    def check(package: Any, octets: bytes, number: int) -> None:
        records = list(package.mrt.open(octets, on_skip=told).records())
        assert copied(package, records) == b"".join(map(bytes, records))
        with package.mrt.Writer(io.BytesIO()) as out:
            for record in records:
                rewrite(package, out, record)

    bend(both, data, check)


@pytest.mark.real_data
def test_real_daemons(impl: Any, data_dir: Path) -> None:
    found = {}
    for path in sorted((data_dir / "daemons").glob("*.mrt")):
        _, kept = check_values(impl, path.read_bytes())
        if kept:
            found[path.name] = kept
    assert found == DAEMONS


@pytest.mark.real_data
def test_legacy_archives(impl: Any, data_dir: Path) -> None:
    for name, kept in LEGACY.items():
        data = gzip.decompress((data_dir / "legacy" / name).read_bytes())
        assert check_values(impl, data)[1] == kept
    # What stands between records is none: 24 octets in two places.
    data = gzip.decompress((data_dir / "legacy" / "rrc00-updates.20000325.0345.torn.gz").read_bytes())
    file = impl.mrt.open(data, on_skip=told)
    again = copied(impl, file.records())
    (first, second) = file.skips
    assert (first.length, second.length) == (10, 14)
    holes = data[: first.offset], data[first.offset + 10 : second.offset], data[second.offset + 14 :]
    assert again == b"".join(holes)


@pytest.mark.real_data
@pytest.mark.parametrize("name", WHOLE)
def test_whole_archives_on_the_first_implementation_for_the_seconds_they_take(
    both: list[Implementation], data_dir: Path, name: str
) -> None:
    packed = (data_dir / name).read_bytes()
    data = gzip.decompress(packed) if name.endswith(".gz") else bz2.BZ2Decompressor().decompress(packed)
    records, torn = WHOLE[name]
    with both[0].active() as package:
        assert check_values(package, data, torn) == (records, {})


@pytest.mark.real_data
def test_a_table_dump(impl: Any, data_dir: Path) -> None:
    data = gzip.decompress((data_dir / "ris-bview.20020722.2337.gz").read_bytes())
    assert copied(impl, impl.mrt.open(data).records()) == data


@pytest.mark.skipif(shutil.which("bgpdump") is None, reason="bgpdump is not installed")
@pytest.mark.parametrize("name", ["demo.mrt", "demo-rib.mrt", "add-path-bird-rib.mrt", "two-octet-as.mrt"])
def test_bgpdump_reads_what_is_written(both: list[Implementation], tmp_path: Path, name: str) -> None:
    """Files made of values, compressed: bgpdump's lines are those of bgpwire."""
    path = tmp_path / f"{name}.gz"
    data = next(archive for archive in ARCHIVES if archive.name == name).read_bytes()
    with both[0].active() as package:
        with package.mrt.Writer(path) as out:
            for record in package.mrt.open(data).records():
                assert rewrite(package, out, record) is None
        lines = b"".join(package.mrt.open(path).text("bgpdump"))
    told_by_bgpdump = subprocess.run(["bgpdump", "-m", path], capture_output=True, check=True).stdout
    assert lines == told_by_bgpdump
    assert lines.count(b"\n") > 3
