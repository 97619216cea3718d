"""Several archives as one: their routes, messages, columns, text and counts are those of the files, one by one."""

from __future__ import annotations

import gc
import gzip
import itertools
import pickle
import random
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.context import record
from support.made_mrt import archive, at, bgp4mp, prefix, update
from support.threads import all_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

START = 1_000_000_000
THREADS = (1, 2, 5)


def timed(*seconds: float) -> bytes:
    """A withdrawal at each of these times."""
    out = b""
    for moment in seconds:
        octets = bgp4mp(update(withdrawn=prefix(f"10.0.0.{int(moment) % 200}/32")))
        out += at(START + int(moment), octets)
    return out


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A small file, one of many routes, one that is empty, one in gzip."""
    made = {"a.mrt": archive(), "b.mrt": archive() * 300, "c.mrt": b"", "d.gz": gzip.compress(archive() * 40)}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in made]


def rows_of(batches: Iterable[Any]) -> list[Any]:
    return [row for batch in batches for row in zip(*batch.to_pydict().values(), strict=True)]


def one_by_one(impl: Any, files: list[str], items: Callable[[Any], Any]) -> list[Any]:
    return [item for name in files for item in items(impl.mrt.open(name))]


def test_objects(impl: Any, files: list[str]) -> None:
    both = impl.open(files)
    assert list(map(str, both)) == list(map(str, one_by_one(impl, files, lambda file: file.routes())))
    events = list(both.messages())
    assert events == one_by_one(impl, files, lambda file: file.messages())
    assert [route.file for route in both.routes()] == [route.file for route in one_by_one(impl, files, iter)]
    assert {event.file for event in events} == {files[0], files[1], files[3]}
    assert [report.file for report in both.reports] == files
    assert all(report.whole and report.opened and report.ended for report in both.reports)
    assert str(both.reports[0]) == f"{files[0]}: read whole"


def test_a_route_knows_its_file(impl: Any, files: list[str]) -> None:
    route = next(iter(impl.open(files[0])))
    assert route.file == route.event.file == files[0]
    again = pickle.loads(pickle.dumps(route.event))
    assert (again, again.file) == (route.event, files[0])
    assert next(impl.mrt.open(archive()).routes()).file == f"{len(archive())} octets"
    made = impl.Event(b"\0", message=False)
    assert made.file is None
    assert impl.Event(b"\0", message=False, file="x").file == "x"
    assert impl.Event(b"\0", message=False, file="x") == made
    with pytest.raises(TypeError, match="file is a name"):
        impl.Event(b"\0", message=False, file=7)
    with pytest.raises(AttributeError):
        route.event.file = "y"


@pytest.mark.parametrize("threads", THREADS)
def test_text_and_columns_and_counts(impl: Any, files: list[str], threads: int) -> None:
    both = impl.open(files, threads=threads)
    for form in ("psv", "json", "bgpdump"):
        lines = b"".join(itertools.chain(*(impl.mrt.open(name).text(form, header=False) for name in files)))
        assert b"".join(both.text(form, header=False)) == lines
    assert next(both.text("psv")).startswith(b"type|timestamp")
    rows = rows_of(batch for name in files for batch in impl.mrt.open(name).columns())
    for size in (7, 65536):
        batches = list(both.columns(batch_size=size))
        assert rows_of(batches) == rows
    found, alone = both.statistics(), impl.mrt.Statistics()
    for name in files:
        for _ in alone.read(impl.mrt.open(name)):
            pass
    for field in ("types", "families", "peers", "attribute_blocks", "attributes", "lengths", "first", "last"):
        assert getattr(found, field) == getattr(alone, field)
        if hasattr(getattr(found, field), "keys"):
            assert list(getattr(found, field)) == list(getattr(alone, field)), "in the order of one thread"
    assert [report.file for report in both.reports] == files
    assert both.consumed == both.size


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("what", ["routes", "columns", "text", "statistics"])
def test_missing_and_torn(impl: Any, files: list[str], tmp_path: Path, threads: int, what: str) -> None:
    """Each is named, and counted; the others are read. ``strict`` stops at the first."""
    torn, junk, missing = tmp_path / "torn.mrt", tmp_path / "junk.mrt", tmp_path / "missing.mrt"
    torn.write_bytes(archive()[:-3])
    junk.write_bytes(b"<html>" * 40)
    names = [str(missing), files[0], str(torn), str(junk), files[3]]

    def run(found: Any) -> int:
        match what:
            case "routes":
                return sum(1 for _ in found)
            case "columns":
                return sum(len(batch) for batch in found.columns())
            case "text":
                return b"".join(found.text("json")).count(b"\n")
        return int(found.statistics().types.total())

    alone = sum(1 for name in (files[0], files[3]) for _ in impl.mrt.open(name))
    alone += sum(1 for _ in impl.mrt.open(torn, on_skip=print))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = impl.open(names, threads=threads)
        assert run(found) == alone
    assert [str(warning.message) for warning in caught] == [str(report) for report in found.reports if not report.whole]
    assert {warning.category for warning in caught} == {impl.MrtWarning}
    states = [(report.file, report.opened, report.places > 0, report.error is None) for report in found.reports]
    assert states == [
        (str(missing), False, False, False),
        (files[0], True, False, True),
        (str(torn), True, True, True),
        (str(junk), True, True, False),
        (files[3], True, False, True),
    ]
    assert str(found.reports[0]) == f"{missing}: No such file or directory"
    assert f"{junk}: no MRT record in 240 octets" == str(found.reports[3])
    heard: list[Any] = []
    with pytest.warns(impl.MrtWarning):  # of those that could not be read at all
        run(impl.open(names, threads=threads, on_skip=lambda *skip: heard.append(skip)))
    assert {name for name, _ in heard} == {str(torn), str(junk)}
    for broken, error in ((missing, OSError), (torn, impl.MrtError), (junk, impl.MrtError)):
        with pytest.raises(error):
            run(impl.open([files[0], str(broken), files[3]], threads=threads, strict=True))


def test_columns_of_a_file_that_is_missing(impl: Any, files: list[str], tmp_path: Path) -> None:
    """``columns.read`` raises: a table without a file would be a wrong answer."""
    for threads in THREADS:
        with pytest.raises(FileNotFoundError):
            list(impl.columns.read([files[0], tmp_path / "none"], threads=threads))


def test_merged(impl: Any, tmp_path: Path) -> None:
    """By time, and of equal times the file that was named first; inside a file the order is its own."""
    times = {"one": (1, 5, 5, 9), "two": (0, 5, 7), "three": (5, 4, 6), "none": ()}
    for name, moments in times.items():
        (tmp_path / name).write_bytes(timed(*moments))
    found = impl.open([tmp_path / name for name in times], merge=True)
    order = [(int(route.timestamp) - START, route.file.rpartition("/")[2]) for route in found]
    expected = [(0, "two"), (1, "one"), (5, "one"), (5, "one"), (5, "two"), (5, "three"), (4, "three"), (6, "three")]
    assert order == [*expected, (7, "two"), (9, "one")]
    assert [int(event.timestamp) - START for event in found.messages()] == [time for time, _ in order]
    batches = list(found.columns(["timestamp", "file"], batch_size=3))
    assert [len(batch) for batch in batches] == [3, 3, 3, 1]
    rows = [
        (time // 1_000_000 - START, name.rpartition("/")[2])
        for batch in batches
        for time, name in zip(batch["timestamp"], batch["file"], strict=True)
    ]
    assert rows == order
    lines = b"".join(found.text("psv", header=False)).splitlines()
    assert [int(line.split(b"|")[1]) - START for line in lines] == [time for time, _ in order]
    assert sorted(lines) == sorted(
        b"".join(impl.open([tmp_path / name for name in times]).text("psv", header=False)).splitlines()
    )
    assert sum(found.statistics().types.values()) == len(order)
    wanted = impl.Filter(start=START + 6)
    assert sum(len(batch) for batch in found.columns(filter=wanted)) == 3
    assert len(b"".join(found.text("bgpdump", wanted)).splitlines()) == 3


def test_merged_at_random(impl: Any, tmp_path: Path) -> None:
    """As Python sorts them."""
    pick = random.Random(7)
    expected = []
    for number in range(12):
        moments = sorted(pick.choices(range(60), k=pick.randrange(40)))
        (tmp_path / f"{number:02}").write_bytes(timed(*moments))
        expected += [(time, number) for time in moments]
    found = impl.open(tmp_path, merge=True)
    assert [(int(route.timestamp) - START, int(route.file[-2:])) for route in found] == sorted(expected)


@pytest.mark.parametrize(("form", "together"), [("updates.20010910.{:02}00", 3), ("{:02}.mrt", 1)])
def test_files_of_later_times_wait(impl: Any, tmp_path: Path, form: str, together: int) -> None:
    """Files whose names say when they begin are opened an hour before that, others when they begin: few are open at a
    time."""
    names = []
    for hour in range(24):
        path = tmp_path / form.format(hour)
        begin = 1_000_080_000 - START + 3600 * hour  # 2001-09-10T00:00Z
        path.write_bytes(timed(begin, begin + 1800, begin + 3599))
        names.append(path)
    found = impl.open(reversed(names), merge=True)
    most, times = 0, []
    for route in found:
        most = max(most, len(found._reading))
        times.append(route.timestamp)
    assert times == sorted(times)
    assert len(times) == 72
    assert most <= together


def test_a_reading_that_is_left(impl: Any, files: list[str]) -> None:
    """Files are closed, no thread stays, and nothing is said of what was not read."""
    left = []
    for make in (
        lambda found: found.routes(),
        lambda found: iter(found.columns(batch_size=5)),
        lambda found: found.text("json"),
    ):
        for merge in (False, True):
            found = impl.open(files * 2, threads=3, merge=merge)
            items = make(found)
            next(items)
            items.close()
            del items
            gc.collect()
            left.append(found)
    assert all_end()
    assert all(found._reading == [] for found in left)


def test_a_merged_reading_that_is_left(impl: Any, tmp_path: Path) -> None:
    """Also the files that wait for their time are closed."""
    names = [str(tmp_path / name) for name in "ab"]
    for name in names:
        Path(name).write_bytes(archive() * 3)
    found = impl.open(names, merge=True)
    routes = found.routes()
    assert {next(routes).file for _ in range(4)} == set(names)
    routes.close()
    assert [(report.file, report.ended) for report in sorted(found.reports)] == [(name, False) for name in names]


def test_many_skips_in_a_thread(impl: Any, tmp_path: Path) -> None:
    """They are handed on before there is a route, and all of them are heard of."""
    names = [str(tmp_path / name) for name in "ab"]
    for name in names:
        Path(name).write_bytes(archive() + record(16, 4, b"bad") * 2500 + archive())
    heard: list[Any] = []
    found = impl.open(names, threads=2, on_skip=lambda name, skip: heard.append((name, skip)))
    b"".join(found.text("psv"))
    one = impl.mrt.open(names[0], on_skip=lambda _: None)
    b"".join(one.text("psv"))
    assert [sum(name == other for other, _ in heard) for name in names] == [one.skipped] * 2
    assert one.skipped >= 2500


def test_a_report_of_a_reading_that_is_left(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "torn"
    path.write_bytes(archive()[:-3] + archive())
    found = impl.open(path)
    routes = found.routes()
    next(routes)
    routes.close()
    assert [(report.ended, report.error) for report in found.reports] == [(False, None)]


def test_wrong_arguments(impl: Any, files: list[str]) -> None:
    with pytest.raises(ValueError, match="0 threads"):
        impl.open(files, threads=0)
    with pytest.raises(ValueError, match="is none of"):
        impl.open(files).text("xml")
    assert repr(impl.open(files, merge=True)) == "<Archive of 4 files, merged>"
