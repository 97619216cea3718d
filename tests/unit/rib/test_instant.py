"""The table at an instant: which files are chosen, what of them is applied, and what is said of missing ones."""

from __future__ import annotations

import gzip
import io
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made

if TYPE_CHECKING:
    from pathlib import Path

GOOD = made.IGP + made.PATH + made.HOP
TEN, ELEVEN, TWELVE = (f"{number}.0.0.0/8" for number in (10, 11, 12))


def seconds(hour: int, minute: int, second: int = 0) -> int:
    return int(datetime(2016, 8, 11, hour, minute, second, tzinfo=UTC).timestamp())


def announced(time: int, text: str) -> bytes:
    return made.at(time, made.bgp4mp(made.update(GOOD, made.prefix(text))))


def withdrawn(time: int, text: str) -> bytes:
    return made.at(time, made.bgp4mp(made.update(withdrawn=made.prefix(text))))


def dump(package: Any, time: int, *texts: str) -> bytes:
    """A table of these prefixes, as a file."""
    table = package.rib.Table()
    table.load(package.mrt.open(b"".join(announced(time - 1000, text) for text in texts)))
    out = io.BytesIO()
    table.write(out, time)
    return out.getvalue()


@pytest.fixture
def files(impl: Any, tmp_path: Path) -> Path:
    """Two tables and the updates between them, of rrc00."""
    folder = tmp_path / "rrc00"
    folder.mkdir()
    parts = {
        "bview.20160811.1600.gz": dump(impl, seconds(16, 0), TEN),
        "bview.20160811.1615.gz": dump(impl, seconds(16, 15), TEN, TWELVE),
        "updates.20160811.1555.gz": announced(seconds(15, 59), "9.0.0.0/8"),
        "updates.20160811.1600.gz": announced(seconds(16, 1), ELEVEN) + withdrawn(seconds(16, 4), ELEVEN),
        "updates.20160811.1605.gz": announced(seconds(16, 6), TWELVE),
        "updates.20160811.1610.gz": withdrawn(seconds(16, 11), TEN),
        "updates.20160811.1615.gz": announced(seconds(16, 16), ELEVEN),
    }
    for name, octets in parts.items():
        (folder / name).write_bytes(gzip.compress(octets))
    return folder


@pytest.mark.parametrize(
    ("time", "there"),
    [
        ("2016-08-11T16:00:00", [TEN]),
        ("2016-08-11T16:01:00Z", [TEN, ELEVEN]),
        ("2016-08-11T18:03:00+02:00", [TEN, ELEVEN]),
        (seconds(16, 4), [TEN]),
        (datetime(2016, 8, 11, 16, 10, tzinfo=UTC), [TEN, TWELVE]),
        (seconds(16, 11, 30), [TWELVE]),
        (seconds(16, 15), [TEN, TWELVE]),
        (str(seconds(16, 16)), [TEN, ELEVEN, TWELVE]),
        (None, [TEN, ELEVEN, TWELVE]),
    ],
)
def test_instants(impl: Any, files: Path, time: Any, there: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = impl.rib.at(time, files)
    assert [str(one) for one in table.nlri((1, 1))] == there


def test_what_is_chosen(impl: Any, files: Path) -> None:
    """No more than is needed, in the order of time, whatever order the names have."""
    names = sorted(map(str, files.iterdir()), reverse=True)
    chosen = impl.rib.plan(seconds(16, 7), names)
    assert [name[-22:] for name in (*chosen.tables, *chosen.updates)] == [
        "bview.20160811.1600.gz"[-22:],
        "pdates.20160811.1600.gz"[-22:],
        "pdates.20160811.1605.gz"[-22:],
    ]
    assert (chosen.begin, chosen.time, chosen.missing) == (seconds(16, 0), seconds(16, 7), [])
    assert impl.rib.plan(None, names).tables == [str(files / "bview.20160811.1615.gz")]


def test_updates_that_are_missing(impl: Any, files: Path) -> None:
    (files / "updates.20160811.1605.gz").unlink()
    assert impl.rib.plan(seconds(16, 12), files).missing == [(seconds(16, 5), seconds(16, 10))]
    with pytest.warns(impl.MrtWarning, match=f"no updates from {seconds(16, 5)} to {seconds(16, 10)}"):
        impl.rib.at(seconds(16, 12), files)
    with pytest.raises(ValueError, match="no updates from"):
        impl.rib.at(seconds(16, 12), files, strict=True)
    assert impl.rib.plan(seconds(16, 40), files).missing == [(seconds(16, 20), seconds(16, 40))]


def test_a_silence_that_names_do_not_explain(impl: Any, tmp_path: Path) -> None:
    table, updates = tmp_path / "table", tmp_path / "updates"
    table.write_bytes(dump(impl, seconds(16, 0), TEN))
    updates.write_bytes(announced(seconds(16, 1), ELEVEN))
    assert len(impl.rib.at(seconds(16, 2), [updates, table])) == 2
    with pytest.warns(impl.MrtWarning, match=f"no updates from {seconds(16, 1)} to {seconds(17, 0)}"):
        impl.rib.at(seconds(17, 0), [table, updates])


def test_no_table(impl: Any, files: Path) -> None:
    for name in files.glob("bview*"):
        name.unlink()
    with pytest.raises(ValueError, match="none of the files is a table"):
        impl.rib.at(seconds(16, 2), files)
    assert len(impl.rib.at(seconds(16, 2), files, empty=True)) == 2


def test_a_table_of_later(impl: Any, files: Path) -> None:
    with pytest.raises(ValueError, match="or from before it"):
        impl.rib.at(seconds(15, 59), files)


def test_files_of_several_collectors(impl: Any, files: Path) -> None:
    other = files.parent / "rrc01"
    other.mkdir()
    (other / "bview.20160811.1600.gz").write_bytes(gzip.compress(dump(impl, seconds(16, 0), TEN)))
    with pytest.raises(ValueError, match="files of rrc00, rrc01"):
        impl.rib.at(seconds(16, 2), [*files.iterdir(), *other.iterdir()])


def test_a_file_that_is_not_there(impl: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        impl.rib.at(0, tmp_path / "updates")
