"""The rows of all pieces, one behind the other, are those of one reading, wherever an archive is cut."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import struct
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import archives, odd_archives
from support import made_mrt as made
from support.cut_archives import MADE, dump, peer_table, record, rib
from support.places import REAL, SAMPLES
from support.spread import cut, decompressed, equal, in_pieces, one_reading, zstd_frames

if TYPE_CHECKING:
    from pathlib import Path

    from support.implementations import Implementation

FIELDS = ("file", "offset", "timestamp", "type", "peer_address", "peer_asn", "prefix", "as_path", "originated")
FEW = ("offset", "prefix", "peer_asn")


SIZES = (1, 37, 150, 1000, 1 << 20)


@pytest.mark.parametrize("name", MADE)
def test_made_archives(impl: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE[name])
    counts = [equal(impl, path, size) for size in SIZES]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(("BGP4MP", 24), ("RIB", 13), ("TABLE_DUMP", 9), ("junk", 16), ("cut short", 31), ("no MRT", 1)),
        *(("a record that is not registered", 8), ("a subtype that no type has", 8)),
    ],
)
def test_each_record_of_a_straight_archive_can_be_a_piece(impl: Any, tmp_path: Path, name: str, count: int) -> None:
    """Counted by hand: eight records in ``made.archive()``; nothing is cut behind a tear."""
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE[name])
    assert len(cut(path, 1)) == count


def test_a_record_that_is_too_long(impl: Any, tmp_path: Path) -> None:
    """More than 16 MiB are taken for a tear, wherever they lead."""
    path = tmp_path / "made.mrt"
    for length, count in ((1 << 24, 17), ((1 << 24) + 1, 8)):
        path.write_bytes(made.archive() + record(16, 4, bytes(length)) + made.archive())
        assert len(cut(path, 30)) == count


def test_odd_archives(impl: Any, tmp_path: Path) -> None:
    for number, data in enumerate(odd_archives.ODD.values()):
        path = tmp_path / f"{number}.mrt"
        path.write_bytes(data + made.archive())
        equal(impl, path, 1)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.name)
def test_samples(impl: Any, path: Path) -> None:
    for size in (1, 1000, path.stat().st_size // 2 + 1):
        equal(impl, path, size, FIELDS)


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_real_archives(impl: Any, data_dir: Path, tmp_path: Path, name: str) -> None:
    """Decompressed; what pure Python reads of it is less."""
    data = decompressed(impl, data_dir / name)
    path = tmp_path / "real.mrt"
    path.write_bytes(data if impl.IMPLEMENTATION == "cython" else data[:700_000])
    found = [equal(impl, path, size, FEW) for size in (50_000, path.stat().st_size // 3 + 1)]
    assert found[0] > 5 or len(data) < 300_000 or name.startswith("legacy")


@pytest.mark.real_data
def test_real_archives_as_they_are(impl: Any, data_dir: Path) -> None:
    """One piece a file of gzip and bzip2, torn or not."""
    for name in ("ris-updates.20160811.1600.gz", "routeviews-rib.20140523.0600.truncated.bz2"):
        assert [piece.whole for piece in cut(data_dir / name, 1000)] == [True]
    if impl.IMPLEMENTATION == "cython":
        assert equal(impl, data_dir / "routeviews-rib6.20151101.0600.truncated.bz2", 1000, FEW) == 1


PACKED = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("name", PACKED)
def test_one_piece(impl: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / "packed"
    path.write_bytes(PACKED[name](MADE["all of them"] * 20))
    assert equal(impl, path, 1, FIELDS) == 1


@pytest.mark.parametrize("size", [3, 300, 5000, 1 << 20])
@pytest.mark.parametrize("name", ["all of them", "several peer tables", "junk", "cut short"])
def test_frames_of_zstd(impl: Any, tmp_path: Path, name: str, size: int) -> None:
    """Frames end anywhere in records; each begins a piece, if a record begins in it and nothing is torn before."""
    data = MADE[name] * (1 if size == 3 else 7)
    path = tmp_path / "frames.mrt.zst"
    path.write_bytes(zstd_frames(data, size))
    found = equal(impl, path, 1, FIELDS)
    assert found > 1 if size <= 300 else found == 1 or size < len(data)
    assert equal(impl, path, 200, FIELDS) <= found


def test_a_record_in_several_frames(impl: Any, tmp_path: Path) -> None:
    """Of the frame that it ends in more than a step of decompression is left out."""
    path = tmp_path / "frames.mrt.zst"
    long = record(11, 0, random.Random(1).randbytes(150_000))
    path.write_bytes(zstd_frames(made.archive() + long + made.archive() + long + made.archive(), 40_000))
    assert equal(impl, path, 1, FIELDS) == 3


def test_frames_that_cannot_be_read(impl: Any, tmp_path: Path) -> None:
    """A damaged frame, one that is cut short, octets behind the last one, a skippable frame: one piece."""
    good = zstd_frames(MADE["all of them"], 200)
    bent = bytearray(good)
    bent[len(good) // 2] ^= 0xFF
    for data in (bytes(bent), good[:-3], good + b"more", good + struct.pack("<II", 0x184D2A50, 4) + b"skip"):
        path = tmp_path / "bent.mrt.zst"
        path.write_bytes(data)
        assert equal(impl, path, 1, FIELDS) == 1


@pytest.mark.parametrize("magic", [b"BZh9", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd"])
def test_a_piece_that_begins_like_a_compressed_file(impl: Any, tmp_path: Path, magic: bytes) -> None:
    """As the time of a record: 2005-04-11 12:06:17 UTC begins like bzip2."""
    path = tmp_path / "made.mrt"
    path.write_bytes(made.archive() + made.at(int.from_bytes(magic), made.archive()) + made.archive())
    assert equal(impl, path, 1, FIELDS) == 24


def test_batches_filters_and_types(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE["all of them"] * 5)
    pieces = cut(path, 500)
    assert len(pieces) > 3
    for how in ({"filter": impl.Filter(type="R")}, {"batch_size": 1}, {"add_path": [(1, 1)]}):
        assert in_pieces(impl, pieces, FIELDS, **how) == one_reading(impl, path, FIELDS, **how)


def test_warnings_and_strict(impl: Any, tmp_path: Path) -> None:
    """The piece that a tear stands in tells of it, the others of nothing."""
    read = import_module("bgpwire.spread").read
    path = tmp_path / "made.mrt"
    path.write_bytes(MADE["junk"])
    *first, last = cut(path, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for piece in first:
            list(read(piece, FIELDS, strict=True))
    with pytest.warns(impl.MrtWarning, match="no record header"):
        list(read(last, FIELDS))
    with pytest.raises(impl.MrtError, match="no record header"):
        list(read(last, FIELDS, strict=True))


def test_strict_gives_nothing_of_a_faulty_record(impl: Any, tmp_path: Path) -> None:
    """Neither does a piece: its rows before the error are those of one reading."""
    entry = rib(0, 1)[-8 - len(made.IGP + made.PATH + made.HOP) :]
    faulty = record(13, 2, struct.pack(">I", 1) + made.TEN + b"\0\2" + entry)
    path = tmp_path / "made.mrt"
    path.write_bytes(archives.table_of_peers() + rib(0) + faulty + rib(0))
    read = import_module("bgpwire.spread").read

    def until_the_error(readings: list[Any]) -> list[Any]:
        rows: list[Any] = []
        try:
            for columns in readings:
                for batch in columns:
                    rows.append(batch.to_pydict())  # noqa: PERF401  an error would take a list with it
        except impl.DecodeError as error:
            rows.append(str(error))
        return rows

    found = until_the_error([impl.columns.read(path, FEW, batch_size=1, strict=True)])
    assert [type(row) for row in found] == [dict] * 4 + [str]
    for size in (100, 170, 250, 330):
        pieces = cut(path, size)
        assert len(pieces) > 1
        assert until_the_error([read(piece, FEW, batch_size=1, strict=True) for piece in pieces]) == found


def test_bent_archives(both: list[Implementation], tmp_path: Path) -> None:
    path = tmp_path / "bent.mrt"

    def check(package: Any, octets: bytes, _: int) -> None:
        path.write_bytes(octets)
        equal(package, path, 150, FIELDS)

    archives.bend(both, MADE["several peer tables"] + made.archive() * 2 + b"".join(map(dump, range(4))), check)


def test_any_archives(both: list[Implementation], tmp_path: Path) -> None:
    path = tmp_path / "any.mrt"

    def check(package: Any, octets: bytes, size: int) -> None:
        path.write_bytes(octets)
        equal(package, path, size, FIELDS)

    archives.mix(both, archives.QUIRKS, (1, 100, 400), check)


def test_pieces_are_read_without_objects(impl: Any, tmp_path: Path) -> None:
    """The kernels that make no object of a route hear of the peers that stand before a piece: but for the last record
    of the file no value is read of an object."""
    if impl.IMPLEMENTATION != "cython":
        pytest.skip("a compiled kernel")
    path = tmp_path / "made.mrt"
    path.write_bytes(peer_table(1, 2) + rib(1, 200))
    read = import_module("bgpwire.spread").read
    calls: list[str] = []

    def called(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.endswith("schema.py"):
            calls.append(frame.f_code.co_name)

    pieces = cut(path, 2000)
    for piece in pieces:
        batches = iter(read(piece, ["prefix", "origin"]))
        sys.setprofile(called)
        try:
            (batch,) = batches
        finally:
            sys.setprofile(None)
        assert len(batch) > 10
    assert len(pieces) > 3
    assert calls.count("_origin") == 1
