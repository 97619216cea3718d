"""Lines in large pieces say what the formatters say of each route, byte for byte, whatever is in the archive."""

from __future__ import annotations

import io
import os
import struct
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import made_mrt as made
from support.context import told
from support.mutation import examples
from support.places import REAL, SAMPLES
from support.vectors import VECTORS
from support.wrapped import WHOLE, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from support.implementations import Implementation

ARCHIVES = sorted(SAMPLES.glob("*.mrt"))
_SHOWN = 250_000
"""Octets of a real file, decompressed, that are compared."""
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
    data = impl.mrt.source.Source(impl.mrt.input.Input(io.BytesIO((data_dir / name).read_bytes()))).read(_SHOWN)
    assert compare(impl, data[:_SHOWN]) > 10


@pytest.mark.parametrize("kind", [16, 17])
@pytest.mark.parametrize("subtype", [1, 4, 6, 7, 9, 11])
def test_vectors(impl: Any, kind: int, subtype: int) -> None:
    """Every vector that a message can be made of, in one archive, IPv4 and IPv6 peers by turns."""
    messages = [wrapped(impl, vector) for vector in VECTORS if vector.kind in WHOLE]
    records = [made.bgp4mp(octets, subtype, kind, bool(turn & 1)) for turn, octets in enumerate(messages)]
    assert compare(impl, b"".join(records), 5000) > 1000


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_both_say_the_same_of_bent_archives(both: list[Implementation], path: Path) -> None:
    """Octets set at random: the lines are those of the routes, on each implementation."""
    data = path.read_bytes()

    @given(st.lists(st.tuples(st.integers(0, len(data) - 1), st.sampled_from((0, 1, 2, 4, 0x7F, 0xFF))), max_size=20))
    @settings(max_examples=examples(20))
    def bent(changes: list[tuple[int, int]]) -> None:
        octets = bytearray(data)
        for at, value in changes:
            octets[at] = value
        for loaded in both:
            with loaded.active() as package:
                compare(package, bytes(octets), 1 + 100 * len(changes))

    bent()


_PIECES = (
    *(made.IGP, made.PATH, made.PATH2, made.HOP),
    made.attribute(1, b"\1"),
    made.attribute(1, b"\2"),
    made.attribute(2, b""),
    made.attribute(2, struct.pack(">BBIBBIIBBIIBBI", 3, 1, 1, 2, 2, 2, 3, 1, 2, 4, 5, 4, 1, 6)),
    made.attribute(2, struct.pack(">BBIBBI", 2, 1, 4_294_967_295, 1, 1, 1_000_000)),
    made.attribute(2, struct.pack(">BBHHH", 1, 3, 999, 1000, 65535)),
    made.attribute(4, b"\xff\xff\xff\xff"),
    made.attribute(4, b"\0\0\0\0"),
    made.attribute(5, struct.pack(">I", 999_999)),
    made.attribute(5, struct.pack(">I", 2_147_483_648)),
    made.attribute(6, b""),
    made.attribute(7, struct.pack(">I4B", 65551, 198, 51, 100, 1)),
    made.attribute(7, struct.pack(">H4B", 23456, 198, 51, 100, 1)),
    made.attribute(7, b"\0\0\0\0\xff\xff\xff\xff"),
    made.attribute(18, struct.pack(">I4B", 65551, 192, 0, 2, 7)),
    made.attribute(17, struct.pack(">BBI", 2, 1, 65551)),
    made.attribute(8, bytes.fromhex("ffffff01ffffff02ffffff03ffffff04fde80064ffff029a0000000003e803e7")),
    made.attribute(
        16, bytes.fromhex("0002fbf40000012c0102c00002010064020300010000002a8006000042c80000030b000000000000")
    ),
    made.attribute(16, bytes.fromhex("4004fbf442c80000430cffffffffffff0d0d0102030405060006ffff00000000")),
    made.attribute(32, struct.pack(">6I", 65551, 2, 64496, 0, 4_294_967_295, 1000)),
    made.attribute(35, struct.pack(">I", 64496)),
    made.attribute(9, bytes((192, 0, 2, 9))),
    made.attribute(40, bytes(10)),
    made.reach(2, made.HOP6, made.SIX),
    made.reach(2, made.HOP6 * 2, made.SIX, 2),
    made.reach(2, bytes(15) + b"\1", bytes.fromhex("80" + "00" * 12 + "c0000201" + "3020010db80001")),
    made.reach(2, bytes(10) + b"\xff\xff\xc0\0\2\1", bytes.fromhex("80" + "00" * 10 + "ffffc0000201" + "00")),
    made.reach(2, bytes.fromhex("20010000000000010001000000000001"), bytes.fromhex("80" + "0001000000020003" * 2)),
    made.reach(1, made.HOP6, made.TEN),
    made.reach(1, bytes((192, 0, 2, 9)), made.TEN, 2),
    made.reach(2, b"", made.SIX),
    made.reach(2, bytes((192, 0, 2, 9)), made.SIX),
    made.attribute(14, b"\x10" + made.HOP6),
    made.attribute(14, b"\x04\xc0\0\2\1"),
    made.attribute(15, b"\0\2\1" + made.SIX),
    made.attribute(15, b"\0\1\2" + made.TEN),
)
_blocks = st.lists(st.sampled_from(_PIECES), max_size=8).map(b"".join)
_prefixes = st.lists(
    st.sampled_from((made.TEN, made.prefix("10.128.0.0/9", 0x55), made.prefix("0.0.0.0/0"), made.prefix("10.1.2.3/32")))
).map(b"".join)


