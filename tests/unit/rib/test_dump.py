"""A table is an archive: what is written of it is read back as it was, by routes, lines, columns and other tables."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import ARCHIVES, head, of_vectors
from support.places import REAL
from support.tables import content

if TYPE_CHECKING:
    from pathlib import Path


def loaded(package: Any, octets: bytes) -> Any:
    table = package.rib.Table()
    table.load(package.mrt.open(octets, on_skip=lambda skip: None))
    return table


def written(table: Any) -> bytes:
    out = io.BytesIO()
    table.write(out)
    return out.getvalue()


def compare(package: Any, octets: bytes) -> bytes:
    """Write a table and load what was written."""
    table = loaded(package, octets)
    data = written(table)
    skips: list[Any] = []
    again = package.rib.Table()
    assert again.load(package.mrt.open(data, on_skip=skips.append)) == table.routes
    assert skips == []
    assert content(again) == content(table)
    return data


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    compare(impl, path.read_bytes())


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    compare(impl, head(impl, data_dir / name))


def test_both_write_the_same(both: Any) -> None:
    """Every family that a vector has, in the order of prefixes."""
    found = []
    for loaded_one in both:
        with loaded_one.active() as package:
            table = loaded(package, of_vectors(package, 4, 16))
            with pytest.warns(package.MrtWarning, match="of an unknown family"):
                found.append(written(table))
            again = loaded(package, found[-1])
            known = {place: said for place, said in content(table).items() if place[0] in again.families}
            assert content(again) == known
            assert len(again.families) > 20
    assert all(one == two for one, two in pairwise(found))


def test_what_reads_archives_reads_it(impl: Any) -> None:
    good = made.IGP + made.PATH + made.HOP
    table = loaded(impl, made.bgp4mp(made.update(good, made.TEN)) + made.bgp4mp(made.update(good, made.TEN), six=True))
    archive = table.archive()
    assert [route.timestamp for route in archive] == [1_000_000_000] * 2
    assert [route.timestamp for route in table.archive(5.9)] == [5, 5]
    lines = b"".join(archive.text("bgpdump")).splitlines()
    assert lines == [
        b"TABLE_DUMP2|1000000000|B|192.0.2.1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||",
        b"TABLE_DUMP2|1000000000|B|2001:db8::1|65551|10.0.0.0/8|65551 64496|IGP|192.0.2.1|0|0||NAG||",
    ]
    columns = table.columns(["prefix", "peer_asn"])
    for _ in range(2):
        assert [row for batch in columns for row in batch["prefix"]] == ["10.0.0.0/8"] * 2
    assert archive.statistics().types == {"R": 2}


def test_a_file_goes_forward_and_back(impl: Any) -> None:
    from bgpwire.rib.dump import TableFile

    good = made.IGP + made.PATH + made.HOP
    table = loaded(impl, b"".join(made.bgp4mp(made.update(good, made.prefix(f"10.{n}.0.0/16"))) for n in range(200)))
    data = written(table)
    file = TableFile(table, int(table.timestamp))
    assert file.read() == data
    assert file.read(1) == b""
    for at in (0, 17, len(data) - 1, 5, len(data) + 9):
        file.seek(at)
        assert file.read(11) == data[at : at + 11]
    file.seek(3)
    file.seek(4, io.SEEK_CUR)
    assert (file.tell(), file.read(2)) == (7, data[7:9])
    with pytest.raises(io.UnsupportedOperation):
        file.seek(0, io.SEEK_END)


@pytest.mark.parametrize("same", [True, False])
def test_a_table_that_is_changed_meanwhile(impl: Any, same: bool) -> None:
    """Not a half of each: of the same prefixes too."""
    from bgpwire.rib.dump import dumped

    good = made.IGP + made.PATH + made.HOP
    first = made.bgp4mp(made.update(good, made.TEN))
    table = loaded(impl, first + made.bgp4mp(made.update(good + made.reach(2, made.HOP6, made.SIX))))
    parts = dumped(table, 1)
    next(parts)
    next(parts)
    other = made.update(good + made.attribute(4, bytes(4), 0x80), made.TEN if same else made.prefix("11.0.0.0/8"))
    table.load(impl.mrt.open(made.bgp4mp(other)))
    with pytest.raises(ValueError, match="has changed"):
        list(parts)


def test_an_empty_table(impl: Any) -> None:
    table = impl.rib.Table()
    assert table.timestamp == 0
    assert list(table.archive()) == []
    assert len(list(impl.mrt.open(written(table)).records())) == 1
