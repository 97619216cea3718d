"""Columns say what routes say, field by field, whatever is in the archive."""

from __future__ import annotations

import io
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import ARCHIVES, QUIRKS, bend, head, mix, of_vectors
from support.context import told
from support.odd_archives import ODD
from support.places import REAL, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.implementations import Implementation


def _without_objects(package: Any) -> list[str]:
    """The columns that the compiled kernel fills in without an object."""
    left_out = ("error", "file", "extended_communities_text")
    return [name for name in package.columns.COLUMNS if name not in left_out]


def compare(package: Any, data: bytes, names: Iterable[str], *sizes: int, **options: Any) -> int:
    """Each column against what is read of the routes, in batches of each size; also what was stepped over. How many
    rows there are."""
    file = package.mrt.open(data, on_skip=told, **options)
    try:
        routes = list(file.routes())
    except package.MrtError:  # no record at all
        with pytest.raises(package.MrtError):
            list(package.mrt.open(data, on_skip=told, **options).columns())
        return 0
    skips = file.skips
    expected = {name: [package.columns.COLUMNS[name].read(route) for route in routes] for name in names}
    for size in sizes or (65536,):
        batches = list(file.columns(names, batch_size=size))
        assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1), size
        assert all(0 < len(batch) <= size for batch in batches), size
        assert file.skips == skips, size
        for name in names:
            assert [value for batch in batches for value in batch[name]] == expected[name], (name, size)
    return len(routes)


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    data = path.read_bytes()
    for names in (_without_objects(impl), [name for name in impl.columns.COLUMNS if name != "file"]):
        compare(impl, data, names, 65536, 1, 7)


@pytest.mark.parametrize("name", ODD)
def test_what_is_rare(impl: Any, name: str) -> None:
    for names in (_without_objects(impl), [name for name in impl.columns.COLUMNS if name != "file"]):
        assert compare(impl, ODD[name], names, 65536, 1) > 0


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    data = head(impl, data_dir / name)
    assert compare(impl, data, _without_objects(impl)) > 10
    compare(impl, data[:20_000], [name for name in impl.columns.COLUMNS if name != "file"], 7)


@pytest.mark.parametrize("kind", [16, 17])
@pytest.mark.parametrize("subtype", [1, 4, 6, 9])
def test_vectors(impl: Any, kind: int, subtype: int) -> None:
    """Every vector that a message can be made of, in one archive, IPv4 and IPv6 peers by turns."""
    data, names = of_vectors(impl, subtype, kind), _without_objects(impl)
    assert compare(impl, data, names, 65536, 7) > 1000


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_both_say_the_same_of_bent_archives(both: list[Implementation], path: Path) -> None:
    """Octets set at random: the columns are those of the routes, on each implementation."""
    bend(
        both,
        path.read_bytes(),
        lambda package, data, number: compare(package, data, _without_objects(package), 1 + number),
    )


def test_any_attributes(both: list[Implementation]) -> None:
    """In all mixtures."""
    mix(
        both, QUIRKS, (1, 3, 65536), lambda package, data, size: compare(package, data, _without_objects(package), size)
    )


def test_add_path_that_no_record_says(impl: Any) -> None:
    """Collectors that wrote path identifiers under subtypes without them."""
    update = made.update(made.IGP + made.PATH + made.HOP, b"\0\0\0\7" + made.TEN)
    data = made.bgp4mp(update) * 3
    names = ["prefix", "path_id"]
    assert compare(impl, data, names, add_path=[(1, 1)]) == 3
    (batch,) = impl.mrt.open(data, add_path=[(1, 1)]).columns(names)
    assert batch.to_pydict() == {"prefix": ["10.0.0.0/8"] * 3, "path_id": [7] * 3}


def test_a_record_that_goes_on_in_the_next_batch(impl: Any) -> None:
    """One UPDATE of more prefixes than a batch has rows, in each of its four parts."""
    nlri = b"".join(made.prefix(f"10.{index}.0.0/16") for index in range(10))
    withdrawn = b"".join(made.prefix(f"172.{index}.0.0/16") for index in range(10))
    six = b"".join(b"\x20\x20\1\x0d" + bytes((index,)) for index in range(10))
    unreach = made.attribute(15, b"\0\2\1" + six, 0x80)
    attributes = made.IGP + made.PATH + made.HOP + made.reach(2, made.HOP6, six) + unreach
    data = made.bgp4mp(made.update(attributes, nlri, withdrawn)) * 3
    assert compare(impl, data, _without_objects(impl), 1, 3, 7, 10, 11, 40, 41, 119, 120, 121) == 120