@st.composite
def _records(draw: st.DrawFn) -> bytes:
    """An UPDATE of any of the attributes, or such a RIB entry."""
    block, six = draw(_blocks), draw(st.booleans())
    way = draw(st.sampled_from(("update", "update", "rib", "dump")))
    seconds = struct.pack(">I", draw(st.sampled_from((0, 1, 1_000_000_000, 4_294_967_295))))
    if way == "update":
        message = made.update(block, draw(_prefixes), draw(_prefixes))
        kind, subtype = draw(st.sampled_from((16, 16, 17))), draw(st.sampled_from((1, 4, 4, 4, 6, 7)))
        record = bytearray(made.bgp4mp(message, subtype, kind, six))
        if kind == 17:
            record[12:16] = struct.pack(">I", draw(st.sampled_from((0, 1, 42, 500_000, 999_999, 1_000_000, 2**32 - 1))))
        return seconds + bytes(record[4:])
    if way == "dump":
        size = 16 if six else 4
        body = struct.pack(">HH", 0, 1) + bytes(range(10, 10 + size)) + struct.pack(">BBI", 13, 1, 999) + bytes(size)
        body += struct.pack(">HH", 64500, len(block)) + block
        return seconds + struct.pack(">HHI", 12, 2 if six else 1, len(body)) + body
    prefix = draw(st.sampled_from((b"\x0d\x0a\x17", b"\x00", b"\x18\x0a\0\0")))
    path = struct.pack(">I", 77)
    paths, multicast = draw(st.booleans()), draw(st.booleans())
    entry = (
        struct.pack(">HI", draw(st.integers(0, 3)), 1_000_000) + path * paths + struct.pack(">H", len(block)) + block
    )
    subtype = (4 if six else 2) + multicast + 6 * paths
    body = struct.pack(">I", 1) + prefix + struct.pack(">H", 2) + entry * 2
    return seconds + struct.pack(">HHI", 13, subtype, len(body)) + body


def _peers() -> bytes:
    four = b"\2" + bytes((10, 0, 0, 1)) + bytes((192, 0, 2, 1)) + struct.pack(">I", 4_200_000_000)
    two = b"\0" + bytes((10, 0, 0, 2)) + bytes(4) + struct.pack(">H", 64500)
    six = b"\3" + bytes((10, 0, 0, 3)) + made.HOP6 + struct.pack(">I", 64501)
    body = bytes(4) + b"\0\0" + struct.pack(">H", 3) + four + two + six
    return struct.pack(">IHHI", 1, 13, 1, len(body)) + body


def test_any_attributes(both: list[Implementation]) -> None:
    """What formats have quirks for, in all mixtures."""

    @given(st.lists(_records(), min_size=1, max_size=6), st.sampled_from((1, 300, 1 << 18)))
    @settings(max_examples=examples(400), deadline=None)
    def made_of(records: list[bytes], size: int) -> None:
        for loaded in both:
            with loaded.active() as package:
                compare(package, _peers() + b"".join(records) + made.bgp4mp(made.update(withdrawn=made.TEN)), size)

    made_of()


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
    assert compare(impl, _peers() + records) == 3
    lines = b"".join(impl.mrt.open(_peers() + records).text("json")).decode().splitlines()
    assert ["next_hop" in line for line in lines] == [True, False, True]


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
    data = made.archive() * 4000
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
