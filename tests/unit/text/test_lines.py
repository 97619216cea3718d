"""Lines in large pieces say what the formatters say of each route, byte for byte, whatever is in the archive."""

from __future__ import annotations

import json
import os
import struct
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import made_mrt as made
from support.archives import ARCHIVES, QUIRKS, bend, head, mix, of_vectors, table_of_peers
from support.as4 import octets, record, records
from support.context import told
from support.mutation import examples
from support.odd_archives import ODD
from support.places import REAL

if TYPE_CHECKING:
    from pathlib import Path

    from support.as4 import Segments
    from support.implementations import Implementation

FORMATS = ("bgpdump", "psv", "json")


def compare(package: Any, data: bytes, size: int = 1 << 18, formats: tuple[str, ...] = FORMATS, **options: Any) -> int:
    """Each format against its formatter; also what was stepped over. How many lines there are."""
    kernel = import_module("bgpwire.text.kernels").iter_lines
    count = 0
    for format, (formatter, _) in import_module("bgpwire.text.lines").FORMATS.items():
        if format not in formats:
            continue
        file = package.mrt.open(data, on_skip=told, **options)
        line, failed = formatter(), False
        expected = []
        try:
            expected += map(line, file.routes())
        except package.MrtError:  # no record at all
            failed = True
        skips = file.skips
        pieces = []
        try:
            pieces += file._through(kernel, format, formatter(), size)
        except package.MrtError:
            assert failed
        assert b"".join(pieces).decode().split("\n") == "".join(expected).split("\n"), format
        assert all(piece.endswith(b"\n") for piece in pieces)
        assert all(len(piece) >= size for piece in pieces[:-1])
        assert file.skips == skips
        count = max(count, len(expected))
    return count


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    data = path.read_bytes()
    assert compare(impl, data) == compare(impl, data, 1) == compare(impl, data, 700)


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    assert compare(impl, head(impl, data_dir / name)) > 10


@pytest.mark.parametrize("kind", [16, 17])
@pytest.mark.parametrize("subtype", [1, 4, 6, 7, 9, 11])
def test_vectors(impl: Any, kind: int, subtype: int) -> None:
    """Every vector that a message can be made of, in one archive, IPv4 and IPv6 peers by turns."""
    assert compare(impl, of_vectors(impl, subtype, kind), 5000) > 1000


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_both_say_the_same_of_bent_archives(both: list[Implementation], path: Path) -> None:
    """Octets set at random: the lines are those of the routes, on each implementation."""
    bend(both, path.read_bytes(), lambda package, data, number: compare(package, data, 1 + 100 * number))


def test_any_attributes(both: list[Implementation]) -> None:
    """What formats have quirks for, in all mixtures."""
    mix(both, QUIRKS, (1, 300, 1 << 18), compare)


def test_as4_path(both: list[Implementation]) -> None:
    """Any two paths of a session of 2 octets, merged by RFC 6793 section 4.2.3, and by bgpdump as it does."""

    @given(st.lists(records(), min_size=1, max_size=3).map(b"".join))
    @settings(max_examples=examples(400))
    def same(data: bytes) -> None:
        for loaded in both:
            with loaded.active() as package:
                compare(package, data)

    same()


@pytest.mark.parametrize(
    ("path", "path4", "expected"),
    [
        ([(2, [64500, 23456, 23456])], [(2, [70000, 70001])], "64500 70000 70001"),
        ([(2, [64500, 23456])], [(2, [70000, 70001, 70002])], "64500 23456"),
        ([(2, [64500, 23456, 64501, 64502])], [(2, [70000]), (1, [64501, 64502])], "64500 23456 70000 {64501,64502}"),
    ],
    ids=["leading hops are kept", "a longer AS4_PATH is ignored", "a set in AS4_PATH"],
)
def test_merged_paths(impl: Any, path: Segments, path4: Segments, expected: str) -> None:
    """RFC 6793 section 4.2.3; here bgpdump merges alike."""
    data = record(octets(path, 2), octets(path4, 4))
    assert compare(impl, data) == 2
    for format, field in (("bgpdump", 6), ("psv", 5)):
        (text,) = impl.mrt.open(data).text(format, header=False)
        assert [line.split("|")[field] for line in text.decode().splitlines()] == [expected] * 2
    (text,) = impl.mrt.open(data).text("json")
    assert [json.loads(line)["as_path"] for line in text.splitlines()] == [expected] * 2


