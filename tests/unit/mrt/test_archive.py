"""What an MrtFile answers: passes, closing, what it warns of, what it refuses."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, peer_index, record, told, update

if TYPE_CHECKING:
    from pathlib import Path

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
MANY = b"".join(bgp4mp(update(b"", ATTRIBUTES, b"\x10\x0a" + bytes((n,)))) for n in range(250)) * 30
"""More than one block."""


def _prefixes(items: Any) -> list[str]:
    return [str(route.prefix) for route in items]


@pytest.fixture(params=["path", "gzip path", "bytes", "memoryview", "BytesIO", "file", "raw file"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    path = tmp_path / "updates"
    path.write_bytes(gzip.compress(MANY) if request.param == "gzip path" else MANY)
    if request.param == "file":
        with path.open("rb") as file:
            yield file
    elif request.param == "raw file":
        with path.open("rb", buffering=0) as file:
            yield file
    else:
        yield {"bytes": MANY, "memoryview": memoryview(MANY), "BytesIO": io.BytesIO(MANY)}.get(request.param, path)


def test_a_second_pass_reads_again(impl: Any, source: Any) -> None:
    with impl.mrt.open(source) as file:
        first = _prefixes(file.routes())
        assert len(first) == 7500
        assert _prefixes(file) == first
        assert len(list(file.records())) == len(list(file.messages())) == 7500


def test_passes_share_nothing(impl: Any, source: Any) -> None:
    """One that is not finished goes on where it was, and another begins at the beginning."""
    with impl.mrt.open(source) as file:
        one = file.routes()
        begun = [next(one) for _ in range(5000)]
        two = file.routes()
        other = [next(two) for _ in range(4000)]
        begun += list(one)
        other += list(two)
        assert _prefixes(begun) == _prefixes(other)
        assert len(begun) == 7500


def test_peer_tables_are_of_a_pass(impl: Any) -> None:
    rib = record(13, 2, bytes(4) + b"\x08\x0a" + b"\0\1" + bytes(6) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES)
    file = impl.mrt.open(rib + peer_index() + rib, on_skip=told)
    for _ in range(2):
        assert len(list(file.routes())) == 1
        assert file.skipped == 1


def test_a_file_is_read_from_where_it_stood(impl: Any) -> None:
    raw = io.BytesIO(b"before" + GOOD)
    raw.seek(6)
    file = impl.mrt.open(raw)
    assert len(list(file)) == len(list(file)) == 1


def test_a_pipe_is_read_once(impl: Any) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, GOOD * 2)
    os.close(write_end)
    with os.fdopen(read_end, "rb", buffering=0) as pipe:
        file = impl.mrt.open(pipe)
        routes = file.routes()
        next(routes)
        with pytest.raises(io.UnsupportedOperation, match="second time"):
            file.routes()
        assert len(list(routes)) == 1
        with pytest.raises(io.UnsupportedOperation, match="second time"):
            list(file)


def test_what_it_opened_is_closed(impl: Any, tmp_path: Path) -> None:
    """At the end, when an iterator is dropped, and when ``with`` is left: an open file would warn, and so fail."""
    path = tmp_path / "updates"
    path.write_bytes(MANY)
    file = impl.mrt.open(path)
    list(file.routes())
    routes = file.routes()
    next(routes)
    del routes
    with impl.mrt.open(path) as other:
        routes = other.routes()
        next(routes)
    with pytest.raises(ValueError, match="closed"):
        list(routes)
    with pytest.raises(ValueError, match="closed"):
        other.routes()
    assert "closed" in repr(other)


def test_repr(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "updates.gz"
    path.write_bytes(gzip.compress(GOOD))
    with impl.mrt.open(path) as file:
        assert repr(file) == f"<MrtFile {path}, gzip, at 0>"
        list(file)
        assert repr(file) == f"<MrtFile {path}, gzip, at {len(GOOD)}>"
    assert repr(impl.mrt.open(GOOD)) == f"<MrtFile {len(GOOD)} octets, at 0>"


# --- what is not read -------------------------------------------------------------------------------------------

TORN = {
    "cut": (GOOD + GOOD[:40], 40),
    "junk": (GOOD + b"\xee" * 30 + GOOD, 30),
    "inside": (GOOD + bgp4mp(b"\xff" * 16 + b"\0\5\2") + GOOD, len(bgp4mp(b"\xff" * 16 + b"\0\5\2"))),
}


@pytest.mark.parametrize("level", ["routes", "messages", "records"])
@pytest.mark.parametrize("name", TORN)
def test_a_torn_archive_warns_once_for_each_pass(impl: Any, name: str, level: str) -> None:
    data, size = TORN[name]
    file = impl.mrt.open(data)
    for _ in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert list(getattr(file, level)())
        if level == "records" and name == "inside":
            assert caught == []
            continue
        (one,) = caught
        assert one.category is impl.MrtWarning
        assert issubclass(impl.MrtWarning, UserWarning)
        assert f"{size} octets in 1 place could not be read" in str(one.message)
        assert one.filename == __file__


@pytest.mark.parametrize("name", TORN)
def test_who_asks_for_skips_is_not_warned(impl: Any, name: str) -> None:
    data, size = TORN[name]
    skips: list[Any] = []
    file = impl.mrt.open(data, on_skip=skips.append)
    list(file)
    assert skips == file.skips
    assert [skip.length for skip in skips] == [size]
    with pytest.raises(impl.MrtError):
        list(impl.mrt.open(data, strict=True))


def test_a_sound_archive_does_not_warn(impl: Any) -> None:
    assert list(impl.mrt.open(b"")) == []
    assert len(list(impl.mrt.open(GOOD * 2))) == 2


def test_a_file_cut_in_its_first_record_is_torn(impl: Any) -> None:
    with pytest.warns(impl.MrtWarning, match="truncated record"):
        assert list(impl.mrt.open(GOOD[:50])) == []


@pytest.mark.parametrize(
    "data",
    [
        b"text\n",
        b"A text of some length.\n" * 9000,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        gzip.compress(b"text"),
    ],
    ids=["short", "text", "png", "gzip"],
)
@pytest.mark.parametrize("level", ["routes", "messages", "records"])
def test_what_is_no_mrt_raises(impl: Any, data: bytes, level: str) -> None:
    """When all of it has been looked at; skips tell the same."""
    file = impl.mrt.open(data)
    with pytest.raises(impl.MrtError, match="no MRT record"):
        list(getattr(file, level)())
    assert file.skipped == 1
    assert file.skips[0].length == file.offset


def test_junk_before_records_is_no_error(impl: Any) -> None:
    file = impl.mrt.open(b"A text of some length.\n" * 9000 + GOOD * 3, on_skip=told)
    assert len(list(file)) == 3


# --- the command ------------------------------------------------------------------------------------------------


def test_dump_does_not_warn(impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "torn"
    path.write_bytes(GOOD + GOOD[:40])
    assert import_module("bgpwire.cli").main(["dump", str(path)]) == 1
    assert capsys.readouterr().err == f"bgpwire: {path}: skipped 40 octets at offset {len(GOOD)}: " + (
        "truncated record of 67 octets\n".replace("67", str(len(GOOD) - 12))
    )
    path.write_bytes(b"A text.\n" * 9)
    assert import_module("bgpwire.cli").main(["dump", str(path)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"bgpwire: {path}: no MRT record in 72 octets"


@pytest.mark.parametrize("how", ["itself", "symlink", "link", "standard input"])
def test_output_is_no_input(impl: Any, tmp_path: Path, how: str) -> None:
    path, other = tmp_path / "updates", tmp_path / "other"
    path.write_bytes(GOOD)
    if how == "symlink":
        other.symlink_to(path)
    elif how == "link":
        other.hardlink_to(path)
    else:
        other = path
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    argument = "-" if how == "standard input" else str(path)
    with path.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "bgpwire", "dump", argument, "-o", str(other)],
            stdin=stdin, env=env, capture_output=True, check=False, text=True,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"bgpwire: {other}: is also an input, which would be lost\n"
    assert path.read_bytes() == GOOD
