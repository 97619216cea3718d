"""zstd in frames: where they begin, as the library that wrote them says, and what is no frame."""

from __future__ import annotations

import gc
import io
import struct
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.spread import equal, zstd_frames

if TYPE_CHECKING:
    from pathlib import Path

DATA = bytes(range(256)) * 40


def frames(data: bytes) -> list[int] | None:
    found: list[int] | None = import_module("bgpwire.spread.frames").frames(io.BytesIO(data), len(data))
    return found


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("content", [False, True])
@pytest.mark.parametrize("size", [0, 1, 255, 256, 70_000, 300_000])
def test_frames_of_all_forms(impl: Any, checksum: bool, content: bool, size: int) -> None:
    """With and without a checksum and a content size; of no block, of blocks raw, repeated and compressed."""
    zstandard = pytest.importorskip("zstandard")
    how = zstandard.ZstdCompressor(write_checksum=checksum, write_content_size=content)
    made: list[bytes] = []
    for data in (bytes(size), (DATA * 40)[:size], import_module("random").Random(1).randbytes(size)):
        made.append(how.compress(data))
        stream = how.compressobj()
        made.append(stream.compress(data) + stream.flush())
    begins = [sum(map(len, made[:number])) for number in range(len(made))]
    assert frames(b"".join(made)) == begins
    for one in made:
        assert frames(one) == [0]
        assert frames(one[:-1]) is None


def test_what_is_no_frame(impl: Any) -> None:
    good = zstd_frames(DATA, 1000)
    assert good[4] == 0x64  # a single segment, its size in 2 octets, a checksum
    reserved = good[:7] + bytes((good[7] | 6,)) + good[8:]
    skippable = struct.pack("<II", 0x184D2A50, 3) + b"abc"
    for data in (
        reserved,
        good + b"x",
        good + skippable,
        skippable + good,
        b"\x28\xb5\x2f\xfd",
        good[1:],
        good + good[:4],
    ):
        assert frames(data) is None
    assert frames(b"") == []


@pytest.mark.parametrize("size", [1000, 4096, 1 << 24])
def test_writing(impl: Any, tmp_path: Path, size: int) -> None:
    """Frames of one size, whatever is written at a time; what reads zstd reads all of them, and pieces are cut."""
    pytest.importorskip("zstandard")
    writer = import_module("bgpwire.spread").FrameWriter
    data = made.archive() * 40
    for step in (1, 700, len(data)):
        out = io.BytesIO()
        with writer(out, size=size) as packed:
            for at in range(0, len(data), step):
                packed.write(data[at : at + step])
        begins = frames(out.getvalue())
        assert begins is not None
        assert len(begins) == -(-len(data) // size)
        assert b"".join(record.data for record in impl.mrt.open(out.getvalue()).records()) == b"".join(
            record.data for record in impl.mrt.open(data).records()
        )
    path = tmp_path / "made.mrt.zst"
    path.write_bytes(out.getvalue())
    assert equal(impl, path, 1, ["offset", "prefix"]) == len(begins)


def test_writing_that_fails(impl: Any) -> None:
    """What is not whole is not ended: behind the frames that are written nothing comes."""
    pytest.importorskip("zstandard")
    writer = import_module("bgpwire.spread").FrameWriter
    out = io.BytesIO()

    def fail() -> None:
        with writer(out, size=1000) as packed:
            assert packed.writable()
            packed.write(bytes(1500))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    begins = frames(out.getvalue())
    assert begins is not None
    assert len(begins) == 1
    left = writer(out, size=1000)
    left.write(bytes(500))
    del left
    gc.collect()
    assert frames(out.getvalue()) == begins


def test_writing_nothing(impl: Any) -> None:
    pytest.importorskip("zstandard")
    writer = import_module("bgpwire.spread").FrameWriter
    out = io.BytesIO()
    with writer(out):
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(impl.mrt.open(out.getvalue()).records()) == []
    with pytest.raises(ValueError, match="frames of 0 octets"):
        writer(out, size=0)