def test_add_path_that_no_record_says(impl: Any) -> None:
    """Collectors that wrote path identifiers under subtypes without them."""
    update = made.update(made.IGP + made.PATH + made.HOP, b"\0\0\0\7" + made.TEN)
    assert compare(impl, made.bgp4mp(update) * 3, add_path=[(1, 1)]) == 3


def test_a_record_that_goes_on_in_the_next_piece(impl: Any) -> None:
    """One UPDATE of more prefixes than a piece has room for, in each of its four parts."""
    nlri = b"".join(made.prefix(f"10.{index}.0.0/16") for index in range(10))
    withdrawn = b"".join(made.prefix(f"172.{index}.0.0/16") for index in range(10))
    six = b"".join(b"\x20\x20\1\x0d" + bytes((index,)) for index in range(10))
    unreach = made.attribute(15, b"\0\2\1" + six, 0x80)
    attributes = made.IGP + made.PATH + made.HOP + made.reach(2, made.HOP6, six) + unreach
    data = made.bgp4mp(made.update(attributes, nlri, withdrawn)) * 3
    for size in (1, 50, 130, 700, 1500, 4000):
        assert compare(impl, data, size) == 120


def test_a_fault_behind_lines_that_are_there(impl: Any) -> None:
    """The routes of a record before what cannot be read have a line once, be the piece full in between or not."""
    good = made.update(made.IGP + made.PATH + made.HOP, made.TEN)
    reach = made.reach(2, made.HOP6, made.SIX + b"\x81")  # a prefix of 129 bits
    bad = made.update(made.IGP + made.PATH + made.HOP + reach, made.TEN * 5, made.TEN * 3)
    data = made.bgp4mp(good) + made.bgp4mp(bad) + made.bgp4mp(good) * 2
    for size in (1, 60, 200, 400, 1000):
        assert compare(impl, data, size) == 12


def test_long_attributes(impl: Any) -> None:
    """Paths and communities longer than a buffer of bgpdump, in pieces that are far smaller."""
    path = made.attribute(2, b"".join(b"\2\xff" + b"\xff\xff\xff\xf0" * 255 for _ in range(10)), 0x40)
    tags = made.attribute(8, b"\xff\xff\xff\xf0" * 5000)
    large = made.attribute(32, b"\xff" * 12 * 500)
    for block in (path, tags, path + tags + large):
        update = made.update(made.IGP + made.HOP + block, made.TEN * 20)
        assert compare(impl, made.bgp4mp(update) * 2, 1000) == 40