def test_a_fault_behind_rows_that_are_there(impl: Any) -> None:
    """The rows of a record before what cannot be read are in a batch once, be it full in between or not."""
    good = made.update(made.IGP + made.PATH + made.HOP, made.TEN)
    reach = made.reach(2, made.HOP6, made.SIX + b"\x81")  # a prefix of 129 bits
    bad = made.update(made.IGP + made.PATH + made.HOP + reach, made.TEN * 5, made.TEN * 3)
    data = made.bgp4mp(good) + made.bgp4mp(bad) + made.bgp4mp(good) * 2
    assert compare(impl, data, _without_objects(impl), 1, 2, 5, 8, 9, 10, 100) == 12


def test_what_is_remembered_is_forgotten(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns are the same however little of the attributes is remembered."""
    values = import_module("bgpwire._python.run_values")
    for name in ("_MOST", "_LONGEST", "_LONGEST_PATH"):
        monkeypatch.setattr(values, name, 1)
    for path in ARCHIVES:
        compare(impl, path.read_bytes(), _without_objects(impl), 7)


def test_lists_are_the_callers_own(impl: Any) -> None:
    """What is done to the list of one row changes no other row, nor what is read next."""
    file = impl.mrt.open(made.archive() * 3)
    names = ["as_path", "communities", "large_communities"]
    expected = [batch.to_pydict() for batch in file.columns(names)]
    assert any(expected[0]["as_path"])
    for batch in file.columns(names, batch_size=2):
        for name in names:
            for value in batch[name]:
                if value is not None:
                    assert type(value) is list
                    value.append(1)
    assert [batch.to_pydict() for batch in file.columns(names)] == expected
    (batch,) = file.columns(names)
    for path in batch["as_path"]:
        if path is not None:
            path.append(1)
    assert batch.to_pydict() == expected[0]


def test_each_reading_begins_anew(impl: Any) -> None:
    file = impl.mrt.open(made.archive())
    columns = file.columns(["prefix"])
    first = [batch["prefix"] for batch in columns]
    assert first == [batch["prefix"] for batch in columns]
    assert [route.prefix and str(route.prefix) for route in file.routes()] == [
        text for texts in first for text in texts
    ]


def test_what_can_be_read_once(impl: Any) -> None:
    """A pipe: the second reading fails, and says so."""
    read, write = os.pipe()
    os.write(write, made.archive())
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        columns = impl.mrt.open(pipe).columns()
        assert sum(map(len, columns)) == sum(1 for _ in impl.mrt.open(made.archive()).routes())
        with pytest.raises(io.UnsupportedOperation):
            list(columns)


def test_nothing_is_read_before_it_is_asked_for(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "updates.mrt"
    path.write_bytes(made.archive())
    with impl.mrt.open(path) as file:
        columns = file.columns(["prefix", "as_path"])
        assert columns.column_names == ["prefix", "as_path"]
        assert columns.__arrow_c_schema__() is not None
        stream = columns.__arrow_c_stream__()
        assert file.offset == 0
        del stream


def test_several_files(impl: Any) -> None:
    """One behind the other, each row naming its file; any number of times, and not opened before they are read."""
    paths = [SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt", SAMPLES / "evpn.mrt"]
    columns = impl.columns.read(paths, ["file", "prefix"])
    expected = [(str(path), route.prefix and str(route.prefix)) for path in paths for route in impl.mrt.open(path)]
    for _ in range(2):
        assert [row for batch in columns for row in zip(batch["file"], batch["prefix"], strict=True)] == expected
    missing = impl.columns.read(["no such file"])
    with pytest.raises(FileNotFoundError):
        list(missing)


def test_the_file_of_octets(impl: Any) -> None:
    data = made.archive()
    (batch,) = impl.mrt.open(data).columns(["file"])
    assert set(batch["file"]) == {f"{len(data)} octets"}


def test_a_file_whose_name_is_no_utf8(impl: Any, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mrt")
    try:
        Path(name).write_bytes(made.archive())
    except OSError:
        pytest.skip("such a name cannot be given here")
    (batch,) = impl.columns.read(name, ["file"])
    assert set(batch["file"]) == {f"{tmp_path}/?.mrt"}


def test_filter(impl: Any) -> None:
    data = made.archive()
    wanted = impl.Filter(type="W")
    (batch,) = impl.mrt.open(data).columns(["type", "prefix"], wanted)
    expected = [route for route in impl.mrt.open(data).routes() if wanted(route)]
    assert batch["type"] == ["W"] * len(expected)
    assert batch["prefix"] == [str(route.prefix) for route in expected]


def test_a_reader_that_is_left(impl: Any, tmp_path: Path) -> None:
    """The file is closed when the batches are dropped."""
    path = tmp_path / "updates.mrt"
    path.write_bytes(made.archive() * 100)
    file = impl.mrt.open(path)
    batches = iter(file.columns(batch_size=1))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert file._last.input.closed


@pytest.mark.parametrize("fields", [["prefx"], ["prefix", "prefix"], []])
def test_wrong_fields(impl: Any, fields: list[str]) -> None:
    with pytest.raises(ValueError, match="column"):
        impl.mrt.open(made.archive()).columns(fields)


def test_wrong_arguments(impl: Any) -> None:
    file = impl.mrt.open(made.archive())
    with pytest.raises(TypeError, match="list of names"):
        file.columns("prefix")
    with pytest.raises(ValueError, match="batches of 0 rows"):
        file.columns(batch_size=0)
    (batch,) = file.columns(["prefix"])
    with pytest.raises(KeyError):
        batch["as_path"]


def test_strict(impl: Any) -> None:
    data = made.archive() + bytes(100)
    with pytest.raises(impl.MrtError):
        list(impl.mrt.open(data, strict=True).columns())
    with pytest.warns(impl.MrtWarning):
        list(impl.mrt.open(data).columns())


def test_shown(impl: Any) -> None:
    columns = impl.mrt.open(made.archive()).columns(["type", "prefix"])
    assert repr(columns) == "<Columns type, prefix>"
    (batch,) = columns
    assert repr(batch) == f"<RouteBatch of {len(batch)} rows: type, prefix>"
    assert batch.num_rows == len(batch)
    assert batch.column_names == ["type", "prefix"]


def test_a_batch_of_long_lists_ends_early(impl: Any) -> None:
    """One UPDATE of a few thousand octets, 4,000 prefixes with a path of 4,000 numbers each, is 64 MB of rows."""
    path = made.attribute(2, b"".join(b"\2\xfa" + bytes(1000) for _ in range(16)), 0x40)
    data = made.bgp4mp(made.update(made.IGP + path + made.HOP, b"\x08\x0a" * 4000)) * 6
    batches = [len(batch) for batch in impl.mrt.open(data).columns(["prefix", "path_id", "as_path"])]
    assert sum(batches) == 24_000
    assert 2 <= len(batches) <= 10


def test_columns_are_read_by_one_at_a_time(impl: Any) -> None:
    """A callback that asks for more is told so, as by a generator."""
    data = made.archive() + bytes(100) + made.archive()
    held: list[Any] = []
    held.append(iter(impl.mrt.open(data, on_skip=lambda _: next(held[0])).columns(["prefix"], batch_size=1)))
    with pytest.raises(ValueError, match=r"being read|generator already executing"):
        list(held[0])


@pytest.mark.parametrize("text", [False, True], ids=["columns", "lines"])
def test_what_is_unusual_is_not_read_ahead(impl: Any, text: bool) -> None:
    """Records that take the way of objects are read as they are needed, however large the pieces of the source are."""
    record = made.archive()
    taken = 0

    class Large(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            nonlocal taken
            buffer[:] = (record * (len(buffer) // len(record) + 1))[: len(buffer)]
            taken += len(buffer)
            return len(buffer)

    file = impl.mrt.open(Large(), on_skip=told)
    pieces = file.text("json") if text else iter(file.columns(batch_size=10))
    next(pieces)
    assert taken < 1 << 24


def test_names(impl: Any) -> None:
    """Those that are imported when they are asked for are shown too."""
    assert set(impl.columns.__all__) <= set(dir(impl.columns))
