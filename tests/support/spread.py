"""One reading of an archive and the readings of its pieces, to be held against each other."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bgpwire.spread import Piece


def rows_of(columns: Any) -> list[tuple[Any, ...]]:
    return [row for batch in columns for row in zip(*batch.to_pydict().values(), strict=True)]


def joined(skips: Sequence[Any]) -> list[tuple[int, int, str]]:
    """What was stepped over; stretches of junk that come in several pieces as one."""
    out: list[tuple[int, int, str]] = []
    for offset, length, reason in skips:
        if out and out[-1][2] == reason == "no record header" and out[-1][0] + out[-1][1] == offset:
            out[-1] = (out[-1][0], out[-1][1] + length, reason)
        else:
            out.append((offset, length, reason))
    return out


def one_reading(package: Any, path: Path | str, fields: Sequence[str] | None = None, **how: Any) -> Any:
    """Rows, and what was stepped over; the text of the error that ended the reading, if one did."""
    skips: list[Any] = []
    names = list(package.columns.COLUMNS) if fields is None else fields
    try:
        return rows_of(package.columns.read(path, names, on_skip=skips.append, **how)), joined(skips)
    except package.DecodeError as error:
        return str(error)


def in_pieces(package: Any, pieces: Sequence[Piece], fields: Sequence[str] | None = None, **how: Any) -> Any:
    """The same of pieces, read one behind the other."""
    read = import_module("bgpwire.spread").read
    skips: list[Any] = []
    rows: list[Any] = []
    names = list(package.columns.COLUMNS) if fields is None else fields
    try:
        for piece in pieces:
            rows += rows_of(read(piece, names, on_skip=skips.append, **how))
    except package.DecodeError as error:
        return str(error)
    return rows, joined(skips)


def cut(path: Path | str, size: int) -> list[Piece]:
    """A plan, of which is checked that each piece begins where the one before ends."""
    pieces = import_module("bgpwire.spread").plan(path, size=size)
    assert [piece.index for piece in pieces] == list(range(len(pieces)))
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end is None
    return pieces


def equal(package: Any, path: Path | str, size: int, fields: Sequence[str] | None = None) -> int:
    """That the pieces of a file give what one reading does; how many there are."""
    pieces = cut(path, size)
    assert in_pieces(package, pieces, fields) == one_reading(package, path, fields), (path, size)
    return len(pieces)


def zstd_frames(data: bytes, size: int) -> bytes:
    """``data`` in frames of ``size`` octets each, wherever records end."""
    compress = _compressor()
    return b"".join(compress(data[at : at + size]) for at in range(0, len(data), size))


def _compressor() -> Any:
    try:
        return import_module("compression.zstd").compress
    except ImportError:
        return pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress


def decompressed(package: Any, path: Path) -> bytes:
    """All octets that a file gives, as far as it can be decompressed."""
    source = package.mrt.source.Source(package.mrt.input.Input(io.BytesIO(path.read_bytes())))
    return b"".join(iter(lambda: source.read(1 << 20), b""))