@pytest.mark.parametrize("size", [1, 3])
def test_what_is_remembered_is_forgotten(impl: Any, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Lines are the same however little of the attributes is remembered."""
    shared = import_module("bgpwire.text.shared")
    for name in ("_BLOCKS", "_VALUES", "_LONGEST", "_LONGEST_VALUE"):
        monkeypatch.setattr(shared, name, size)
    for path in ARCHIVES:
        compare(impl, path.read_bytes())


def test_the_same_attributes_in_tables_of_two_families(impl: Any) -> None:
    """4 octets in MRT's short form of MP_REACH_NLRI are a next hop of IPv4 multicast, and none of IPv6 (RFC 2545)."""
    block = made.IGP + made.PATH + made.attribute(14, b"\x04\xc0\0\2\1")
    entry = struct.pack(">HIH", 2, 1_000_000, len(block)) + block
    records = b""
    for subtype, prefix in ((3, made.TEN), (4, made.SIX), (3, made.TEN)):
        body = struct.pack(">I", 1) + prefix + struct.pack(">H", 1) + entry
        records += struct.pack(">IHHI", 0, 13, subtype, len(body)) + body
    assert compare(impl, table_of_peers() + records) == 3
    lines = b"".join(impl.mrt.open(table_of_peers() + records).text("json")).decode().splitlines()
    assert ["next_hop" in line for line in lines] == [True, False, True]


@pytest.mark.parametrize("name", ODD)
def test_what_is_rare(impl: Any, name: str) -> None:
    for size in (1, 1 << 18):
        assert compare(impl, ODD[name], size)


def test_blocks_of_the_file_are_joined(impl: Any) -> None:
    """Records that stand across the blocks in which a file is read, and nothing but whole ones behind each."""
    data = made.archive() * 1500
    assert compare(impl, data, formats=("bgpdump",)) == sum(1 for _ in impl.mrt.open(data))


def test_text(impl: Any) -> None:
    """What stands in the documentation: whole lines, a header for psv unless it is not wanted, filters."""
    psv = import_module("bgpwire.text.psv")
    file = impl.mrt.open(made.archive())
    lines = b"".join(file.text("psv")).decode()
    assert lines.startswith(psv.HEADER)
    assert lines == psv.HEADER + b"".join(file.text("psv", header=False)).decode()
    assert lines == psv.HEADER + "".join(map(psv.formatter(), file))
    wanted = impl.Filter(type="W")
    some = b"".join(file.text("bgpdump", wanted)).decode().splitlines()
    assert some
    assert some == [text for text in b"".join(file.text("bgpdump")).decode().splitlines() if "|W|" in text]


@pytest.mark.parametrize("format", ["text", "", None, ["psv"]])
def test_wrong_format(impl: Any, format: Any) -> None:
    with pytest.raises(ValueError, match="none of bgpdump, json, psv"):
        impl.mrt.open(made.archive()).text(format)


def test_wrong_size(impl: Any) -> None:
    with pytest.raises(ValueError, match="lines of 0 octets"):
        impl.mrt.open(made.archive())._through(import_module("bgpwire.text.kernels").iter_lines, "psv", str, 0)


def test_lines_before_an_exception(impl: Any) -> None:
    """What was read before the fault that ``strict`` raises comes first."""
    data = made.archive() + bytes(100)
    pieces = impl.mrt.open(data, strict=True).text("bgpdump")
    assert next(pieces) == b"".join(impl.mrt.open(made.archive()).text("bgpdump"))
    with pytest.raises(impl.MrtError):
        next(pieces)
    assert not list(pieces)
    with pytest.warns(impl.MrtWarning):
        assert list(impl.mrt.open(data).text("bgpdump"))


def test_a_reader_that_is_left(impl: Any, tmp_path: Path) -> None:
    """The file is closed when the pieces are dropped."""
    path = tmp_path / "updates.mrt"
    path.write_bytes(made.archive() * 20000)
    file = impl.mrt.open(path)
    pieces = file.text("bgpdump")
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert file._last.input.closed
    assert not list(pieces)


def test_lines_are_read_by_one_at_a_time(impl: Any) -> None:
    """A callback that asks for more, or ends what runs, is told so, as by a generator."""
    data = made.archive() + bytes(100) + made.archive()
    for act in (next, lambda pieces: pieces.close()):
        held: list[Any] = []
        held.append(impl.mrt.open(data, on_skip=lambda _, act=act, held=held: act(held[0])).text("json"))
        pieces = [next(held[0])]
        with pytest.raises(ValueError, match=r"being read|generator already executing"):
            pieces += held[0]
        assert b"".join(pieces) == b"".join(impl.mrt.open(made.archive()).text("json"))


def test_threads_that_share_lines(impl: Any) -> None:
    """Each line comes once, whichever thread gets it; two at a time are told so."""
    data = made.archive() * 600
    pieces = impl.mrt.open(data).text("bgpdump")
    found: list[bytes] = []

    def read() -> None:
        while True:
            try:
                found.append(next(pieces))
            except StopIteration:
                return
            except ValueError:
                continue

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = b"".join(impl.mrt.open(data).text("bgpdump"))
    assert sorted(b"".join(found).split(b"\n")) == sorted(text.split(b"\n"))


def test_a_pipe_that_is_still_written(impl: Any) -> None:
    """What is there comes before the wait for more."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as pipe, os.fdopen(write, "wb", 0) as other:
        other.write(made.archive())
        pieces = impl.mrt.open(pipe).text("bgpdump")
        text = b""
        while text.count(b"\n") < 8:
            text += next(pieces)
        assert text == b"".join(impl.mrt.open(made.archive()).text("bgpdump"))
        other.close()
        assert not list(pieces)
