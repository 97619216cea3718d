"""Compressed files that expand without end, and runs of empty streams: memory bounded, work in proportion."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, told, update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
BOMB = 100_000_000
PIECE = 2_000_000


def _zstd() -> Any:
    try:
        from compression import zstd
    except ImportError:
        return pytest.importorskip("zstandard")
    return zstd


def _packed(name: str) -> bytes:
    """``BOMB`` times 0xFF, packed in one stream where that is fast to make."""
    piece = b"\xff" * PIECE
    if name == "zstd":
        # RFC 8878 section 3.1.1: a frame of 128 KiB windows, its blocks one octet repeated 131,072 times.
        block = ((1 << 17) << 3 | 1 << 1).to_bytes(3, "little") + b"\xff"
        return b"\x28\xb5\x2f\xfd\0\x38" + block * (BOMB >> 17) + (1).to_bytes(3, "little")
    stream: Any = {
        "gzip": lambda: zlib.compressobj(wbits=31, level=1),
        "bzip2": bz2.BZ2Compressor,
        "xz": lambda: lzma.LZMACompressor(preset=0),
    }[name]()
    return b"".join([*(stream.compress(piece) for _ in range(BOMB // PIECE)), stream.flush()])


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
def test_a_bomb_is_read_in_bounded_memory(impl: Any, tmp_path: Path, name: str) -> None:
    """100 MB in one stream; the process grows by less than 64 MB."""
    resource = pytest.importorskip("resource")
    assert resource
    if name == "zstd":
        _zstd()
    path = tmp_path / "bomb"
    path.write_bytes(_packed(name))
    code = (
        "import bgpwire, bz2, lzma, resource, sys\n"
        "def most(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = most()\n"
        "file = bgpwire.mrt.open(sys.argv[1], on_skip=print)\n"
        "try: list(file.records())\n"
        "except bgpwire.MrtError as error: print(error.reason)\n"
        "print(most() - before)"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    out = subprocess.run([sys.executable, "-c", code, str(path)], env=env, capture_output=True, check=True, text=True)
    *_, told_last, grown = out.stdout.splitlines()
    assert int(told_last.removeprefix("no MRT record in ").split()[0]) > BOMB - (1 << 17)
    assert int(grown) * (1 if sys.platform == "darwin" else 1024) < 64_000_000


@pytest.mark.parametrize("size", [0, 1, len(GOOD), 1 << 17, 1 << 20, (1 << 20) + 1, 5_000_000])
@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
def test_streams_of_every_size(impl: Any, name: str, size: int) -> None:
    """At the borders of a step, and several streams one behind the other, records are all there."""
    pack: Callable[[bytes], bytes] = {
        "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lambda data: lzma.compress(data, preset=0),
        "zstd": lambda data: _zstd().compress(data),
    }[name]  # fmt: skip
    data = (GOOD * (size // len(GOOD) + 1))[:size]
    rest = GOOD[size % len(GOOD) :] if size % len(GOOD) else b""
    file = impl.mrt.open(pack(data) + pack(b"") * 3 + pack(rest + GOOD) + pack(GOOD))
    assert len(list(file.records())) == (size + len(rest)) // len(GOOD) + 2
    assert file.skips == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
def test_empty_streams_in_a_row(impl: Any, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    """What a decompressor is given and hands back is in proportion to the file."""
    from importlib import import_module

    compression = import_module("bgpwire.mrt.compression")
    given = 0
    for cls in (compression._Deflate, compression._Needy):
        push = cls.push

        def counted(self: Any, data: bytes, room: int, push: Any = push) -> bytes:
            nonlocal given
            given += len(data)
            out: bytes = push(self, data, room)
            return out

        monkeypatch.setattr(cls, "push", counted)
    empty = pack(b"")
    work = []
    for size in (100_000, 1_000_000):
        given = 0
        data = empty * (size // len(empty)) + pack(GOOD)
        assert len(list(impl.mrt.open(data).records())) == 1
        work.append(given)
    assert work[1] <= 12 * work[0]
    assert work[1] <= 80 * 1_000_000


def test_padding_between_streams(impl: Any) -> None:
    """Zeros behind a stream (gzip's manual; the .xz format, section 2.2), also up to the end of a block."""
    for pack, sizes in ((gzip.compress, (1, 512, 1 << 17, (1 << 17) - 7, 400_000)), (lzma.compress, (4, 400_000))):
        for size in sizes:
            one = pack(GOOD)
            for padding in (size, (1 << 17) - len(one), (1 << 17) - len(one) - 1):
                file = impl.mrt.open(one + bytes(padding) + one + bytes(padding))
                assert len(list(file.records())) == 2, padding


def test_a_dictionary_that_is_too_large(impl: Any) -> None:
    """What would take more memory than ``xz -9`` has its reader take, twice, is told as a fault of the stream."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(GOOD * 10, filters=filters))
    at = packed.index(b"\x21\x01") + 2
    packed[at] = 38  # 2 GiB (the .xz format, section 5.3.1)
    header = (packed[12] + 1) * 4
    packed[12 + header - 4 : 12 + header] = zlib.crc32(packed[12 : 12 + header - 4]).to_bytes(4, "little")
    file = impl.mrt.open(bytes(packed), on_skip=told)
    assert list(file.records()) == []
    assert "emory" in file.skips[0].reason
